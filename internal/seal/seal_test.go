package seal

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

func TestSealOpen(t *testing.T) {
	key, plain := NewKey(), []byte("Lê Văn Giả")
	sealed, err := Seal(key, "d1|person", plain)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := Open(key, "d1|person", sealed); err != nil || !bytes.Equal(got, plain) {
		t.Errorf("Open() = %q, %v, want %q", got, err, plain)
	}
	if again, _ := Seal(key, "d1|person", plain); bytes.Equal(again, sealed) {
		t.Error("Seal gives the same bytes twice")
	}
	changed := bytes.Clone(sealed)
	changed[len(changed)-1] ^= 1
	other := bytes.Clone(sealed)
	other[0] = 9
	cases := map[string]func() ([]byte, error){
		"other key":    func() ([]byte, error) { return Open(NewKey(), "d1|person", sealed) },
		"other aad":    func() ([]byte, error) { return Open(key, "d2|person", sealed) },
		"changed":      func() ([]byte, error) { return Open(key, "d1|person", changed) },
		"other format": func() ([]byte, error) { return Open(key, "d1|person", other) },
		"too short":    func() ([]byte, error) { return Open(key, "d1|person", sealed[:10]) },
		"nothing":      func() ([]byte, error) { return Open(key, "d1|person", nil) },
	}
	for name, open := range cases {
		if got, err := open(); !errors.Is(err, ErrOpen) {
			t.Errorf("Open, %s = %q, %v, want ErrOpen", name, got, err)
		}
	}
	if _, err := Seal(key[:31], "", nil); err == nil {
		t.Error("Seal with a short key succeeded")
	}
}

func TestRingIsMadeOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "new", "keys")
	var rings [4]*Ring
	var wg sync.WaitGroup
	for i := range rings {
		wg.Go(func() {
			var err error
			if rings[i], err = OpenRing(path); err != nil {
				t.Errorf("OpenRing: %v", err)
			}
		})
	}
	wg.Wait()
	if t.Failed() {
		return
	}
	st, err := os.Stat(path)
	if err != nil || st.Mode().Perm() != 0o600 {
		t.Errorf("mode of the ring = %v, %v, want 0600", st.Mode(), err)
	}
	for i, r := range rings {
		if r.BlindHex("id", "999") != rings[0].BlindHex("id", "999") {
			t.Errorf("ring %d is another", i)
		}
	}
}

func TestRingRotation(t *testing.T) {
	old := NewRingText("2025")
	before, err := ParseRing(old)
	if err != nil {
		t.Fatal(err)
	}
	after, err := ParseRing(NewRingText("2026") + old)
	if err != nil {
		t.Fatal(err)
	}
	key := NewKey()
	wrapped, err := before.Wrap("d1", key)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := after.Unwrap("d1", wrapped); err != nil || !bytes.Equal(got, key) {
		t.Errorf("Unwrap with an older key = %x, %v", got, err)
	}
	if _, err := after.Unwrap("d2", wrapped); !errors.Is(err, ErrOpen) {
		t.Errorf("Unwrap for another subject: %v, want ErrOpen", err)
	}
	if after.Current() != "2026" || before.BlindHex("id", "999") != after.BlindHex("id", "999") {
		t.Error("a new key changes the blind index or does not become current")
	}
	newer, err := after.Wrap("d1", key)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := before.Unwrap("d1", newer); err == nil || !strings.Contains(err.Error(), "2026") {
		t.Errorf("Unwrap without the key: %v, want it to name the key", err)
	}
	if after.BlindHex("id", "999") == after.BlindHex("phone", "999") {
		t.Error("the blind index does not depend on the field")
	}
}

func TestBadRings(t *testing.T) {
	good := strings.Split(NewRingText("a"), "\n")[1]
	for name, text := range map[string]string{
		"empty": "# nothing\n", "no colon": "abc", "no id": good[1:], "short key": "a:AAAA", "twice": good + "\n" + good,
	} {
		if _, err := ParseRing(text); err == nil {
			t.Errorf("ParseRing of a ring with %s succeeded", name)
		}
	}
	t.Setenv(EnvKeys, "b:"+good[2:]+","+good)
	r, err := OpenRing("/nowhere/keys")
	if err != nil || r.Current() != "b" {
		t.Errorf("OpenRing from the environment = %v, %v", r, err)
	}
}
