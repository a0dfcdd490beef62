package netconn_test

import (
	"testing"

	"golang.org/x/sys/windows"

	"github.com/ioconform/ioconform/reference/iocp"
	"github.com/ioconform/ioconform/spec"
)

// about is what the back end of these tests promises.
var about = iocp.About("windows")

func backend(t testing.TB) spec.Backend {
	b, err := iocp.New()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// deviations are rules that the kernel is known to break: none on Windows, as far as its documentation goes, but some under Wine.
func deviations() map[string]string {
	if windows.NewLazySystemDLL("ntdll.dll").NewProc("wine_get_version").Find() != nil {
		return nil
	}
	return map[string]string{
		// Windows: ERROR_NOT_FOUND where no request was found (Microsoft Learn, CancelIoEx). A later Wine says so too.
		"CAN-4": "Wine 8.0, asked to cancel everything where there is nothing, says that it did (server/async.c, cancel_async: not found only if one operation was named)",
	}
}
