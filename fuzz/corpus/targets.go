package main

import "path"

// Target is a fuzz target. No function's name may begin with that of another one in the same folder or below: the scripts of OSS-Fuzz look for the name as text.
type Target struct {
	Name     string // elsewhere
	Folder   string
	Function string
}

// Targets are all fuzz targets of the module.
var Targets = []Target{
	{"adapter_line", "conformance/adapter", "FuzzLine"},
	{"known_parse", "conformance/known", "FuzzParse"},
	{"scenario_parse", "conformance/scenario", "FuzzParse"},
	{"program_on_model", "fuzz", "FuzzProgram"},
	{"program_on_both", "fuzz", "FuzzBoth"},
	{"references_agree", "fuzz", "FuzzAgree"},
	{"trace_codec", "spec", "FuzzTrace"},
	{"checker", "spec", "FuzzChecker"},
}

// Package is the import path.
func (t Target) Package() string { return path.Join("github.com/ioconform/ioconform", t.Folder) }

// Seeds is the folder of its seeds.
func (t Target) Seeds() string { return path.Join(t.Folder, "testdata/fuzz", t.Function) }
