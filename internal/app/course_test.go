package app_test

import (
	"strings"
	"testing"
	"time"

	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/app/apptest"
	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/dossier"
)

// course is one dossier on its way through a centre, with its people.
type course struct {
	t                               *testing.T
	w                               *apptest.World
	counter, handler, leader, clerk access.Actor
	dossier.Dossier
	secret string
}

// receivableIn is a procedure that the centre receives with a limit of so many
// working days and at least one paper.
func receivableIn(t *testing.T, w *apptest.World, days int) app.Receivable {
	t.Helper()
	all, err := w.ReceivableBy()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range all {
		if p.Unit == w.Centre().Code && len(p.Cases) == 1 && p.Cases[0].Limit != nil && p.Cases[0].Limit.Unit == "ngay_lam_viec" && p.Cases[0].Limit.Value == days && len(p.PapersOf(p.Cases[0])) > 0 {
			return p
		}
	}
	t.Fatalf("no procedure of %d working days to receive", days)
	return app.Receivable{}
}

// begin receives a dossier with a limit of so many working days.
func begin(t *testing.T, w *apptest.World, days int, change ...func(*app.ReceptionForm)) *course {
	t.Helper()
	c := &course{t: t, w: w, counter: person(t, w, w.Centre().Code, access.Reception)}
	f := form(receivableIn(t, w, days))
	for _, ch := range change {
		ch(&f)
	}
	got, err := w.ReceiveDossier(t.Context(), c.counter, f)
	if err != nil {
		t.Fatalf("receive %s: %v", f.Procedure, err)
	}
	c.Dossier, c.secret = got.Dossier, got.Secret
	c.handler, c.leader, c.clerk = person(t, w, got.Agency, access.Handler), person(t, w, got.Agency, access.Leader), person(t, w, got.Agency, access.Clerk)
	return c
}

// act does one act and keeps the dossier as it is afterwards.
func (c *course) act(who access.Actor, in dossier.Input, files ...string) {
	c.t.Helper()
	in.Version = c.Version
	d, err := c.w.Act(c.t.Context(), who, app.ActInput{Code: c.Name(), Input: in, FileRefs: files})
	if err != nil {
		c.t.Fatalf("%s: %v", in.Act, err)
	}
	c.Dossier = d
}

// handled takes the dossier to the handler who holds it.
func (c *course) handled() *course {
	c.t.Helper()
	c.act(c.counter, dossier.Input{Act: dossier.Forward})
	c.act(c.handler, dossier.Input{Act: dossier.ReceiveHandover})
	c.act(c.handler, dossier.Input{Act: dossier.Claim})
	return c
}

// resolved takes the dossier on to the result at the centre.
func (c *course) resolved() *course {
	c.t.Helper()
	staged, err := c.w.Stage(c.t.Context(), c.clerk, "ket-qua.pdf", strings.NewReader(smallPDF))
	if err != nil {
		c.t.Fatal(err)
	}
	c.act(c.handler, dossier.Input{Act: dossier.Propose, Outcome: dossier.OutcomeApprove})
	c.act(c.leader, dossier.Input{Act: dossier.Approve})
	c.act(c.clerk, dossier.Input{Act: dossier.Number})
	c.act(c.leader, dossier.Input{Act: dossier.Sign})
	c.act(c.clerk, dossier.Input{Act: dossier.IssueResult}, staged.Hash)
	c.act(c.clerk, dossier.Input{Act: dossier.HandOver})
	c.act(c.counter, dossier.Input{Act: dossier.ReceiveHandover})
	return c
}

// again reads the dossier as it is now.
func (c *course) again() dossier.Dossier {
	c.t.Helper()
	v, err := c.w.Dossier(c.t.Context(), c.counter, c.Name())
	if err != nil {
		c.t.Fatal(err)
	}
	c.Dossier = v.Dossier
	return v.Dossier
}

// on is an instant of Vietnamese time.
func on(t *testing.T, text string) time.Time {
	t.Helper()
	at, err := civil.ParseInstant(text)
	if err != nil {
		t.Fatal(err)
	}
	return at
}
