// Package scenario is the language of the suite: cases written by hand, counterexamples that a fuzzer found, replays and
// the examples of the documentation are all texts in it.
//
//	# ACC-4: an accept completes once; the next connection waits until it is posted again.
//	rules ACC-4 ACC-1
//	needs accept
//
//	port P
//	listen L on P key=0xA
//	accept a1 on L
//	peer c1 connects L
//	wait P -> a1: ok key=0xA
//	peer c2 connects L
//	wait P -> nothing
//
// The package turns such a text into a tree and a tree into text. It runs nothing and knows no back end.
//
// # Promise
//
//   - Strict: a verb, option, status, flag, header or name that is not known is an error with file, line and column which says
//     what was expected and, for a slip of the finger, what was probably meant. Nothing is skipped over. With a Vocabulary
//     the same holds for rules, capabilities and axes.
//   - Round trip: Parse(Print(f)) is f, comments and blank lines included; Print(Parse(text)) is text if text is canonical,
//     which is what Print writes. A number keeps its form (0xA, 4k), a time is written in its largest unit.
//   - Every input is answered: with a tree or with the first error, never with a panic.
//
// Not promised: that a script makes sense on a back end, keeps its obligations or comes to an end.
//
// # Scripts that expect nothing
//
// A line without "->" still expects not to fail. The header "answers any" makes a script, drawn by a program as a rule, of which no line expects anything: it goes on
// whatever a call answers, a line that finds nothing to act on, since what it names did not come to be, is passed over, and a wait or a read
// that says no time ends when everything is quiet. Such a script never leaves its path; the rules judge what happened.
//
// # Names
//
// A name is introduced once, by the line that makes the thing, and means that thing to the end of the file. Inside par and
// schedule the order of the text is not the order of events, so a name may be used above the line that introduces it. In
// a repeat the names are bound anew each time; behind it they mean the last. Threads have names of their own and need no
// introduction.
//
//   - "session s" is the usual beginning: it introduces port P, listener L (key 1), peer c and socket s (key 2). P and L are
//     taken as they are if they exist, so a further "session s2 peer=d key=3" shares them. If the target accepts nothing and the script does not name L, the far end
//     listens and s connects.
//   - The socket of "accept a1 on L" is a1.sock; "as s1" gives it a name instead; "into s1" uses a socket opened before.
//   - "peer c[16] connects L" introduces a group. Lines in which it acts repeat the size: "peer c[16] closes".
//   - "peer u sends 10 to U" introduces the datagram peer u unless it exists.
//
// # Reading order
//
// tree.go is the file as a tree and action.go what its lines do; words.go and verbs.go are the tables that parser and help
// obey; lex.go cuts lines into words; parse.go reads files, headers and blocks, parse_line.go what all lines have in common,
// parse_result.go what stands behind "->", parse_open.go, parse_start.go, parse_peer.go and parse_ready.go the verbs;
// names.go checks names; print.go writes; lint.go has opinions; grammar.go is the help.
package scenario
