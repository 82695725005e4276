package contract

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/motcua/motcua/internal/api"
	"github.com/motcua/motcua/internal/api/apitest"
	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/app/apptest"
	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/agency"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/procedure"
	"github.com/motcua/motcua/internal/i18n"
	"github.com/motcua/motcua/internal/web"
)

// Every page and every form, by every role, from the centre, the agency and
// elsewhere, lets in whom the reviewed table names and nobody else. A page that
// the table does not know fails. Forms are sent empty: who may is asked before
// what was typed.
func TestWhoMayUseThePages(t *testing.T) {
	p := newPages(t)
	pages := readTable(t, "pages")
	for _, pattern := range p.patterns {
		if pages[pattern] == nil {
			t.Errorf("%s has no line in %s", pattern, table)
			continue
		}
		pages[pattern].checked = true
		p.public(pattern, pages[pattern])
	}
	for _, role := range access.Roles() {
		p.become(role)
		for _, pattern := range p.patterns {
			if line := pages[pattern]; line != nil {
				p.hold(pattern, role, line, pages["GET /nghiep-vu/ho-so/{code}"])
			}
		}
	}
	unchecked(t, pages)
}

// pages are the pages of a centre with a signed-in officer at every place, who
// takes one role after the other; a role counts from the moment it is given.
type pages struct {
	t        *testing.T
	house    *house
	handler  http.Handler
	patterns []string
	officers map[string]agency.Staff // by place
	sessions map[string]string       // cookies by place
	things   map[string]string       // ids by the path under which they stand
	scan     string                  // hash of the scanned decision
	asked    int
}

// listing notes the patterns of the pages that are registered.
type listing struct {
	*http.ServeMux
	patterns *[]string
}

func (l listing) Handle(pattern string, h http.Handler) {
	*l.patterns = append(*l.patterns, pattern)
	l.ServeMux.Handle(pattern, h)
}

func (l listing) HandleFunc(pattern string, h func(http.ResponseWriter, *http.Request)) {
	l.Handle(pattern, http.HandlerFunc(h))
}

func newPages(t *testing.T) *pages {
	t.Helper()
	w := apptest.SQLite(t)
	p := &pages{t: t, officers: map[string]agency.Staff{}, sessions: map[string]string{}, things: map[string]string{}, house: &house{checker: newChecker(t, apitest.New(t, w, api.Options{}))}}
	p.house.open()
	s, err := web.New(web.Options{App: w.App, Words: i18n.Default(), Log: w.Log})
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	s.Mount(listing{mux, &p.patterns})
	p.patterns = slices.DeleteFunc(p.patterns, func(pattern string) bool { return pattern == "/" || strings.HasPrefix(pattern, "GET /static/") })
	slices.Sort(p.patterns)
	p.handler = s.Around(mux)
	p.signIn(w)
	return p
}

// signIn makes the officers and their sessions.
func (p *pages) signIn(w *apptest.World) {
	p.t.Helper()
	const password = "mot cau de nho 24"
	for i, place := range places {
		p.officers[place] = agency.Staff{ID: fmt.Sprintf("0190b000-0000-7000-8000-00000000000%d", i), Login: "thu." + place, Name: "Cán Bộ Thử", Unit: p.house.units[place]}
	}
	p.become(access.Reception)
	if err := w.SetDemoPassword(p.t.Context(), password, []string{"thu.centre", "thu.agency", "thu.elsewhere"}); err != nil {
		p.t.Fatal(err)
	}
	for _, place := range places {
		in, err := w.SignIn(p.t.Context(), app.SignInInput{Login: "thu." + place, Password: password})
		if err != nil {
			p.t.Fatal(err)
		}
		p.sessions[place] = in.Token
	}
}

// become gives every officer one role instead of the one he had.
func (p *pages) become(role access.Role) {
	p.t.Helper()
	var all []agency.Staff
	for place, officer := range p.officers {
		officer.Roles = []string{string(role)}
		p.officers[place] = officer
		all = append(all, officer)
	}
	if err := p.house.RecordPeople(p.t.Context(), access.Operator("test"), all); err != nil {
		p.t.Fatal(err)
	}
}

// public holds a page to what its line says of somebody without a session.
func (p *pages) public(pattern string, line *right) {
	p.t.Helper()
	got := p.ask(pattern, "", "")
	if open := got.status < 400 && !got.signIn || got.status == http.StatusUnprocessableEntity; open != line.open {
		p.t.Errorf("%s without a session: status %d", pattern, got.status)
	}
}

// nothingThere are the pages about something that the test centre does not have:
// a draft of a process, an older version with dossiers.
var nothingThere = []string{"/quan-tri/quy-trinh/{code}/{act}", "/quan-tri/quy-trinh/{code}/chuyen"}

// may reports whether a line lets a role in anywhere.
func may(line *right, role access.Role) bool {
	return slices.ContainsFunc(places[:], func(place string) bool { return line.lets(place, role) })
}

// ofDossiers are the pages of one dossier.
var ofDossiers = []string{"/nghiep-vu/ho-so/{code}", "/nghiep-vu/tep/{hash}", "/nghiep-vu/xin-loi/{code}"}

func (p *pages) hold(pattern string, role access.Role, line, reads *right) {
	p.t.Helper()
	_, path, _ := strings.Cut(pattern, " ")
	for _, place := range places {
		want := 0 // let in
		switch {
		case line.open, line.lets(place, role):
		case slices.ContainsFunc(ofDossiers, func(prefix string) bool { return strings.HasPrefix(path, prefix) }) && !reads.lets(place, role):
			want = http.StatusNotFound
			if p.ask(pattern, place, "H61.01-200101-0001").status == http.StatusForbidden {
				want = http.StatusForbidden // the same for a code that was never given
			}
		default:
			want = http.StatusForbidden
		}
		got := p.ask(pattern, place, "")
		in := got.status != http.StatusUnauthorized && got.status != http.StatusForbidden && got.status != http.StatusNotFound && !got.signIn
		if want == 0 && slices.Contains(nothingThere, path) && got.status == http.StatusNotFound {
			in = true
		}
		if got.status == http.StatusNotFound && strings.Contains(path, "{id}") && may(line, role) {
			want = http.StatusNotFound // one of another unit is for him as if it were not there
		}
		if want == 0 && !in || want != 0 && got.status != want {
			p.t.Errorf("%s by %s of %s: status %d, want %d (0: let in)", pattern, role, place, got.status, want)
		}
	}
}

type seen struct {
	status int
	signIn bool // sent to the sign-in page
}

// ask opens a page, or sends its form empty, as an officer or as nobody. A page
// of a dossier is asked for the given code, or for one that is there.
func (p *pages) ask(pattern, place, code string) seen {
	p.t.Helper()
	method, path, _ := strings.Cut(pattern, " ")
	if pattern == "POST /dang-xuat" {
		place = "" // the session is needed further on
	}
	ctx, leave := context.WithCancel(p.t.Context())
	defer leave()
	r := httptest.NewRequestWithContext(ctx, method, p.address(path, code), nil)
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	r.RemoteAddr = fmt.Sprintf("198.51.%d.%d:1234", p.asked/250, p.asked%250)
	p.asked++
	if place != "" {
		r.AddCookie(&http.Cookie{Name: "phien", Value: p.sessions[place]})
	}
	w := httptest.NewRecorder()
	if strings.HasSuffix(path, "/theo-doi") {
		p.handler.ServeHTTP(leaving{w, leave}, r) // a stream has no end
	} else {
		p.handler.ServeHTTP(w, r)
	}
	if w.Code >= 500 {
		p.t.Errorf("%s from %s: status %d", pattern, place, w.Code)
	}
	if strings.HasPrefix(path, "/nghiep-vu/vang-mat/") && strings.HasSuffix(path, "/ket-thuc") && w.Code == http.StatusSeeOther {
		delete(p.things, "/nghiep-vu/vang-mat/") // it has been ended
	}
	return seen{w.Code, strings.HasPrefix(w.Header().Get("Location"), "/dang-nhap?ve=")}
}

// leaving is a reader who goes as soon as an answer has begun.
type leaving struct {
	*httptest.ResponseRecorder
	leave context.CancelFunc
}

func (l leaving) WriteHeader(status int) {
	l.ResponseRecorder.WriteHeader(status)
	l.leave()
}

func (l leaving) Write(b []byte) (int, error) {
	defer l.leave()
	return l.ResponseRecorder.Write(b)
}

func (l leaving) Flush() {
	l.ResponseRecorder.Flush()
	l.leave()
}

// address fills the holes of a pattern in with what is there.
func (p *pages) address(path, code string) string {
	s := p.house.scene("received")
	if code == "" {
		code = s.code
	}
	if strings.HasPrefix(path, "/thu-tuc/") || strings.HasPrefix(path, "/quan-tri/quy-trinh/") {
		code = p.house.procedure.Code
	}
	id := ""
	if strings.Contains(path, "{id}") {
		id = p.thing(path)
	}
	hash := s.file
	if strings.Contains(path, "/quyet-dinh/") {
		hash = p.scan
	}
	form := "receipt"
	if strings.Contains(path, "/phieu/") {
		form = "receipt.pdf"
	}
	act := "forward"
	if strings.HasPrefix(path, "/quan-tri/") {
		act = "trinh"
	}
	to := strings.NewReplacer(
		"{$}", "", "{code}", url.PathEscape(code), "{procedure}", url.PathEscape(p.house.procedure.Code), "{act}", act, "{hash}", hash,
		"{id}", id, "{state}", "dung-lai", "{form}", form,
	).Replace(path)
	if strings.HasPrefix(path, "/nghiep-vu/tep/") {
		to += "?ho-so=" + url.QueryEscape(code)
	}
	return to
}

// thing is something of the agency that an {id} stands for under a path, made
// when there is none.
func (p *pages) thing(path string) string {
	p.t.Helper()
	makers := map[string]func() string{
		"/nghiep-vu/vang-mat/":      p.absence,
		"/quan-tri/lich/":           p.revision,
		"/quan-tri/thu-di/":         p.message,
		"/quan-tri/to-chuc/":        p.reorganisation,
		"/quan-tri/don-vi-nho/":     p.smallUnit,
		"/quan-tri/quyet-dinh/cho/": p.publication,
		"/quan-tri/quyet-dinh/":     p.decision,
		"/cong-khai/quyet-dinh/":    p.decision,
		"/quan-tri/ket-noi/":        p.token,
		"/quan-tri/nhan-su/":        func() string { return p.house.People(p.house.units["agency"], "handler")[0].ID },
	}
	longest := ""
	for prefix := range makers {
		if strings.HasPrefix(path, prefix) && len(prefix) > len(longest) {
			longest = prefix
		}
	}
	if longest != "" {
		if p.things[longest] == "" {
			p.things[longest] = makers[longest]()
		}
		return p.things[longest]
	}
	p.t.Fatalf("%s: the test does not know what {id} is", path)
	return ""
}

// token is one of a connected system.
func (p *pages) token() string {
	p.t.Helper()
	admin, _ := p.house.Person(string(access.Admin))
	made, err := p.house.CreateToken(p.t.Context(), admin, app.TokenForm{Name: "Cổng", Role: access.Partner})
	if err != nil {
		p.t.Fatal(err)
	}
	return made.ID
}

// smallUnit is a commune with one officer that waits for its second person.
func (p *pages) smallUnit() string {
	p.t.Helper()
	admin, _ := p.house.Person(string(access.Admin))
	today := civil.DateOf(p.house.Clock.Now())
	units, err := p.house.UnitsOn(admin, today.String())
	if err != nil {
		p.t.Fatal(err)
	}
	i := slices.IndexFunc(units, func(u app.UnitChoice) bool {
		return len(u.Code) == 5 && u.Code != p.house.units["elsewhere"] && len(p.house.People(u.Code, "handler")) == 0
	})
	officer := agency.Staff{ID: "0190c000-0000-7000-8000-000000000001", Name: "Cán Bộ Xã", Login: "xa.mot", Unit: units[i].Code, Roles: []string{"handler"}}
	if err := p.house.RecordPeople(p.t.Context(), access.Operator("test"), []agency.Staff{officer}); err != nil {
		p.t.Fatal(err)
	}
	s, err := p.house.ProposeSmallUnit(p.t.Context(), admin, app.SmallUnitForm{
		Unit: units[i].Code, Document: "12/QĐ", SignedOn: today, Signer: "Người Ký", Ground: "Một công chức", From: today,
	})
	if err != nil {
		p.t.Fatal(err)
	}
	return s.ID
}

// publication is a decision that waits for its second person.
func (p *pages) publication() string { return p.propose("9/QĐ-UBND").ID }

// decision is a published one.
func (p *pages) decision() string {
	p.t.Helper()
	made := p.propose("8/QĐ-UBND")
	d, err := p.house.Publish(p.t.Context(), p.house.People(p.house.units["centre"], "control")[1], "", made.ID)
	if err != nil {
		p.t.Fatal(err)
	}
	return d.ID
}

func (p *pages) propose(no string) procedure.Publication {
	p.t.Helper()
	control := p.house.People(p.house.units["centre"], "control")[0]
	staged, err := p.house.Stage(p.t.Context(), control, "qd.pdf", bytes.NewReader(apitest.PDF(9)))
	if err != nil {
		p.t.Fatal(err)
	}
	p.scan = staged.Hash
	all, err := p.house.ReceivableBy()
	if err != nil {
		p.t.Fatal(err)
	}
	for _, one := range slices.Backward(all) {
		if one.Code == p.house.procedure.Code {
			continue
		}
		made, err := p.house.ProposePublication(p.t.Context(), control, app.PublicationForm{
			Decision: app.DecisionForm{No: no, On: civil.NewDate(2026, 11, 20), Signer: "Người Ký"}, FileRefs: []string{staged.Hash},
			Annex: []app.AnnexForm{{What: procedure.AnnexLimit, Effect: procedure.Changed, Code: one.Code, Case: one.Cases[0].ID, Limit: "1 giờ"}},
		})
		if err == nil {
			return made
		}
	}
	p.t.Fatal("no procedure whose limit can be shortened")
	return procedure.Publication{}
}

// reorganisation is a change of the organisation that waits for its day: nothing
// of it comes into force during the test.
func (p *pages) reorganisation() string {
	p.t.Helper()
	admin, _ := p.house.Person(string(access.Admin))
	r, err := p.house.ProposeReorganisation(p.t.Context(), admin, app.ReorganisationForm{Change: agency.Change{
		On: civil.DateOf(p.house.Clock.Now()).AddDays(40).String(), Document: "1/NQ", SignedOn: "2026-01-05", Signer: "Người Ký",
		Steps: []agency.Step{{Act: agency.RenameUnit, Units: []string{p.house.units["elsewhere"]}, Into: []agency.NewUnit{{Code: p.house.units["elsewhere"], Name: "Sở Mới"}}}},
	}})
	if err != nil {
		p.t.Fatal(err)
	}
	return r.ID
}

// absence is one of an officer of the agency.
func (p *pages) absence() string {
	p.t.Helper()
	day := civil.DateOf(p.house.Clock.Now()).AddDays(2)
	boss := p.house.People(p.house.units["agency"], "leader")[0]
	x, err := p.house.RecordAbsence(p.t.Context(), boss, app.AbsenceForm{
		Staff: p.house.People(p.house.units["agency"], "handler")[0].ID, From: day, To: day, Reason: "Nghỉ phép",
	})
	if err != nil {
		p.t.Fatal(err)
	}
	return x.ID
}

// revision is a change of the calendar that waits for its second person.
func (p *pages) revision() string {
	p.t.Helper()
	control, _ := p.house.Person("control")
	r, err := p.house.ProposeCalendar(p.t.Context(), control, app.CalendarForm{
		Calendar: "default", Base: 1, Document: "15/CĐ-UBND", Reason: "phòng chống bão",
		Days: []civil.Exception{{Date: civil.DateOf(p.house.Clock.Now()).AddDays(22), Kind: "local", Name: "Phòng chống bão", LegalRef: "15/CĐ-UBND"}},
	})
	if err != nil {
		p.t.Fatal(err)
	}
	return r.ID
}

// message is one that the centre has sent.
func (p *pages) message() string {
	p.t.Helper()
	p.house.scene("asked at reception")
	admin, _ := p.house.Person("admin")
	sent, err := p.house.Outbox(p.t.Context(), admin, app.OutboxQuery{})
	if err != nil || len(sent.Rows) == 0 {
		p.t.Fatalf("%d messages, %v", len(sent.Rows), err)
	}
	return sent.Rows[0].ID
}
