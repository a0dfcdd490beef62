package adapter

import "strings"

// marks are how a report of a sanitizer begins, each with what stands in that line if it is none: a Go program that panics has runtime errors too.
var marks = []struct{ mark, unless string }{
	{mark: "ERROR: AddressSanitizer: "},
	{mark: "ERROR: LeakSanitizer: "},
	{mark: "ERROR: MemorySanitizer: "},
	{mark: "WARNING: MemorySanitizer: "},
	{mark: "WARNING: ThreadSanitizer: "},
	{mark: ": runtime error: ", unless: "panic: "},
	{mark: "WARNING: DATA RACE"},
}

// sanitizerReport is the line with which a sanitizer's report begins, "" if the log has none.
func sanitizerReport(log string) string {
	for line := range strings.Lines(log) {
		for _, m := range marks {
			if at := strings.Index(line, m.mark); at >= 0 && (m.unless == "" || !strings.Contains(line[:at+len(m.mark)], m.unless)) {
				return strings.TrimSpace(line)
			}
		}
	}
	return ""
}

// explain gives the fault the log, and its cause if the log tells of one: what looks like a crash is the end that a sanitizer made.
func (f *Fault) explain(log string) {
	f.Log = log
	if f.Kind != Crash {
		return
	}
	if report := sanitizerReport(log); report != "" {
		f.Kind, f.Said = Sanitizer, report+"; "+f.Said
	}
}
