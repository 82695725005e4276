package verify

import (
	"fmt"
	"testing"
	"time"

	"github.com/motcua/motcua/internal/civildata"
	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/dossier"
	"github.com/motcua/motcua/internal/core/fee"
	"github.com/motcua/motcua/internal/core/journal"
	"github.com/motcua/motcua/internal/core/process"
	"github.com/motcua/motcua/internal/store"
	"github.com/motcua/motcua/internal/store/storetest"
)

// secret is an identity number that the history below seals.
const secret = "999085001234"

// people of the history.
var (
	counter = access.Actor{ID: "staff-1", Name: "Nguyễn Văn An", Roles: []access.Role{access.Reception}, Unit: "tt"}
	handler = access.Actor{ID: "staff-2", Name: "Trần Thị Bình", Roles: []access.Role{access.Handler}, Unit: "so"}
	leader  = access.Actor{ID: "staff-3", Name: "Lê Văn Chính", Roles: []access.Role{access.Leader}, Unit: "so"}
	clerk   = access.Actor{ID: "staff-4", Name: "Phạm Thị Dung", Roles: []access.Role{access.Clerk}, Unit: "so"}
)

// began is when the history begins; closed is after its end.
var (
	began  = time.Date(2026, 11, 23, 9, 0, 0, 0, time.FixedZone("+07:00", 7*3600))
	closed = began.AddDate(0, 0, 2)
)

// writer makes a history by the rules of the core, with no use case in between.
type writer struct {
	t     *testing.T
	s     *store.Store
	now   time.Time
	graph *process.Graph
}

// history writes four dossiers: the first is returned, the second waits for its
// applicant at the counter, two are handled; of the last papers were asked twice.
func history(t *testing.T, address string) {
	t.Helper()
	w := &writer{t: t, now: began}
	clock := func() time.Time { return w.now }
	s, err := store.Open(t.Context(), address, store.Options{Migrate: true, Ring: storetest.Ring(t), Clock: clock, Wall: clock})
	if err != nil {
		t.Fatal(err)
	}
	template, err := process.Linear("", 5*480, process.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if w.graph, err = process.Compile(template, nil); err != nil {
		t.Fatal(err)
	}
	w.s = s
	file := []dossier.File{{Hash: "0a", Name: "ket-qua.pdf", Type: "application/pdf", Size: 1}}
	for i := range 4 {
		id := fmt.Sprintf("d%d", i)
		w.receive(id, i)
		w.act(id, counter, dossier.Input{Act: dossier.Forward})
		w.act(id, handler, dossier.Input{Act: dossier.ReceiveHandover})
		w.act(id, handler, dossier.Input{Act: dossier.Claim})
		if i == 3 {
			for range 2 {
				w.act(id, handler, dossier.Input{Act: dossier.RequestSupplement, Reason: "Thiếu", Items: []string{"p1"}, Leader: "Lê Văn Chính", LegalGround: "Luật Đất đai, Điều 1"})
				w.act(id, counter, dossier.Input{Act: dossier.Supply})
			}
		}
		if i > 1 {
			continue
		}
		w.act(id, counter, dossier.Input{Act: dossier.CollectFee, Receipt: fmt.Sprint("BL-", i), Method: "cash"})
		w.act(id, handler, dossier.Input{Act: dossier.Propose, Outcome: dossier.OutcomeApprove})
		w.act(id, leader, dossier.Input{Act: dossier.Approve})
		w.act(id, clerk, dossier.Input{Act: dossier.Number})
		w.act(id, leader, dossier.Input{Act: dossier.Sign})
		w.act(id, clerk, dossier.Input{Act: dossier.IssueResult, Files: file})
		w.act(id, clerk, dossier.Input{Act: dossier.HandOver})
		w.act(id, counter, dossier.Input{Act: dossier.ReceiveHandover})
		if i == 0 {
			w.act(id, counter, dossier.Input{Act: dossier.Return, Receiver: "Nguyễn Văn Thử", Checked: "Căn cước"})
		}
	}
	if err := s.LogAccess(t.Context(), store.Access{Principal: "staff-1", Subject: "d0", What: "owner", Purpose: "handle"}); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

func (w *writer) context(v *store.View, who access.Actor, id string) dossier.Context {
	book := store.Series{Kind: "result", Key: "so|2026"}
	return dossier.Context{
		Now: v.Now(), Actor: who, Calendar: civildata.Default(), CalendarRef: "default@1", Graph: w.graph, NewID: v.NewID,
		Place: func(unit string) (string, string, error) {
			if unit == process.UnitCentre {
				return "tt", "Trung tâm", nil
			}
			return "so", "Sở", nil
		},
		Policy: civil.Pause, ReceptionBy: 3, AnswerWithin: 30, Reminders: 2, ApologyDays: 1, Paper: 15 * 60,
		Seal:   func(plain []byte) []byte { return v.Seal(id, "dossier", plain) },
		Unseal: func(sealed []byte) ([]byte, error) { return v.Unseal(id, "dossier", sealed) },
		ResultNo: func() (string, dossier.Entry) {
			e := dossier.Entry{Unit: "so", Book: "*", Year: 2026, No: v.Number(book), At: v.Now()}
			return fmt.Sprintf("%d/KQ", e.No), e
		},
	}
}

func (w *writer) do(id string, who access.Actor, series store.Series, fn func(v *store.View) (dossier.Event, error)) {
	w.t.Helper()
	w.now = w.now.Add(5 * time.Minute)
	root := store.DossierRoot(id)
	write := store.Write{Actor: journal.Actor{Principal: who.ID, Name: who.Name, Role: string(who.Roles[0]), Unit: who.Unit}, Roots: []store.Root{root}, Series: []store.Series{series}}
	_, err := store.Do(w.t.Context(), w.s, write, func(v *store.View) (int, error) {
		ev, err := fn(v)
		if err != nil {
			return 0, err
		}
		_, err = store.Record[dossier.Dossier](v, root, ev.Type, ev.Version, ev.Ground, ev.Payload)
		return 0, err
	})
	if err != nil {
		w.t.Fatalf("%s: %v", id, err)
	}
}

func (w *writer) receive(id string, n int) {
	w.t.Helper()
	day := civil.DateOf(w.now)
	series := store.Series{Kind: "dossier-code", Key: "H36.01|" + day.String()}
	w.do(id, counter, series, func(v *store.View) (dossier.Event, error) {
		v.Index(id, "name", "nguyen van thu")
		v.Enqueue(store.Outbox{Kind: "notice", Key: id, Payload: []byte(`{}`)})
		return dossier.Begin(w.context(v, counter, id), dossier.Receive, dossier.Beginning{
			ID: id, Code: func() string { return dossier.FormatCode("H36.01", day, v.Number(series)) },
			Opening: dossier.Opening{
				Procedure: dossier.ProcedureRef{Code: "9.000001", Version: 1, Name: "Thử", Field: "Thử"}, Unit: "tt", UnitName: "Trung tâm", Agency: "so", AgencyName: "Sở",
				Channel: dossier.Direct, ReturnChannel: dossier.ReturnCounter, OwnerKind: "citizen", Officer: counter.ID, Rules: "nd118", At: v.Now(),
			},
			Private: dossier.Private{Owner: dossier.Party{Kind: "citizen", Name: "Nguyễn Văn Thử", PersonalID: secret}},
			Papers:  []dossier.Paper{{ID: "p1", Name: "Đơn", Originals: 1}}, Sets: 1, Limit: civil.Limit{Value: 5, Unit: civil.WorkingDays},
			Fees: []fee.Line{{ID: "f1", Name: "Lệ phí", Amount: 50_000}},
		}, dossier.Input{Act: dossier.Receive})
	})
}

func (w *writer) act(id string, who access.Actor, in dossier.Input) {
	w.t.Helper()
	w.do(id, who, store.Series{Kind: "result", Key: "so|2026"}, func(v *store.View) (dossier.Event, error) {
		d, _ := store.Load[dossier.Dossier](v, store.DossierRoot(id))
		in.Version = d.Version
		return dossier.Decide(d, w.context(v, who, id), in)
	})
}

// eachEngine runs fn on a fresh history on each engine.
func eachEngine(t *testing.T, fn func(t *testing.T, address string)) {
	storetest.EachURL(t, func(t *testing.T, address string) {
		history(t, address)
		fn(t, address)
	})
}

// program is what the program's own check says.
func program(t *testing.T, address string) []store.Invariant {
	t.Helper()
	clock := func() time.Time { return closed }
	s, err := store.Open(t.Context(), address, store.Options{Ring: storetest.Ring(t), Clock: clock, Wall: clock})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	found, err := s.Verify(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return found
}
