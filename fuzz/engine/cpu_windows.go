package engine

import "golang.org/x/sys/windows"

// cpuSeconds is how long processors have worked for this process.
func cpuSeconds() float64 {
	var created, ended, kernel, user windows.Filetime
	if windows.GetProcessTimes(windows.CurrentProcess(), &created, &ended, &kernel, &user) != nil {
		return 0
	}
	span := func(t windows.Filetime) uint64 { return uint64(t.HighDateTime)<<32 | uint64(t.LowDateTime) } // in 100 ns
	return float64(span(kernel)+span(user)) / 1e7
}
