package store

import (
	"strings"
	"sync"
)

// texts keeps the statements that are generated from tables.
var texts sync.Map // textKey → string

// textKey names a generated statement; n is its number of rows.
type textKey struct {
	def  *tableDef
	form string
	n    int
}

// text generates a statement once.
func (d *tableDef) text(form string, n int, write func(*tableDef, int) string) string {
	key := textKey{d, form, n}
	if t, ok := texts.Load(key); ok {
		return t.(string)
	}
	t := write(d, n)
	texts.Store(key, t)
	return t
}

// columnList is the columns' names, separated by commas.
func (d *tableDef) columnList() string {
	names := make([]string, len(d.columns))
	for i, c := range d.columns {
		names[i] = c.name
	}
	return strings.Join(names, ", ")
}
