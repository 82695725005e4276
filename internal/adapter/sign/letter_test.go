package sign

import (
	"bytes"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/app/apptest"
	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/dossier"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/core/notice"
	"github.com/motcua/motcua/internal/core/ruleset"
)

// newestMessage is the newest message of the dossier in the outbox.
func (s *desk) newestMessage() app.OutboxRow {
	s.t.Helper()
	page, err := s.Outbox(s.t.Context(), s.counter, app.OutboxQuery{})
	if err != nil {
		s.t.Fatal(err)
	}
	i := slices.IndexFunc(page.Rows, func(r app.OutboxRow) bool { return r.Code == s.code })
	if i < 0 {
		s.t.Fatalf("no message about %s", s.code)
	}
	return page.Rows[i]
}

func readAll(t testing.TB, f app.StoredFile, err error) []byte {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	defer f.Body.Close()
	raw, err := io.ReadAll(f.Body)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// The apology that the agency's head signs is a signed file from that moment on:
// in the dossier, in the outbox, with the message that leaves, and on the
// applicant's tracking page. pdfsig agrees.
func TestApologyIsSignedAndSent(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		ctx := t.Context()
		s := begun(t, w)
		w.Clock.Set(s.d.Deadline.DueOn.AddDays(7).At(9 * 60))
		newDay := nextWorking(w.Clock.Now())
		var err error
		if s.d, err = w.SignApology(ctx, s.chief, app.ApologyForm{Code: s.code, Version: s.d.Version, NewDay: newDay, Reason: "Chờ số liệu đo đạc", Document: "12/PXL-STC"}); err != nil {
			t.Fatal(err)
		}
		letters := s.d.Letters()
		if len(letters) != 1 || letters[0].Form != ruleset.Apology || letters[0].Signed.Signer != s.chief.Name || letters[0].Signed.Seal || letters[0].Signed.Authority != "KT. GIÁM ĐỐC" {
			t.Fatalf("letters %+v, want the apology signed by its leader", letters)
		}
		m := s.newestMessage()
		if m.Matter != notice.Apology || len(m.Files) != 1 || !m.CanOpen || m.Files[0].Hash != letters[0].Signed.File.Hash || m.Files[0].Form != ruleset.Apology {
			t.Fatalf("message %+v, want the apology with its file", m)
		}
		f, err := w.MessageFile(ctx, s.counter, m.ID, m.Files[0].Hash)
		pdf := readAll(t, f, err)
		pdfsig(t, pdf, 1)
		text := strings.Join(strings.Fields(apptest.PDFText(t, pdf)), " ")
		for _, want := range []string{"Số: 12/PXL-STC", s.code, "Chờ số liệu đo đạc", "KT. GIÁM ĐỐC", "Người ký: " + s.chief.Name} {
			if !strings.Contains(text, want) {
				t.Errorf("the letter does not say %q: %s", want, text)
			}
		}
		w.Drain(t)
		arrived := w.Mail.Arrived()
		if last := arrived[len(arrived)-1]; len(last.Files) != 1 || !bytes.Equal(last.Files[0].Data, pdf) || !strings.Contains(last.Text, "https://motcua.example/tra-cuu?ma="+s.code) {
			t.Errorf("arrived %q with %d files, want the same letter and where to read it", last.Text, len(last.Files))
		}
		slip, err := w.Slip(ctx, s.counter, s.code, "apology")
		if err != nil || !bytes.Equal(slip.PDF, pdf) {
			t.Errorf("the slip of the dossier is another file: %v", err)
		}
		s.openedByTheApplicant(letters[0].Signed.File.Hash, pdf)
		control, _ := w.Person(string(access.Control))
		if _, err := w.MessageFile(ctx, control, m.ID, m.Files[0].Hash); fault.KindOf(err) != fault.Forbidden {
			t.Errorf("control opens a letter with an address: %v", err)
		}
		if _, err := w.File(ctx, control, s.code, m.Files[0].Hash); fault.KindOf(err) != fault.Forbidden {
			t.Errorf("control opens it as a file of the dossier: %v", err)
		}
		if _, err := w.MessageFile(ctx, s.counter, m.ID, strings.Repeat("0", 64)); fault.KindOf(err) != fault.NotFound {
			t.Errorf("a file that does not go with the message: %v", err)
		}
	}, signing(t))
}

// openedByTheApplicant opens a letter with code and secret, and with neither.
func (s *desk) openedByTheApplicant(hash string, pdf []byte) {
	s.t.Helper()
	ctx, secret := s.t.Context(), s.secret
	v, err := s.Track(ctx, s.code, secret)
	if err != nil || len(v.Letters) != 1 || v.Letters[0].Hash != hash || v.Letters[0].Name == "" {
		s.t.Fatalf("tracking shows %+v, %v", v.Letters, err)
	}
	f, err := s.TrackFile(ctx, s.code, secret, hash)
	if got := readAll(s.t, f, err); !bytes.Equal(got, pdf) {
		s.t.Error("the applicant gets another file")
	}
	for _, wrong := range [][3]string{{s.code, "AAAAAAAA", hash}, {s.code, secret, strings.Repeat("0", 64)}, {"H36.01-261123-8888", secret, hash}, {s.code, "", hash}} {
		if _, err := s.TrackFile(ctx, wrong[0], wrong[1], wrong[2]); !fault.Is(err, "track.not_found") {
			s.t.Errorf("TrackFile(%v) = %v", wrong, err)
		}
	}
}

// nextWorking is a working day some days ahead.
func nextWorking(now time.Time) civil.Date {
	day := civil.DateOf(now).AddDays(7)
	for day.Weekday() == time.Saturday || day.Weekday() == time.Sunday {
		day = day.AddDays(1)
	}
	return day
}

// Whoever acts signs what the applicant is asked, refused or told: a leader in
// person, an officer without a key of his own with his unit's seal.
func TestNoticesAreSigned(t *testing.T) {
	w := apptest.SQLite(t, signing(t))
	for _, tt := range []struct {
		name   string
		act    func(s *desk)
		form   string
		matter notice.Matter
		seal   bool
	}{
		{"asked at examination", func(s *desk) {
			s.act(s.handler, app.ActInput{Input: dossier.Input{Act: dossier.RequestSupplement, Reason: "Thiếu bản vẽ", Items: []string{"Bản vẽ"}}})
		}, ruleset.SupplementRequest, notice.SupplementBy, true},
		{"stopped by the leader", func(s *desk) {
			s.act(s.chief, app.ActInput{Input: dossier.Input{Act: dossier.Stop, Reason: "Hai bên đang tranh chấp", LegalGround: "Luật Thử Điều 3"}})
		}, ruleset.StopNotice, notice.HandlingStopped, false},
		{"refused by the leader", func(s *desk) {
			s.act(s.handler, app.ActInput{Input: dossier.Input{Act: dossier.Propose, Outcome: dossier.OutcomeRefuse, Reason: "Không đủ điều kiện"}})
			s.act(s.chief, app.ActInput{Input: dossier.Input{Act: dossier.Refuse, Reason: "Không đủ điều kiện", LegalGround: "Luật Thử Điều 4"}})
		}, ruleset.Refusal, "", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := begun(t, w)
			tt.act(s)
			p, ok := s.d.Printed(tt.form)
			if !ok || p.Signed == nil || p.Signed.Seal != tt.seal {
				t.Fatalf("printed %+v, want a signed %s, by seal: %v", p, tt.form, tt.seal)
			}
			slip, err := w.Slip(t.Context(), s.counter, s.code, tt.form)
			if err != nil {
				t.Fatal(err)
			}
			pdfsig(t, slip.PDF, 1)
			if tt.matter == "" {
				return // it goes out with the result
			}
			if m := s.newestMessage(); m.Matter != tt.matter || len(m.Files) != 1 || m.Files[0].Hash != p.Signed.File.Hash {
				t.Errorf("message %+v, want %s with the signed slip", m, tt.matter)
			}
		})
	}
}

// Where nobody has a key, an apology does not wait for one: the slip is printed and
// signed by hand, and nothing says that it was signed.
func TestApologyWithoutAKey(t *testing.T) {
	w := apptest.SQLite(t)
	s := begun(t, w)
	day := nextWorking(s.d.Deadline.DueAt)
	s.act(s.chief, app.ActInput{Input: dossier.Input{Act: dossier.Apologise, Reason: "Chờ số liệu", DueOn: day}})
	if p, ok := s.d.Printed(ruleset.Apology); !ok || p.Signed != nil {
		t.Errorf("printed %+v", p)
	}
	if m := s.newestMessage(); m.Matter != notice.Apology || len(m.Files) != 0 {
		t.Errorf("message %+v", m)
	}
	slip, err := w.Slip(t.Context(), s.chief, s.code, "apology")
	if err != nil || strings.Contains(apptest.PDFText(t, slip.PDF), "Người ký") {
		t.Errorf("the paper says that it was signed, %v", err)
	}
}
