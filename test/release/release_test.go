package release

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/app/apptest"
	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/dossier"
	"github.com/motcua/motcua/internal/store"
	"github.com/motcua/motcua/internal/store/storetest"
	"github.com/motcua/motcua/test/verify"
)

// promise is what a release told the applicant of a dossier.
type promise struct {
	Code   string         `json:"code"`
	Secret string         `json:"secret"`
	DueOn  string         `json:"dueOn"`
	Status dossier.Status `json:"status"`
}

// Every earlier release's database opens here: migrated, verified by both
// checkers, with its promises kept, its persons readable and its open dossiers
// carried on.
func TestEarlierReleasesOpen(t *testing.T) {
	files, err := filepath.Glob("testdata/*.motcua")
	if err != nil || len(files) == 0 {
		t.Fatalf("no earlier release in testdata: %v", err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".motcua")
		t.Run(name, func(t *testing.T) {
			url := "sqlite:" + filepath.Join(t.TempDir(), "centre.db")
			if strings.HasSuffix(name, ".postgres") {
				url = storetest.PostgresEmpty(t)
			}
			opened(t, file, url, promises(t, strings.TrimSuffix(file, ".motcua")+".json"))
		})
	}
}

func opened(t *testing.T, file, url string, promised []promise) {
	restored := restore(t, file, url)
	w := apptest.Open(t, url)
	w.Clock.Add(24 * time.Hour) // the day after
	for name, text := range restored {
		if err := w.Blobs.Adopt(t.Context(), name, bytes.NewReader(text)); err != nil {
			t.Fatal(err)
		}
	}
	storetest.Verify(t, w.Store())
	var now []promise
	for _, p := range promised {
		seen, err := w.Track(t.Context(), p.Code, p.Secret)
		if err != nil {
			t.Fatalf("track %s: %v", p.Code, err)
		}
		d := lookAt(t, w, p.Code)
		now = append(now, promise{p.Code, p.Secret, d.Deadline.DueOn.String(), seen.Status})
	}
	if diff := cmp.Diff(promised, now); diff != "" {
		t.Errorf("promises (-of the release +today):\n%s", diff)
	}
	s := &story{t: t, w: w, counter: w.People(w.Centre().Code, string(access.Reception))[0]}
	for _, p := range promised {
		if p.Status == dossier.Accepted {
			s.Dossier = lookAt(t, w, p.Code)
			s.handled()
			s.resolved()
			s.returned()
		}
	}
	s.receive("999190000041") // the numbers go on without a gap
	storetest.Verify(t, w.Store())
	verify.Database(t, url, verify.Options{})
}

// lookAt reads a dossier with its sealed persons.
func lookAt(t *testing.T, w *apptest.World, code string) dossier.Dossier {
	t.Helper()
	counter := w.People(w.Centre().Code, string(access.Reception))[0]
	v, err := w.Dossier(t.Context(), counter, code)
	if err != nil || v.Owner.Name != owner {
		t.Fatalf("%s: owner %q, %v", code, v.Owner.Name, err)
	}
	if slip, err := w.Slip(t.Context(), counter, code, "receipt"); err != nil || !bytes.HasPrefix(slip.PDF, []byte("%PDF")) {
		t.Errorf("%s: the receipt is printed again as %d bytes, %v", code, len(slip.PDF), err)
	}
	return v.Dossier
}

// restore reads a backup into the empty place at url, bringing it to this
// release, and returns its files.
func restore(t *testing.T, file, url string) map[string][]byte {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	files := map[string][]byte{}
	_, err = store.Restore(t.Context(), url, store.Options{}, f, func(name string, r io.Reader) error {
		text, err := io.ReadAll(r)
		files[path.Base(name)] = text
		return err
	})
	if err != nil {
		t.Fatalf("restore %s: %v", file, err)
	}
	return files
}

func promises(t *testing.T, file string) []promise {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var list []promise
	if err := json.Unmarshal(text, &list); err != nil {
		t.Fatal(err)
	}
	return list
}

// owner is the applicant of every dossier.
const owner = "Nguyễn Thị Thử Nghiệm"

// story is one dossier in the hands of a centre's people.
type story struct {
	t       *testing.T
	w       *apptest.World
	counter access.Actor
	dossier.Dossier
}

// receive takes a dossier in and returns its tracking secret.
func (s *story) receive(id string) string {
	s.t.Helper()
	all, err := s.w.ReceivableBy()
	if err != nil {
		s.t.Fatal(err)
	}
	for _, p := range all {
		c := p.Cases[0]
		if p.Unit != s.w.Centre().Code || c.Limit == nil || c.Limit.Unit != "ngay_lam_viec" || c.Limit.Value < 5 {
			continue
		}
		f := app.ReceptionForm{
			Procedure: p.Code, Case: c.ID, Channel: dossier.Direct, ReturnChannel: dossier.ReturnCounter, Sets: 1, Confirmed: true,
			Owner: app.PartyForm{Kind: "citizen", Name: owner, PersonalID: id, Phone: "0000123456", Address: "12 Trần Phú, Đà Lạt"},
		}
		for _, x := range p.PapersOf(c) {
			f.Papers = append(f.Papers, app.PaperForm{ID: x.ID, Originals: max(x.Originals, 1), Copies: x.Copies})
		}
		got, err := s.w.ReceiveDossier(s.t.Context(), s.counter, f)
		if err != nil {
			s.t.Fatal(err)
		}
		s.Dossier = got.Dossier
		return got.Secret
	}
	s.t.Fatal("no procedure to receive")
	return ""
}

func (s *story) act(who access.Actor, in dossier.Input, files ...string) {
	s.t.Helper()
	in.Version = s.Version
	d, err := s.w.Act(s.t.Context(), who, app.ActInput{Code: s.Name(), Input: in, FileRefs: files})
	if err != nil {
		s.t.Fatalf("%s %s: %v", in.Act, s.Name(), err)
	}
	s.Dossier = d
}

func (s *story) of(role access.Role) access.Actor {
	s.t.Helper()
	return s.w.People(s.Agency, string(role))[0]
}

func (s *story) handled() {
	s.t.Helper()
	s.act(s.counter, dossier.Input{Act: dossier.Forward})
	s.act(s.of(access.Handler), dossier.Input{Act: dossier.ReceiveHandover})
	s.act(s.of(access.Handler), dossier.Input{Act: dossier.Claim})
}

func (s *story) resolved() {
	s.t.Helper()
	clerk := s.of(access.Clerk)
	staged, err := s.w.Stage(s.t.Context(), clerk, "ket-qua.pdf", strings.NewReader(smallPDF))
	if err != nil {
		s.t.Fatal(err)
	}
	s.act(s.of(access.Handler), dossier.Input{Act: dossier.Propose, Outcome: dossier.OutcomeApprove})
	s.act(s.of(access.Leader), dossier.Input{Act: dossier.Approve})
	s.act(clerk, dossier.Input{Act: dossier.Number})
	s.act(s.of(access.Leader), dossier.Input{Act: dossier.Sign})
	s.act(clerk, dossier.Input{Act: dossier.IssueResult}, staged.Hash)
	s.act(clerk, dossier.Input{Act: dossier.HandOver})
	s.act(s.counter, dossier.Input{Act: dossier.ReceiveHandover})
}

func (s *story) returned() {
	s.t.Helper()
	s.act(s.counter, dossier.Input{Act: dossier.Return, Receiver: owner, Checked: "card"})
}

// smallPDF is the smallest file that counts as PDF.
const smallPDF = "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
