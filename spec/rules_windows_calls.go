package spec

// ruleWindowsCalls are rules of the windows profile: what calls answer there and what packets say, in Windows' own numbers.
var ruleWindowsCalls = []*Rule{}
