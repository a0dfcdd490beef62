package fuzz

// moments are what is likely to go wrong.
var moments = []kind{}
