package adapter

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/ioconform/ioconform/spec"
)

// Schema returns the JSON Schema (draft 2020-12) of everything that may stand in a line: definitions request, answer-… and deliver, a definition for each
// request by its word, and to-adapter and from-adapter for whole lines. It is made from the tables.
func Schema() []byte {
	defs := map[string]any{}
	var requests, answers []any
	for _, s := range Requests {
		defs["request-"+s.Name] = s.schema(s.Name)
		requests = append(requests, ref("request-"+s.Name))
	}
	for _, s := range Answers {
		defs["answer-"+s.Name] = s.schema("")
		answers = append(answers, ref("answer-"+s.Name))
	}
	defs["packet"] = Packet.schema("")
	defs["event"] = Event.schema("")
	defs["deliver"] = Deliver.schema(Deliver.Name)
	line := func(one any) any {
		return map[string]any{"anyOf": []any{one, map[string]any{"type": "array", "items": one, "minItems": 1}}}
	}
	defs["to-adapter"] = line(map[string]any{"oneOf": requests})
	defs["from-adapter"] = line(map[string]any{"anyOf": append(answers, ref("deliver"))})
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	err := e.Encode(map[string]any{
		"$schema": "https://json-schema.org/draft/2020-12/schema",
		"title":   fmt.Sprintf("ioconform adapter protocol, version %d", Version),
		"$comment": "Made from the tables of package conformance/adapter. What an answer looks like depends on the request: " +
			"it has the definition that PROTOCOL.md names.",
		"$defs": defs,
		"anyOf": []any{ref("to-adapter"), ref("from-adapter")},
	})
	if err != nil {
		panic(err) // maps of strings always can be written
	}
	return b.Bytes()
}

func ref(name string) any { return map[string]any{"$ref": "#/$defs/" + name} }

// schema describes the messages of a shape; do is its word, if it has one.
func (s *Shape) schema(do string) any {
	props := map[string]any{}
	var must []string
	for _, f := range append(s.Must[:len(s.Must):len(s.Must)], s.May...) {
		props[Fields[f].Name] = Fields[f].schema()
	}
	for _, f := range s.Must {
		must = append(must, Fields[f].Name)
	}
	if do != "" {
		props["do"] = map[string]any{"const": do}
	}
	schema := map[string]any{"type": "object", "description": s.Meaning, "properties": props, "required": must, "additionalProperties": false}
	needs := map[string][]string{}
	if s.all.Contains(FNative) {
		needs["native"], needs["space"] = []string{"space"}, []string{"native"}
	}
	if s.all.Contains(FIndefinite) {
		needs["indefinite"] = []string{"error"}
	}
	if len(needs) > 0 {
		schema["dependentRequired"] = needs
	}
	return schema
}

func (f *FieldOf) schema() map[string]any {
	s := map[string]any{"description": f.Meaning}
	switch f.Form {
	case Integer:
		s["type"], s["minimum"], s["maximum"] = "integer", 0, int64(mostInteger)
	case Signed:
		s["type"] = "integer"
	case Hex:
		s["type"], s["pattern"] = "string", hexPattern
	case HexIn:
		s["type"], s["items"] = "array", map[string]any{"type": "string", "pattern": hexPattern}
	case Text:
		s["type"] = "string"
	case OneOf:
		s["type"], s["enum"] = "string", f.Words
	case Words:
		s["type"], s["uniqueItems"], s["items"] = "array", true, map[string]any{"type": "string", "enum": f.Words}
	case Pairs:
		axes := map[string]any{}
		for _, a := range spec.AxisList {
			axes[a.Name] = map[string]any{"enum": a.Values, "description": a.Meaning}
		}
		s["type"], s["properties"], s["additionalProperties"] = "object", axes, false
	case Base64:
		s["type"], s["contentEncoding"] = "string", "base64"
		s["pattern"] = "^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/][AQgw]==|[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=)?$"
	case Address:
		s["type"], s["pattern"] = "string", `^([0-9]{1,3}(\.[0-9]{1,3}){3}|\[[0-9A-Fa-f:.]+\]):[0-9]{1,5}$`
	case Flag:
		s["type"] = "boolean"
	case PacketsIn:
		s["type"], s["items"] = "array", ref("packet")
	case EventsIn:
		s["type"], s["items"] = "array", ref("event")
	}
	return s
}

const hexPattern = "^0x[0-9A-Fa-f]{1,16}$"
