package export

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"os"
	"regexp"
	"testing"

	"github.com/ioconform/ioconform/conformance"
)

var update = flag.Bool("update", false, "write testdata anew")

func named(t *testing.T, name string) *conformance.Case {
	t.Helper()
	all, err := conformance.Cases()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range all {
		if c.Name == name {
			return c
		}
	}
	t.Fatal("no case " + name)
	return nil
}

// What is written of a case is what stands in testdata, to be read before it changes.
func TestAProgramIsAsItWasRead(t *testing.T) {
	const golden = "testdata/receive-posted-first.txt"
	c := named(t, "receive/posted-first")
	got, err := C(c.Name, "", c.File)
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(golden, got, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	want = bytes.ReplaceAll(want, []byte("\r\n"), []byte("\n"))
	if !bytes.Equal(got, want) {
		t.Errorf("the program of %s is not what %s has; go test ./conformance/export -update writes it anew, to be read:\n%s", c.Name, golden, got)
	}
}

// Every case either has a program or an error that names the line and what is missing, and most have a program.
func TestMostCasesOfCompletionHaveAProgram(t *testing.T) {
	all, err := conformance.Cases()
	if err != nil {
		t.Fatal(err)
	}
	says := regexp.MustCompile(`^conformance/cases/.+\.scn:[1-9][0-9]*: conform export has no \S.* in C$`)
	have, of := 0, 0
	for _, c := range all {
		program, err := C(c.Name, "", c.File)
		if err == nil {
			again, _ := C(c.Name, "", c.File)
			if !bytes.Equal(program, again) {
				t.Errorf("%s: two programs of one case differ", c.Name)
			}
		} else if u := (*Unsupported)(nil); !errors.As(err, &u) || !says.MatchString(err.Error()) {
			t.Errorf("%s: %v", c.Name, err)
		}
		if c.Group() == "ready" {
			if err == nil {
				t.Errorf("%s is for pollers, and has a program of completion ports", c.Name)
			}
			continue
		}
		of++
		if err == nil {
			have++
		}
	}
	if have*10 < of*8 {
		t.Errorf("%d of %d cases for completion back ends have a program; at least four of five shall", have, of)
	}
	t.Logf("%d of %d cases for completion back ends have a program", have, of)
}

// What the program lacks is said with the line, and with the option where the verb is there.
func TestWhatIsMissingIsNamed(t *testing.T) {
	for _, x := range []struct{ scenario, want string }{
		{"session s\ndup s as s2\n", `mine.scn:2: conform export has no "dup" in C`},
		{"session s\nrecv a on s len=4\nrecv b on s len=4 token=a\n", `mine.scn:3: conform export has no "token=" of "recv" in C`},
		{"# of a simulated world\nworld sim\nport P\n", `mine.scn:2: conform export has no simulated world in C`},
		{"port P\nwait P 5ms alertable\n", `mine.scn:2: conform export has no alertable wait in C`},
		{"port P\nlisten L on P key=1\npeer c[3] connects L\n", `mine.scn:3: conform export has no group of far ends in C`},
	} {
		c, err := conformance.ParseCase("mine.scn", []byte(x.scenario))
		if err != nil {
			t.Fatalf("%v in\n%s", err, x.scenario)
		}
		if _, err := C("mine", "", c.File); fmt.Sprint(err) != x.want {
			t.Errorf("%q says %v, not %s", x.scenario, err, x.want)
		}
	}
}

// Names of a scenario that mean something in C, or in the prelude, are given another form; text cannot end a comment or a string.
func TestNamesAndTextAreSafe(t *testing.T) {
	for name, want := range map[string]string{"r1": "r1", "a1.sock": "a1_sock", "int": "int_", "cancel": "cancel_", "y1": "y1_", "P": "P", "on": "on_"} {
		if got := ident(name); got != want {
			t.Errorf("%s becomes %s, not %s", name, got, want)
		}
	}
	if got := comment("a */ b"); got != "a * / b" {
		t.Errorf("a comment can be ended: %s", got)
	}
	if got := quote(`a "b" \c ??/`); got != `"a \"b\" \\c ?\?/"` {
		t.Errorf("a string can be ended: %s", got)
	}
}
