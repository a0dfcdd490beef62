// Package fuzz has the fuzz targets of completion ports, for go test -fuzz and for libFuzzer: FuzzProgram, FuzzBoth and FuzzAgree. What draws programs, runs them and makes
// failures small is package engine.
//
// There are no other tests here, and the targets reach as little code as they can. Go counts in each input which branches of the program it took, and looks through all of
// them after it, those of other tests too; with the engine's own tests in the same binary a worker ran half as many inputs.
package fuzz
