package app

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/dossier"
	"github.com/motcua/motcua/internal/core/journal"
	"github.com/motcua/motcua/internal/store"
)

// FeedEvent is one thing that happened to a dossier, without a word about a
// person.
type FeedEvent struct {
	Position int64  // place in the journal
	Type     string // event type, such as "dossier.forwarded"
	Code     string // code, or reference before reception
	Version  int64
	Status   dossier.Status // after it; 0 = unchanged
	At       time.Time
	Recorded time.Time
	Unit     string // code of the unit that acted; empty for a job
}

// feedStep is how many events of the journal are looked at in one go.
const feedStep = 200

// Changed tells the journal's position after each commit, the present one at
// once, until ctx ends. Positions between may be left out.
func (a *App) Changed(ctx context.Context) <-chan int64 { return a.store.Watch(ctx) }

// Feed reads what happened after a position to the dossiers that the actor may
// read, in order. next is the position that was reached, whoever may see what
// lies there; it equals after when nothing more has happened.
func (a *App) Feed(ctx context.Context, who access.Actor, after int64) (seen []FeedEvent, next int64, err error) {
	if !access.Anywhere(who, access.ReadDossier) {
		return nil, after, denied()
	}
	events, err := a.store.Events(ctx, after, feedStep)
	if err != nil || len(events) == 0 {
		return nil, after, err
	}
	dossiers, err := a.readableOf(ctx, who, events)
	if err != nil {
		return nil, after, err
	}
	for _, e := range events {
		d, ok := dossiers[e.Stream]
		if !ok {
			continue
		}
		var c struct {
			Status dossier.Status `json:"status"`
		}
		if err := json.Unmarshal(e.Payload, &c); err != nil {
			return nil, after, err
		}
		seen = append(seen, FeedEvent{
			Position: e.Position, Type: e.Type, Code: d.Name(), Version: e.Version, Status: c.Status, At: e.At, Recorded: e.RecordedAt, Unit: e.Actor.Unit,
		})
	}
	return seen, events[len(events)-1].Position, nil
}

// readableOf reads the dossiers that events are about and the actor may read, by
// stream.
func (a *App) readableOf(ctx context.Context, who access.Actor, events []journal.Event) (map[string]dossier.Dossier, error) {
	var ids []string
	for _, e := range events {
		if id, ok := strings.CutPrefix(e.Stream, "dossier/"); ok && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	list, err := a.store.DossiersByID(ctx, ids)
	if err != nil {
		return nil, err
	}
	found := make(map[string]dossier.Dossier, len(list))
	for _, d := range list {
		if dossier.Readable(d, who) {
			found[store.DossierRoot(d.ID).Stream()] = d
		}
	}
	return found, nil
}
