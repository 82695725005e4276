// Package seal keeps personal data unreadable without its key: a ring of master
// keys outside the database, a data key per subject wrapped by the ring, and
// keyed blind indices for search by equality. Only the standard library's
// AES-256-GCM and HMAC-SHA-256 are used.
package seal

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"errors"
	"fmt"
)

// KeySize is the length of every key in bytes.
const KeySize = 32

// format is the first byte of a sealed value; another algorithm gets another.
const format = 1

// ErrOpen means that a sealed value does not open: another key, another
// associated data, or changed bytes.
var ErrOpen = errors.New("seal: does not open with this key")

// NewKey returns a new data key.
func NewKey() []byte {
	key := make([]byte, KeySize)
	rand.Read(key) // never fails: the runtime stops the program instead
	return key
}

// Seal encrypts plaintext under key and binds it to aad, which is not stored
// and must be the same when it is opened.
func Seal(key []byte, aad string, plaintext []byte) ([]byte, error) {
	g, err := gcm(key)
	if err != nil {
		return nil, err
	}
	head := 1 + g.NonceSize()
	out := make([]byte, head, head+len(plaintext)+g.Overhead())
	out[0] = format
	rand.Read(out[1:head])
	return g.Seal(out, out[1:head], plaintext, []byte(aad)), nil
}

// Open decrypts what Seal made; ErrOpen when key, aad or bytes are not the same.
func Open(key []byte, aad string, sealed []byte) ([]byte, error) {
	g, err := gcm(key)
	if err != nil {
		return nil, err
	}
	head := 1 + g.NonceSize()
	if len(sealed) < head+g.Overhead() || sealed[0] != format {
		return nil, ErrOpen
	}
	plain, err := g.Open(nil, sealed[1:head], sealed[head:], []byte(aad))
	if err != nil {
		return nil, ErrOpen
	}
	return plain, nil
}

func gcm(key []byte) (cipher.AEAD, error) {
	if len(key) != KeySize {
		return nil, fmt.Errorf("seal: a key has %d bytes, want %d", len(key), KeySize)
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}
