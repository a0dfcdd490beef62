package conformance

// Ink colours parts of a text for a terminal. The zero value leaves everything as it is.
type Ink struct{ On bool }

func (k Ink) paint(code, s string) string {
	if !k.On || s == "" {
		return s
	}
	return "\x1b[" + code + "m" + s + "\x1b[0m"
}

// Bold is for names.
func (k Ink) Bold(s string) string { return k.paint("1", s) }

// Dim is for what may be skipped over.
func (k Ink) Dim(s string) string { return k.paint("2", s) }

// Bad is for what is broken.
func (k Ink) Bad(s string) string { return k.paint("1;31", s) }

// Good is for what holds.
func (k Ink) Good(s string) string { return k.paint("32", s) }

// Warn is for what is neither.
func (k Ink) Warn(s string) string { return k.paint("33", s) }
