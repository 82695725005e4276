package store

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// Outbox is background work handed over with a write: a notice, a payment
// intent, a printing.
type Outbox struct {
	Kind string
	// Key orders: jobs of the same key run one after the other, in the order in
	// which they were written. Empty: no order.
	Key       string
	Payload   []byte    // JSON
	NotBefore time.Time // real time; zero is at once
}

// Job is claimed background work.
type Job struct {
	ID       int64
	Kind     string
	Key      string
	Payload  []byte
	RunAt    time.Time
	Attempts int // this one included
}

// States of a job. They begin at 2, since binding 0 and 1 to an indexed column
// makes some versions of SQLite plan anew each time.
const (
	jobReady   = 2 // waits for its time
	jobClaimed = 3 // a worker has it until its lease ends
	jobDead    = 4 // given up; a person must look
)

const jobColumns = `id, kind, key, payload, run_at, attempts`

func scanJob(scan func(dest ...any) error) (Job, error) {
	var j Job
	var payload string
	var runAt int64
	err := scan(&j.ID, &j.Kind, &j.Key, &payload, &runAt, &j.Attempts)
	j.Payload, j.RunAt = []byte(payload), instant(runAt)
	return j, err
}

// EnqueueSlot puts a job that recurs, once for each slot: whichever node comes
// first makes it. It answers whether this call did.
func (s *Store) EnqueueSlot(ctx context.Context, o Outbox, slot string) (bool, error) {
	now := s.recordedAt().UnixMicro()
	run := now
	if !o.NotBefore.IsZero() {
		run = o.NotBefore.UnixMicro()
	}
	var made int64
	err := s.write(ctx, func(ctx context.Context, tx transaction) (err error) {
		made, err = tx.exec(ctx, `INSERT INTO job (kind, key, payload, slot, run_at, state, attempts, lease_until, lease_by, last_error, recorded_at)
			VALUES ($1, $2, $3, $4, $5, 2, 0, 0, '', '', $6) ON CONFLICT (kind, slot) WHERE slot IS NOT NULL DO NOTHING`,
			o.Kind, o.Key, string(o.Payload), slot, run, now)
		return err
	})
	return made > 0, err
}

// ClaimJobs takes up to limit jobs whose time has come, for lease; jobs whose
// lease ran out are taken again. A job with an earlier unfinished job of the
// same key waits. worker names who claims.
func (s *Store) ClaimJobs(ctx context.Context, worker string, limit int, lease time.Duration) ([]Job, error) {
	now := s.opt.Wall()
	var jobs []Job
	err := s.write(ctx, func(ctx context.Context, tx transaction) error {
		jobs = nil
		skip := ""
		if s.eng.name() == "postgres" {
			skip = " FOR UPDATE SKIP LOCKED"
		}
		// One statement for each index, so that a long queue is not read whole.
		for _, which := range []string{`j.state = 3 AND j.lease_until <= $3`, `j.state = 2 AND j.run_at <= $3`} {
			rows, err := tx.query(ctx, `UPDATE job SET state = 3, attempts = attempts + 1, lease_until = $1, lease_by = $2 WHERE id IN (
				SELECT j.id FROM job j WHERE `+which+`
				AND (j.key = '' OR NOT EXISTS (SELECT 1 FROM job e WHERE e.key = j.key AND e.id < j.id AND e.state IN (2, 3)))
				ORDER BY j.run_at, j.id LIMIT $4`+skip+`) RETURNING `+jobColumns,
				now.Add(lease).UnixMicro(), worker, now.UnixMicro(), limit-len(jobs))
			if err != nil {
				return err
			}
			some, err := collect(rows, scanJob)
			if err != nil {
				return err
			}
			jobs = append(jobs, some...)
		}
		return nil
	})
	slices.SortFunc(jobs, func(a, b Job) int { return int(a.ID - b.ID) })
	return jobs, err
}

// CompleteJobs removes finished jobs. A recurring job stays, finished, so that
// its slot is not made again.
func (s *Store) CompleteJobs(ctx context.Context, ids ...int64) error {
	if len(ids) == 0 {
		return nil
	}
	list, args := inList(1, ids)
	return s.write(ctx, func(ctx context.Context, tx transaction) error {
		if _, err := tx.exec(ctx, `DELETE FROM job WHERE slot IS NULL AND id IN (`+list+`)`, args...); err != nil {
			return err
		}
		_, err := tx.exec(ctx, `UPDATE job SET state = 5 WHERE slot IS NOT NULL AND id IN (`+list+`)`, args...)
		return err
	})
}

// RetryJob gives a job back for another try at runAt, with the reason.
func (s *Store) RetryJob(ctx context.Context, id int64, runAt time.Time, reason string) error {
	return s.write(ctx, func(ctx context.Context, tx transaction) error {
		_, err := tx.exec(ctx, `UPDATE job SET state = 2, run_at = $1, last_error = $2 WHERE id = $3`, runAt.UnixMicro(), reason, id)
		return err
	})
}

// BuryJob gives a job up; it stays visible until a person revives it.
func (s *Store) BuryJob(ctx context.Context, id int64, reason string) error {
	return s.write(ctx, func(ctx context.Context, tx transaction) error {
		_, err := tx.exec(ctx, `UPDATE job SET state = 4, last_error = $1 WHERE id = $2`, reason, id)
		return err
	})
}

// ReleaseJobs gives back jobs that worker has claimed and not begun: they are
// ready at once, and the claim does not count as an attempt.
func (s *Store) ReleaseJobs(ctx context.Context, worker string, ids ...int64) error {
	if len(ids) == 0 {
		return nil
	}
	list, args := inList(2, ids)
	return s.write(ctx, func(ctx context.Context, tx transaction) error {
		_, err := tx.exec(ctx, `UPDATE job SET state = 2, attempts = attempts - 1 WHERE state = 3 AND lease_by = $1 AND id IN (`+list+`)`,
			append([]any{worker}, args...)...)
		return err
	})
}

// ReviveJob makes a job that was given up ready again, as if it had never been
// tried. It answers whether there was such a job.
func (s *Store) ReviveJob(ctx context.Context, id int64) (bool, error) {
	now := s.recordedAt().UnixMicro()
	var n int64
	err := s.write(ctx, func(ctx context.Context, tx transaction) (err error) {
		n, err = tx.exec(ctx, `UPDATE job SET state = 2, attempts = 0, run_at = $1 WHERE id = $2 AND state = 4`, now, id)
		return err
	})
	return n > 0, err
}

// NextJob is when the next job can be claimed: its time, or the end of a lease;
// the zero time when nothing waits. A job that waits for an earlier one of its
// key is counted like any other.
func (s *Store) NextJob(ctx context.Context) (time.Time, error) {
	var at *int64
	err := s.QueryRow(ctx, `SELECT MIN(at) FROM (SELECT MIN(run_at) AS at FROM job WHERE state = 2
		UNION ALL SELECT MIN(lease_until) AS at FROM job WHERE state = 3) n`).Scan(&at)
	if err != nil || at == nil {
		return time.Time{}, err
	}
	return instant(*at), nil
}

// JobCount is how many jobs there are in each state that somebody may have to
// look at.
type JobCount struct {
	Ready, Claimed, Dead int64
}

// JobCounts counts the jobs that are not finished.
func (s *Store) JobCounts(ctx context.Context) (JobCount, error) {
	var c JobCount
	err := s.QueryRow(ctx, `SELECT count(*) FILTER (WHERE state = 2), count(*) FILTER (WHERE state = 3), count(*) FILTER (WHERE state = 4)
		FROM job WHERE state IN (2, 3, 4)`).Scan(&c.Ready, &c.Claimed, &c.Dead)
	return c, err
}

// DeadJob is a job that was given up, with its last error.
type DeadJob struct {
	Job
	Reason string
}

// DeadJobs lists the jobs that were given up, oldest first.
func (s *Store) DeadJobs(ctx context.Context, limit int) ([]DeadJob, error) {
	return Collect(ctx, s, func(scan func(dest ...any) error) (DeadJob, error) {
		var d DeadJob
		var err error
		d.Job, err = scanJob(func(dest ...any) error { return scan(append(dest, &d.Reason)...) })
		return d, err
	}, `SELECT `+jobColumns+`, last_error FROM job WHERE state = 4 ORDER BY id LIMIT $1`, limit)
}

// inList is "$first, $first+1 …" with its arguments.
func inList[T any](first int, values []T) (string, []any) {
	var b []byte
	args := make([]any, len(values))
	for i, v := range values {
		if i > 0 {
			b = append(b, ", "...)
		}
		b = fmt.Appendf(b, "$%d", first+i)
		args[i] = v
	}
	return string(b), args
}
