// Package journal is the form of the record that everything else is read from:
// events (sự kiện) in streams, chained by hashes. It is pure: it knows no
// database and no clock.
package journal

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"time"
)

// Actor is who did it, as the journal keeps it for ever: the names are those of
// the moment, so that a later change of staff or unit rewrites no history.
type Actor struct {
	Principal string `json:"principal"`          // account: staff id, citizen, partner or job
	Name      string `json:"name,omitempty"`     // name as shown
	Role      string `json:"role,omitempty"`     // role in which he acted
	Unit      string `json:"unit,omitempty"`     // code of the unit for which he acted
	OnBehalf  string `json:"onBehalf,omitempty"` // principal whose power was delegated
}

// Event is one thing that happened to one stream. Position is the event's place
// in the whole journal, without gaps; Version its place in the stream, 1..n.
type Event struct {
	Position    int64
	Stream      string // "kind/id"
	Version     int64
	Type        string    // such as "dossier.received"
	TypeVersion int       // version of the payload's shape
	At          time.Time // legal time
	RecordedAt  time.Time // time of the writing; differs for imports, late entries and simulation
	Actor       Actor
	Ground      string // legal ground or reason
	Action      string // action id of the command
	Payload     []byte // JSON, byte for byte as stored
	PrevHash    [32]byte
	Hash        [32]byte
}

// Hash chains e to the event before it in the same stream. It is SHA-256 over
// these fields, each preceded by its length in bytes as a big-endian uint64:
// previous hash, stream, version, type, type version, legal time, the five
// parts of the actor, ground, action id, payload. Integers are eight bytes
// big-endian two's complement; the legal time is Unix microseconds. The position
// is left out, since it is given after the decision, and so is RecordedAt.
func Hash(prev [32]byte, e Event) [32]byte {
	size := 32 + len(e.Stream) + len(e.Type) + len(e.Actor.Principal) + len(e.Actor.Name) + len(e.Actor.Role) +
		len(e.Actor.Unit) + len(e.Actor.OnBehalf) + len(e.Ground) + len(e.Action) + len(e.Payload) + 3*8 + 14*8
	b := make([]byte, 0, size)
	b = appendBytes(b, prev[:])
	b = appendText(b, e.Stream)
	b = appendInt(b, e.Version)
	b = appendText(b, e.Type)
	b = appendInt(b, int64(e.TypeVersion))
	b = appendInt(b, e.At.UnixMicro())
	for _, s := range [...]string{e.Actor.Principal, e.Actor.Name, e.Actor.Role, e.Actor.Unit, e.Actor.OnBehalf, e.Ground, e.Action} {
		b = appendText(b, s)
	}
	b = appendBytes(b, e.Payload)
	return sha256.Sum256(b)
}

func appendBytes(b, field []byte) []byte {
	return append(binary.BigEndian.AppendUint64(b, uint64(len(field))), field...)
}

func appendText(b []byte, field string) []byte {
	return append(binary.BigEndian.AppendUint64(b, uint64(len(field))), field...)
}

func appendInt(b []byte, n int64) []byte {
	return binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint64(b, 8), uint64(n))
}

// Encode returns v as JSON, the same bytes for the same value: fields in the
// order of the struct, keys of maps sorted, no HTML escapes, no line end.
// A json.RawMessage is compacted.
func Encode(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, fmt.Errorf("encode %T for the journal: %w", v, err)
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// Decode reads an event's payload into a value of type T. An unknown field is
// an error: a stored shape that the program does not know must stop it.
func Decode[T any](e Event) (T, error) {
	var v T
	dec := json.NewDecoder(bytes.NewReader(e.Payload))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&v); err != nil {
		return v, fmt.Errorf("event %s version %d of %s %d: %w", e.Type, e.TypeVersion, e.Stream, e.Version, err)
	}
	return v, nil
}

// UnknownEvent is the error of an Apply function that meets an event type or
// type version it does not know. The program must then stop, not guess.
func UnknownEvent(e Event) error {
	return fmt.Errorf("unknown event %s version %d in %s at version %d", e.Type, e.TypeVersion, e.Stream, e.Version)
}
