package dossier

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/process"
)

// damaged is a stored dossier that somebody changed by hand.
func damaged(t *testing.T, s *stage, change func(*Dossier)) Dossier {
	t.Helper()
	var d Dossier
	if err := json.Unmarshal(encoded(t, s.d), &d); err != nil {
		t.Fatal(err)
	}
	change(&d)
	return d
}

// Whatever is impossible about a stored dossier is found.
func TestViolationsAreFound(t *testing.T) {
	consulted := handled(t).must(handlerOne, Input{Act: Consult, Reason: "Hỏi", Units: []string{"so-khac"}, DueOn: day("2026-11-04")})
	waiting := handled(t).must(handlerOne, Input{Act: RequestSupplement, Reason: "Thiếu", Items: []string{"Đơn"}})
	stopped := handled(t).must(leaderOne, full(Stop, 0))
	at := time.Date(2026, 11, 3, 8, 0, 0, 0, civil.Zone)
	for name, tt := range map[string]struct {
		of     *stage
		change func(*Dossier)
		want   string
	}{
		"a status that is none of the ten":      {handled(t), func(d *Dossier) { d.Status = 11 }, "I-15: status 11"},
		"nobody has it":                         {handled(t), func(d *Dossier) { d.Tasks, d.Process.Tasks = nil, nil }, "I-16: open dossier without"},
		"ended and still worked on":             {handled(t), func(d *Dossier) { d.Status = Withdrawn }, "I-16: ended dossier with 1"},
		"a task of the process that nobody has": {handled(t), func(d *Dossier) { d.Tasks[0].ID = "other" }, "is held 0 times"},
		"a task twice":                          {handled(t), func(d *Dossier) { d.Tasks = append(d.Tasks, d.Tasks[0]) }, "is held 2 times"},
		"a task that is none of the process":    {handled(t), func(d *Dossier) { d.Tasks = append(d.Tasks, Task{ID: "x", Kind: TaskHandle, Unit: "u"}) }, "is none of the process"},
		"an opinion for nobody":                 {consulted, func(d *Dossier) { d.Tasks[1].For = "gone" }, "answers a task that is not open"},
		"work without a unit":                   {handled(t), func(d *Dossier) { d.Tasks[0].Unit = "" }, "lies in unit"},
		"work of an unknown kind":               {handled(t), func(d *Dossier) { d.Tasks[0].Kind = "dance" }, "of kind dance"},
		"a timer on nothing":                    {handled(t), func(d *Dossier) { d.Timers = []Timer{{On: "x", Step: "late"}} }, "timer late runs on nothing"},
		"a further supplement without a leader": {waiting, func(d *Dossier) { d.Supplements = append(d.Supplements, d.Supplements[0]) }, "I-15: supplement 2"},
		"waiting for nothing":                   {waiting, func(d *Dossier) { d.Supplements = nil }, "the applicant is asked for none"},
		"asked in the wrong status":             {handled(t), func(d *Dossier) { d.Obligations = []Obligation{{ToldAt: at}} }, "asked for financial_obligation"},
		"two stops open":                        {waiting, func(d *Dossier) { d.Deadline.Stops = append(d.Deadline.Stops, d.Deadline.Stops[0]) }, "2 stops open at once"},
		"a stop that ends before it begins":     {waiting, func(d *Dossier) { d.Deadline.Stops[0].ToAt = at.AddDate(-1, 0, 0) }, "ends before it begins"},
		"stops over each other": {waiting, func(d *Dossier) {
			s := d.Deadline.Stops[0]
			s.ToAt = s.FromAt.AddDate(0, 0, 5)
			d.Deadline.Stops = []civil.Stop{s, s}
		}, "begins before the one before it ends"},
		"a clock that runs in a wait":     {waiting, func(d *Dossier) { d.Deadline.Stops = nil }, `stands for "", and should for "supplement"`},
		"a clock that stands for nothing": {stopped, func(d *Dossier) { d.Deadline.Stops[0].Kind = civil.StopConsult }, `stands for "consult"`},
		"an end in the middle":            {handled(t), func(d *Dossier) { d.FinishedAt = &at }, "work has ended in status processing"},
		"returned unpaid":                 {resolved(t), func(d *Dossier) { d.Status, d.Tasks, d.Process.Tasks = Returned, nil, nil }, "I-20: returned with 50.000 đồng owed"},
		"resolved without a result":       {resolved(t), func(d *Dossier) { d.Result = nil }, "without an issued result"},
		"approved by its handler":         {resolved(t), func(d *Dossier) { d.Done[2].Holder = handlerOne.ID }, "I-19: s-handler approved"},
		"approved by its counter officer": {resolved(t), func(d *Dossier) { d.Done[2].Holder = receptionist.ID }, "I-19: s-reception approved"},
		"a code without form":             {handled(t), func(d *Dossier) { d.Code = "HS-1" }, "I-11: code"},
		"a code of another day":           {handled(t), func(d *Dossier) { d.ReceivedAt = at.AddDate(0, 0, 1) }, "does not carry the day"},
		"received at no time":             {handled(t), func(d *Dossier) { d.ReceivedAt = time.Time{} }, "I-12"},
	} {
		t.Run(name, func(t *testing.T) {
			if found := tt.of.d.Violations(); found != nil {
				t.Fatalf("before the damage: %v", found)
			}
			found := damaged(t, tt.of, tt.change).Violations()
			if !slices.ContainsFunc(found, func(f string) bool { return strings.Contains(f, tt.want) }) {
				t.Errorf("found %v, want %q", found, tt.want)
			}
		})
	}
}

// An approval under an exception is no violation, and neither is an approval
// before somebody came to handle the dossier himself.
func TestWhatIsNoViolation(t *testing.T) {
	s := damaged(t, resolved(t), func(d *Dossier) { d.Done[2].Holder, d.Result.Exception = handlerOne.ID, exceptSmallUnit })
	if found := s.Violations(); found != nil {
		t.Errorf("small unit: %v", found)
	}
	late := damaged(t, resolved(t), func(d *Dossier) {
		d.Done = append(d.Done, Task{ID: "x", Kind: TaskHandle, Holder: leaderOne.ID, Ended: process.ByDone})
	})
	if found := late.Violations(); found != nil {
		t.Errorf("handled later: %v", found)
	}
}

// What anybody may see without an account names no person.
func TestPublicView(t *testing.T) {
	s := newStage(t, monday)
	s.receive()
	v := s.d.Public(s.now)
	if v.Status != Accepted || v.Unit != "Trung tâm" || v.Next != TaskReceive || v.Waiting || v.Overdue {
		t.Errorf("received: %+v", v)
	}
	s.must(receptionist, Input{Act: Forward})
	if v = s.d.Public(s.now); v.Unit != "Sở Thử nghiệm" || len(v.Steps) != 1 || v.Steps[0].Kind != TaskReceive {
		t.Errorf("forwarded: %+v", v)
	}
	s.must(handlerOne, Input{Act: ReceiveHandover}).must(handlerOne, Input{Act: Consult, Reason: "Hỏi", Units: []string{"so-khac"}, DueOn: day("2026-11-04")})
	s.must(handlerOne, Input{Act: RequestSupplement, Reason: "Thiếu", Items: []string{"Đơn"}})
	if v = s.d.Public(day("2026-12-30").At(8 * 60)); !v.Waiting || v.Overdue || v.Next != TaskHandle {
		t.Errorf("waiting: %+v", v)
	}
	text := string(encoded(t, v))
	for _, name := range []string{handlerOne.Name, handlerOne.ID, receptionist.Name, "Nguyễn"} {
		if strings.Contains(text, name) {
			t.Errorf("the public view names %s: %s", name, text)
		}
	}
	s.must(receptionist, Input{Act: Withdraw, Reason: "Theo đơn"})
	if v = s.d.Public(s.now); v.Next != "" || v.Status != Withdrawn {
		t.Errorf("withdrawn: %+v", v)
	}
}

// The control slip judges each step by its own due day, the last by the promise.
func TestControlSlipVerdicts(t *testing.T) {
	for late, want := range map[int]civil.Punctuality{0: civil.OnTime, -1: civil.Early, 2: civil.Late} {
		s := newStage(t, monday).receive()
		due := civil.DateOf(s.d.Tasks[0].DueAt)
		s.must(receptionist, Input{Act: Forward})
		if len(s.d.ControlSlip()) != 1 || s.d.ControlSlip()[0].Judged {
			t.Errorf("before arrival: %+v", s.d.ControlSlip())
		}
		if late >= 0 {
			s.now = due.AddDays(late).At(15 * 60)
		} else {
			s.d.Handovers[0].DueAt = s.d.Handovers[0].DueAt.AddDate(0, 0, 1)
		}
		s.d.Handovers[0].GotAt = &s.now
		if row := s.d.ControlSlip()[0]; !row.Judged || row.Verdict != want {
			t.Errorf("%d days: %+v, want %v", late, row, want)
		}
	}
}

func TestStatusWords(t *testing.T) {
	if Registered.String() != "registered" || Returned.Key() != "dossier.status.returned" || Status(0).Known() || len(Statuses()) != 10 {
		t.Error("statuses")
	}
	for _, s := range []Status{NotAccepted, Withdrawn, Stopped, Returned} {
		if !s.Ended() || s.Waiting() {
			t.Errorf("%v", s)
		}
	}
	if len(Transitions()) != len(transitions) || Transitions()[0].Act != Receive {
		t.Error("transitions")
	}
}
