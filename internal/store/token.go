package store

import (
	"context"

	"github.com/motcua/motcua/internal/core/access"
)

var tokenKind = Kind[access.Token]{
	Name: "token", Version: 1,
	Apply: folding(access.ApplyToken),
	Columns: []Column[access.Token]{
		Text("secret_hash", func(t access.Token) string { return t.Hash }),
		Bool("revoked", func(t access.Token) bool { return t.Revoked }),
	},
	Indexes: []string{"unique (secret_hash)"},
}

// TokenRoot is the stream of an API token.
func TokenRoot(id string) Root { return Root{"token", id} }

// TokenByHash finds a token that is not revoked, by the hash of its secret.
func (s *Store) TokenByHash(ctx context.Context, hash string) (access.Token, bool, error) {
	list, err := states[access.Token](ctx, s, `SELECT state FROM token WHERE secret_hash = $1`, hash)
	if err != nil || len(list) == 0 || list[0].Revoked {
		return access.Token{}, false, err
	}
	return list[0], true, nil
}

// Tokens lists every token, the newest first: those that were revoked too.
func (s *Store) Tokens(ctx context.Context) ([]access.Token, error) {
	return states[access.Token](ctx, s, `SELECT state FROM token ORDER BY revoked, id DESC`)
}
