package store

import (
	"context"
	"fmt"
	"time"
)

// once looks for commands and versions that stand twice. The tables' keys
// forbid both; a database that somebody has repaired by hand may lack them.
func (v *verifier) once(ctx context.Context) error {
	f := v.finding(invOnce)
	var err error
	if f.Checked, err = v.number(ctx, `SELECT count(*) FROM command_log`); err != nil {
		return err
	}
	twice, err := v.number(ctx, `SELECT count(*) FROM (SELECT principal, action FROM command_log GROUP BY principal, action HAVING count(*) > 1) t`)
	if err != nil {
		return err
	}
	if twice > 0 {
		f.violated("%d action ids have more than one command", twice)
	}
	w := v.finding(invVersion)
	if w.Checked, err = v.number(ctx, `SELECT count(*) FROM journal`); err != nil {
		return err
	}
	if twice, err = v.number(ctx, `SELECT count(*) FROM (SELECT stream, version FROM journal GROUP BY stream, version HAVING count(*) > 1) t`); err != nil {
		return err
	}
	if twice > 0 {
		w.violated("%d versions have more than one event", twice)
	}
	return nil
}

// readings looks for entries of the access log that do not say who, what, whose
// and why.
func (v *verifier) readings(ctx context.Context) error {
	f := v.finding(invReading)
	var err error
	if f.Checked, err = v.number(ctx, `SELECT count(*) FROM access_log`); err != nil {
		return err
	}
	bad, err := v.number(ctx, `SELECT count(*) FROM access_log WHERE principal = '' OR subject = '' OR what = '' OR purpose = '' OR recorded_at > $1`, v.now+clockSkew.Microseconds())
	if err != nil {
		return err
	}
	if bad > 0 {
		f.violated("%d readings lack who, whose, what or why, or lie in the future", bad)
	}
	return nil
}

// forgotten is how long after its lease a claimed job may still be claimed; any
// worker takes it again long before.
const forgotten = 24 * time.Hour

// outbox looks for jobs that nobody would ever run or see.
func (v *verifier) outbox(ctx context.Context) error {
	f := v.finding(invOutbox)
	var err error
	if f.Checked, err = v.number(ctx, `SELECT count(*) FROM job`); err != nil {
		return err
	}
	bad, err := v.number(ctx, `SELECT count(*) FROM job WHERE state NOT IN (2, 3, 4, 5) OR (state = 3 AND lease_until < $1) OR (state = 4 AND last_error = '')`,
		v.now-forgotten.Microseconds())
	if err != nil {
		return err
	}
	if bad > 0 {
		f.violated("%d jobs are neither done, waiting, running nor listed with a reason", bad)
	}
	return nil
}

// agreed gives the course of events, without ids, keys and real times, as one
// number: two engines that took the same commands show the same.
func (v *verifier) agreed() {
	f := v.finding(invEngines)
	f.Checked = v.events
	if f.bad == 0 {
		f.note = fmt.Sprintf("course %x", v.course.Sum(nil)[:8])
	}
}
