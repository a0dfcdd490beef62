package adapter

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"time"

	"github.com/ioconform/ioconform/spec"
)

// MaxLine is how long a line of an adapter may be, in bytes. The largest buffers of the suite, in base64, are a small part of it.
const MaxLine = 16 << 20

// process is an adapter as a child: its standard input and output, and the last that it wrote to its standard error. It is the leader
// of a process group (on Windows: in a job), so that what it starts ends with it.
type process struct {
	cmd    *exec.Cmd
	in     *os.File
	out    *bufio.Reader
	outEnd *os.File
	errEnd *os.File
	log    tail
	group  group
	world  spec.World // whose canary measures what is waited for

	ended chan struct{} // closed when the child is gone and its group has been ended
	state error         // how it went; to be read once ended is closed
	logs  sync.WaitGroup

	killOnce sync.Once
}

// start starts an adapter. The world has to last as long as the process.
func start(argv []string, w spec.World) (*process, error) {
	p := &process{world: w, ended: make(chan struct{})}
	childIn, in, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	out, childOut, err := os.Pipe()
	if err != nil {
		return nil, errors.Join(err, childIn.Close(), in.Close())
	}
	errs, childErr, err := os.Pipe()
	if err != nil {
		return nil, errors.Join(err, childIn.Close(), in.Close(), out.Close(), childOut.Close())
	}
	p.cmd = exec.Command(argv[0], argv[1:]...)
	p.cmd.Stdin, p.cmd.Stdout, p.cmd.Stderr = childIn, childOut, childErr
	p.in, p.outEnd, p.errEnd = in, out, errs
	p.out = bufio.NewReaderSize(out, 64<<10)
	p.group.prepare(p.cmd)
	err = p.cmd.Start()
	for _, f := range []*os.File{childIn, childOut, childErr} {
		f.Close()
	}
	if err != nil {
		in.Close()
		out.Close()
		errs.Close()
		return nil, plain(err)
	}
	p.group.adopt(p.cmd)
	p.logs.Go(func() { io.Copy(&p.log, errs) })
	go func() {
		p.state = p.cmd.Wait()
		// Whoever it left behind holds our pipes open. Its number is not given to anybody else in the moment between.
		p.group.kill(p.cmd)
		close(p.ended)
	}()
	return p, nil
}

// plain is an error of os/exec without the name of the function.
func plain(err error) error {
	var x *exec.Error
	var p *os.PathError
	switch {
	case errors.As(err, &x):
		err = within(x.Name, x.Err)
	case errors.As(err, &p):
		err = within(p.Path, p.Err)
	}
	return err
}

// within is what is wrong with a command. Of a folder Unix says that it may not be run, and Windows that it cannot be found.
func within(name string, why error) error {
	if info, err := os.Stat(name); err == nil && info.IsDir() {
		why = errors.New("is a directory")
	}
	return fmt.Errorf("%s: %w", name, why)
}

// errLong is a line that is longer than MaxLine.
var errLong = fmt.Errorf("a line is longer than %d MiB", MaxLine>>20)

// line reads a line, without its end, into buf, which grows no further than MaxLine.
func (p *process) line(buf []byte) ([]byte, error) { return readLine(p.out, buf) }

func readLine(r *bufio.Reader, buf []byte) ([]byte, error) {
	buf = buf[:0]
	for {
		part, err := r.ReadSlice('\n')
		if len(buf)+len(part) > MaxLine {
			return buf, errLong
		}
		buf = append(buf, part...)
		switch {
		case err == nil:
			return buf[:len(buf)-1], nil
		case !errors.Is(err, bufio.ErrBufferFull):
			return buf, err
		}
	}
}

// kill ends the child and everything in its group, and waits until it is gone.
func (p *process) kill() { p.killOnce.Do(p.end) }

func (p *process) end() {
	select {
	case <-p.ended: // its number may be somebody else's by now
	default:
		p.group.kill(p.cmd)
		<-p.ended
	}
	p.in.Close()
	p.outEnd.Close()
	p.drain()
	p.group.close()
}

// How long a child is waited for is counted in rounds of the canary: on a machine with more to do than it can, seconds would be too short, and what is told of the
// child another thing.
const (
	// grace is for the error output of a child that is gone, which others may hold open. On an idle machine it is half a second.
	grace = 500
	// farewell is how long a child whose input has ended, or that has closed its output, may take to end. On an idle machine it is about three seconds.
	farewell = 3000
)

// await waits for done for so many rounds, and reports whether it has come.
func (p *process) await(done <-chan struct{}, rounds int) bool {
	for w := p.world.Watch(spec.Patient); ; {
		select {
		case <-done:
			return true
		case <-time.After(w.Slice()):
		}
		if w.Rounds() >= rounds || w.Spent() {
			break
		}
	}
	select {
	case <-done:
		return true
	default:
		return false
	}
}

// stop asks the child to end, by ending its input, and kills it if it does not. The error tells of an exit status that is not 0; being killed is none.
func (p *process) stop() error {
	p.in.Close()
	var err error
	if p.await(p.ended, farewell) {
		err = p.state
	}
	p.kill()
	return err
}

// drain waits until the log has been read to its end, but not for long: somebody who left the group may hold it open.
func (p *process) drain() {
	read := make(chan struct{})
	go func() { p.logs.Wait(); close(read) }()
	p.await(read, grace)
	p.errEnd.Close()
}

// fate tells how the child ended, in words. It waits for a child that has closed its output and is about to end.
func (p *process) fate() string {
	if !p.await(p.ended, farewell) {
		return "it is still running"
	}
	if p.state == nil {
		return "it ended with exit status 0"
	}
	var x *exec.ExitError
	if errors.As(p.state, &x) {
		return "it ended: " + x.ProcessState.String()
	}
	return "it ended: " + p.state.Error()
}

// tail keeps the beginning and the end of what is written to it.
type tail struct {
	mu   sync.Mutex
	head []byte
	last []byte
	lost int
}

const (
	headMost = 2 << 10
	lastMost = 6 << 10
)

func (t *tail) Write(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	n := len(b)
	if room := headMost - len(t.head); room > 0 {
		k := min(room, len(b))
		t.head, b = append(t.head, b[:k]...), b[k:]
	}
	if len(b) > lastMost {
		t.lost += len(b) - lastMost
		b = b[len(b)-lastMost:]
	}
	t.last = append(t.last, b...)
	if over := len(t.last) - lastMost; over > 0 {
		t.lost += over
		t.last = append(t.last[:0], t.last[over:]...)
	}
	return n, nil
}

// String is what was kept, with a note on what was not.
func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	s := string(t.head)
	if t.lost > 0 {
		s += fmt.Sprintf("\n... %d bytes left out ...\n", t.lost)
	}
	return strings.TrimSpace(strings.ToValidUTF8(s+string(t.last), "\uFFFD"))
}

// clear forgets what was written so far.
func (t *tail) clear() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.head, t.last, t.lost = t.head[:0], t.last[:0], 0
}
