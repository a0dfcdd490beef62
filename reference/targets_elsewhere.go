//go:build !windows

package reference

// iocpAbsent is what machines say that are no Windows.
var iocpAbsent = Absent{"iocp", "it needs Windows; make wine runs it under Wine"}
