package app

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"strings"
	"time"

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

// TokenForm is the request for a new token. An empty unit is the centre.
type TokenForm struct {
	ActionID string `json:"-"`
	Name     string
	Role     access.Role
	Unit     string
}

// CreateToken makes an API token for a role, bound to a unit where the role
// acts for one. A form sent twice makes one token; its secret is then known to
// nobody but the first answer.
func (a *App) CreateToken(ctx context.Context, who access.Actor, in TokenForm) (NewToken, error) {
	if !access.May(who, access.ManageIntegration) {
		return NewToken{}, denied()
	}
	in.Name = strings.TrimSpace(in.Name)
	if in.Name == "" || len([]rune(in.Name)) > 100 {
		return NewToken{}, fault.Field("name", "access.token_name", nil)
	}
	if !in.Role.Known() {
		return NewToken{}, fault.Field("role", "agency.role_unknown", fault.Args{"role": string(in.Role)})
	}
	dir := a.directory.Load()
	if in.Unit == "" {
		in.Unit = dir.centre.Code
	}
	if _, ok := dir.unit(in.Unit, civil.DateOf(a.clock())); !ok && in.Unit != "" {
		return NewToken{}, fault.Field("unit", "agency.unit_unknown", fault.Args{"unit": in.Unit})
	}
	var b [32]byte
	rand.Read(b[:])
	secret := "mc_" + base64.RawURLEncoding.EncodeToString(b[:])
	t := access.Token{ID: newID(), Name: in.Name, Role: in.Role, Unit: in.Unit, Hash: hexHash(secret)}
	w := store.Write{Actor: by(who), Action: in.ActionID, Body: in, Roots: []store.Root{store.TokenRoot(t.ID)}}
	id, err := store.Do(ctx, a.store, w, func(v *store.View) (string, error) {
		t.IssuedAt = v.Now()
		_, err := store.Record[access.Token](v, store.TokenRoot(t.ID), access.TokenIssued, 1, "", t)
		return t.ID, err
	})
	if err == nil && id != t.ID {
		err = fault.New(fault.Conflict, "access.token_repeated", fault.Args{"name": t.Name})
	}
	return NewToken{Token: t, Secret: secret}, err
}

// TokenRow is one token as administrators see it: never its secret or hash.
type TokenRow struct {
	ID, Name       string
	Role           access.Role
	Unit, UnitName string
	IssuedAt       time.Time // zero for tokens older than the record of it
	Revoked        bool
}

// Tokens lists the tokens, the valid before the revoked, the newest first.
func (a *App) Tokens(ctx context.Context, who access.Actor) ([]TokenRow, error) {
	if !access.May(who, access.ManageIntegration) {
		return nil, denied()
	}
	list, err := a.store.Tokens(ctx)
	if err != nil {
		return nil, err
	}
	rows := make([]TokenRow, 0, len(list))
	for _, t := range list {
		rows = append(rows, TokenRow{
			ID: t.ID, Name: t.Name, Role: t.Role, Unit: t.Unit, UnitName: a.UnitName(t.Unit), IssuedAt: t.IssuedAt, Revoked: t.Revoked,
		})
	}
	return rows, nil
}

// TokenUnits are the units that a token can act for.
func (a *App) TokenUnits() []UnitChoice { return a.unitChoices() }

// RevokeToken takes a token back, at once and for good. Revoking it again
// changes nothing.
func (a *App) RevokeToken(ctx context.Context, who access.Actor, action, id string) error {
	if !access.May(who, access.ManageIntegration) {
		return denied()
	}
	root := store.TokenRoot(id)
	w := store.Write{Actor: by(who), Action: action, Body: id, Roots: []store.Root{root}}
	_, err := store.Do(ctx, a.store, w, func(v *store.View) (string, error) {
		t, ok := store.Load[access.Token](v, root)
		if !ok {
			return "", fault.New(fault.NotFound, "access.token_unknown", fault.Args{"id": id})
		}
		if t.Revoked {
			return id, nil
		}
		_, err := store.Record[access.Token](v, root, access.TokenRevoked, 1, "", struct{}{})
		return id, err
	})
	return err
}

func hexHash(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}
