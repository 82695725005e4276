package app

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"strings"

	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/store"
)

// NewToken is a created API token. Secret is shown once and kept nowhere.
type NewToken struct {
	access.Token
	Secret string
}

// CreateToken makes an API token for a role, bound to a unit where the role
// acts for one; an empty unit is the centre.
func (a *App) CreateToken(ctx context.Context, who access.Actor, name string, role access.Role, unit string) (NewToken, error) {
	if !access.May(who, access.ManageIntegration) {
		return NewToken{}, fault.New(fault.Forbidden, "access.denied", nil)
	}
	name = strings.TrimSpace(name)
	if name == "" || len([]rune(name)) > 100 {
		return NewToken{}, fault.Field("name", "access.token_name", nil)
	}
	if !role.Known() {
		return NewToken{}, fault.Field("role", "agency.role_unknown", fault.Args{"role": string(role)})
	}
	dir := a.directory.Load()
	if unit == "" {
		unit = dir.centre.Code
	}
	if _, ok := dir.unit(unit, civil.DateOf(a.clock())); !ok && unit != "" {
		return NewToken{}, fault.Field("unit", "agency.unit_unknown", fault.Args{"unit": unit})
	}
	var b [32]byte
	rand.Read(b[:])
	secret := "mc_" + base64.RawURLEncoding.EncodeToString(b[:])
	t := access.Token{ID: newID(), Name: name, Role: role, Unit: unit, Hash: hexHash(secret)}
	w := store.Write{Actor: by(who), Roots: []store.Root{store.TokenRoot(t.ID)}}
	_, err := store.Do(ctx, a.store, w, func(v *store.View) (string, error) {
		_, err := store.Record[access.Token](v, store.TokenRoot(t.ID), access.TokenIssued, 1, "", t)
		return t.ID, err
	})
	return NewToken{Token: t, Secret: secret}, err
}

func hexHash(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}
