package known

import "strings"

// Print writes the file. What Parse makes of it is the same file; comments and blank lines stay where they are, what is indented
// is so by two blanks.
func Print(f *File) []byte {
	var b strings.Builder
	lines := func(indent string, list []string) {
		for _, l := range list {
			if l != "" {
				b.WriteString(indent + l)
			}
			b.WriteByte('\n')
		}
	}
	for _, l := range f.Head {
		lines("", l.Before)
		b.WriteString(l.Word + ": " + l.Value + "\n")
	}
	for _, e := range f.Entries {
		lines("", e.Before)
		b.WriteString(e.String() + "\n")
		for _, l := range e.Fields {
			lines("  ", l.Before)
			b.WriteString("  " + l.Word + ": " + l.Value + "\n")
		}
	}
	lines("", f.Tail)
	return []byte(b.String())
}
