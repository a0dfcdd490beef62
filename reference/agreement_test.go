package reference_test

import (
	"flag"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/leanovate/gopter"
	"github.com/leanovate/gopter/commands"
	"github.com/leanovate/gopter/gen"

	"github.com/ioconform/ioconform/fuzz/lockstep"
	"github.com/ioconform/ioconform/reference/simulated"
	"github.com/ioconform/ioconform/simnet"
	"github.com/ioconform/ioconform/spec"
)

var (
	sequences    = flag.Int("sequences", 40, "how many sequences of commands each back end is compared with the model by")
	sequenceSeed = flag.Int64("sequence-seed", 1, "what they are drawn from")
)

// Every back end that this machine has a kernel for does what the model does, one command at a time: it answers the same, and the packets of its operations say the
// same. Where the two legally differ, by the axes that the back end declares, the commands avoid it (package lockstep).
//
//	go test ./reference -run Agrees -sequences 2000 -sequence-seed 7
func TestTheKernelAgreesWithTheModel(t *testing.T) {
	forEachKernel(t, func(t *testing.T, target *spec.Target) {
		parameters := gopter.DefaultTestParametersWithSeed(*sequenceSeed)
		parameters.MinSuccessfulTests = *sequences
		if testing.Short() {
			parameters.MinSuccessfulTests = max(*sequences/4, 1)
		}
		parameters.MaxSize = 40
		parameters.Workers = 1
		a := &agreement{T: t, oracle: lockstep.NewPlayer(simulated.Model(simnet.Options{}), target), sut: lockstep.NewPlayer(target), wine: strings.HasPrefix(target.About.OS, "wine"), made: map[lockstep.Act]int{}}
		properties := gopter.NewProperties(parameters)
		properties.Property("answers and packets are those of the model", commands.Prop(a.commands()))
		properties.TestingRun(t)
		t.Logf("%d sequences, %d commands: %v", parameters.MinSuccessfulTests, a.total, a.made)
		for act := range lockstep.Acts {
			if a.total > 1000 && a.made[act] == 0 {
				t.Errorf("%s was never made", act)
			}
		}
	})
}

// agreement compares a back end with the model. The state of the machine is the commands so far, and what they came to is asked of the model, which plays them all again:
// that takes it some ten microseconds.
type agreement struct {
	*testing.T
	oracle, sut *lockstep.Player
	at          history // what the oracle played last
	was         []lockstep.Observation
	made        map[lockstep.Act]int
	total       int
	wine        bool // the rules judge Wine elsewhere, with what is known of it: make wine
}

// history is a state.
type history []lockstep.Command

// play has the oracle play h.
func (a *agreement) play(h history) []lockstep.Observation {
	if a.was == nil || !slices.Equal(a.at, h) {
		r := a.oracle.Play(h)
		if r.Err != nil || len(r.Commands) != len(h) || r.Broken() != "" || len(r.Surplus) > 0 {
			a.Fatalf("the model, of which %v was asked: %v %s; %d commands were allowed, operations that ended afterwards: %v", h, r.Err, r.Broken(), len(r.Commands), r.Surplus)
		}
		a.at, a.was = slices.Clone(h), append(a.was[:0], r.Observations...)
	}
	return a.was
}

func (a *agreement) commands() commands.Commands {
	return &commands.ProtoCommands{
		NewSystemUnderTestFunc: func(commands.State) commands.SystemUnderTest {
			live, err := a.sut.Begin()
			if err != nil {
				a.Fatal(err)
			}
			return &system{live: live}
		},
		DestroySystemUnderTestFunc: func(s commands.SystemUnderTest) {
			x := s.(*system)
			r := x.live.End()
			if x.differs {
				return // that has been said, and explains the rest
			}
			if r.Err != nil || len(r.Surplus) > 0 {
				a.Errorf("%v: %v; operations that ended when nothing was to happen any more: %v", x.made, r.Err, r.Surplus)
			}
			if said := r.Broken(); said != "" && !a.wine {
				a.Errorf("%v: %s", x.made, said)
			}
		},
		InitialStateGen: gen.Const(history{}),
		GenCommandFunc: func(commands.State) gopter.Gen {
			return gopter.CombineGens(gen.UInt8(), gen.UInt8(), gen.UInt8()).Map(func(v []interface{}) commands.Command {
				return call{a, lockstep.Decode([]byte{v[0].(uint8), v[1].(uint8), v[2].(uint8)}, nil)[0]}
			})
		},
	}
}

// system is a back end in the middle of a sequence.
type system struct {
	live    *lockstep.Live
	made    history
	differs bool
}

// call is a command as gopter knows it.
type call struct {
	a *agreement
	c lockstep.Command
}

// String shows it.
func (x call) String() string { return x.c.String() }

// PreCondition says whether the command has one outcome.
func (x call) PreCondition(s commands.State) bool {
	x.a.play(s.(history))
	return x.a.oracle.Allows(x.c)
}

// NextState adds it.
func (x call) NextState(s commands.State) commands.State {
	h := s.(history)
	return append(h[:len(h):len(h)], x.c)
}

// Run makes the call on the back end. What the model says is waited for. Behind a difference nothing is known any more, and no call is made: gopter would go on.
func (x call) Run(s commands.SystemUnderTest) commands.Result {
	y := s.(*system)
	if y.differs {
		return ""
	}
	y.made = append(y.made, x.c)
	x.a.made[x.c.Act]++
	x.a.total++
	was := x.a.play(y.made)
	d := lockstep.Differ(was[len(was)-1], y.live.Do(x.c, was[len(was)-1]))
	if d == "" {
		return ""
	}
	y.differs = true
	return fmt.Sprintf("command %d, %s: %s", len(was)-1, x.c, d)
}

// PostCondition looks at the difference.
func (x call) PostCondition(_ commands.State, difference commands.Result) *gopter.PropResult {
	if d := difference.(string); d != "" {
		return &gopter.PropResult{Status: gopter.PropFalse, Labels: []string{d}}
	}
	return &gopter.PropResult{Status: gopter.PropTrue}
}
