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
		skip := ""
		if s.eng.name() == "postgres" {
			skip = " FOR UPDATE SKIP LOCKED"
		}
		rows, err := tx.query(ctx, `UPDATE job SET state = 3, attempts = attempts + 1, lease_until = $1, lease_by = $2 WHERE id IN (
			SELECT j.id FROM job j WHERE (j.state = 2 AND j.run_at <= $3 OR j.state = 3 AND j.lease_until <= $3)
			AND (j.key = '' OR NOT EXISTS (SELECT 1 FROM job e WHERE e.key = j.key AND e.id < j.id AND e.state IN (2, 3)))
			ORDER BY j.run_at, j.id LIMIT $4`+skip+`) RETURNING `+jobColumns,
			now.Add(lease).UnixMicro(), worker, now.UnixMicro(), limit)
		if err != nil {
			return err
		}
		jobs, err = collect(rows, scanJob)
		return err
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
