// Package app is the use cases: one file per act, called alike by pages, API,
// command line, jobs and simulator. Each authorises, plans a write, lets a pure
// rule decide and hands the outcome to the store; none holds a rule of its own.
package app

import (
	"context"
	"crypto/ed25519"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"github.com/motcua/motcua/internal/blob"
	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/journal"
	"github.com/motcua/motcua/internal/core/notice"
	"github.com/motcua/motcua/internal/core/procedure"
	"github.com/motcua/motcua/internal/printout"
	"github.com/motcua/motcua/internal/store"
)

// Deps is what the use cases need from outside.
type Deps struct {
	Store *store.Store
	Blobs blob.Store
	Clock func() time.Time // legal time; nil = time.Now
	Wall  func() time.Time // real time, for sessions; nil = time.Now
	Log   *slog.Logger
	// Demo marks every page as simulated data and lets a simulation act at other
	// times than now. Production never sets it.
	Demo bool
	// TestPersons accepts IDs beginning 999 and phones beginning 0000.
	TestPersons bool
	SessionIdle time.Duration // 0 = 30 minutes
	PublicURL   string        // for QR codes on slips
	// Senders are the channels that messages to applicants leave by; messages of
	// a channel without one are held.
	Senders map[notice.Channel]Sender
	// Documents signs and checks results; nil = signing is off.
	Documents Documents
}

// App holds the use cases.
type App struct {
	store       *store.Store
	blobs       blob.Store
	clock       func() time.Time
	wall        func() time.Time
	log         *slog.Logger
	demo        bool
	testPersons bool
	sessionIdle time.Duration
	publicURL   string
	senders     map[notice.Channel]Sender
	documents   Documents
	slipKeys    []ed25519.PrivateKey // the first signs receipts, all verify

	directory atomic.Pointer[directory] // units, agencies, people, centre
	catalogue atomic.Pointer[catalogue] // procedures and their search index
	loading   sync.Mutex                // one reload at a time
	stamp     atomic.Int64              // of what the read models were loaded from
	speech    *procedure.Speech
	life      []procedure.LifeEvent
	processes processes
	shelf     shelf
	previews  previews

	ladderHeld atomic.Int32 // by simulations that run it themselves

	names    nameBlock
	printer  *printout.Printer
	hashing  chan struct{} // bounds parallel password hashes
	unknown  strangers     // logins that do not exist, locked all the same
	checking chan struct{} // bounds copies of results that are checked at a time
}

// New builds the use cases and loads their read models.
func New(ctx context.Context, d Deps) (*App, error) {
	a := &App{
		store: d.Store, blobs: d.Blobs, clock: d.Clock, wall: d.Wall, log: d.Log, demo: d.Demo, testPersons: d.TestPersons,
		sessionIdle: d.SessionIdle, publicURL: d.PublicURL, senders: d.Senders, hashing: make(chan struct{}, 2), checking: make(chan struct{}, mostChecks),
	}
	if a.clock == nil {
		a.clock = time.Now
	}
	if a.wall == nil {
		a.wall = time.Now
	}
	if a.log == nil {
		a.log = slog.New(slog.DiscardHandler)
	}
	if a.documents = d.Documents; a.documents == nil {
		a.documents = noDocuments{}
	}
	if a.sessionIdle <= 0 {
		a.sessionIdle = 30 * time.Minute
	}
	var err error
	if a.printer, err = printout.New(); err != nil {
		return nil, err
	}
	if ring := d.Store.Ring(); ring != nil {
		if a.slipKeys, err = ring.SigningKeys("receipt"); err != nil {
			return nil, err
		}
	}
	if err := a.Reload(ctx); err != nil {
		return nil, err
	}
	if err := a.loadStepTimes(ctx); err != nil {
		return nil, err
	}
	return a, a.names.load(ctx, a.store)
}

// Now is the program's legal time.
func (a *App) Now() time.Time { return a.clock() }

// Demo reports whether the data is simulated.
func (a *App) Demo() bool { return a.demo }

// Store gives operators' commands (verify, backup) the database.
func (a *App) Store() *store.Store { return a.store }

// Reload reads units, people, calendars and catalogue again.
func (a *App) Reload(ctx context.Context) error {
	a.loading.Lock()
	defer a.loading.Unlock()
	stamp, err := a.store.Stamp(ctx)
	if err != nil {
		return err
	}
	if err := a.reloadDirectory(ctx); err != nil {
		return err
	}
	if err := a.reloadCatalogue(ctx); err != nil {
		return err
	}
	a.stamp.Store(stamp)
	return nil
}

// Follow keeps the read models up with what other nodes and commands change,
// until ctx ends.
func (a *App) Follow(ctx context.Context) {
	tick := time.NewTicker(5 * time.Second)
	defer tick.Stop()
	names := 0
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		stamp, err := a.store.Stamp(ctx)
		if err == nil && stamp != a.stamp.Load() {
			err = a.Reload(ctx)
		}
		if names++; err == nil && names%12 == 0 {
			if err = a.names.load(ctx, a.store); err == nil {
				err = a.loadStepTimes(ctx)
			}
		}
		if err != nil && ctx.Err() == nil {
			a.log.WarnContext(ctx, "refresh the read models", "error", err)
		}
	}
}

// by is the actor as the journal records him.
func by(who access.Actor) journal.Actor {
	role := ""
	if len(who.Roles) > 0 {
		role = string(who.Roles[0])
	}
	return journal.Actor{Principal: who.ID, Name: who.Name, Role: role, Unit: who.Unit, OnBehalf: who.OnBehalf}
}

// at is the legal time of an act: now, or in a demo's story the given time.
func (a *App) at(t time.Time) time.Time {
	if t.IsZero() || !a.demo {
		return a.clock()
	}
	return t
}

// newID makes an id outside a write.
func newID() string { return uuid.Must(uuid.NewV7()).String() }
