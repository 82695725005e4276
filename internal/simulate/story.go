package simulate

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/dossier"
)

// step is what happens next: after how many working minutes, by whom, and what.
type step struct {
	minutes int
	who     func() (access.Actor, error)
	input   dossier.Input
	result  bool   // a result file goes with it
	series  string // number series that it takes from
}

// next decides from the dossier as it stands what happens next, as the people
// would. nil is the end of the story.
func (s *story) next(d dossier.Dossier) (*event, error) {
	if !d.Received() {
		return s.accept(d)
	}
	do, ok := s.decide(d)
	if !ok {
		return nil, nil
	}
	at, err := s.w.cal.AddWorkingMinutes(s.last, max(1, do.minutes))
	if err != nil {
		return nil, err
	}
	at = at.Add(time.Duration(s.rng.IntN(59)) * time.Second)
	if first, owed, err := s.excuse(d, at); owed || err != nil {
		return first, err
	}
	do.input.Version = d.Version
	return &event{at: at, story: s, series: do.series, what: string(do.input.Act) + " " + d.Name(), do: func(ctx context.Context) (*event, error) {
		return s.act(ctx, d, do, at)
	}}, nil
}

// accept plans the reception of a dossier that was registered or guided.
func (s *story) accept(d dossier.Dossier) (*event, error) {
	if d.Status != dossier.Registered && d.Status != dossier.SupplementRequired {
		return nil, nil
	}
	minutes := 15 + s.rng.IntN(200) // online: within the eight working hours that there are
	if d.Status == dossier.SupplementRequired {
		minutes = 300 + s.rng.IntN(5*480)
	}
	at, err := s.w.cal.AddWorkingMinutes(s.last, minutes)
	if err != nil {
		return nil, err
	}
	return &event{at: at, story: s, series: "reception|" + d.Unit, what: "accept " + d.Name(), do: func(ctx context.Context) (*event, error) {
		officer, ok := s.w.cast.named(d.Unit, access.Reception, d.Officer)
		if !ok {
			return nil, nil
		}
		form := s.form
		form.Act, form.Ref, form.Version, form.At = dossier.Accept, d.Name(), d.Version, at
		form.ActionID = s.key + "-accept"
		return s.take(ctx, officer, form)
	}}, nil
}

// act carries a step out.
func (s *story) act(ctx context.Context, d dossier.Dossier, do step, at time.Time) (*event, error) {
	who, err := do.who()
	if err != nil {
		return nil, err
	}
	in := app.ActInput{Code: d.Name(), Input: do.input, At: at, ActionID: fmt.Sprintf("%s-%d", s.key, d.Version)}
	if do.result {
		staged, err := s.w.app.Stage(ctx, who, "ket-qua.pdf", strings.NewReader(resultPDF(d)))
		if err != nil {
			return nil, err
		}
		in.FileRefs = []string{staged.Hash}
	}
	got, err := s.w.app.Act(ctx, who, in)
	if err != nil {
		return nil, err
	}
	s.last = at
	return s.next(got)
}

// decide finds the step for the dossier's status and open task.
func (s *story) decide(d dossier.Dossier) (step, bool) {
	counter := func() (access.Actor, error) { return s.reception(d) }
	switch d.Status {
	case dossier.SupplementRequired:
		return step{minutes: 480 + s.rng.IntN(7*480), who: counter, input: dossier.Input{Act: dossier.Supply}}, true
	case dossier.Accepted, dossier.Processing, dossier.Resolved:
	default:
		return step{}, false
	}
	if s.withdraw && d.Status == dossier.Processing {
		s.withdraw = false
		return step{minutes: 200 + s.rng.IntN(400), who: counter, input: dossier.Input{Act: dossier.Withdraw, Reason: text("withdraw", 2, s.rng.IntN(2))}}, true
	}
	if h, open := d.OpenHandoverTo(d.Agency); open && !h.Data && d.Agency != d.Unit {
		return step{minutes: 20 + s.rng.IntN(160), who: s.officer(d.Agency, access.Handler), input: dossier.Input{Act: dossier.ReceiveHandover}}, true
	}
	if _, open := d.OpenHandoverTo(d.Unit); open {
		return step{minutes: 30 + s.rng.IntN(200), who: counter, input: dossier.Input{Act: dossier.ReceiveHandover}}, true
	}
	t, open := d.Current()
	if !open {
		return step{}, false
	}
	return s.work(d, t)
}

// work is the next act on a task.
func (s *story) work(d dossier.Dossier, t dossier.Task) (step, bool) {
	took := max(5, t.Share*s.pace/100)
	switch t.Kind {
	case dossier.TaskReceive:
		if d.Deadline.Limit.Unit == civil.AtOnce { // decided at the counter, after all
			return step{minutes: 10 + s.rng.IntN(60), who: func() (access.Actor, error) { return s.reception(d) }, input: dossier.Input{Act: dossier.IssueResult}, result: true}, true
		}
		return step{minutes: 10 + s.rng.IntN(90), who: func() (access.Actor, error) { return s.reception(d) }, input: dossier.Input{Act: dossier.Forward}}, true
	case dossier.TaskReturn:
		return s.giveBack(d)
	case dossier.TaskApprove:
		return s.leaderDecides(d, t, took), true
	case dossier.TaskNumber, dossier.TaskSign, dossier.TaskIssue:
		return s.issue(d, t, took), true
	case dossier.TaskHandOver:
		return step{minutes: took, who: s.officer(t.Unit, access.Clerk), input: dossier.Input{Act: dossier.HandOver}}, true
	}
	return s.examine(d, t, took), true
}

// examine is the handler's work: take it, perhaps ask for papers, propose.
func (s *story) examine(d dossier.Dossier, t dossier.Task, took int) step {
	if t.Pool() {
		return s.distribute(t)
	}
	holder := func() (access.Actor, error) {
		if who, ok := s.w.cast.named(t.Unit, t.Role, t.Holder); ok {
			return who, nil
		}
		return s.w.cast.one(t.Unit, t.Role, 0)
	}
	if !s.asked && len(d.Supplements) == 0 {
		s.asked = true
		soon := civil.DateOf(s.last) == civil.DateOf(d.Deadline.StartAt)
		if soon && s.chance(9) && len(d.Papers) > 0 {
			return step{minutes: 60 + s.rng.IntN(300), who: holder, input: dossier.Input{
				Act: dossier.RequestSupplement, Reason: text("supplement", 4, s.rng.IntN(4)), Items: []string{d.Papers[s.rng.IntN(len(d.Papers))].ID},
			}}
		}
	}
	in := dossier.Input{Act: dossier.Propose, Outcome: dossier.OutcomeApprove}
	if s.refuse {
		in.Outcome, in.Reason = dossier.OutcomeRefuse, text("refuse", 3, s.rng.IntN(3))
	}
	return step{minutes: took, who: holder, input: in}
}

// distribute takes a task out of its pool: the officer does it himself, or the
// leader gives it out.
func (s *story) distribute(t dossier.Task) step {
	chance := s.rng.IntN(1000)
	if t.Role == access.Handler && s.chance(35) {
		if staff, err := s.w.cast.one(t.Unit, t.Role, chance); err == nil {
			return step{minutes: 15 + s.rng.IntN(120), who: s.officer(t.Unit, access.Leader), input: dossier.Input{Act: dossier.Assign, Task: t.ID, Staff: staff.ID}}
		}
	}
	return step{minutes: 20 + s.rng.IntN(150), who: func() (access.Actor, error) { return s.w.cast.one(t.Unit, t.Role, chance) }, input: dossier.Input{Act: dossier.Claim, Task: t.ID}}
}

// leaderDecides approves, refuses as proposed, or sends back once.
func (s *story) leaderDecides(d dossier.Dossier, t dossier.Task, took int) step {
	leader := s.officer(t.Unit, access.Leader)
	switch refusal := d.Proposal != nil && d.Proposal.Outcome == dossier.OutcomeRefuse; {
	case !s.sentBack && s.chance(3):
		s.sentBack = true
		return step{minutes: took, who: leader, input: dossier.Input{Act: dossier.SendBack, Reason: text("sendback", 3, s.rng.IntN(3))}}
	case refusal:
		return step{minutes: took, who: leader, input: dossier.Input{Act: dossier.Refuse, Reason: text("refuse", 3, s.rng.IntN(3)), LegalGround: text("ground", 2, s.rng.IntN(2))}}
	default:
		return step{minutes: took, who: leader, input: dossier.Input{Act: dossier.Approve}}
	}
}

// issue numbers, signs and issues: three acts of two people.
func (s *story) issue(d dossier.Dossier, t dossier.Task, took int) step {
	clerk, leader := s.officer(t.Unit, access.Clerk), s.officer(t.Unit, access.Leader)
	switch r := d.Result; {
	case r == nil || r.Number == "":
		return step{minutes: took / 2, who: clerk, input: dossier.Input{Act: dossier.Number}, series: "result|" + d.Agency}
	case r.SignedAt == nil:
		return step{minutes: took / 4, who: leader, input: dossier.Input{Act: dossier.Sign}}
	default:
		return step{minutes: took / 4, who: clerk, input: dossier.Input{Act: dossier.IssueResult}, result: true}
	}
}

// giveBack settles the fee and returns the result, when the applicant comes.
func (s *story) giveBack(d dossier.Dossier) (step, bool) {
	counter := func() (access.Actor, error) { return s.reception(d) }
	if !d.Fee.Settled() {
		wait := 60 + s.rng.IntN(4*480)
		if d.AtOnce {
			wait = 5
		}
		return step{minutes: wait, who: counter, input: dossier.Input{Act: dossier.CollectFee, Receipt: s.feeReceipt(), Method: "cash"}}, true
	}
	wait := 2 + s.rng.IntN(8)
	if !d.AtOnce && len(d.Fee.Lines) == 0 || d.Fee.SettledAt != nil && d.Fee.SettledAt.Before(s.last) {
		wait = 30 + s.rng.IntN(5*480)
	}
	checked := text("identity", 1, 0)
	receiver := s.form.Owner.Name
	if receiver == "" {
		receiver = text("receiver", 1, 0) // a story taken up again does not know the name, which is sealed
	}
	return step{minutes: wait, who: counter, input: dossier.Input{Act: dossier.Return, Receiver: receiver, Checked: checked}}, true
}

// reception is the officer at the dossier's own counter, else a colleague.
func (s *story) reception(d dossier.Dossier) (access.Actor, error) {
	if who, ok := s.w.cast.named(d.Unit, access.Reception, d.Officer); ok {
		return who, nil
	}
	return s.w.cast.one(d.Unit, access.Reception, 0)
}

// officer is somebody of a unit with a role, the same for the whole story.
func (s *story) officer(unit string, role access.Role) func() (access.Actor, error) {
	chance := int(s.key[len(s.key)-1])
	return func() (access.Actor, error) { return s.w.cast.one(unit, role, chance) }
}
