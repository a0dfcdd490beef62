// Package engine runs programs that nobody wrote. A Program is a number of connections, threads and far ends, each with a list of calls
// to make, all at once; Generate draws one from a seed, Executor runs it on a target under a schedule and has the rules judge what
// happened, Shrink makes a failing one small.
//
// On a correct back end no program, under no schedule, breaks a rule: that is how the rules themselves are tested (soundness). On a
// back end with a bug it is how the bug is found.
//
// Scripts are the broad kind of such programs: GenerateScript draws them in the scenario language, from all that a target is capable of, MutateScript and SpliceScripts make
// others of them, and conformance's own runner runs them, on any target. MinimiseScript makes the script of a failure and its choices small together; a Program that fails is
// made a script first (Program.Script). script_reshape.go says the same in fewer lines, follow.go keeps what can be kept of a schedule when lines go. script.go has what is drawn with, script_calls.go, script_open.go and script_far.go the single lines, script_moments.go and its like the races,
// script_ready.go those of pollers, script_dense.go the scripts in which nearly every call overlaps others, and what those may do, script_corners.go and its like those in which there is
// more of something than a table has room for, or what seldom meets does. testdata/found keeps failures that were found on planted bugs, testdata/sound what once accused a reference wrongly.
//
// The other half is about programs that somebody wrote: Explore runs one scenario under every schedule within a bound, and random strategies beside that.
//
// explore.go is the search, and what is kept of it; portfolio.go has the random strategies; exploration.go reports. What the search leaves out, and why that loses nothing, is
// explained in simnet (history.go, reduce.go).
//
// program.go says what programs are and prints them in the scenario language, generate.go draws them, execute.go runs them, measure.go
// tells how much a campaign really tried, shrink.go makes failures small. mix.go is the fixed mix of programs by which the speed of all this is stated.
package engine
