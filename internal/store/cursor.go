package store

import (
	"encoding/base64"
	"strconv"
	"strings"

	"github.com/motcua/motcua/internal/core/fault"
)

// Cursor is the place in a list after which the next page begins: the sort key
// and the id of the last row. The zero cursor is the beginning, or the end.
type Cursor struct {
	Key int64
	ID  string
}

// String is the cursor as addresses carry it; empty for the zero cursor.
func (c Cursor) String() string {
	if c.ID == "" {
		return ""
	}
	return base64.RawURLEncoding.EncodeToString([]byte(strconv.FormatInt(c.Key, 36) + "." + c.ID))
}

// ParseCursor reads what String wrote. It fails with fault.Invalid
// "store.cursor" on anything else.
func ParseCursor(text string) (Cursor, error) {
	if text == "" {
		return Cursor{}, nil
	}
	bad := fault.Field("cursor", "store.cursor", nil)
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		return Cursor{}, bad
	}
	key, id, ok := strings.Cut(string(raw), ".")
	n, err := strconv.ParseInt(key, 36, 64)
	if !ok || err != nil || id == "" || len(id) > 64 {
		return Cursor{}, bad
	}
	return Cursor{n, id}, nil
}
