// Package export writes a scenario as a program that stands alone, for a maintainer who wants to see what the suite saw without installing it.
//
// The program is C for Windows' completion ports, Winsock and kernel32 and nothing else, because that is where the words of the scenarios come from; far ends
// are blocking sockets in the same process. It does the scenario's lines in their order, on the threads that they name, compares what comes with what each
// line allows, prints both, and ends with exit code 0 where all was as the scenario has it, 1 at the first line where it was not, 2 where it could not begin.
//
// It judges by the lines alone. The rules, which the suite judges besides, are not in it, save that an operation has one packet and a refused one none; nor are
// the bytes of the streams compared. And it uses the clock, which the suite does not: what has not come within ten seconds counts as never coming.
//
// What the language has and the program has not is an error that names the line; see supported.go. Read export.go, line.go, expect.go, and prelude/, which every
// program begins with.
package export
