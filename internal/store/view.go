package store

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/core/journal"
	"github.com/motcua/motcua/internal/seal"
)

// View is the world as a decide function sees it: the declared roots, series,
// files and keys as the earlier members of the group left them. Using something
// that the Write did not declare is a programming error; the write then fails
// as a whole.
type View struct {
	g   *group
	m   *member
	now time.Time // legal
	rec time.Time
	ids uint64 // ids given so far

	roots  map[Root]*rootEntry // roots touched by this member: copies
	series map[Series]int64
	keys   map[string]*subjectKey
	index  map[indexKey][]string
	events []pendingEvent
	jobs   []Outbox
	attach []string
}

// pendingEvent is an event decided but not yet placed in the journal.
type pendingEvent struct {
	root Root
	ev   journal.Event
}

// Now is the legal time of the write: Write.At, or else the store's clock, but
// never before the last event of a declared root.
func (v *View) Now() time.Time { return v.now }

// Pass moves the legal time of what follows on to t: for a write that records
// at once what happened one after the other.
func (v *View) Pass(t time.Time) { v.now = t }

// RecordedAt is the time at which the write is really made.
func (v *View) RecordedAt() time.Time { return v.rec }

// Actor is who the write is recorded for.
func (v *View) Actor() journal.Actor { return v.m.w.Actor }

// Action is the write's action id.
func (v *View) Action() string { return v.m.w.Action }

// NewID returns a new id in the form of a UUIDv7. It is made of entropy fixed
// when the write was planned: a second run of decide gets the same ids.
func (v *View) NewID() string {
	v.ids++
	b := make([]byte, 0, len(v.m.entropy)+8)
	b = binary.BigEndian.AppendUint64(append(b, v.m.entropy[:]...), v.ids)
	sum := sha256.Sum256(b)
	var id uuid.UUID
	copy(id[:], sum[:16])
	ms := uint64(v.m.planned.UnixMilli())
	for i := range 6 {
		id[i] = byte(ms >> (40 - 8*i))
	}
	id[6] = 0x70 | id[6]&0x0f
	id[8] = 0x80 | id[8]&0x3f
	return id.String()
}

// Entropy returns n bytes that nobody can guess, for secrets such as the second
// secret of public tracking. A second run of decide gets the same bytes.
func (v *View) Entropy(n int) []byte {
	out := make([]byte, 0, n+sha256.Size)
	for len(out) < n {
		v.ids++
		b := append([]byte("secret"), v.m.entropy[:]...)
		sum := sha256.Sum256(binary.BigEndian.AppendUint64(b, v.ids))
		out = append(out, sum[:]...)
	}
	return out[:n]
}

// Number takes the next number of a declared series: 1, 2, 3 … without gaps. A
// refused write gives its numbers back.
func (v *View) Number(s Series) int64 {
	last := v.Last(s) + 1
	v.series[s] = last
	return last
}

// Last is the number that a declared series stands at.
func (v *View) Last(s Series) int64 {
	if last, ok := v.series[s]; ok {
		return last
	}
	last, ok := v.g.series[s]
	if !ok || !v.m.declaresSeries(s) {
		v.misuse("series %s/%s is not declared", s.Kind, s.Key)
	}
	return last
}

// Version is the version of a declared root: the number of its events, or for a
// guard the number of writes; 0 when it does not exist.
func (v *View) Version(r Root) int64 { return v.root(r).version }

// Expect returns fault.Conflict "store.changed_meanwhile" unless the root still
// has the version that the user saw.
func (v *View) Expect(r Root, version int64) error {
	if now := v.Version(r); now != version {
		return fault.New(fault.Conflict, "store.changed_meanwhile", fault.Args{"seen": version, "now": now})
	}
	return nil
}

// Load returns the state of a declared root, and whether it exists. The state
// is shared: change it only by Record.
func Load[S any](v *View, r Root) (S, bool) {
	e := v.root(r)
	if e.version == 0 {
		var none S
		return none, false
	}
	s, ok := e.state.(S)
	if !ok {
		v.misuse("root %s holds %T, not %T", r, e.state, s)
	}
	return s, true
}

// Record appends an event to a declared root's stream, applies it and returns
// the state after it. payload is encoded as JSON; the event carries the whole
// outcome of the decision, since it is applied again at every rebuild.
func Record[S any](v *View, r Root, eventType string, typeVersion int, ground string, payload any) (S, error) {
	var none S
	e := v.root(r)
	if e.kind == nil {
		v.misuse("guard %s takes no events", r)
	}
	body, err := journal.Encode(payload)
	if err != nil {
		return none, err
	}
	ev := journal.Event{
		Stream: r.Stream(), Version: e.version + 1, Type: eventType, TypeVersion: typeVersion,
		At: v.now, RecordedAt: v.rec, Actor: v.m.w.Actor, Ground: ground, Action: v.m.w.Action,
		Payload: body, PrevHash: e.hash,
	}
	ev.Hash = journal.Hash(e.hash, ev)
	e.keepRows()
	state, err := e.kind.apply(e.state, ev)
	if err != nil {
		return none, err
	}
	s, ok := state.(S)
	if !ok {
		v.misuse("root %s holds %T, not %T", r, state, s)
	}
	e.applied(ev, state)
	v.events = append(v.events, pendingEvent{r, ev})
	return s, nil
}

// root returns this member's copy of a declared root.
func (v *View) root(r Root) *rootEntry {
	if e := v.roots[r]; e != nil {
		return e
	}
	shared := v.g.roots[r]
	if shared == nil || !v.m.declares(r) {
		v.misuse("root %s is not declared", r)
	}
	own := *shared
	v.roots[r] = &own
	return &own
}

// Seal encrypts personal data under the key of a subject, which is made when
// there is none. The subject is the id of a declared root; class names the kind
// of field and is bound to the ciphertext. It panics, and so fails the write,
// when the key ring cannot open the subject's key.
func (v *View) Seal(subject, class string, plain []byte) []byte {
	k := v.subjectKey(subject)
	if k.key == nil {
		k.key = seal.NewKey()
		k.fresh, k.erased = true, false
	}
	out, err := seal.Seal(k.key, subject+"|"+class, plain)
	if err != nil {
		v.misuse("seal %s of %s: %v", class, subject, err)
	}
	return out
}

// Unseal decrypts what Seal made. It fails with fault.NotFound "store.erased"
// when the subject's key has been destroyed.
func (v *View) Unseal(subject, class string, sealed []byte) ([]byte, error) {
	k := v.subjectKey(subject)
	if k.key == nil {
		return nil, erased(subject)
	}
	return seal.Open(k.key, subject+"|"+class, sealed)
}

// Erase destroys the subject's key and its search index at the commit: what was
// sealed under it can never be read again (hủy khóa). The journal stays as it
// is and a rebuild still agrees.
func (v *View) Erase(subject string) {
	k := v.subjectKey(subject)
	k.key, k.fresh, k.erased = nil, false, true
	for key := range v.index {
		if key.subject == subject {
			delete(v.index, key)
		}
	}
}

// Index replaces the search values of one field of a subject, such as the
// folded name in clear or the blind index of an identity number. They are no
// part of any projection and go when the subject is erased.
func (v *View) Index(subject, field string, values ...string) {
	v.subjectKey(subject) // declared, or misuse
	if v.index == nil {
		v.index = map[indexKey][]string{}
	}
	v.index[indexKey{subject, field}] = values
}

func (v *View) subjectKey(subject string) *subjectKey {
	if k := v.keys[subject]; k != nil {
		return k
	}
	if v.keys == nil {
		v.keys = map[string]*subjectKey{}
	}
	shared := v.g.keys[subject]
	if shared == nil || !v.m.declaresSubject(subject) {
		v.misuse("subject %s is not a declared root of a kind with Subject", subject)
	}
	own := *shared
	v.keys[subject] = &own
	return &own
}

// Attach claims a staged file for good and returns what its uploader said of
// it. It fails with fault.Invalid "store.file_not_staged" when the actor has no
// staged file of that hash, and as misuse when the Write did not declare it.
func (v *View) Attach(hash string) (StagedFile, error) {
	if !v.m.declaresFile(hash) {
		v.misuse("file %s is not declared", hash)
	}
	f, ok := v.g.files[stageKey{hash, v.m.w.Actor.Principal}]
	if !ok {
		return StagedFile{}, fault.New(fault.Invalid, "store.file_not_staged", fault.Args{"hash": hash})
	}
	v.attach = append(v.attach, hash)
	return f, nil
}

// Enqueue hands work to the background in the same transaction (outbox): it
// leaves if and only if the write is accepted.
func (v *View) Enqueue(o Outbox) { v.jobs = append(v.jobs, o) }

// misuse ends decide because its code is wrong; the group goes on without it.
func (v *View) misuse(format string, args ...any) {
	panic(misuseError{fmt.Errorf("write %s: "+format, append([]any{v.m.w.Action}, args...)...)})
}

type misuseError struct{ error }

func erased(subject string) error {
	return fault.Wrap(errErased, fault.NotFound, "store.erased", fault.Args{"subject": subject})
}

var errErased = errors.New("the subject's key has been destroyed")
