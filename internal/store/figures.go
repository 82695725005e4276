package store

import (
	"context"
	"time"

	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/dossier"
)

// verdicts number how an ended dossier compares with its promise. They begin at
// 2; see the note on states of jobs.
const (
	verdictNone  = 2
	verdictEarly = 3
	verdictTime  = 4
	verdictLate  = 5
)

// verdictOf judges an ended dossier that had a promise.
func verdictOf(d dossier.Dossier) int64 {
	if d.FinishedAt == nil || d.Deadline.DueAt.IsZero() {
		return verdictNone
	}
	switch d.Punctual(*d.FinishedAt) {
	case civil.Early:
		return verdictEarly
	case civil.Late:
		return verdictLate
	}
	return verdictTime
}

// Figures are the counts of a period.
type Figures struct{ Received, Early, OnTime, Late, Returned int }

// Figures counts receptions and ends from one instant up to another.
func (s *Store) Figures(ctx context.Context, from, to time.Time) (Figures, error) {
	a, b := from.UnixMicro(), to.UnixMicro()
	var f Figures
	err := s.QueryRow(ctx, `SELECT
		(SELECT count(*) FROM dossier WHERE received_at >= $1 AND received_at < $2),
		(SELECT count(*) FROM dossier WHERE finished_at >= $3 AND finished_at < $4 AND verdict = 3),
		(SELECT count(*) FROM dossier WHERE finished_at >= $5 AND finished_at < $6 AND verdict = 4),
		(SELECT count(*) FROM dossier WHERE finished_at >= $7 AND finished_at < $8 AND verdict = 5)`,
		a, b, a, b, a, b, a, b).Scan(&f.Received, &f.Early, &f.OnTime, &f.Late)
	return f, err
}

// PopularProcedures are the codes of the procedures most received since an
// instant, the most first.
func (s *Store) PopularProcedures(ctx context.Context, since time.Time, limit int) ([]string, error) {
	return Collect(ctx, s, func(scan func(dest ...any) error) (string, error) {
		var code string
		var n int64
		err := scan(&code, &n)
		return code, err
	}, `SELECT procedure, count(*) FROM dossier WHERE received_at >= $1 GROUP BY procedure ORDER BY count(*) DESC, procedure LIMIT $2`, since.UnixMicro(), int64(limit))
}

// OverviewTimes are the instants that the figures of a moment need.
type OverviewTimes struct{ Now, Today, Tomorrow, Since time.Time }

// OverviewFigures are the figures of a moment.
type OverviewFigures struct{ Received, Returned, Open, DueToday, Overdue int }

// running are the statuses of dossiers that work is done on and whose clock
// runs.
const running = "(2, 4)"

// Overview counts the centre's dossiers, or those that one agency is competent
// for.
func (s *Store) Overview(ctx context.Context, agency string, t OverviewTimes) (OverviewFigures, error) {
	st := &statement{}
	own := func() *statement {
		if agency != "" {
			st.add(" AND agency = ").arg(agency)
		}
		return st.add(")")
	}
	st.add("SELECT (SELECT count(*) FROM dossier WHERE received_at >= ").arg(t.Today.UnixMicro()).add(" AND received_at < ").arg(t.Tomorrow.UnixMicro())
	own().add(", (SELECT count(*) FROM dossier WHERE returned_at IS NOT NULL AND returned_at >= ").arg(t.Today.UnixMicro()).add(" AND returned_at < ").arg(t.Tomorrow.UnixMicro())
	own().add(", (SELECT count(*) FROM dossier WHERE status IN (2, 4, 5, 6)")
	own().add(", (SELECT count(*) FROM dossier WHERE status IN ", running, " AND due_key >= ").arg(t.Today.UnixMicro()).add(" AND due_key < ").arg(t.Tomorrow.UnixMicro())
	own().add(", (SELECT count(*) FROM dossier WHERE status IN ", running, " AND due_key < ").arg(t.Now.UnixMicro())
	own()
	var f OverviewFigures
	err := s.QueryRow(ctx, st.sql.String(), st.args...).Scan(&f.Received, &f.Returned, &f.Open, &f.DueToday, &f.Overdue)
	return f, err
}

// DayFigures counts receptions and returns by Vietnamese day.
func (s *Store) DayFigures(ctx context.Context, agency string, from, to time.Time) (map[civil.Date]Figures, error) {
	days := map[civil.Date]Figures{}
	for _, column := range []string{"received_at", "returned_at"} {
		st := &statement{}
		// +07:00 all year: the day is a whole number of days after 1970-01-01.
		st.add("SELECT (", column, " + 25200000000) / 86400000000 AS day, count(*) FROM dossier WHERE ", column, " IS NOT NULL AND ", column, " >= ").arg(from.UnixMicro())
		st.add(" AND ", column, " < ").arg(to.UnixMicro())
		if agency != "" {
			st.add(" AND agency = ").arg(agency)
		}
		st.add(" GROUP BY day")
		_, err := Collect(ctx, s, func(scan func(dest ...any) error) (struct{}, error) {
			var day int64
			var n int
			if err := scan(&day, &n); err != nil {
				return struct{}{}, err
			}
			on := civil.NewDate(1970, time.January, 1).AddDays(int(day))
			f := days[on]
			if column == "received_at" {
				f.Received = n
			} else {
				f.Returned = n
			}
			days[on] = f
			return struct{}{}, nil
		}, st.sql.String(), st.args...)
		if err != nil {
			return nil, err
		}
	}
	return days, nil
}

// AgencyFigure is one agency's work.
type AgencyFigure struct {
	Agency                                    string
	Open, DueToday, Overdue, Finished, InTime int
}

// AgencyFigures counts by competent agency, those with most overdue first.
func (s *Store) AgencyFigures(ctx context.Context, agency string, t OverviewTimes) ([]AgencyFigure, error) {
	st := &statement{}
	st.add(`SELECT agency, count(*) FILTER (WHERE status IN (2, 4, 5, 6)), count(*) FILTER (WHERE status IN `, running, ` AND due_key >= `).arg(t.Today.UnixMicro())
	st.add(" AND due_key < ").arg(t.Tomorrow.UnixMicro()).add("), count(*) FILTER (WHERE status IN ", running, " AND due_key < ").arg(t.Now.UnixMicro())
	st.add("), count(*) FILTER (WHERE verdict > 2), count(*) FILTER (WHERE verdict IN (3, 4)) FROM dossier WHERE (status IN (2, 4, 5, 6) OR finished_at >= ").arg(t.Since.UnixMicro()).add(")")
	if agency != "" {
		st.add(" AND agency = ").arg(agency)
	}
	st.add(" GROUP BY agency ORDER BY 4 DESC, 2 DESC, agency")
	return Collect(ctx, s, func(scan func(dest ...any) error) (AgencyFigure, error) {
		var f AgencyFigure
		err := scan(&f.Agency, &f.Open, &f.DueToday, &f.Overdue, &f.Finished, &f.InTime)
		return f, err
	}, st.sql.String(), st.args...)
}

// Urgent lists the running dossiers that are due first.
func (s *Store) Urgent(ctx context.Context, agency string, limit int) ([]dossier.Dossier, error) {
	st := &statement{}
	st.add("SELECT state FROM dossier WHERE status IN ", running)
	if agency != "" {
		st.add(" AND agency = ").arg(agency)
	}
	st.add(" ORDER BY due_key, id LIMIT ").arg(int64(limit))
	return states[dossier.Dossier](ctx, s, st.sql.String(), st.args...)
}
