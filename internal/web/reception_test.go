package web

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/dossier"
)

// counterForm is a complete reception as the form sends it.
func (s *site) counterForm(b *browser, p app.Receivable) url.Values {
	s.t.Helper()
	shown := b.get("/nghiep-vu/tiep-nhan/" + p.Code).is(http.StatusOK)
	v := values(
		"hanh-dong", shown.field("hanh-dong"), "case", p.Cases[0].ID, "lam", "nhan", "owner.kind", "citizen", "owner.name", "Nguyễn Thị Thử Nghiệm",
		"owner.personalId", "999190000017", "owner.phone", "0000123456", "owner.address", "12 Trần Phú, Đà Lạt", "channel", "direct",
		"returnChannel", "counter", "sets", "1", "feeState", "later",
	)
	for _, x := range p.PapersOf(p.Cases[0]) {
		v.Add("giay", x.ID)
		v.Set(paperField(x.ID, "originals"), "1")
		v.Set(paperField(x.ID, "copies"), "0")
	}
	return v
}

// What people get wrong at a form, and the test that holds the program to it:
//
//	unknown procedure, one not ready     "what cannot be received"; API TestBadReceptions
//	abolished or replaced version        app TestDecisionCarriesItsAnnexOut; API TestAbolishedProcedureIsRefused
//	missing paper, wrong ID, negative
//	copies, 3,000 characters             "bad input is said beside the field"; API TestBadReceptions
//	NFD text, HTML in every field        "text of every kind"; API TestTextIsKeptPlainAndNFC
//	a 200 MB upload, a disguised file    "files"; API TestUploadOf200MB, TestBadUploads
//	the same form sent twice             "one form sent twice"; API TestSameFormSentTwice
//	two officers on one dossier          TestActs; API TestTwoOfficersOnOneDossier
//	an officer of another unit           TestActs; API TestOfficerOfAnotherUnit
//	an expired session in mid-form       TestHouse, sessions
func TestReception(t *testing.T) {
	s := newSite(t)
	counter := s.signIn(s.one(access.Reception))
	p := s.receivable()
	path := "/nghiep-vu/tiep-nhan/" + p.Code
	paper := p.PapersOf(p.Cases[0])[0].ID

	t.Run("bad input is said beside the field and nothing is lost", func(t *testing.T) {
		s := s.within(t)
		counter.s = s
		for _, tt := range []struct {
			name  string
			set   []string
			field string
			says  string
		}{
			{"no name", []string{"owner.name", ""}, "owner.name", ""},
			{"wrong ID", []string{"owner.personalId", "99919000001"}, "owner.personalId", ""},
			{"a letter in the ID", []string{"owner.personalId", "99919000001x"}, "owner.personalId", ""},
			{"negative copies", []string{paperField(paper, "copies"), "-1"}, "papers." + paper, ""},
			{"a word for a count", []string{paperField(paper, "originals"), "hai"}, "papers." + paper, ""},
			{"a missing paper", []string{paperField(paper, "originals"), "0"}, "papers." + paper, ""},
			{"3,000 characters", []string{"owner.name", strings.Repeat("Nguyễn ", 430)}, "owner.name", ""},
			{"no sets", []string{"sets", "không"}, "sets", ""},
			{"collected without receipt", []string{"feeState", "collected"}, "receipt", ""},
			{"late without slip", []string{"lateReason", "Mất điện", "receivedAt", "2026-11-20T09:00"}, "lateSlip", ""},
			{"a time that is none", []string{"lateSlip", "PG-1", "lateReason", "x", "receivedAt", "hôm qua"}, "receivedAt", ""},
		} {
			v := s.counterForm(counter, p)
			if tt.name == "collected without receipt" {
				v.Add("fees", "f1")
			}
			for i := 0; i < len(tt.set); i += 2 {
				v.Set(tt.set[i], tt.set[i+1])
			}
			v.Set("subject", "Việc của "+tt.name)
			got := counter.postValues(path, v).is(http.StatusUnprocessableEntity).sound()
			got.has(`href="#`+fieldID(tt.field)+`"`, "Việc của "+tt.name)
			if got.field("hanh-dong") != v.Get("hanh-dong") {
				t.Errorf("%s: the form has another action id", tt.name)
			}
		}
	})

	t.Run("a card fills the applicant", func(t *testing.T) {
		counter.s = s.within(t)
		got := counter.post("/nghiep-vu/doc-the", "the", "999190000017|123456789|Nguyễn Thị Thử Nghiệm|01011990|Nữ|12 Trần Phú, Đà Lạt, Lâm Đồng|01012022")
		var answer scanAnswer
		if err := json.Unmarshal([]byte(got.body), &answer); err != nil {
			t.Fatalf("%v: %s", err, got.body)
		}
		if !answer.OK || answer.Fields["owner.name"] != "Nguyễn Thị Thử Nghiệm" || answer.Fields["owner.personalId"] != "999190000017" {
			t.Errorf("answer = %+v", answer)
		}
		got = counter.post("/nghiep-vu/doc-the", "the", "12|34")
		if err := json.Unmarshal([]byte(got.body), &answer); err != nil || answer.OK || answer.Message == "" {
			t.Errorf("half a card: %+v, %v", answer, err)
		}
		v := s.counterForm(counter, p)
		v.Set("the", "999190000017|123456789|Trần Văn Quét|01011990|Nam|12 Trần Phú|01012022")
		v.Set("lam", "doc-the")
		v.Del("owner.name")
		counter.postValues(path, v).is(http.StatusOK).has(`value="Trần Văn Quét"`)
	})

	t.Run("one form sent twice is one dossier", func(t *testing.T) {
		s := s.within(t)
		counter.s = s
		v := s.counterForm(counter, p)
		first := counter.postValues(path, v).to()
		if again := counter.postValues(path, v).to(); again != first {
			t.Errorf("the second answer leads to %s, the first to %s", again, first)
		}
		receipt := counter.get(first).is(http.StatusOK).sound().has("Nguyễn Thị Thử Nghiệm", "Mã tra cứu")
		if !strings.Contains(receipt.body, "/phieu/receipt.pdf") {
			t.Error("no receipt to print")
		}
		code := strings.Split(first, "/")[3]
		slip := counter.get(dossierPath(code, "phieu", "receipt.pdf")).is(http.StatusOK)
		if slip.header.Get("Content-Type") != "application/pdf" || !strings.HasPrefix(slip.body, "%PDF") {
			t.Errorf("receipt is %s", slip.header.Get("Content-Type"))
		}
	})

	t.Run("a similar dossier is shown before the receipt", func(t *testing.T) {
		s := s.within(t)
		counter.s = s
		v := s.counterForm(counter, p)
		counter.postValues(path, v).is(http.StatusConflict).sound().has("nhan-xac-nhan", "H36.01-")
		v.Set("lam", "nhan-xac-nhan")
		counter.postValues(path, v).to()
	})

	t.Run("text of every kind comes back as it went in", func(t *testing.T) {
		s := s.within(t)
		counter.s = s
		nasty := `<script>alert("x")</script>'"&`
		v := s.counterForm(counter, p)
		v.Set("owner.personalId", "999190000025")
		v.Set("owner.name", "Nguyễn Thị "+nasty) // NFD
		v.Set("owner.address", nasty)
		v.Set("subject", nasty)
		v.Set(paperField(paper, "note"), nasty)
		v.Set("submitter.name", nasty)
		v.Set("submitter.personalId", "999190000066")
		v.Set("submitter.authorisation", nasty)
		got := counter.postValues(path, v)
		if got.status != http.StatusSeeOther {
			// The name may be refused; then it is shown again, and as text.
			got.is(http.StatusUnprocessableEntity).sound().hasNot("<script>alert").has("&lt;script&gt;")
			v.Set("owner.name", "Nguyễn Thị Dựng")
			v.Set("submitter.name", "Nguyễn Văn Thay")
			got = counter.postValues(path, v)
		}
		code := strings.Split(got.to(), "/")[3]
		page := counter.get(dossierPath(code)).is(http.StatusOK).sound().hasNot("<script>alert").has("&lt;script&gt;")
		page.has("Nguyễn Thị") // composed
	})

	t.Run("files", func(t *testing.T) {
		s := s.within(t)
		counter.s = s
		v := s.counterForm(counter, p)
		v.Set("owner.personalId", "999190000033")
		field := paperField(paper, "files")
		counter.postFiles(path, v, chosen{field, "to-khai.pdf", strings.NewReader("MZ\x90\x00 not a PDF at all")}).is(http.StatusUnprocessableEntity).sound().
			has(`href="#`+fieldID("papers."+paper)+`"`, "Nguyễn Thị Thử Nghiệm")
		counter.postFiles(path, v, chosen{field, "to.pdf", io.MultiReader(strings.NewReader("%PDF-1.4\n"), io.LimitReader(zeros{}, 200<<20))}).
			is(http.StatusUnprocessableEntity).sound().has("to.pdf", "Nguyễn Thị Thử Nghiệm")
		kept := v.Get("owner.name")
		v.Set("owner.name", "")
		again := counter.postFiles(path, v, chosen{field, "don.pdf", strings.NewReader(smallPDF)}).is(http.StatusUnprocessableEntity).has("don.pdf")
		v.Set("owner.name", kept)
		v.Set(field, again.field(field)) // the file of the failed attempt is carried along
		code := strings.Split(counter.postValues(path, v).to(), "/")[3]
		link := counter.get(dossierPath(code)).has("don.pdf").body
		at := strings.Index(link, "/nghiep-vu/tep/")
		href, _, _ := strings.Cut(link[at:], `"`)
		file := counter.get(strings.ReplaceAll(href, "&amp;", "&")).is(http.StatusOK)
		if file.body != smallPDF || !strings.HasPrefix(file.header.Get("Content-Disposition"), "attachment") || !strings.Contains(file.header.Get("Content-Security-Policy"), "sandbox") {
			t.Errorf("file = %d bytes, %v", len(file.body), file.header)
		}
	})

	t.Run("what cannot be received", func(t *testing.T) {
		s := s.within(t)
		counter.s = s
		counter.get("/nghiep-vu/tiep-nhan/9.999999").is(http.StatusNotFound).sound()
		ready, err := s.Readiness(t.Context(), s.one(access.Control), app.ReadinessQuery{Only: "missing"})
		if err != nil || len(ready.Rows) == 0 {
			t.Fatalf("no unready procedure: %v", err)
		}
		counter.get("/nghiep-vu/tiep-nhan/" + ready.Rows[0].Code).is(http.StatusConflict).sound()
		counter.get("/nghiep-vu/tiep-nhan?q=" + ready.Rows[0].Code).is(http.StatusOK)
		if to := counter.get("/nghiep-vu/tiep-nhan?q=" + p.Code).to(); to != path {
			t.Errorf("an exact code leads to %s, want %s", to, path)
		}
		s.signIn(s.one(access.Director)).get(path).is(http.StatusForbidden)
	})

	t.Run("guided and refused at the counter", func(t *testing.T) {
		s := s.within(t)
		counter.s = s
		v := s.counterForm(counter, p)
		v.Set("owner.personalId", "999190000041")
		v.Set("lam", "huong-dan")
		counter.postValues(path, v).is(http.StatusUnprocessableEntity).has("Nguyễn Thị Thử Nghiệm")
		v.Set("reason", "Thiếu bản vẽ")
		v.Set("items", "Bản vẽ thiết kế\n\nBản cam kết")
		guided := counter.postValues(path, v).to()
		counter.get(guided).is(http.StatusOK).sound()
		name := strings.Split(guided, "/")[3]
		accept := counter.get(dossierPath(name, "tiep-nhan")).is(http.StatusOK).sound().has(`value="Nguyễn Thị Thử Nghiệm"`)
		v = s.counterForm(counter, p)
		v.Set("hanh-dong", accept.field("hanh-dong"))
		v.Set("phien-ban", accept.field("phien-ban"))
		v.Set("owner.personalId", "999190000041")
		s.Clock.Add(time.Minute)
		counter.get(counter.postValues(dossierPath(name, "tiep-nhan"), v).to()).is(http.StatusOK).has("Mã tra cứu")

		v = s.counterForm(counter, p)
		v.Set("owner.personalId", "999190000058")
		v.Set("lam", "tu-choi")
		v.Set("reason", "Không thuộc phạm vi giải quyết")
		counter.postValues(path, v).is(http.StatusUnprocessableEntity)
		v.Set("legalGround", "Khoản 3 Điều 17")
		counter.get(counter.postValues(path, v).to()).is(http.StatusOK)
	})
}

// zeros never end.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

// A late entry waits for the director, who confirms it from his list.
func lateEntryIsConfirmed(t *testing.T, s *site) {
	counter := s.signIn(s.one(access.Reception))
	p := s.receivable()
	v := s.counterForm(counter, p)
	v.Set("owner.personalId", "999190000090")
	v.Set("lateSlip", "PG-017")
	v.Set("receivedAt", s.Clock.Now().Add(-time.Hour).Format(localTime))
	v.Set("lateReason", "Mất điện")
	code := strings.Split(counter.postValues("/nghiep-vu/tiep-nhan/"+p.Code, v).to(), "/")[3]
	director := s.signIn(s.one(access.Director))
	list := director.get("/nghiep-vu/tiep-nhan-bu").is(http.StatusOK).has("PG-017", "Mất điện", code)
	s.Clock.Add(time.Minute)
	to := director.post(dossierPath(code, string(dossier.ReceiveLate)), "hanh-dong", list.field("hanh-dong"), "phien-ban", list.field("phien-ban"), "ve", "/nghiep-vu/tiep-nhan-bu").to()
	director.get(to).is(http.StatusOK).has("Đã thực hiện").hasNot("PG-017")
}
