package store

import (
	"context"

	"github.com/motcua/motcua/internal/core/procedure"
)

var procedureKind = Kind[procedure.Record]{
	Name: "procedure", Version: 1,
	Apply: folding(procedure.ApplyRecord),
	Columns: []Column[procedure.Record]{
		Int("versions", func(r procedure.Record) int { return len(r.Versions) }),
		Int("confirmed", func(r procedure.Record) int { return len(r.Confirmed) }),
	},
}

// ProcedureRoot is the stream of a procedure, by its code.
func ProcedureRoot(code string) Root { return Root{"procedure", code} }

// Procedures reads the record of every procedure.
func (s *Store) Procedures(ctx context.Context) ([]procedure.Record, error) {
	return states[procedure.Record](ctx, s, `SELECT state FROM procedure ORDER BY id`)
}

// Stamp tells whether anything of the kinds changed since an earlier stamp: the
// sum of their versions never stays the same over a change.
func (s *Store) Stamp(ctx context.Context) (int64, error) {
	var n int64
	err := s.QueryRow(ctx, `SELECT CAST(
		(SELECT COALESCE(sum(version), 0) FROM unit) + (SELECT COALESCE(sum(version), 0) FROM staff) +
		(SELECT COALESCE(sum(version), 0) FROM centre) + (SELECT COALESCE(sum(version), 0) FROM procedure) +
		(SELECT COALESCE(sum(version), 0) FROM calendar) + (SELECT COALESCE(sum(version), 0) FROM wording) +
		(SELECT COALESCE(sum(version), 0) FROM result_template) + (SELECT COALESCE(sum(version), 0) FROM certificate) + (SELECT COALESCE(sum(version), 0) FROM process_template) + (SELECT COALESCE(sum(version), 0) FROM absence) AS BIGINT)`).Scan(&n)
	return n, err
}
