// Package known reads and writes files of known failures: what a target is known to get wrong, down to one rule in one case, with why
// and by which source. conform run --known takes such a file, conform baseline begins one.
//
//	# What Wine's completion ports do otherwise.
//	target: iocp
//	os: wine 8.0
//
//	cancel/after-completion CAN-2
//	  kind: broken
//	  harm: wrong-code
//	  reason: A cancel of what has completed answers ok rather than that nothing was found.
//	  source: https://bugs.example.org/1234
//
// The head says what the file is for: the target, as on the command line, and if need be the beginning of its version and of its
// operating system. An entry begins with a pattern, as --run takes it, and what fails there: a rule, * for any rule, or how a case
// ended that broke none (Endings). Then follow, in any order, its kind (Kinds), what it does to an application (Harms; may be left out),
// the reason in a sentence, and one or more sources; and, if random programs (conform fuzz) show the failure in ways in which its cases do not, what is said of it then, a line each
// that begins with said. A line that begins with # is a comment and belongs to the line behind it.
//
// The parser is strict: what it does not know is an error with file, line and column. Parsing and printing round-trip, comments included.
// A file that Parse has read has no entry without a reason; ParseDraft lets pass what conform baseline leaves to be written.
//
// file.go has the file as a tree, parse.go and entry.go read it, print.go writes it, words.go lists the words.
package known
