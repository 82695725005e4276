package access

import (
	"encoding/json"
	"fmt"
	"time"
)

// Token is an access token of a partner system or a script (mã truy cập API).
// Only the SHA-256 of the secret is kept; the secret is shown once.
type Token struct {
	ID       string    `json:"id"`
	Name     string    `json:"name"`
	Role     Role      `json:"role"`
	Unit     string    `json:"unit,omitempty"`
	Hash     string    `json:"hash"` // hex SHA-256 of the secret
	IssuedAt time.Time `json:"issuedAt,omitzero"`
	Revoked  bool      `json:"revoked,omitempty"`
}

// The events of a token's stream.
const (
	TokenIssued  = "token.issued"
	TokenRevoked = "token.revoked"
)

// ApplyToken folds one event of a token's stream.
func ApplyToken(t Token, eventType string, payload []byte) (Token, error) {
	switch eventType {
	case TokenIssued:
		err := json.Unmarshal(payload, &t)
		return t, err
	case TokenRevoked:
		t.Revoked = true
		return t, nil
	}
	return t, fmt.Errorf("event %s of a token is unknown to this release", eventType)
}

// Actor is the token as it acts.
func (t Token) Actor(unitName string) Actor {
	return Actor{ID: "token:" + t.ID, Name: t.Name, Roles: []Role{t.Role}, Unit: t.Unit, UnitName: unitName}
}
