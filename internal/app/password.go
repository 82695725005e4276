package app

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"

	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/core/textfold"
)

// The cost of a password: argon2id with 19 MiB, two passes.
const (
	hashMemory = 19 * 1024
	hashTime   = 2
	hashBytes  = 32
	saltBytes  = 16
)

// Bounds of a password in characters. There is no rule about kinds of
// characters: length protects, rules only annoy.
const (
	leastPassword = 10
	mostPassword  = 128
)

// hashPassword makes the PHC string of a password. Few run side by side, since
// each takes much memory.
func (a *App) hashPassword(ctx context.Context, password string) (string, error) {
	salt := make([]byte, saltBytes)
	rand.Read(salt) // never fails (crypto/rand)
	key, err := a.derivePassword(ctx, password, salt)
	if err != nil {
		return "", err
	}
	enc := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=1$%s$%s", argon2.Version, hashMemory, hashTime, enc.EncodeToString(salt), enc.EncodeToString(key)), nil
}

func (a *App) derivePassword(ctx context.Context, password string, salt []byte) ([]byte, error) {
	select {
	case a.hashing <- struct{}{}:
		defer func() { <-a.hashing }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	return argon2.IDKey([]byte(norm.NFC.String(password)), salt, hashTime, hashMemory, 1, hashBytes), nil
}

// rightPassword compares a password with a PHC string. A string that is not one
// fits no password, at the same cost.
func (a *App) rightPassword(ctx context.Context, phc, password string) (bool, error) {
	parts := strings.Split(phc, "$")
	salt, want := make([]byte, saltBytes), []byte(nil)
	if len(parts) == 6 && parts[1] == "argon2id" {
		enc := base64.RawStdEncoding
		s, err1 := enc.DecodeString(parts[4])
		w, err2 := enc.DecodeString(parts[5])
		if err1 == nil && err2 == nil {
			salt, want = s, w
		}
	}
	got, err := a.derivePassword(ctx, password, salt)
	if err != nil {
		return false, err
	}
	return want != nil && subtle.ConstantTimeCompare(got, want) == 1, nil
}

// checkPassword refuses a new password that is too short, too long, or says the
// person's own login or name.
func checkPassword(field, password, login, name string) error {
	n := utf8.RuneCountInString(password)
	if n < leastPassword || n > mostPassword {
		return fault.Field(field, "signin.password_length", fault.Args{"least": leastPassword, "most": mostPassword})
	}
	folded := strings.ReplaceAll(textfold.Fold(password), " ", "")
	for _, known := range []string{login, strings.ReplaceAll(textfold.Fold(name), " ", "")} {
		if len(known) >= 4 && strings.Contains(folded, known) {
			return fault.Field(field, "signin.password_own_name", nil)
		}
	}
	distinct := map[rune]bool{}
	for _, r := range password {
		distinct[r] = true
	}
	if len(distinct) < 4 {
		return fault.Field(field, "signin.password_plain", nil)
	}
	return nil
}

// newPassword makes a one-time password that can be read aloud.
func newPassword() string {
	var b [12]byte
	rand.Read(b[:])
	out := make([]byte, 0, 14)
	for i, x := range b {
		if i > 0 && i%4 == 0 {
			out = append(out, '-')
		}
		out = append(out, "abcdefghjkmnpqrstuvwxyz23456789"[int(x)%31])
	}
	return string(out)
}
