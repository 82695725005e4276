package store

import (
	"context"
	"time"

	"github.com/motcua/motcua/internal/core/process"
)

// PutStepTimes replaces the measured times of steps. They are no part of the
// journal: whatever was decided by them is in the events themselves.
func (s *Store) PutStepTimes(ctx context.Context, list []process.Measure, at time.Time) error {
	return s.write(ctx, func(ctx context.Context, tx transaction) error {
		if _, err := tx.exec(ctx, `DELETE FROM step_time`); err != nil {
			return err
		}
		for _, m := range list {
			if _, err := tx.exec(ctx, `INSERT INTO step_time (kind, unit, n, median, p80, measured_at) VALUES ($1, $2, $3, $4, $5, $6)`,
				string(m.Kind), m.Unit, int64(m.N), int64(m.Median), int64(m.P80), at.UnixMicro()); err != nil {
				return err
			}
		}
		return nil
	})
}

// StepTimes reads them, and when they were measured; zero when they never were.
func (s *Store) StepTimes(ctx context.Context) ([]process.Measure, time.Time, error) {
	var at time.Time
	list, err := Collect(ctx, s, func(scan func(dest ...any) error) (process.Measure, error) {
		var m process.Measure
		var kind string
		var us int64
		err := scan(&kind, &m.Unit, &m.N, &m.Median, &m.P80, &us)
		m.Kind, at = process.Kind(kind), instant(us)
		return m, err
	}, `SELECT kind, unit, n, median, p80, measured_at FROM step_time ORDER BY kind, unit`)
	return list, at, err
}
