package simulate

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/dossier"
	"github.com/motcua/motcua/internal/core/procedure"
)

// busy is how many receptions a weekday has, in percent of the usual: people
// come on Mondays.
var busy = [7]int{time.Monday: 125, time.Tuesday: 108, time.Wednesday: 98, time.Thursday: 94, time.Friday: 85}

// arrive plans the receptions of a day that come after an instant.
func (w *World) arrive(day civil.Date, after time.Time) error {
	w.planned = day
	working, err := w.cal.IsWorking(day)
	if err != nil || !working {
		return err
	}
	w.mu.Lock()
	w.stats.Days++
	w.mu.Unlock()
	rng := w.dice(day, 0)
	usual := w.opt.PerDay * busy[day.Weekday()] / 100
	n := usual*85/100 + rng.IntN(max(1, usual*30/100))
	for i := range n {
		at := w.moment(rng, day)
		if at.Before(after) {
			continue
		}
		w.plan(w.story(day, i+1).begin(at))
	}
	return nil
}

// moment is a time of arrival: the first hours of morning and afternoon are the
// busiest.
func (w *World) moment(rng *rand.Rand, day civil.Date) time.Time {
	hours := w.cal.Spec().Hours
	part := hours[0]
	if len(hours) > 1 && rng.IntN(100) >= 60 {
		part = hours[1]
	}
	length := int(part.To - part.From)
	early := min(rng.IntN(length), rng.IntN(length)) // the smaller of two: more at the beginning
	return day.At(part.From).Add(time.Duration(early)*time.Minute + time.Duration(rng.IntN(60))*time.Second)
}

// story is one dossier from its arrival to its end.
type story struct {
	w    *World
	key  string // begins every action id of the story
	rng  *rand.Rand
	pace int // percent of each step's share that officers take

	procedure app.Receivable
	form      app.ReceptionForm
	last      time.Time // of its last event
	// What happens at most once, and what will come of it.
	asked, sentBack, refuse, withdraw bool
	silent                            bool // its agency does not apologise
}

// story is the n-th of a day: the same for the same seed.
func (w *World) story(day civil.Date, n int) *story {
	s := &story{w: w, key: w.storyKey(day, n), rng: w.dice(day, n)}
	s.procedure = w.cast.draw(s.rng)
	s.fill(s.procedure)
	s.pace = s.drawPace()
	s.refuse, s.withdraw, s.silent = s.chance(3), s.chance(1), s.chance(30)
	return s
}

// begin is the arrival.
func (s *story) begin(at time.Time) event {
	return event{at: at, story: s, series: "reception|" + s.form.Unit, what: "receive " + s.form.Procedure, do: func(ctx context.Context) (*event, error) {
		return s.receive(ctx, at)
	}}
}

// chance answers true in so many of a hundred cases.
func (s *story) chance(percent int) bool { return s.rng.IntN(100) < percent }

// drawPace is how fast this dossier is worked on: most in good time, some late.
func (s *story) drawPace() int {
	switch n := s.rng.IntN(100); {
	case n < 92:
		return 25 + s.rng.IntN(60)
	case n < 97:
		return 105 + s.rng.IntN(60)
	default:
		return 170 + s.rng.IntN(130)
	}
}

// fill fills the reception form in as a careful officer would.
func (s *story) fill(p app.Receivable) {
	var cases []procedure.Case
	for _, c := range p.Cases {
		if len(ways(c)) > 0 {
			cases = append(cases, c)
		}
	}
	c := cases[s.rng.IntN(len(cases))]
	open := ways(c)
	channel := open[0]
	for _, w := range open[1:] {
		if w == dossier.Online && s.chance(28) || w == dossier.Post && s.chance(9) {
			channel = w
		}
	}
	s.form = app.ReceptionForm{
		Act: dossier.Receive, Procedure: p.Code, Case: c.ID, Channel: channel, Unit: p.Unit, Sets: 1, Confirmed: true,
		Owner:   s.w.cast.applicant(s.rng.IntN(regulars), forOrganisations(p.Procedure) && s.chance(55)),
		Subject: abstract(p.Name), ReturnChannel: s.returnChannel(channel),
	}
	if p.Sets > 0 {
		s.form.Sets = p.Sets
	}
	for _, x := range p.PapersOf(c) {
		paper := app.PaperForm{ID: x.ID, Originals: x.Originals, Copies: x.Copies}
		if x.Originals+x.Copies == 0 {
			paper.Copies = 1
		}
		s.form.Papers = append(s.form.Papers, paper)
	}
	if channel == dossier.Direct && s.chance(12) {
		other := s.w.cast.applicant(s.rng.IntN(regulars), false)
		other.Authorisation = text("authorisation", 2, s.rng.IntN(2))
		s.form.Submitter = &other
	}
	s.fees(p, c, channel)
	if l, ok := c.LimitBy(procedure.Way(channel)); ok && l.AtOnce() && channel == dossier.Direct {
		s.form.AtOnce = true
	}
}

// abstract shortens the name of a procedure to what fits the form: some are
// longer than a page.
func abstract(name string) string {
	const most = 1000
	if r := []rune(name); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return name
}

func (s *story) returnChannel(channel dossier.Channel) dossier.ReturnChannel {
	switch n := s.rng.IntN(100); {
	case channel == dossier.Online && n < 45:
		return dossier.ReturnElectronic
	case n > 86:
		return dossier.ReturnPost
	}
	return dossier.ReturnCounter
}

// fees assesses the first published fee; most is paid at once, some is owed
// until the return, some waived.
func (s *story) fees(p app.Receivable, c procedure.Case, channel dossier.Channel) {
	for _, f := range p.FeesBy(procedure.Way(channel)) {
		if f.Collectable() {
			s.form.FeeLines = []string{f.ID}
			break
		}
	}
	if len(s.form.FeeLines) == 0 {
		return
	}
	switch n := s.rng.IntN(100); {
	case n < 62:
		s.form.Payment = &dossier.Payment{Receipt: s.feeReceipt(), Method: "cash"}
	case n < 67:
		s.form.Payment = &dossier.Payment{Ground: text("exemption", 2, n)}
	}
}

func (s *story) feeReceipt() string { return fmt.Sprintf("%07d", 1+s.rng.IntN(9_999_999)) }

// receive takes the dossier in, or lets it begin otherwise: registered online,
// or sent home with guidance first.
func (s *story) receive(ctx context.Context, at time.Time) (*event, error) {
	officer, err := s.w.cast.counter(s.form.Unit, s.procedure.AgencyOn(civil.DateOf(at).String()), s.rng.IntN(1000))
	if err != nil {
		return nil, err
	}
	form := s.form
	form.At, form.ActionID = at, s.key+"-begin"
	switch {
	case form.Channel == dossier.Online:
		form.Act, form.FeeLines, form.Payment, form.AtOnce = dossier.Register, nil, nil, false
	case len(form.Papers) > 1 && s.chance(4):
		form.Act, form.FeeLines, form.Payment, form.AtOnce = dossier.Guide, nil, nil, false
		form.Reason = text("guide", 3, s.rng.IntN(3))
		form.Items = []string{form.Papers[len(form.Papers)-1].ID}
		form.Papers = form.Papers[:len(form.Papers)-1]
	}
	return s.take(ctx, officer, form)
}

// take hands a form to the use case and plans what comes next.
func (s *story) take(ctx context.Context, officer access.Actor, form app.ReceptionForm) (*event, error) {
	got, err := s.w.app.ReceiveDossier(ctx, officer, form)
	if err != nil {
		return nil, err
	}
	if form.Act != dossier.Accept {
		s.w.mu.Lock()
		s.w.stats.Received++
		s.w.mu.Unlock()
	}
	s.last = form.At
	return s.next(got.Dossier)
}
