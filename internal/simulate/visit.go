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

// Next is what the people do next with a dossier on the straight way to its
// result: who, and which act; false where there is nothing to do. result says
// that a result file goes with it.
func (v *Visits) Next(n int, d dossier.Dossier) (who access.Actor, in app.ActInput, result, ok bool, err error) {
	s := v.story(n)
	s.asked, s.sentBack, s.refuse, s.withdraw = true, true, false, false
	do, ok := s.decide(d)
	if !ok {
		return who, in, false, false, nil
	}
	who, err = do.who()
	do.input.Version = d.Version
	return who, app.ActInput{Code: d.Name(), Input: do.input}, do.result, true, err
}

func (v *Visits) story(n int) *story {
	s := &story{w: v.w, key: fmt.Sprintf("visit-%d", n), rng: rand.New(rand.NewPCG(v.w.opt.Seed, uint64(n)))}
	s.pace = 100
	s.procedure = v.w.cast.draw(s.rng)
	s.fill(s.procedure)
	return s
}
