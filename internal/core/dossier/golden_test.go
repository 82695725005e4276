package dossier

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/journal"
	"github.com/motcua/motcua/internal/core/process"
)

var update = flag.Bool("update", false, "write golden files and docs/states.md anew")

// golden is one stored event with the dossier before and after it. A file is
// never written anew once a release has stored such events: a changed shape gets
// a new version, and a file of its own.
type golden struct {
	Before  json.RawMessage `json:"before"`
	At      time.Time       `json:"at"`
	Ground  string          `json:"ground"`
	Payload json.RawMessage `json:"payload"` // as stored, byte for byte
	After   json.RawMessage `json:"after"`
}

// every plays one story after the other until each event type has happened.
func every(t *testing.T) []*stage {
	var all []*stage
	for _, s := range scenes(t) {
		all = append(all, s)
	}
	slices.SortFunc(all, func(a, b *stage) int {
		if n := len(a.stored) - len(b.stored); n != 0 {
			return n
		}
		return strings.Compare(string(encoded(t, a.stored)), string(encoded(t, b.stored)))
	})
	more := func(s *stage) *stage {
		again := *s
		again.stored = slices.Clone(s.stored)
		all = append(all, &again)
		return &again
	}
	s := more(handled(t))
	s.must(handlerOne, full(VerifyRecord, 0)).must(handlerOne, full(Consult, 0)).must(handlerOne, Input{Act: Undo, Reason: "Nhầm"})
	s.must(handlerOne, Input{Act: Consult, Reason: "Hỏi", Units: []string{"so-khac", "so-ba"}, DueOn: day("2026-11-04"), StopClock: true, LegalGround: "Luật Thử"})
	s.must(stranger, Input{Act: Answer, Outcome: OutcomeAgree, Reason: "Đồng ý"})
	s.now = day("2026-11-05").At(8 * 60)
	s.must(clockwork, Input{Act: NoteSilence}).must(handlerOne, full(AttachPaper, 0)).must(receptionist, full(Correct, 0)).must(receptionist, full(ExemptFee, 0)).
		must(leaderOne, Input{Act: Apologise, Reason: "Chậm", DueOn: day("2026-11-20")})
	s.must(controller, Input{Act: Repair, Reason: "Kẹt", Step: "receive"}).must(directorOne, Input{Act: DeclineRepair, Reason: "Không"}).
		must(controller, Input{Act: Repair, Reason: "Kẹt", Step: "handle"}).must(directorOne, Input{Act: ConfirmRepair, Reason: "Được"})
	dl := s.d.Deadline
	dl.DueOn, dl.DueAt, dl.Calendar = dl.DueOn.AddDays(1), dl.DueAt.AddDate(0, 0, 1), "default@2"
	s.keep(Event{Type: evDueRecomputed, Version: typeVersion, Ground: "Công điện 1", Payload: Change{By: "system:calendar", Deadline: &dl, Document: "Công điện 1"}})
	s = more(handled(t))
	s.must(handlerOne, full(Propose, 0)).must(leaderOne, full(Refuse, 0))
	more(documented(t)).must(clerkOne, Input{Act: Stamp, Signed: &File{Hash: "s2"}})
	s = more(newStage(t, monday))
	s.start = func(b *Beginning) { b.Late = &LateEntry{Slip: "BN-1", By: "Tiếp Nhận"} }
	s.receive().must(directorOne, full(ReceiveLate, 0)).must(receptionist, Input{Act: Forward}).must(leaderOne, Input{Act: Assign, Staff: "s-9", StaffName: "Cán Bộ Chín"})
	s = more(newStage(t, monday))
	s.graph = timed(t)
	s.receive()
	s.now = s.d.Timers[0].At
	s.must(clockwork, Input{Act: Elapse, Task: s.d.Timers[0].On, Step: s.d.Timers[0].Step})
	s = more(handled(t))
	s.must(handlerOne, full(RequestSupplement, 0)).must(clockwork, Input{Act: Remind})
	s.now = s.now.AddDate(0, 0, 40)
	t2 := more(s)
	s.must(clockwork, Input{Act: ExpireSupplement}).must(leaderOne, full(Resume, 0))
	t2.must(handlerOne, full(LapseSupplement, 0))
	s = more(handled(t))
	s.must(handlerOne, full(RequestSupplement, 0)).must(receptionist, full(Supply, 0)).must(handlerOne, full(Oblige, 0))
	s.with = func(ctx *Context) { ctx.Second = &civil.Limit{Value: 3, Unit: civil.WorkingDays} }
	s.must(receptionist, Input{Act: Fulfil, Document: "BL 1", Second: true})
	s = more(newStage(t, monday))
	s.begin(Register, Input{})
	e, err := s.accept()
	if err != nil {
		t.Fatal(err)
	}
	s.keep(e)
	s = more(handled(t))
	s.graph = drawn(t, nil, []process.Step{
		work("receive", process.KindReceive, process.UnitCentre, "reception"), work("examine", process.KindHandle, process.UnitAgency, "handler"),
		work("ask", process.KindConsult, "so-khac", "handler"), work("approve", process.KindApprove, process.UnitAgency, "leader"),
		work("issue", process.KindIssue, process.UnitAgency, "clerk"), work("return", process.KindReturn, process.UnitCentre, "reception"),
	}, "s>receive", "receive>examine", "examine>ask", "ask>approve", "approve>issue", "issue>return", "return>e")
	if e, err = Migrate(s.d, s.context(controller), Migration{Names: map[string]string{"handle": "examine"}, Document: "QĐ 1", Reason: "Quy trình mới"}); err != nil {
		t.Fatal(err)
	}
	s.keep(e)
	s = more(handled(t))
	e, _ = Succeed(s.d, s.context(controller), merged("thay-doi-1"))
	s.keep(e)
	if e, err = Recede(s.d, s.context(controller), "thay-doi-1"); err != nil {
		t.Fatal(err)
	}
	s.keep(e)
	s = more(newStage(t, monday))
	s.start = func(b *Beginning) { b.Opening.PreviousSystem = "import" }
	s.receive()
	if e, err = CarryOver(s.d, s.context(importer), Carrying{Status: Processing, Step: "approve", Holder: "s-5", HolderName: "Lãnh Đạo"}); err != nil {
		t.Fatal(err)
	}
	s.keep(e)
	return all
}

// The bytes of every event type and version are kept: this release must read
// what an earlier one stored, and must still write the same.
func TestGoldenEvents(t *testing.T) {
	if *update {
		writeGolden(t)
	}
	for _, name := range EventTypes() {
		t.Run(name, func(t *testing.T) {
			data, err := os.ReadFile(goldenFile(name))
			if err != nil {
				t.Fatalf("no stored event: %v", err)
			}
			var g golden
			if err := json.Unmarshal(data, &g); err != nil {
				t.Fatal(err)
			}
			var before Dossier
			if err := json.Unmarshal(g.Before, &before); err != nil {
				t.Fatal(err)
			}
			after, err := Apply(before, "d-1", name, typeVersion, before.Version+1, g.At, g.Payload)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(compact(t, g.After), string(encoded(t, after))); diff != "" {
				t.Errorf("dossier after the stored event (-then +now):\n%s", diff)
			}
			c, err := journal.Decode[Change](journal.Event{Payload: g.Payload})
			if err != nil {
				t.Fatalf("a stored field is unknown: %v", err)
			}
			again, err := journal.Encode(c)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(compact(t, g.Payload), string(again)); diff != "" {
				t.Errorf("bytes of the event (-stored +written now):\n%s", diff)
			}
		})
	}
}

func goldenFile(event string) string {
	return filepath.Join("testdata", "events", event+".v1.json")
}

func writeGolden(t *testing.T) {
	t.Helper()
	written := map[string]bool{}
	for _, s := range every(t) {
		var d Dossier
		for i, e := range s.stored {
			after, err := Apply(d, "d-1", e.Type, e.Version, int64(i+1), e.At, e.Payload)
			if err != nil {
				t.Fatal(err)
			}
			if !written[e.Type] {
				g := golden{Before: encoded(t, d), At: e.At, Ground: e.Ground, Payload: e.Payload, After: encoded(t, after)}
				var b bytes.Buffer
				enc := json.NewEncoder(&b)
				enc.SetEscapeHTML(false)
				enc.SetIndent("", " ")
				if err := enc.Encode(g); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(goldenFile(e.Type), b.Bytes(), 0o644); err != nil {
					t.Fatal(err)
				}
				written[e.Type] = true
			}
			d = after
		}
	}
}

// compact takes the file's own layout off.
func compact(t *testing.T, raw json.RawMessage) string {
	t.Helper()
	b, err := journal.Encode(raw)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// Damaged history stops; nothing is guessed.
func TestApplyStopsAtWhatItDoesNotKnow(t *testing.T) {
	for name, tt := range map[string]struct {
		event   string
		version int
		payload string
	}{
		"a version of a later release": {evReceived, typeVersion + 1, `{}`},
		"version 0":                    {evReceived, 0, `{}`},
		"an event of a later release":  {"dossier.danced", typeVersion, `{}`},
		"no JSON":                      {evReceived, typeVersion, `{`},
		"a task that is not open":      {evProposed, typeVersion, `{"effects":[{"type":"` + string(process.TaskClosed) + `","id":"t-9"}]}`},
	} {
		if _, err := Apply(Dossier{}, "d", tt.event, tt.version, 1, time.Time{}, []byte(tt.payload)); err == nil {
			t.Errorf("%s was applied", name)
		}
	}
}
