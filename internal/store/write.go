package store

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/core/journal"
)

// Root names one stream and its projection: the unit of locking and versioning.
type Root struct{ Kind, ID string }

// Stream is the name of the root's stream in the journal, "kind/id".
func (r Root) Stream() string { return r.Kind + "/" + r.ID }

func (r Root) String() string { return r.Stream() }

// GuardKind is the kind of guard roots. A guard has no events and no state,
// only a version, which every accepted write that declares it raises by one. A
// decision over a set (is there a duplicate?) reads the guard's version with
// GuardVersion, then the set, and declares the guard and expects that version.
const GuardKind = "guard"

// Guard returns the guard root of a set, named by what the set has in common.
func Guard(id string) Root { return Root{GuardKind, id} }

// Series names one counter whose numbers have no gap and no repetition
// (dãy số), such as the dossier codes of one unit and day.
type Series struct{ Kind, Key string }

// Write is a change as its caller plans it: who, under which action id, and
// everything that the decision will read, number or attach.
type Write struct {
	Actor journal.Actor
	// Action is the id under which a repetition of the same command is
	// recognised, per principal. Empty: the store makes one.
	Action string
	// Body is the command as it was sent. Its hash tells a repetition from
	// another command that uses the same action id.
	Body   any
	Roots  []Root
	Series []Series
	// At is the legal time, when it may differ from now: import, late entry
	// and simulation. Zero is now.
	At time.Time
	// Files are the hashes of staged files that the decision may attach.
	Files []string
}

// Do carries out one write: it waits for the store's writer, which takes
// everything that waits as one group, loads and locks what the members declare,
// calls their decide functions one after the other and commits once. Do returns
// after the commit is durable.
//
// decide must be pure: it may only use v and its own variables, may run more
// than once, and must not keep v. What it returns is the answer; when it
// returns an error the write leaves nothing. The answer is kept as JSON under
// the action id: a repeated command gets the first's answer, decoded.
//
// Besides decide's own errors, Do fails with fault.Conflict
// "store.action_reused" (the same action id with another body),
// "store.duplicate" (a unique value exists already) and fault.Unavailable
// "store.unavailable", "store.write_stopped" or "store.closed".
func Do[T any](ctx context.Context, s *Store, w Write, decide func(v *View) (T, error)) (T, error) {
	var answer T
	m, err := plan(w)
	if err != nil {
		return answer, err
	}
	m.decide = func(v *View) ([]byte, error) {
		a, err := decide(v)
		if err != nil {
			return nil, err
		}
		answer = a
		return journal.Encode(a)
	}
	stored, err := s.submit(ctx, m)
	if err != nil {
		var none T
		return none, err
	}
	if stored != nil { // a repetition: the first's answer
		var first T
		if err := json.Unmarshal(stored, &first); err != nil {
			return first, fmt.Errorf("read the answer of action %s: %w", m.w.Action, err)
		}
		return first, nil
	}
	return answer, nil
}

// plan checks a write on the caller's goroutine and prepares its group member.
func plan(w Write) (*member, error) {
	body, err := journal.Encode(w.Body)
	if err != nil {
		return nil, err
	}
	if w.Actor.Principal == "" {
		return nil, fault.New(fault.Forbidden, "store.no_actor", nil)
	}
	if w.Action == "" {
		id, err := uuid.NewV7()
		if err != nil {
			return nil, err
		}
		w.Action = id.String()
	}
	m := &member{w: w, bodyHash: sha256.Sum256(body), planned: time.Now(), done: make(chan struct{})}
	rand.Read(m.entropy[:])
	m.roots, m.subjects = make(map[Root]struct{}, len(w.Roots)), make(map[string]struct{}, len(w.Roots))
	for _, r := range w.Roots {
		m.roots[r], m.subjects[r.ID] = struct{}{}, struct{}{}
		if r.ID == "" || (r.Kind != GuardKind && kindNamed(r.Kind) == nil) {
			return nil, fmt.Errorf("write %s declares the unknown root %q", w.Action, r)
		}
	}
	return m, nil
}

// Repeated returns the answer of the accepted command that w repeats, and
// whether there is one. Callers ask when planning has failed: what the first of
// two equal commands changed may make the second look wrong. It fails with
// fault.Conflict "store.action_reused" when the action id belongs to a command
// with another body.
func Repeated[T any](ctx context.Context, s *Store, w Write) (T, bool, error) {
	var answer T
	if w.Action == "" || w.Actor.Principal == "" {
		return answer, false, nil
	}
	body, err := journal.Encode(w.Body)
	if err != nil {
		return answer, false, err
	}
	found, err := Collect(ctx, s, func(scan func(dest ...any) error) (command, error) {
		var c command
		var hash []byte
		var text string
		err := scan(&hash, &text)
		c.answer = []byte(text)
		copy(c.bodyHash[:], hash)
		return c, err
	}, `SELECT body_hash, answer FROM command_log WHERE principal = $1 AND action = $2`, w.Actor.Principal, w.Action)
	if err != nil || len(found) == 0 {
		return answer, false, err
	}
	if found[0].bodyHash != sha256.Sum256(body) {
		return answer, false, fault.New(fault.Conflict, "store.action_reused", fault.Args{"action": w.Action})
	}
	if err := json.Unmarshal(found[0].answer, &answer); err != nil {
		return answer, false, fmt.Errorf("read the answer of action %s: %w", w.Action, err)
	}
	return answer, true, nil
}
