package bench

import (
	"context"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/dossier"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/store"
)

// reads measures what only reads, but for the access log: in every turn the bare
// driver then asks the same questions, with as many clients.
func (r *run) reads(ctx context.Context, do func(ctx context.Context, n int) error) (err error) {
	bare, err := store.OpenBareReader(ctx, r.URL)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, bare.Close()) }()
	var next atomic.Int64
	return r.eachTurn(ctx, func(length time.Duration) error {
		runtime.GC()
		r.Tape.Start()
		took, s := clients(ctx, r.Clients, length, func(ctx context.Context, _ int) error { return do(ctx, int(next.Add(1))) })
		asked := r.Tape.Stop()
		r.add(took, s)
		runtime.GC()
		limit, err := bare.Read(ctx, asked, r.Clients)
		r.addLimit(limit, len(s.times)+s.errors)
		return err
	})
}

// known is a dossier with what its people know about it.
type known struct {
	dossier.Dossier
	private dossier.Private
	officer access.Actor // somebody who has to do with it
}

// sample draws dossiers from all over the database.
func (r *run) sample(ctx context.Context, n int) ([]known, error) {
	const at = 20 // dossiers beside each other
	rng := rand.New(rand.NewPCG(r.Seed, 1))
	var all []known
	seen := map[string]bool{}
	for range n / at {
		list, err := r.store.OpenDossiers(ctx, loadedID(rng.IntN(max(1, int(r.res.Dossiers)))), at)
		if err != nil {
			return nil, err
		}
		for _, d := range list {
			if seen[d.ID] || d.Code == "" {
				continue
			}
			seen[d.ID] = true
			k := known{Dossier: d}
			plain, err := r.store.Unseal(ctx, d.ID, "dossier", d.Private)
			if err != nil {
				return nil, err
			}
			if err := json.Unmarshal(plain, &k.private); err != nil {
				return nil, err
			}
			if people := r.handlers(d); len(people) > 0 {
				k.officer = people[rng.IntN(len(people))]
				all = append(all, k)
			}
		}
	}
	if len(all) == 0 {
		return nil, fault.New(fault.Conflict, "bench.nobody", nil)
	}
	rng.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all, nil
}

// handlers are the officers of the unit and role that has a dossier in hand.
func (r *run) handlers(d dossier.Dossier) []access.Actor {
	t, ok := d.Current()
	if !ok {
		return nil
	}
	return r.App.People(t.Unit, string(t.Role))
}

// mostOfficers is how many officers look at their work by turns.
const mostOfficers = 200

// worklist measures the page of an officer's work, tab after tab, with the
// counts of its menu.
func worklist(ctx context.Context, r *run) error {
	all, err := r.sample(ctx, 4000)
	if err != nil {
		return err
	}
	var officers []access.Actor
	for _, k := range all {
		for _, who := range r.handlers(k.Dossier) {
			if !slices.ContainsFunc(officers, func(o access.Actor) bool { return o.ID == who.ID }) && len(officers) < mostOfficers {
				officers = append(officers, who)
			}
		}
	}
	tabs := app.InboxTabs()
	return r.reads(ctx, func(ctx context.Context, n int) error {
		who := officers[n%len(officers)]
		if _, err := r.App.Menu(ctx, who); err != nil {
			return err
		}
		_, err := r.App.Inbox(ctx, who, app.InboxQuery{Tab: tabs[n/len(officers)%len(tabs)]})
		return err
	})
}

// search measures officers' searches by code, by identity number and by name,
// in equal parts.
func search(ctx context.Context, r *run) error {
	all, err := r.sample(ctx, 2000)
	if err != nil {
		return err
	}
	all = slices.DeleteFunc(all, func(k known) bool { return !access.Anywhere(k.officer, access.SearchEverywhere) })
	if len(all) == 0 {
		return fault.New(fault.Conflict, "bench.nobody", nil)
	}
	return r.reads(ctx, func(ctx context.Context, n int) error {
		k := all[n%len(all)]
		q := k.Code
		switch n % 3 {
		case 1:
			q = k.private.Owner.PersonalID
		case 2:
			q = lastWords(k.private.Owner.Name)
		}
		page, err := r.App.Search(ctx, k.officer, q, "")
		if err == nil && len(page.Rows) == 0 && n%3 < 2 {
			return fault.New(fault.NotFound, "dossier.unknown", fault.Args{"code": k.Code})
		}
		return err
	})
}

// lastWords is what people type of a name: middle and given name.
func lastWords(name string) string {
	words := strings.Fields(name)
	return strings.Join(words[max(0, len(words)-2):], " ")
}

// track measures what an applicant sees who types code and secret.
func track(ctx context.Context, r *run) error {
	all, err := r.sample(ctx, 2000)
	if err != nil {
		return err
	}
	return r.reads(ctx, func(ctx context.Context, n int) error {
		k := all[n%len(all)]
		_, err := r.App.Track(ctx, k.Code, k.private.Secret)
		return err
	})
}

// open measures an officer's page of one dossier.
func open(ctx context.Context, r *run) error {
	all, err := r.sample(ctx, 2000)
	if err != nil {
		return err
	}
	return r.reads(ctx, func(ctx context.Context, n int) error {
		k := all[n%len(all)]
		_, err := r.App.Dossier(ctx, k.officer, k.Code)
		return err
	})
}
