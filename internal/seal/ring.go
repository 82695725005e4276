package seal

import (
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// EnvKeys is the environment variable that may hold the ring in place of a
// file: the lines of the file, separated by line ends or commas.
const EnvKeys = "MOTCUA_KEY_RING"

// Ring holds the master keys (vòng khóa). The first key wraps new data keys;
// the others only open what they wrapped earlier. The last key, the oldest,
// makes the blind indices, so adding a key changes none of them. All nodes of
// an installation need the same ring, and a backup is worth nothing without it.
type Ring struct {
	ids   []string
	keys  map[string][]byte
	blind []byte
}

// OpenRing reads the ring from the environment (EnvKeys) or else from the file
// at path, which it makes, readable by its owner only, when there is none.
//
// A line of the file is "id:base64 of 32 bytes", the newest first; empty lines
// and lines beginning with # are left out.
func OpenRing(path string) (*Ring, error) {
	if env := os.Getenv(EnvKeys); env != "" {
		return ParseRing(strings.ReplaceAll(env, ",", "\n"))
	}
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		if text, err = createRing(path); err != nil {
			return nil, err
		}
	}
	if err != nil {
		return nil, fmt.Errorf("read the key ring: %w", err)
	}
	return ParseRing(string(text))
}

// createRing writes a ring of one new key. When another process is faster, its
// ring is read.
func createRing(path string) ([]byte, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("make the folder of the key ring: %w", err)
	}
	text := []byte(NewRingText(time.Now().UTC().Format("20060102")))
	tmp, err := os.CreateTemp(filepath.Dir(path), ".keys-*")
	if err != nil {
		return nil, fmt.Errorf("make the key ring: %w", err)
	}
	defer os.Remove(tmp.Name())
	if _, err = tmp.Write(text); err == nil {
		err = tmp.Sync()
	}
	if cerr := tmp.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		return nil, fmt.Errorf("write the key ring: %w", err)
	}
	// A link, unlike a rename, does not replace a ring made in the meantime.
	if err := os.Link(tmp.Name(), path); errors.Is(err, fs.ErrExist) {
		return os.ReadFile(path)
	} else if err != nil {
		return nil, fmt.Errorf("put the key ring in place: %w", err)
	}
	if dir, err := os.Open(filepath.Dir(path)); err == nil {
		_ = dir.Sync()
		_ = dir.Close()
	}
	return text, nil
}

// NewRingText returns the line of a new key with the given id.
func NewRingText(id string) string {
	return "# motcua key ring: newest key first; keep it secret and keep copies\n" +
		id + ":" + base64.StdEncoding.EncodeToString(NewKey()) + "\n"
}

// ParseRing reads the text form of a ring.
func ParseRing(text string) (*Ring, error) {
	r := &Ring{keys: map[string][]byte{}}
	var oldest []byte
	for i, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		id, enc, ok := strings.Cut(line, ":")
		key, err := base64.StdEncoding.DecodeString(strings.TrimSpace(enc))
		if !ok || id == "" || len(id) > 255 || err != nil || len(key) != KeySize {
			return nil, fmt.Errorf("key ring, line %d: want id:base64 of %d bytes", i+1, KeySize)
		}
		if r.keys[id] != nil {
			return nil, fmt.Errorf("key ring, line %d: key %q is there twice", i+1, id)
		}
		r.ids, r.keys[id], oldest = append(r.ids, id), key, key
	}
	if len(r.ids) == 0 {
		return nil, errors.New("key ring: no key")
	}
	var err error
	if r.blind, err = hkdf.Key(sha256.New, oldest, nil, "motcua blind index 1", KeySize); err != nil {
		return nil, fmt.Errorf("key ring: %w", err)
	}
	return r, nil
}

// Current is the id of the key that wraps new data keys.
func (r *Ring) Current() string { return r.ids[0] }

// Wrap encrypts the data key of a subject under the current master key. The
// result begins with the master key's id.
func (r *Ring) Wrap(subject string, dataKey []byte) ([]byte, error) {
	id := r.Current()
	sealed, err := Seal(r.keys[id], "key|"+subject, dataKey)
	if err != nil {
		return nil, err
	}
	out := append(make([]byte, 0, 1+len(id)+len(sealed)), byte(len(id)))
	return append(append(out, id...), sealed...), nil
}

// Unwrap returns the data key that Wrap wrapped, under whichever key of the
// ring it was. It fails when that key is no longer in the ring.
func (r *Ring) Unwrap(subject string, wrapped []byte) ([]byte, error) {
	if len(wrapped) == 0 || len(wrapped) < 1+int(wrapped[0]) {
		return nil, ErrOpen
	}
	id, sealed := string(wrapped[1:1+wrapped[0]]), wrapped[1+wrapped[0]:]
	master := r.keys[id]
	if master == nil {
		return nil, fmt.Errorf("the key ring has no key %q", id)
	}
	return Open(master, "key|"+subject, sealed)
}

// Blind is the blind index of a value: HMAC-SHA-256 over field and normalised
// value under a key of the ring, so that equal values can be found but not
// guessed from the database alone.
func (r *Ring) Blind(field, normalised string) []byte {
	mac := hmac.New(sha256.New, r.blind)
	mac.Write([]byte(field))
	mac.Write([]byte{0})
	mac.Write([]byte(normalised))
	return mac.Sum(nil)
}

// BlindHex is Blind as lower-case hexadecimal, for text columns.
func (r *Ring) BlindHex(field, normalised string) string {
	return hex.EncodeToString(r.Blind(field, normalised))
}
