package dossier

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/motcua/motcua/internal/civildata"
	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/core/fee"
	"github.com/motcua/motcua/internal/core/journal"
	"github.com/motcua/motcua/internal/core/process"
)

// stage is a small theatre: one dossier, a clock, and people who act on it.
type stage struct {
	t   teller
	d   Dossier
	now time.Time
	ids int
	no  int

	graph  *process.Graph
	with   func(*Context)   // changes what the rule set or the person is
	start  func(*Beginning) // changes what is handed in
	stored []stored         // what the journal would hold
	quick  bool             // replay only when asked
}

// teller is what a stage needs of a test: of the plain ones and of those that
// draw their stories.
type teller interface {
	Helper()
	Fatal(args ...any)
	Fatalf(format string, args ...any)
	Errorf(format string, args ...any)
}

// stored is one event as the journal keeps it.
type stored struct {
	Type    string
	Version int
	At      time.Time
	Ground  string
	Payload []byte
}

var (
	receptionist = access.Actor{ID: "s-reception", Name: "Tiếp Nhận", Roles: []access.Role{access.Reception}, Unit: "ttpvhcc"}
	handlerOne   = access.Actor{ID: "s-handler", Name: "Xử Lý", Roles: []access.Role{access.Handler}, Unit: "so-thu"}
	handlerTwo   = access.Actor{ID: "s-handler-2", Name: "Xử Lý Hai", Roles: []access.Role{access.Handler}, Unit: "so-thu"}
	leaderOne    = access.Actor{ID: "s-leader", Name: "Lãnh Đạo", Roles: []access.Role{access.Leader}, Unit: "so-thu"}
	clerkOne     = access.Actor{ID: "s-clerk", Name: "Văn Thư", Roles: []access.Role{access.Clerk}, Unit: "so-thu"}
	stranger     = access.Actor{ID: "s-stranger", Name: "Người Lạ", Roles: []access.Role{access.Handler}, Unit: "so-khac"}
	strangeBoss  = access.Actor{ID: "s-boss", Name: "Lãnh Đạo Khác", Roles: []access.Role{access.Leader}, Unit: "so-khac"}
	controller   = access.Actor{ID: "s-control", Name: "Kiểm Soát", Roles: []access.Role{access.Control}, Unit: "vp-ubnd"}
	clockwork    = access.System("clock")
	directorOne  = access.Actor{ID: "s-director", Name: "Giám Đốc", Roles: []access.Role{access.Director}, Unit: "ttpvhcc"}
)

func newStage(t teller, at string) *stage {
	t.Helper()
	now, err := time.Parse(time.RFC3339, at)
	if err != nil {
		t.Fatal(err)
	}
	template, err := process.Linear("", 5*480, process.Options{})
	if err != nil {
		t.Fatal(err)
	}
	graph, err := process.Compile(template, nil)
	if err != nil {
		t.Fatal(err)
	}
	return &stage{t: t, now: now, graph: graph}
}

// drawn compiles a process of work steps and gateways; ways are written
// "from>to", "from>to!" for the default and "from>to?condition".
func drawn(t teller, guards map[string]process.Guard, steps []process.Step, ways ...string) *process.Graph {
	t.Helper()
	template := process.Template{ID: "drawn", Version: 3, Steps: append([]process.Step{{ID: "s", Kind: process.KindStart}, {ID: "e", Kind: process.KindEnd}}, steps...)}
	for i, way := range ways {
		f := process.Flow{ID: fmt.Sprintf("f%d", i+1)}
		f.From, f.To, _ = strings.Cut(way, ">")
		f.To, f.When, _ = strings.Cut(f.To, "?")
		f.To, f.Default = strings.TrimSuffix(f.To, "!"), strings.HasSuffix(f.To, "!")
		template.Flows = append(template.Flows, f)
	}
	g, err := process.Compile(template, guards)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// work is a step of an hour.
func work(id string, k process.Kind, unit, role string) process.Step {
	return process.Step{ID: id, Name: "Bước " + id, Kind: k, Unit: unit, Role: role, Share: 60}
}

// place knows the units of the theatre.
func place(unit string) (code, name string, err error) {
	switch unit {
	case process.UnitCentre:
		return "ttpvhcc", "Trung tâm", nil
	case process.UnitAgency:
		return "so-thu", "Sở Thử nghiệm", nil
	}
	return unit, "Đơn vị " + unit, nil
}

func (s *stage) context(who access.Actor) Context {
	ctx := Context{
		Now: s.now, Actor: who, Calendar: civildata.Default(), CalendarRef: "default@1", Policy: civil.Pause, ReceptionBy: 3,
		Paper: 15 * 60, Graph: s.graph, Place: place,
		NewID:    func() string { s.ids++; return fmt.Sprintf("id-%d", s.ids) },
		Seal:     func(b []byte) []byte { return append([]byte("sealed:"), b...) },
		ResultNo: func() (string, Entry) { s.no++; return fmt.Sprintf("%d/KQ", s.no), Entry{} },

		ApologyDays: 1, AnswerWithin: 10, Reminders: 1, OnArrival: true,
	}
	if s.with != nil {
		s.with(&ctx)
	}
	return ctx
}

func (s *stage) beginning() Beginning {
	b := Beginning{
		ID: "d-1", Code: func() string { return FormatCode("H36.01", civil.DateOf(s.now), 1) },
		Opening: Opening{
			Procedure: ProcedureRef{Code: "9.000001", Version: 1, Name: "Cấp giấy thử nghiệm", Field: "Thử nghiệm"},
			Unit:      "ttpvhcc", UnitName: "Trung tâm", Agency: "so-thu", AgencyName: "Sở Thử nghiệm",
			Channel: Direct, ReturnChannel: ReturnCounter, OwnerKind: "citizen", Officer: receptionist.ID, Rules: "nd118", At: s.now,
		},
		Private: Private{Owner: Party{Kind: "citizen", Name: "Nguyễn Văn Thử", PersonalID: "999000000001"}},
		Papers:  []Paper{{ID: "p1", Name: "Đơn", Originals: 1}}, Required: []string{"p1"}, Sets: 1,
		Limit: civil.Limit{Value: 5, Unit: civil.WorkingDays},
		Fees:  []fee.Line{{ID: "f1", Name: "Lệ phí", Amount: 50_000}},
	}
	if s.start != nil {
		s.start(&b)
	}
	return b
}

// keep stores an event as the journal would: encoded, then applied.
func (s *stage) keep(e Event) {
	s.t.Helper()
	body, err := journal.Encode(e.Payload)
	if err != nil {
		s.t.Fatal(err)
	}
	d, err := Apply(s.d, "d-1", e.Type, e.Version, s.d.Version+1, s.now, body)
	if err != nil {
		s.t.Fatal(err)
	}
	if v := d.Violations(); len(v) > 0 {
		s.t.Fatalf("after %s: %v", e.Type, v)
	}
	s.d = d
	s.stored = append(s.stored, stored{e.Type, e.Version, s.now, e.Ground, body})
	if !s.quick {
		s.replay()
	}
}

// replay folds the stored events from nothing: the dossier must be the same, and
// its stored state must read back as itself.
func (s *stage) replay() {
	s.t.Helper()
	var d Dossier
	for i, e := range s.stored {
		var err error
		if d, err = Apply(d, "d-1", e.Type, e.Version, int64(i+1), e.At, e.Payload); err != nil {
			s.t.Fatalf("replay: %v", err)
		}
	}
	var back Dossier
	state := encoded(s.t, s.d)
	if err := json.Unmarshal(state, &back); err != nil {
		s.t.Fatal(err)
	}
	if diff := cmp.Diff(string(state), string(encoded(s.t, d))); diff != "" {
		s.t.Fatalf("replayed (-now +replay):\n%s", diff)
	}
	if diff := cmp.Diff(string(state), string(encoded(s.t, back))); diff != "" {
		s.t.Fatalf("read back (-now +stored):\n%s", diff)
	}
	s.d = back // go on from the stored state, as the store does
}

func encoded(t teller, v any) []byte {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func (s *stage) receive() *stage { return s.begin(Receive, Input{}) }

func (s *stage) begin(act Act, in Input) *stage {
	s.t.Helper()
	b := s.beginning()
	if act != Receive {
		b.Ref = "DK-261102-0001"
	}
	in.Act = act
	e, err := Begin(s.context(receptionist), act, b, in)
	if err != nil {
		s.t.Fatal(err)
	}
	s.keep(e)
	return s
}

// accept receives a dossier that was registered or guided before.
func (s *stage) accept() (Event, error) {
	b := s.beginning()
	return AcceptRegistered(s.d, s.context(receptionist), Input{Version: s.d.Version}, AcceptInput{
		Code: b.Code, At: s.now, Papers: b.Papers, Required: b.Required, Limit: b.Limit, Fees: b.Fees,
	})
}

func (s *stage) try(who access.Actor, in Input) error {
	s.t.Helper()
	if in.Version == 0 {
		in.Version = s.d.Version
	}
	e, err := Decide(s.d, s.context(who), in)
	if err != nil {
		return err
	}
	s.keep(e)
	return nil
}

func (s *stage) must(who access.Actor, in Input) *stage {
	s.t.Helper()
	if err := s.try(who, in); err != nil {
		s.t.Fatalf("%s by %s: %v", in.Act, who.Name, err)
	}
	s.now = s.now.Add(10 * time.Minute)
	return s
}

func (s *stage) refused(who access.Actor, in Input, key string) *stage {
	s.t.Helper()
	err := s.try(who, in)
	if !fault.Is(err, key) {
		s.t.Errorf("%s by %s: error = %v, want %s", in.Act, who.Name, err, key)
	}
	return s
}

// issued brings a received dossier to the point where the result is issued.
func (s *stage) issued() *stage {
	s.t.Helper()
	return s.must(receptionist, Input{Act: Forward}).
		must(handlerOne, Input{Act: ReceiveHandover}).
		must(handlerOne, Input{Act: Claim}).
		must(handlerOne, Input{Act: Propose, Outcome: OutcomeApprove}).
		must(leaderOne, Input{Act: Approve}).
		must(clerkOne, Input{Act: Number}).
		must(leaderOne, Input{Act: Sign}).
		must(clerkOne, Input{Act: IssueResult, Files: []File{{Hash: "aa", Name: "ket-qua.pdf"}}})
}

const monday = "2026-11-02T08:00:00+07:00"

// full is an input that satisfies the needs of any act.
func full(act Act, version int64) Input {
	in := Input{
		Act: act, Version: version, Reason: "Lý do", LegalGround: "Căn cứ", Document: "01/QĐ", Staff: "s-9", Items: []string{"p1"}, Leader: "Lãnh Đạo",
		Files: []File{{Hash: "aa"}}, Paper: "p1", Receipt: "0000001", Receiver: "Người Nhận", Checked: "Căn cước", Sets: 2,
		DueOn: day("2026-11-27"), Units: []string{"so-ba"}, Step: "handle",
		Verified: &Verification{Where: "Tại chỗ", Participants: []string{"Người dân"}, Content: "Khớp"},
	}
	switch act {
	case Answer:
		in.Outcome = OutcomeAgree
	case Stamp:
		in.Signed = &File{Hash: "s2"}
	case CollectFee:
		in.LegalGround = ""
	case SendBack:
		in.Step = ""
	}
	return in
}
