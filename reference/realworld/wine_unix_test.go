//go:build unix

package realworld

func underWine() bool { return false }
