//go:build linux

// Underwine runs a Windows program under Wine, in a prefix of this project's own: the launcher for
//
//	GOOS=windows go test -exec /path/to/underwine ./...
//
// It finds Wine (on the PATH, or where Debian's wine64 puts it), makes the prefix the first time, which takes some seconds, adds the one library
// that Go programs want and Wine 8.0 has not (forwarder.go), and ends with the program's exit code. The prefix is
// ioconform/wine in the user's cache folder, or what IOCONFORM_WINEPREFIX names. An interrupt goes to the program, and twice ends it.
// A program whose Wine server has died is ended as well.
package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// PrefixVariable names the environment variable that says where the prefix is.
const PrefixVariable = "IOCONFORM_WINEPREFIX"

func main() {
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, "usage: underwine PROGRAM.exe [ARGUMENT...]\n       underwine --version")
		os.Exit(2)
	}
	code, err := launch(os.Args[1:])
	if err != nil {
		fmt.Fprintf(os.Stderr, "underwine: %v\n", err)
		code = 2
	}
	os.Exit(code)
}

func launch(args []string) (code int, err error) {
	wine, err := find()
	if err != nil {
		return 0, err
	}
	if args[0] == "--version" {
		return run(wine, "", os.Environ(), args)
	}
	prefix, err := prefixFolder()
	if err != nil {
		return 0, err
	}
	env := append(os.Environ(), "WINEPREFIX="+prefix, "WINEDEBUG=-all", "WINEDLLOVERRIDES=mscoree,mshtml=")
	if err := prepare(wine, prefix, env); err != nil {
		return 0, fmt.Errorf("the prefix %s could not be made: %w", prefix, err)
	}
	linger(wine, prefix, env)
	return run(wine, prefix, env, args)
}

// find looks for a 64-bit Wine. Debian's wine64 keeps it out of the PATH.
func find() (string, error) {
	for _, name := range []string{"wine64", "/usr/lib/wine/wine64", "wine"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", errors.New("no Wine found; on Debian: apt-get install wine64 (make setup does it)")
}

func prefixFolder() (string, error) {
	if p := os.Getenv(PrefixVariable); p != "" {
		return filepath.Abs(p)
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("%w; %s says where the prefix shall be", err, PrefixVariable)
	}
	return filepath.Join(cache, "ioconform", "wine"), nil
}

// prepare makes the prefix unless it is there. Several launchers may want to at once, as the tests of several packages do: one does, the
// others wait for its lock, which the kernel takes back from a launcher that dies.
func prepare(wine, prefix string, env []string) error {
	library := filepath.Join(prefix, "drive_c", "windows", "system32", libraryName)
	if _, err := os.Stat(library); err == nil {
		return nil
	}
	if err := os.MkdirAll(prefix, 0o777); err != nil {
		return err
	}
	lock, err := locked(prefix)
	if err != nil {
		return err
	}
	defer lock.Close()
	if _, err := os.Stat(library); err == nil {
		return nil
	}
	fmt.Fprintln(os.Stderr, "underwine: making a Wine prefix, once")
	boot := exec.Command(wine, "wineboot", "--init")
	boot.Env = env
	if out, err := boot.CombinedOutput(); err != nil {
		return fmt.Errorf("wineboot: %w\n%s", err, out)
	}
	return write(library, forwarder(libraryName, "ProcessPrng", "advapi32.SystemFunction036"))
}

// locked returns the prefix's lock, held until it is closed.
func locked(prefix string) (*os.File, error) {
	lock, err := os.OpenFile(filepath.Join(prefix, "lock"), os.O_CREATE|os.O_RDWR, 0o666)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX); err != nil {
		lock.Close()
		return nil, err
	}
	return lock, nil
}

// write makes the file appear whole.
func write(file string, content []byte) error {
	if _, err := os.Stat(filepath.Dir(file)); errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("wineboot made no %s; a 64-bit Wine is needed", filepath.Dir(file))
	}
	part := file + ".part"
	if err := os.WriteFile(part, content, 0o666); err != nil {
		return err
	}
	return os.Rename(part, file)
}

// run runs the program in the foreground and returns its exit code.
func run(wine, prefix string, env, args []string) (int, error) {
	cmd := exec.Command(wine, args...)
	cmd.Env, cmd.Stdin, cmd.Stdout, cmd.Stderr = env, os.Stdin, os.Stdout, os.Stderr
	// A program that is killed must not keep whoever reads its output waiting for Wine's own processes.
	cmd.WaitDelay = 2 * time.Second
	if err := cmd.Start(); err != nil {
		return 0, err
	}
	signals := make(chan os.Signal, 4)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		for n := 0; ; n++ {
			s := <-signals
			if n > 0 || s == syscall.SIGTERM {
				cmd.Process.Kill()
			} else {
				cmd.Process.Signal(s)
			}
		}
	}()
	quit, orphaned := make(chan struct{}), make(chan struct{})
	if prefix != "" {
		lost := serverLost("/proc", prefix, look, quit)
		go func() {
			select {
			case <-lost:
				close(orphaned)
				cmd.Process.Kill()
			case <-quit:
			}
		}()
	}
	err := cmd.Wait()
	close(quit)
	select {
	case <-orphaned:
		return 0, fmt.Errorf("%s: Wine's server has ended before it%s; the program would have waited for ever", strings.Join(args, " "), lastWords(prefix))
	default:
	}
	var ended *exec.ExitError
	switch {
	case errors.As(err, &ended):
		if ended.ExitCode() < 0 {
			return 0, fmt.Errorf("%s: %s", strings.Join(args, " "), ended)
		}
		return ended.ExitCode(), nil
	case err != nil && !errors.Is(err, exec.ErrWaitDelay):
		return 0, err
	}
	return cmd.ProcessState.ExitCode(), nil
}
