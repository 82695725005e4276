package procedure

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"reflect"
	"strings"
)

// Canonical returns the content of p as bytes that are equal exactly when the
// content is: version, dates, successor and sector name (which comes from
// another file) are left out.
func Canonical(p Procedure) []byte {
	p.Version, p.Sector = Version{}, ""
	raw, err := json.Marshal(p)
	if err != nil {
		panic("procedure: " + err.Error()) // plain values only: cannot fail
	}
	return raw
}

// Hash is the SHA-256 of Canonical in hexadecimal; an import compares it to
// tell an unchanged record.
func Hash(p Procedure) string {
	sum := sha256.Sum256(Canonical(p))
	return hex.EncodeToString(sum[:])
}

// Change is one part that differs between two versions.
type Change struct {
	Field string `json:"field"` // name of the part, as in the JSON of Procedure
	Old   string `json:"old"`   // its JSON; empty = not stated
	New   string `json:"new"`
}

// Diff lists the parts in which next differs from old, in the order of the
// fields of Procedure.
func Diff(old, next Procedure) []Change {
	old.Version, next.Version = Version{}, Version{}
	old.Sector, next.Sector = "", ""
	a, b := reflect.ValueOf(old), reflect.ValueOf(next)
	var list []Change
	for i := range a.NumField() {
		f := a.Type().Field(i)
		if f.Anonymous {
			continue
		}
		was, is := part(a.Field(i)), part(b.Field(i))
		if was != is {
			name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			list = append(list, Change{Field: name, Old: was, New: is})
		}
	}
	return list
}

func part(v reflect.Value) string {
	if v.IsZero() {
		return ""
	}
	raw, err := json.Marshal(v.Interface())
	if err != nil {
		panic("procedure: " + err.Error())
	}
	return string(raw)
}
