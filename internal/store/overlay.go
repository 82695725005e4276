package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"github.com/motcua/motcua/internal/core/journal"
)

// group is what the members of one group share: the loaded rows, changed step
// by step by each accepted member, and what is to be written at the end.
type group struct {
	s       *Store
	rec     time.Time
	members []*member

	roots    map[Root]*rootEntry
	series   map[Series]int64
	numbered map[Series]bool
	keys     map[string]*subjectKey
	files    map[stageKey]StagedFile
	commands map[commandKey]*command
	ensured  []Series // rows that this group made sure of

	events []pendingEvent
	jobs   []Outbox
	kept   map[string]StagedFile
	index  map[indexKey][]string
	log    []*command
}

// rootEntry is one root: as loaded, and as it stands now.
type rootEntry struct {
	kind *kind // nil for a guard
	id   string

	version int64
	hash    [32]byte
	at      int64
	state   any

	loaded    int64     // version in the database; 0 when there is no row
	stored    bool      // of a guard: has a row
	text      []byte    // state in the database
	kept      bool      // what stands in the database is kept, since it changes
	oldLifted []any     // lifted columns in the database
	oldRows   [][][]any // child rows in the database, by child table
}

// subjectKey is the data key of a subject in a group.
type subjectKey struct {
	key    []byte // nil: none
	stored bool   // has a row
	fresh  bool   // made in this group
	erased bool   // destroyed in this group
}

type indexKey struct{ subject, field string }

type stageKey struct{ hash, uploader string }

type commandKey struct{ principal, action string }

// command is an accepted command with its answer.
type command struct {
	commandKey
	bodyHash [32]byte
	answer   []byte
	events   int
}

func (m *member) command() commandKey { return commandKey{m.w.Actor.Principal, m.w.Action} }

func newGroup(s *Store, members []*member) *group {
	return &group{
		s: s, members: members,
		roots: map[Root]*rootEntry{}, series: map[Series]int64{}, numbered: map[Series]bool{}, keys: map[string]*subjectKey{},
		files: map[stageKey]StagedFile{}, commands: map[commandKey]*command{},
		kept: map[string]StagedFile{}, index: map[indexKey][]string{},
	}
}

// view is the world of one member.
func (g *group) view(m *member) *View {
	v := &View{g: g, m: m, rec: g.rec, roots: map[Root]*rootEntry{}, series: map[Series]int64{}}
	now := m.w.At
	if now.IsZero() {
		now = g.s.opt.Clock()
	}
	at := now.UnixMicro()
	if m.w.At.IsZero() {
		for _, r := range m.w.Roots {
			at = max(at, g.roots[r].at)
		}
	}
	v.now = instant(at)
	return v
}

// run calls decide; a panic in it is its own member's failure only.
func (v *View) run() (answer []byte, err error) {
	defer func() {
		switch p := recover().(type) {
		case nil:
		case misuseError:
			err = p.error
		default:
			v.g.s.log.Error("a decision panicked", "action", v.m.w.Action, "panic", p, "stack", string(debug.Stack()))
			err = fmt.Errorf("write %s: decide panicked: %v", v.m.w.Action, p)
		}
	}()
	return v.m.decide(v)
}

// accept lets the following members see what v did, and has it written.
func (g *group) accept(v *View, answer []byte) {
	for r, e := range v.roots {
		g.roots[r] = e
	}
	for _, r := range v.m.w.Roots {
		if r.Kind == GuardKind {
			g.roots[r].version++
		}
	}
	for s, last := range v.series {
		g.series[s], g.numbered[s] = last, true
	}
	for subject, k := range v.keys {
		if k.erased {
			for key := range g.index {
				if key.subject == subject {
					delete(g.index, key)
				}
			}
		}
		g.keys[subject] = k
	}
	for key, values := range v.index {
		g.index[key] = values
	}
	for _, hash := range v.attach {
		g.kept[hash] = g.files[stageKey{hash, v.m.w.Actor.Principal}]
	}
	g.events = append(g.events, v.events...)
	g.jobs = append(g.jobs, v.jobs...)
	c := &command{v.m.command(), v.m.bodyHash, answer, len(v.events)}
	g.commands[c.commandKey] = c
	g.log = append(g.log, c)
}

// forget makes sure that a refused member leaves nothing: the states that it
// has seen are read again from their stored form, should it have changed one.
func (g *group) forget(v *View) error {
	for r := range v.roots {
		e := g.roots[r]
		if e.kind == nil {
			continue
		}
		state := e.kind.zero()
		if e.loaded > 0 {
			var err error
			if state, err = e.kind.decode(e.text); err != nil {
				return err
			}
		}
		for i := range g.events {
			if g.events[i].root == r {
				var err error
				if state, err = e.kind.apply(state, g.events[i].ev); err != nil {
					return err
				}
			}
		}
		e.state = state
	}
	return nil
}

// declared collects what the members declare, each once and in the order in
// which it is locked.
func (g *group) declared() (roots []Root, series []Series, files []stageKey) {
	for _, m := range g.members {
		roots = append(roots, m.w.Roots...)
		series = append(series, m.w.Series...)
		for _, f := range m.w.Files {
			files = append(files, stageKey{f, m.w.Actor.Principal})
		}
	}
	slices.SortFunc(roots, func(a, b Root) int { return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.ID, b.ID)) })
	slices.SortFunc(series, func(a, b Series) int { return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Key, b.Key)) })
	slices.SortFunc(files, func(a, b stageKey) int {
		return cmp.Or(cmp.Compare(a.hash, b.hash), cmp.Compare(a.uploader, b.uploader))
	})
	return slices.Compact(roots), slices.Compact(series), slices.Compact(files)
}

// load reads and locks everything that the members declare: roots in (kind, id)
// order, then series, files and keys; the command log last, since whoever held
// the locks before may just have committed the same command.
func (g *group) load(ctx context.Context, tx transaction) error {
	roots, series, files := g.declared()
	var fs []fetch
	for i := 0; i < len(roots); {
		j := i
		for j < len(roots) && roots[j].Kind == roots[i].Kind {
			j++
		}
		fs = append(fs, g.rootFetch(roots[i:j])...)
		i = j
	}
	if len(series) > 0 {
		fs = append(fs, g.seriesFetch(series))
	}
	if len(files) > 0 {
		fs = append(fs, g.fileFetch(files))
	}
	fs = append(fs, g.keyFetch(roots)...)
	if err := tx.fetch(ctx, append(fs, g.commandFetch()...)); err != nil {
		return err
	}
	if err := g.decode(roots); err != nil {
		return err
	}
	// Only now that the locks are held is it later than what others recorded.
	g.rec = g.s.recordedAt()
	return nil
}

// rootFetch reads the roots of one kind; the absent ones stay as they are here.
func (g *group) rootFetch(roots []Root) []fetch {
	keys := make([][]any, len(roots))
	k := kindNamed(roots[0].Kind)
	for i, r := range roots {
		keys[i] = []any{r.ID}
		e := &rootEntry{kind: k, id: r.ID}
		if k != nil {
			e.state = k.zero()
		}
		g.roots[r] = e
	}
	if k == nil {
		return []fetch{{def: guardDef, keys: keys, lock: true, row: func(scan func(...any) error) error {
			var id string
			var version int64
			if err := scan(&id, &version); err != nil {
				return err
			}
			e := g.roots[Guard(id)]
			e.version, e.loaded, e.stored = version, version, true
			return nil
		}}}
	}
	return []fetch{{def: k.head, keys: keys, lock: true, row: func(scan func(...any) error) error {
		var id, text string
		var version, at int64
		var hash []byte
		if err := scan(&id, &version, &hash, &at, &text); err != nil {
			return err
		}
		e := g.roots[Root{k.name, id}]
		e.version, e.loaded, e.at, e.text = version, version, at, []byte(text)
		copy(e.hash[:], hash)
		return nil
	}}}
}

// decode reads the states of the loaded roots, side by side where there are many.
func (g *group) decode(roots []Root) error {
	return sideBySide(len(roots), func(i int) error {
		e := g.roots[roots[i]]
		if e.kind == nil || e.loaded == 0 {
			return nil
		}
		var err error
		e.state, err = e.kind.decode(e.text)
		return err
	})
}

// fewest is from how many pieces on work is worth more than one processor.
const fewest = 4

// sideBySide does n pieces of work that do not touch one another, on all
// processors where there are many, and returns the first error.
func sideBySide(n int, do func(i int) error) error {
	workers := runtime.GOMAXPROCS(0)
	if n < fewest || workers == 1 {
		for i := range n {
			if err := do(i); err != nil {
				return err
			}
		}
		return nil
	}
	errs := make([]error, workers)
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			for i := w; i < n && errs[w] == nil; i += workers {
				errs[w] = do(i)
			}
		})
	}
	wg.Wait()
	return errors.Join(errs...)
}

func (g *group) seriesFetch(series []Series) fetch {
	keys := make([][]any, len(series))
	for i, s := range series {
		keys[i] = []any{s.Kind, s.Key}
	}
	return fetch{def: seriesDef, keys: keys, lock: true, row: func(scan func(...any) error) error {
		var s Series
		var last int64
		if err := scan(&s.Kind, &s.Key, &last); err != nil {
			return err
		}
		g.series[s] = last
		return nil
	}}
}

func (g *group) fileFetch(files []stageKey) fetch {
	keys := make([][]any, len(files))
	for i, f := range files {
		keys[i] = []any{f.hash, f.uploader}
	}
	return fetch{def: stagedDef, keys: keys, lock: true, row: func(scan func(...any) error) error {
		f, err := scanStaged(scan)
		if err != nil {
			return err
		}
		g.files[stageKey{f.Hash, f.Uploader}] = f
		return nil
	}}
}

// keyFetch reads the data keys of the roots whose kind seals.
func (g *group) keyFetch(roots []Root) []fetch {
	var keys [][]any
	for _, r := range roots {
		if k := kindNamed(r.Kind); k == nil || !k.subject || g.keys[r.ID] != nil {
			continue
		}
		g.keys[r.ID] = &subjectKey{}
		keys = append(keys, []any{r.ID})
	}
	if len(keys) == 0 {
		return nil
	}
	return []fetch{{def: keyDef, keys: keys, row: func(scan func(...any) error) error {
		var subject string
		var wrapped []byte
		var recorded int64
		if err := scan(&subject, &wrapped, &recorded); err != nil {
			return err
		}
		key, err := g.s.unwrap(subject, wrapped)
		if err != nil {
			return err
		}
		*g.keys[subject] = subjectKey{key: key, stored: true}
		return nil
	}}}
}

func (g *group) commandFetch() []fetch {
	var keys [][]any
	for _, m := range g.members {
		if m.work == nil {
			keys = append(keys, []any{m.w.Actor.Principal, m.w.Action})
		}
	}
	if len(keys) == 0 {
		return nil
	}
	return []fetch{{def: commandDef, keys: keys, row: func(scan func(...any) error) error {
		var c command
		var hash []byte
		var answer string
		var recorded int64
		if err := scan(&c.principal, &c.action, &hash, &c.events, &answer, &recorded); err != nil {
			return err
		}
		copy(c.bodyHash[:], hash)
		c.answer = []byte(answer)
		g.commands[c.commandKey] = &c
		return nil
	}}}
}

// keepRows keeps the lifted columns and child rows as they were before the first
// change in the group, so that the difference can be written without reading the
// tables.
func (e *rootEntry) keepRows() {
	if e.kept {
		return
	}
	e.kept, e.oldRows = true, make([][][]any, len(e.kind.children))
	if e.loaded == 0 {
		return
	}
	e.oldLifted = e.kind.lifted(e.state)
	for i := range e.kind.children {
		e.oldRows[i] = e.kind.childRows(i, e.state)
	}
}

// applied notes an event of this root.
func (e *rootEntry) applied(ev journal.Event, state any) {
	e.state, e.version, e.hash, e.at = state, ev.Version, ev.Hash, ev.At.UnixMicro()
}
