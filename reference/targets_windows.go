package reference

import (
	"fmt"
	"unsafe"

	"golang.org/x/sys/windows"

	"github.com/ioconform/ioconform/reference/iocp"
	"github.com/ioconform/ioconform/reference/realworld"
	"github.com/ioconform/ioconform/spec"
)

func nativeTargets() ([]*spec.Target, []Absent) {
	return []*spec.Target{IOCP()}, []Absent{{"epoll", "it needs Linux"}, {"poller", "it needs Linux"}, {"uring", "it needs Linux"}}
}

// IOCP is completion ports themselves, those of this machine, or those that Wine makes of a Linux machine.
func IOCP() *spec.Target {
	about := iocp.About(system())
	if over6() {
		about.Capabilities = append(about.Capabilities, spec.CanIPv6)
	}
	return &spec.Target{
		About: about,
		Open: func() (*spec.Instance, error) {
			w, err := realworld.New()
			if err != nil {
				return nil, err
			}
			b, err := iocp.New()
			if err != nil {
				w.Close()
				return nil, err
			}
			return &spec.Instance{World: w, Backend: b, Run: w.Run, Close: w.Close}, nil
		},
	}
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
