package reference

import (
	"fmt"
	"unsafe"

	"golang.org/x/sys/windows"

	"github.com/ioconform/ioconform/reference/iocp"
	"github.com/ioconform/ioconform/spec"
)

func nativeTargets() ([]*spec.Target, []Absent) {
	return []*spec.Target{IOCP()}, []Absent{{"epoll", "it needs Linux"}, {"poller", "it needs Linux"}, {"uring", "it needs Linux"}}
}

// IOCP is completion ports themselves, those of this machine, or those that Wine makes of a Linux machine.
func IOCP() *spec.Target {
	return native(with6(iocp.About(system())), func(in *spec.Instance) error {
		b, err := iocp.New()
		in.Backend = b
		return err
	})
}

// system names the operating system and its version; under Wine, which says so itself, that.
func system() string {
	if version := windows.NewLazySystemDLL("ntdll.dll").NewProc("wine_get_version"); version.Find() == nil {
		text, _, _ := version.Call()
		return "wine " + windows.BytePtrToString(*(**byte)(unsafe.Pointer(&text)))
	}
	v := windows.RtlGetVersion()
	return fmt.Sprintf("windows %d.%d.%d", v.MajorVersion, v.MinorVersion, v.BuildNumber)
}
