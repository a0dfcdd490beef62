package skeleton

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/ioconform/ioconform/conformance/adapter"
	"github.com/ioconform/ioconform/spec"
)

// The schema has its tests here and not beside it because a validator of schemas takes as long to begin as all else that the test binary of package adapter does when it is
// started, which it is some hundred times, as an adapter.
func compiled(t testing.TB) func(def string) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(adapter.Schema()))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("protocol.schema.json", doc); err != nil {
		t.Fatal(err)
	}
	return func(def string) *jsonschema.Schema {
		s, err := c.Compile("protocol.schema.json#/$defs/" + def)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
}

// random is a message of the shape, with every field that it must have and some that it may.
func random(s *adapter.Shape, rng *rand.Rand) *adapter.Message {
	m := &adapter.Message{}
	for _, f := range append(s.Must[:len(s.Must):len(s.Must)], s.May...) {
		if slices.Contains(s.Must, f) || rng.IntN(2) == 0 {
			m.Has = m.Has.With(f)
		}
	}
	if m.Has.Contains(adapter.FNative) != m.Has.Contains(adapter.FSpace) {
		m.Has &^= adapter.FieldSet(0).With(adapter.FNative, adapter.FSpace)
	}
	if !m.Has.Contains(adapter.FError) {
		m.Has &^= adapter.FieldSet(0).With(adapter.FIndefinite)
	}
	for f := range adapter.Fields {
		if !m.Has.Contains(adapter.Field(f)) {
			continue
		}
		x := &adapter.Fields[f]
		switch p := x.In(m).(type) {
		case *int64:
			*p = rng.Int64N(1<<53 - 1)
			if x.Form == adapter.Signed {
				*p = rng.Int64() - rng.Int64()
			}
		case *uint64:
			*p = rng.Uint64() >> rng.IntN(64)
		case *string:
			*p = []string{"", "a", "\"\\\n\x01é世", "x y"}[rng.IntN(4)]
			if len(x.Words) > 0 {
				*p = x.Words[rng.IntN(len(x.Words))]
			}
		case *bool:
			*p = rng.IntN(2) == 0
		case *[]byte:
			*p = make([]byte, rng.IntN(10))
			for i := range *p {
				(*p)[i] = byte(rng.Uint32())
			}
		case *netip.AddrPort:
			*p = netip.MustParseAddrPort([]string{"127.0.0.1:80", "[::1]:65535", "[2001:db8::ff]:0"}[rng.IntN(3)])
		case *[]string:
			*p = append([]string{}, x.Words[:rng.IntN(len(x.Words))]...)
		case *map[string]string:
			*p = map[string]string{}
			for _, a := range spec.AxisList[:rng.IntN(len(spec.AxisList))] {
				(*p)[a.Name] = a.Values[rng.IntN(len(a.Values))]
			}
		case *[]uint64:
			*p = make([]uint64, rng.IntN(4))
		case *[]adapter.Message:
			*p = []adapter.Message{}
			of := adapter.Packet
			if x.Form == adapter.EventsIn {
				of = adapter.Event
			}
			for range rng.IntN(4) {
				*p = append(*p, *random(of, rng))
			}
		}
	}
	return m
}

type named struct {
	def   string
	shape *adapter.Shape
}

func everyShape() (all []named) {
	for _, s := range adapter.Requests {
		all = append(all, named{"request-" + s.Name, s})
	}
	for _, s := range adapter.Answers {
		all = append(all, named{"answer-" + s.Name, s})
	}
	return append(all, named{"packet", adapter.Packet}, named{"event", adapter.Event}, named{"deliver", adapter.Deliver})
}

// random is a message of the shape with whatever in its fields.
func (x *named) random(rng *rand.Rand) *adapter.Message {
	m := random(x.shape, rng)
	if strings.HasPrefix(x.def, "request-") {
		m.Do = x.shape.Name
	} else if x.shape == adapter.Deliver {
		m.Do = adapter.Deliver.Name
	}
	return m
}

// What is written can be read, and is what it was; the schema says so too.
func TestEveryMessageGoesThereAndBack(t *testing.T) {
	schema := compiled(t)
	rng := rand.New(rand.NewPCG(1, 2))
	for _, x := range everyShape() {
		s := schema(x.def)
		for range 200 {
			m := x.random(rng)
			line := m.Append(nil)
			back, err := adapter.Line(line)
			if err != nil || len(back) != 1 {
				t.Fatalf("%s: %v", line, err)
			}
			if !reflect.DeepEqual(&back[0], m) {
				t.Fatalf("%s\nwas %+v\nis  %+v", line, m, back[0])
			}
			if err := x.shape.Check(&back[0]); err != nil {
				t.Fatalf("%s: %v", line, err)
			}
			if err := s.Validate(generic(t, line)); err != nil {
				t.Fatalf("the schema refuses %s: %v", line, err)
			}
		}
	}
}

func generic(t testing.TB, line []byte) any {
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(line))
	if err != nil {
		t.Fatalf("%s: %v", line, err)
	}
	return v
}

// The host and the schema refuse the same: messages in which one thing was changed.
func TestTheSchemaAndTheHostAgree(t *testing.T) {
	schema := compiled(t)
	rng := rand.New(rand.NewPCG(3, 4))
	values := []any{nil, true, "x", "", -1, 7, 1.5, []any{}, []any{"x"}, map[string]any{}, "0x1", "0x", "0x11111111111111111", "YWJj", "YWJ", "YWJj=",
		"YW==", "YX==", "127.0.0.1:1", "127.0.0.1", "ok", []any{"accept", "accept"}, []any{map[string]any{"key": "0x1"}}, map[string]any{"fill": "any"},
		map[string]any{"fill": "lifo"}, map[string]any{"x": "y"}, json.Number("9007199254740992")}
	refused, taken := 0, 0
	for _, x := range everyShape() {
		s := schema(x.def)
		for range 400 {
			m := x.random(rng)
			var object map[string]any
			if err := json.Unmarshal(m.Append(nil), &object); err != nil {
				t.Fatal(err)
			}
			field := adapter.Fields[rng.IntN(len(adapter.Fields))].Name
			switch rng.IntN(4) {
			case 0:
				delete(object, field)
			case 1:
				object[field+"x"] = 1
			default:
				object[field] = values[rng.IntN(len(values))]
			}
			line, err := json.Marshal(object)
			if err != nil {
				t.Fatal(err)
			}
			mine := judge(x.shape, line)
			theirs := s.Validate(generic(t, line))
			if (mine == nil) != (theirs == nil) {
				t.Errorf("%s %s:\n host   %v\n schema %v", x.def, line, mine, theirs)
			}
			if mine == nil {
				taken++
			} else {
				refused++
			}
		}
	}
	if refused < 2000 || taken < 2000 {
		t.Errorf("%d were refused and %d taken: that is no test", refused, taken)
	}
}

// judge is what the host makes of a line that is to be of that shape.
func judge(s *adapter.Shape, line []byte) error {
	ms, err := adapter.Line(line)
	if err != nil {
		return err
	}
	m := &ms[0]
	if err := s.Check(m); err != nil {
		return err
	}
	if s.Name == "hello" { // the values of axes are looked at when the acquaintance is made
		if err := spec.Axes(m.Axes).Check(); err != nil {
			return err
		}
	}
	if m.Has.Contains(adapter.FDo) && m.Do != s.Name {
		return fmt.Errorf("it is no %s", s.Name)
	}
	return nil
}
