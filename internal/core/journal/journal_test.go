package journal

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"os"
	"testing"
	"time"
)

// vector is an event and its hash as another program would compute it.
type vector struct {
	Name        string `json:"name"`
	Prev        string `json:"prev"`
	Stream      string `json:"stream"`
	Version     int64  `json:"version"`
	Type        string `json:"type"`
	TypeVersion int    `json:"typeVersion"`
	At          string `json:"at"`
	Actor       Actor  `json:"actor"`
	Ground      string `json:"ground"`
	Action      string `json:"action"`
	Payload     string `json:"payload"`
	Hash        string `json:"hash"`
}

func (v vector) event(t *testing.T) ([32]byte, Event) {
	t.Helper()
	at, err := time.Parse(time.RFC3339Nano, v.At)
	if err != nil {
		t.Fatal(err)
	}
	var prev [32]byte
	if n, err := hex.Decode(prev[:], []byte(v.Prev)); err != nil || n != 32 {
		t.Fatalf("previous hash %q: %v", v.Prev, err)
	}
	return prev, Event{Stream: v.Stream, Version: v.Version, Type: v.Type, TypeVersion: v.TypeVersion, At: at,
		Actor: v.Actor, Ground: v.Ground, Action: v.Action, Payload: []byte(v.Payload)}
}

func vectors(t *testing.T) []vector {
	t.Helper()
	text, err := os.ReadFile("testdata/hash.json")
	if err != nil {
		t.Fatal(err)
	}
	var all []vector
	if err := json.Unmarshal(text, &all); err != nil {
		t.Fatal(err)
	}
	return all
}

// The vectors were computed by another implementation, in Python's hashlib.
func TestHashVectors(t *testing.T) {
	for _, v := range vectors(t) {
		t.Run(v.Name, func(t *testing.T) {
			prev, e := v.event(t)
			if got := Hash(prev, e); hex.EncodeToString(got[:]) != v.Hash {
				t.Errorf("Hash() = %x, want %s", got, v.Hash)
			}
		})
	}
}

func TestHashCoversEachField(t *testing.T) {
	prev, e := vectors(t)[0].event(t)
	base := Hash(prev, e)
	changes := map[string]func(*Event){
		"stream":         func(e *Event) { e.Stream += "x" },
		"version":        func(e *Event) { e.Version++ },
		"type":           func(e *Event) { e.Type += "x" },
		"type version":   func(e *Event) { e.TypeVersion++ },
		"legal time":     func(e *Event) { e.At = e.At.Add(time.Microsecond) },
		"principal":      func(e *Event) { e.Actor.Principal += "x" },
		"name":           func(e *Event) { e.Actor.Name += "x" },
		"role":           func(e *Event) { e.Actor.Role += "x" },
		"unit":           func(e *Event) { e.Actor.Unit += "x" },
		"on behalf":      func(e *Event) { e.Actor.OnBehalf += "x" },
		"ground":         func(e *Event) { e.Ground += "x" },
		"action":         func(e *Event) { e.Action += "x" },
		"payload":        func(e *Event) { e.Payload = append(bytes.Clone(e.Payload), ' ') },
		"border of text": func(e *Event) { e.Actor.Name, e.Actor.Role = e.Actor.Name+e.Actor.Role[:1], e.Actor.Role[1:] },
	}
	for name, change := range changes {
		changed := e
		change(&changed)
		if Hash(prev, changed) == base {
			t.Errorf("Hash does not cover the %s", name)
		}
	}
	if Hash([32]byte{1}, e) == base {
		t.Error("Hash does not cover the previous hash")
	}
	same := e
	same.Position, same.RecordedAt = 7, e.At.Add(time.Hour)
	if Hash(prev, same) != base {
		t.Error("Hash covers the position or the time of recording, want it not to")
	}
}

func TestEncode(t *testing.T) {
	cases := []struct {
		name string
		in   any
		want string
	}{
		{"no HTML escapes", struct {
			A string `json:"a"`
		}{"<ạ>&"}, `{"a":"<ạ>&"}`},
		{"sorted keys", map[string]int{"b": 1, "a": 2}, `{"a":2,"b":1}`},
		{"compacted", json.RawMessage("{ \"a\" : 1 }"), `{"a":1}`},
		{"nothing", nil, `null`},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got, err := Encode(c.in); err != nil || string(got) != c.want {
				t.Errorf("Encode() = %s, %v, want %s", got, err, c.want)
			}
		})
	}
	if _, err := Encode(func() {}); err == nil {
		t.Error("Encode of a function succeeded")
	}
}

func TestDecodeRefusesUnknownFields(t *testing.T) {
	type payload struct {
		A int `json:"a"`
	}
	if p, err := Decode[payload](Event{Payload: []byte(`{"a":1}`)}); err != nil || p.A != 1 {
		t.Errorf("Decode() = %+v, %v", p, err)
	}
	if _, err := Decode[payload](Event{Payload: []byte(`{"a":1,"b":2}`)}); err == nil {
		t.Error("Decode of an unknown field succeeded")
	}
}
