package store

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/motcua/motcua/internal/core/fault"
)

// member is one write, or one piece of operational work, on its way through a group.
type member struct {
	w        Write
	bodyHash [32]byte
	planned  time.Time
	entropy  [32]byte
	roots    map[Root]struct{} // w.Roots and their ids, for looking up
	subjects map[string]struct{}
	decide   func(v *View) ([]byte, error)
	work     func(ctx context.Context, tx transaction) error // in place of decide

	phase    atomic.Int32
	done     chan struct{}
	repeated []byte // answer of the first, when this one is a repetition
	err      error
}

const (
	phaseWaiting int32 = iota
	phaseTaken
	phaseLeft // its client went away before the group took it
)

func (m *member) declares(r Root) bool {
	_, ok := m.roots[r]
	return ok
}

func (m *member) declaresSeries(s Series) bool {
	for _, d := range m.w.Series {
		if d == s {
			return true
		}
	}
	return false
}

func (m *member) declaresSubject(id string) bool {
	_, ok := m.subjects[id]
	return ok
}

func (m *member) declaresFile(hash string) bool {
	for _, h := range m.w.Files {
		if h == hash {
			return true
		}
	}
	return false
}

// submit waits until a group has dealt with m.
func (s *Store) submit(ctx context.Context, m *member) ([]byte, error) {
	if p := s.broken.Load(); p != nil {
		return nil, fault.Wrap(*p, fault.Unavailable, "store.write_stopped", nil)
	}
	s.gate.RLock()
	if s.closed {
		s.gate.RUnlock()
		return nil, fault.New(fault.Unavailable, "store.closed", nil)
	}
	select {
	case s.queue <- m:
		s.gate.RUnlock()
	case <-ctx.Done():
		s.gate.RUnlock()
		return nil, ctx.Err()
	}
	select {
	case <-m.done:
	case <-ctx.Done():
		if m.phase.CompareAndSwap(phaseWaiting, phaseLeft) {
			return nil, ctx.Err()
		}
		<-m.done // it is being decided: only its outcome is the truth now
	}
	return m.repeated, m.err
}

// writeGroups is a writer: it takes what waits, without a timer, until the
// store is closed and nothing waits any more.
func (s *Store) writeGroups() {
	for {
		select {
		case m := <-s.queue:
			s.writeFrom(m)
		case <-s.ctx.Done():
			select {
			case m := <-s.queue:
				s.writeFrom(m)
			default:
				return
			}
		}
	}
}

// writeFrom makes a group of first and whatever else waits.
func (s *Store) writeFrom(first *member) {
	members := make([]*member, 0, 16)
	for m := first; m != nil; {
		if m.phase.CompareAndSwap(phaseWaiting, phaseTaken) {
			members = append(members, m)
		}
		m = nil
		if len(members) < groupLimit {
			select {
			case m = <-s.queue:
			default:
			}
		}
	}
	if len(members) == 0 {
		return
	}
	s.settle(members)
	for _, m := range members {
		close(m.done)
	}
}

// settle carries out a group; when it fails as a whole, each member alone.
func (s *Store) settle(members []*member) {
	err := s.attempt(members)
	if err == nil {
		return
	}
	if len(members) > 1 {
		s.log.Warn("a group of writes failed and is replayed one by one", "members", len(members), "error", err)
		for _, m := range s.unsettled(members, err) {
			s.settleAlone(m)
		}
		return
	}
	s.settleAgain(members[0], err)
}

func (s *Store) settleAlone(m *member) {
	if err := s.attempt([]*member{m}); err != nil {
		s.settleAgain(m, err)
	}
}

// attempts bounds how often one write alone is tried.
const attempts = 5

// settleAgain deals with the failure of a group of one: what another try can
// cure is tried again, the rest is answered.
func (s *Store) settleAgain(m *member, err error) {
	for try := 1; try < attempts && err != nil; try++ {
		switch s.eng.explain(err) {
		case troubleAgain:
		case troubleUnique:
			// Another node may have made the row after it was looked for; the
			// second look finds it.
			if try > 1 {
				m.err = fault.Wrap(err, fault.Conflict, "store.duplicate", nil)
				return
			}
		case troubleLost:
			if len(s.unsettled([]*member{m}, err)) == 0 {
				return
			}
			time.Sleep(time.Duration(try*try) * 20 * time.Millisecond)
		case troubleDisk:
			s.broken.CompareAndSwap(nil, &err)
			s.log.Error("the disk failed: writing is stopped", "error", err)
			m.err = fault.Wrap(err, fault.Unavailable, "store.write_stopped", nil)
			return
		default:
			m.err = fmt.Errorf("write %s: %w", m.w.Action, err)
			return
		}
		err = s.attempt([]*member{m})
	}
	if err != nil {
		m.err = fault.Wrap(err, fault.Unavailable, "store.unavailable", nil)
	}
}

// unsettled returns the members that a failed group has certainly not
// committed. Only after a lost connection may some have been: then their action
// ids are looked up on a new connection, once the old transaction has ended.
func (s *Store) unsettled(members []*member, err error) []*member {
	if s.eng.explain(err) != troubleLost {
		return members
	}
	ctx, cancel := context.WithTimeout(context.Background(), groupTimeout)
	defer cancel()
	found, lookErr := s.lookUp(ctx, members)
	if lookErr != nil {
		for _, m := range members {
			m.err = fault.Wrap(errors.Join(err, lookErr), fault.Unavailable, "store.outcome_unknown", fault.Args{"action": m.w.Action})
		}
		return nil
	}
	var rest []*member
	for _, m := range members {
		if c := found[m.command()]; c == nil || c.bodyHash != m.bodyHash {
			rest = append(rest, m)
		} else {
			m.repeated, m.err = c.answer, nil
		}
	}
	return rest
}

// lookUp reads the commands of members from the log, behind whatever group of
// the lost connection still runs: it waits for that group's lock of the head.
func (s *Store) lookUp(ctx context.Context, members []*member) (map[commandKey]*command, error) {
	tx, err := s.eng.begin(ctx)
	if err != nil {
		return nil, err
	}
	defer tx.rollback()
	if _, err := tx.exec(ctx, `UPDATE journal_head SET last = last`); err != nil {
		return nil, err
	}
	g := newGroup(s, members)
	if err := tx.fetch(ctx, g.commandFetch()); err != nil {
		return nil, err
	}
	return g.commands, nil
}

// attempt runs one group from the first lock to the durable commit. An error
// means that the group as a whole has not been committed, as far as is known;
// outcomes of members are then to be forgotten.
func (s *Store) attempt(members []*member) (err error) {
	ctx, cancel := s.eng.groupContext()
	defer cancel()
	g := newGroup(s, members)
	if s.eng.ensureFirst() {
		if err := s.ensure(ctx, g); err != nil {
			return err
		}
	}
	tx, err := s.eng.begin(ctx)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			tx.rollback()
		}
	}()
	if !s.eng.ensureFirst() {
		if err := g.ensureRows(ctx, tx); err != nil {
			return err
		}
	}
	if err := g.load(ctx, tx); err != nil {
		return err
	}
	changed := false
	for _, m := range members {
		ok, err := g.take(ctx, tx, m)
		if err != nil {
			return err
		}
		changed = changed || ok
	}
	if !changed {
		tx.rollback()
		return nil
	}
	if err := g.write(ctx, tx); err != nil {
		return err
	}
	last, err := tx.commit(ctx)
	if err != nil {
		return err
	}
	s.known.remember(g.ensured)
	if last > 0 {
		s.feed.publish(last)
	}
	return nil
}

// take decides one member; ok says that it leaves something to commit.
func (g *group) take(ctx context.Context, tx transaction, m *member) (ok bool, err error) {
	m.err, m.repeated = nil, nil
	if m.work != nil {
		return g.takeWork(ctx, tx, m)
	}
	if c := g.commands[m.command()]; c != nil {
		if c.bodyHash != m.bodyHash {
			m.err = fault.New(fault.Conflict, "store.action_reused", fault.Args{"action": m.w.Action})
		} else {
			m.repeated = c.answer
		}
		return false, nil
	}
	v := g.view(m)
	answer, err := v.run()
	if err != nil {
		m.err = err
		return false, g.forget(v)
	}
	g.accept(v, answer)
	return true, nil
}

// takeWork runs operational work inside the group, guarded by a savepoint.
func (g *group) takeWork(ctx context.Context, tx transaction, m *member) (bool, error) {
	if _, err := tx.exec(ctx, `SAVEPOINT work`); err != nil {
		return false, err
	}
	if m.err = m.work(ctx, tx); m.err != nil {
		if t := g.s.eng.explain(m.err); t == troubleDisk || t == troubleLost {
			return false, m.err
		}
		if _, err := tx.exec(ctx, `ROLLBACK TO work`); err != nil {
			return false, err
		}
	}
	_, err := tx.exec(ctx, `RELEASE work`)
	return m.err == nil, err
}

// write does operational work durably: inside the next group where there is one
// write lock for all, in a transaction of its own otherwise. fn may run twice.
func (s *Store) write(ctx context.Context, fn func(ctx context.Context, tx transaction) error) error {
	if s.eng.writesAlone() {
		_, err := s.submit(ctx, &member{work: fn, done: make(chan struct{})})
		return err
	}
	return s.readFault(ctx, s.inWrite(ctx, func(tx transaction) error { return fn(ctx, tx) }))
}

// writeInside is write for the store's own goroutines, which may still write
// while the store is being closed.
func (s *Store) writeInside(fn func(ctx context.Context, tx transaction) error) error {
	ctx, cancel := s.eng.groupContext()
	defer cancel()
	if !s.eng.writesAlone() {
		return s.inWrite(ctx, func(tx transaction) error { return fn(ctx, tx) })
	}
	m := &member{work: fn, done: make(chan struct{})}
	s.queue <- m
	<-m.done
	return m.err
}
