package bench

import (
	"context"
	"encoding/json"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/civildata"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/dossier"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/core/journal"
	"github.com/motcua/motcua/internal/core/party"
	"github.com/motcua/motcua/internal/simulate"
	"github.com/motcua/motcua/internal/store"
)

// Load brings a centre to n dossiers, if it has fewer. Some are received and
// worked on through the use cases; the others have the events of one of these
// under their own code, with their own persons, folded by the same apply.
func Load(ctx context.Context, a *app.App, o Options, n int) error {
	s := a.Store()
	have, err := s.CountDossiers(ctx)
	if err != nil || have >= int64(n) {
		return err
	}
	visits, err := simulate.NewVisits(ctx, a, o.Seed)
	if err != nil {
		return err
	}
	l := &loader{App: a, store: s, visits: visits, people: int(have) * 2}
	models := min(n-int(have), max(50, min(n/100, mostModels)))
	if err := l.makeModels(ctx, models); err != nil {
		return err
	}
	return l.copies(ctx, n-int(have)-models, func(done int) {
		o.Say("bench.loading", fault.Args{"done": int(have) + models + done, "of": n})
	})
}

// Sizes of loading.
const (
	mostModels = 2000
	loadBatch  = 1000 // dossiers of one write
	sayEvery   = 50_000
	loadDays   = 12 // working days over which the loaded dossiers came
)

type loader struct {
	*app.App
	store  *store.Store
	visits *simulate.Visits
	people int
	models []model
}

// model is a dossier that copies are made of.
type model struct {
	events  []journal.Event
	first   dossier.Change // payload of the first event
	private dossier.Private
	part    string // what codes begin with
	day     civil.Date
	series  store.Series
}

// makeModels receives dossiers on the last working days and works on them a
// little: some have just been received, others lie with a handler or a leader.
func (l *loader) makeModels(ctx context.Context, n int) error {
	days := make([]civil.Date, loadDays)
	for i := range days {
		day, err := civildata.Default().SubWorkingDays(civil.DateOf(l.Now()), i+1)
		if err != nil {
			return err
		}
		days[len(days)-1-i] = day
	}
	l.models = make([]model, n)
	errs := make([]error, 16)
	var next atomic.Int64
	var wait sync.WaitGroup
	for w := range errs {
		wait.Go(func() {
			for errs[w] == nil {
				i := int(next.Add(1)) - 1
				if i >= n {
					return
				}
				at := days[i*len(days)/n].At(7*60 + 30).Add(time.Duration(i%40) * time.Minute)
				errs[w] = l.makeModel(ctx, i, at)
			}
		})
	}
	wait.Wait()
	l.people += n
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

func (l *loader) makeModel(ctx context.Context, i int, at time.Time) error {
	n := l.people + 1 + i
	officer, form, err := l.visits.Visit(n)
	if err != nil {
		return err
	}
	form.At, form.AtOnce = at, false
	got, err := l.ReceiveDossier(ctx, officer, form)
	if err != nil {
		return fmt.Errorf("receive a dossier to copy: %w", err)
	}
	d, course := got.Dossier, l.visits.Course(n)
	for range i % 5 {
		at = at.Add(35 * time.Minute)
		step, ok, err := course.Next(d)
		if err != nil {
			return err
		}
		if !ok || step.Result != "" || d.Status == dossier.Resolved {
			break
		}
		step.Act.At = at
		if d, err = l.Act(ctx, step.Who, step.Act); err != nil {
			return fmt.Errorf("%s a dossier to copy: %w", step.Act.Act, err)
		}
	}
	l.models[i], err = l.model(ctx, d)
	return err
}

func (l *loader) model(ctx context.Context, d dossier.Dossier) (model, error) {
	var m model
	var err error
	if m.events, err = l.store.StreamEvents(ctx, store.DossierRoot(d.ID)); err != nil {
		return m, err
	}
	if m.first, err = journal.Decode[dossier.Change](m.events[0]); err != nil {
		return m, err
	}
	plain, err := l.store.Unseal(ctx, d.ID, "dossier", m.first.Private)
	if err != nil {
		return m, err
	}
	code, err := dossier.ParseCode(d.Code)
	if err != nil {
		return m, err
	}
	m.day = code.Day
	m.part, _, _ = strings.Cut(d.Code, "-")
	m.series = store.Series{Kind: "dossier-code", Key: m.part + "|" + m.day.String()}
	return m, json.Unmarshal(plain, &m.private)
}

// copies writes n copies of the models, those of one model after each other: they
// lie beside each other in most indexes.
func (l *loader) copies(ctx context.Context, n int, say func(done int)) error {
	errs := make([]error, 1+runtime.NumCPU())
	var next, done atomic.Int64
	var wait sync.WaitGroup
	for w := range errs {
		wait.Go(func() {
			for errs[w] == nil {
				from := int(next.Add(loadBatch)) - loadBatch
				if from >= n {
					return
				}
				size := min(loadBatch, n-from)
				errs[w] = l.copy(ctx, from, size, n)
				if so := done.Add(int64(size)); so/sayEvery != (so-int64(size))/sayEvery {
					say(int(so))
				}
			}
		})
	}
	wait.Wait()
	for _, err := range errs {
		if err != nil {
			return fmt.Errorf("load dossiers: %w", err)
		}
	}
	return nil
}

// one is one copy as it is written.
type one struct {
	*model
	root    store.Root
	owner   app.PartyForm
	private []byte
}

// copy writes the copies from..from+size of n.
func (l *loader) copy(ctx context.Context, from, size, n int) error {
	w := store.Write{Actor: journal.Actor{Principal: "system:bench", Name: "bench"}, At: l.Now()}
	all := make([]one, size)
	series := map[store.Series]bool{}
	for i := range all {
		visitor := l.people + 1 + from + i
		o := one{model: &l.models[(from+i)*len(l.models)/n], root: store.DossierRoot(loadedID(visitor)), owner: l.visits.Applicant(visitor)}
		p := o.model.private
		p.Owner.Name, p.Owner.PersonalID, p.Owner.Phone, p.Owner.Address = o.owner.Name, o.owner.PersonalID, o.owner.Phone, o.owner.Address
		p.Secret = secretOf(visitor)
		var err error
		if p.Owner.BornOn, err = civil.ParseDate(o.owner.BornOn); err != nil {
			return err
		}
		if o.private, err = json.Marshal(p); err != nil {
			return err
		}
		all[i] = o
		w.Roots = append(w.Roots, o.root)
		if !series[o.series] {
			series[o.series] = true
			w.Series = append(w.Series, o.series)
		}
	}
	_, err := store.Do(ctx, l.store, w, func(v *store.View) (int, error) {
		for i := range all {
			if err := all[i].record(v, l.store); err != nil {
				return 0, err
			}
		}
		return size, nil
	})
	return err
}

// record writes the events of one copy.
func (o one) record(v *store.View, s *store.Store) error {
	for i, ev := range o.events {
		v.Pass(ev.At)
		var payload any = json.RawMessage(ev.Payload)
		if i == 0 {
			c := o.first
			c.Private = v.Seal(o.root.ID, "dossier", o.private)
			c.Code = dossier.FormatCode(o.part, o.day, v.Number(o.series))
			payload = c
		}
		if _, err := store.Record[dossier.Dossier](v, o.root, ev.Type, ev.TypeVersion, ev.Ground, payload); err != nil {
			return err
		}
	}
	v.Index(o.root.ID, "name", party.NameKey(o.owner.Name))
	v.Index(o.root.ID, "id", s.Ring().BlindHex("id", o.owner.PersonalID))
	v.Index(o.root.ID, "phone", s.Ring().BlindHex("phone", o.owner.Phone))
	return nil
}

// loadedID is the id of the n-th loaded dossier.
func loadedID(n int) string { return fmt.Sprintf("0190a000-0000-7000-8000-%012d", n) }

// secretOf is the second secret of the n-th loaded dossier.
func secretOf(n int) string {
	const letters = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
	b := make([]byte, 8)
	for i := range b {
		b[i], n = letters[n%32], n/32
	}
	return string(b)
}
