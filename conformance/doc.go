// Package conformance judges completion back ends. It runs cases, short scripts in the language of package scenario, against a
// target, has what happened judged by the rules of package spec, and reports which rules held.
//
// What it promises. A failure is a fact: the trace that comes with it breaks a rule, and every rule is worded so
// that no correct back end breaks it, however slow the machine. What it does not promise is that a back end without failures is
// correct: a rule counts as held only for the situations that were seen, and the report lists those that were not.
//
// A case has one of these verdicts:
//
//	pass      the script went its way and no rule was broken
//	fail      a rule was broken
//	known     likewise, or it ended otherwise, and the target's file of known failures says so, of everything that was wrong
//	skip      the target lacks a capability, or declares another behaviour, that the case is for
//	diverged  no rule was broken, but the script could not go on: something legal happened that it does not list
//	error     the suite could not do its work, or the back end crashed or hung
//
// Run runs a target; Test does so as a Go test. case.go finds the cases; suite.go runs many, attempt.go one; program.go
// walks through a script, with the verbs in do_*.go and what is expected of packets in expect.go; pool.go has the worker threads; end.go
// brings a run to rest so that it can be judged. fault.go says what was wrong with a run and whether that is known, known.go what became of
// the entries of a file of known failures, baseline.go brings such a file up to date.
package conformance
