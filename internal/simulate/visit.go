package simulate

import (
	"context"
	"fmt"
	"math/rand/v2"

	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/dossier"
)

// Visits are receptions at the counter without a story behind them, as many as
// are asked for: what a benchmark feeds the use cases with.
type Visits struct {
	w   *World
	day civil.Date
}

// NewVisits looks at the installation: who sits where and what is received.
func NewVisits(ctx context.Context, a *app.App, seed uint64) (*Visits, error) {
	w, err := New(ctx, a, Options{To: a.Now(), Seed: seed})
	return &Visits{w, civil.DateOf(a.Now())}, err
}

// visitors is how many different identity numbers Visit can give.
const visitors = 50_000_000

// Visit is the n-th: the officer, and the form as he fills it in. The same n
// gives the same visit; different n below visitors are different people.
func (v *Visits) Visit(n int) (access.Actor, app.ReceptionForm, error) {
	s := v.story(n)
	for s.form.Channel != dossier.Direct {
		s.procedure = v.w.cast.draw(s.rng)
		s.form = app.ReceptionForm{}
		s.fill(s.procedure)
	}
	s.form.Owner, s.form.Submitter, s.form.Confirmed = v.Applicant(n), nil, false
	officer, err := v.w.cast.counter(s.form.Unit, s.procedure.AgencyOn(v.day.String()), s.rng.IntN(1000))
	return officer, s.form, err
}

// Applicant is the n-th visitor.
func (v *Visits) Applicant(n int) app.PartyForm {
	c := v.w.cast
	rng := rand.New(rand.NewPCG(c.seed, uint64(n)))
	p := c.names.Person(rng, c.area, c.communes[rng.IntN(len(c.communes))], v.day.Year())
	n %= visitors
	return app.PartyForm{
		Kind: "citizen", Name: p.Name, PersonalID: fmt.Sprintf("9991%02d%06d", 50+n/1_000_000, n%1_000_000), Phone: p.Phone, Address: p.Address, BornOn: p.BornOn,
	}
}

// Course is how the people bring the n-th visitor's dossier on the straight way to
// its result.
type Course struct{ s *story }

// Course begins one.
func (v *Visits) Course(n int) *Course {
	s := v.story(n)
	s.asked, s.sentBack, s.refuse, s.withdraw = true, true, false, false
	return &Course{s}
}

// Step is what happens next with a dossier.
type Step struct {
	Who    access.Actor
	Act    app.ActInput
	Result string // text of a result file that goes with it
}

// Next is the next step; false where there is nothing left to do.
func (c *Course) Next(d dossier.Dossier) (Step, bool, error) {
	do, ok := c.s.decide(d)
	if !ok {
		return Step{}, false, nil
	}
	who, err := do.who()
	do.input.Version = d.Version
	step := Step{Who: who, Act: app.ActInput{Code: d.Name(), Input: do.input}}
	if do.result {
		step.Result = resultPDF(d)
	}
	return step, true, err
}

func (v *Visits) story(n int) *story {
	s := &story{w: v.w, key: fmt.Sprintf("visit-%d", n), rng: rand.New(rand.NewPCG(v.w.opt.Seed, uint64(n)))}
	s.pace = 100
	s.procedure = v.w.cast.draw(s.rng)
	s.fill(s.procedure)
	return s
}
