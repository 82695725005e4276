package api_test

import (
	"bytes"
	"slices"
	"strings"
	"sync"
	"testing"

	"golang.org/x/text/unicode/norm"

	"github.com/motcua/motcua/internal/api"
	"github.com/motcua/motcua/internal/api/apitest"
	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/journal"
	"github.com/motcua/motcua/internal/core/procedure"
	"github.com/motcua/motcua/internal/store"
)

// What a caller may get wrong about a reception is said field by field, and
// leaves nothing behind.
func TestBadReceptions(t *testing.T) {
	c := centre(t, api.Options{})
	token := c.Token(t, access.Reception, "")
	p := c.Receivable(t)
	position := c.Store().Position()
	long := strings.Repeat("ạ", 3000)
	for _, tt := range []struct {
		name   string
		spoil  func(r *api.Reception)
		status int
		key    string
		fields []string
	}{
		{"unknown procedure", func(r *api.Reception) { r.Procedure = "9.999999" }, 404, "procedure.unknown", nil},
		{"not ready", func(r *api.Reception) { r.Procedure, r.Case = notReady(t, c), "" }, 409, "procedure.not_ready", nil},
		{"unknown case", func(r *api.Reception) { r.Case = "c99" }, 422, "procedure.case_unknown", []string{"case"}},
		{"unknown unit", func(r *api.Reception) { r.Unit = "H99.99" }, 422, "agency.unit_unknown", []string{"unit"}},
		{"missing paper", func(r *api.Reception) { r.Papers = r.Papers[1:] }, 422, "dossier.paper_missing", []string{"papers." + p.Papers[0].ID}},
		{"unknown paper", func(r *api.Reception) { r.Papers[0].Name = "p999" }, 422, "dossier.paper_unknown", []string{"papers.p999"}},
		{"a paper twice", func(r *api.Reception) { r.Papers = append(r.Papers, r.Papers[0]) }, 422, "dossier.paper_twice", []string{"papers." + p.Papers[0].ID}},
		{"negative copies", func(r *api.Reception) { r.Papers[0].Copies = -1 }, 422, "dossier.paper_count", []string{"papers." + p.Papers[0].ID}},
		{"wrong ID", func(r *api.Reception) { r.Owner.PersonalID = "99919000001" }, 422, "party.id_length", []string{"owner.personalId"}},
		{"ID, phone and name at once", func(r *api.Reception) { r.Owner.PersonalID, r.Owner.Phone, r.Owner.Name = "abc", "12", " " }, 422, "",
			[]string{"owner.personalId", "owner.phone", "owner.name"}},
		{"a name of 3,000 characters", func(r *api.Reception) { r.Owner.Name = long }, 422, "party.text_long", []string{"owner.name"}},
		{"an abstract of 3,000 characters", func(r *api.Reception) { r.Subject = long }, 422, "dossier.too_long", []string{"subject"}},
		{"markup in the name", func(r *api.Reception) { r.Owner.Name = "<script>alert(1)</script>" }, 422, "party.name_character", []string{"owner.name"}},
		{"invisible marks", func(r *api.Reception) { r.Owner.Name = "Nguyễn\u202eThị" }, 422, "party.text_invisible", []string{"owner.name"}},
		{"a file that was never sent", func(r *api.Reception) { r.Papers[0].Files = []string{strings.Repeat("a", 64)} }, 422, "store.file_not_staged", []string{"papers." + p.Papers[0].ID}},
		{"a path as a file", func(r *api.Reception) { r.Papers[0].Files = []string{"../../etc/passwd"} }, 422, "store.file_not_staged", []string{"papers." + p.Papers[0].ID}},
		{"unknown fee", func(r *api.Reception) { r.FeeLines = []string{"f99"} }, 422, "dossier.fee_unknown", []string{"feeLines"}},
		{"back-dated by an officer", func(r *api.Reception) { r.ReceivedAt = "2026-11-20T10:00:00+07:00" }, 422, "dossier.late_slip_missing", []string{"lateSlip"}},
		{"late without reason", func(r *api.Reception) { r.ReceivedAt, r.LateSlip = "2026-11-20T10:00:00+07:00", "17" }, 422, "dossier.reason_missing", []string{"reason"}},
		{"received tomorrow", func(r *api.Reception) { r.ReceivedAt = "2026-11-24T10:00" }, 422, "dossier.received_future", []string{"receivedAt"}},
		{"on behalf without authorisation", func(r *api.Reception) {
			s := r.Owner
			s.Name, s.PersonalID = "Trần Văn Thay", "999190000025"
			r.Submitter = &s
		}, 422, "dossier.authorisation_missing", []string{"submitter.authorisation"}},
		{"of a unit that the caller is not of", func(r *api.Reception) { r.Unit = otherUnit(t, c) }, 403, "dossier.not_yours", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := apitest.Reception(p)
			tt.spoil(&r)
			a := c.Do(t, apitest.Request{Token: token, Path: "/dossiers", Body: r})
			if tt.key == "" {
				var got api.Problem
				a.Want(t, tt.status, &got)
				tt.key = strings.TrimPrefix(got.Type, "urn:motcua:problem:")
			}
			a.Refused(t, tt.status, tt.key, tt.fields...)
		})
	}
	if got := c.Store().Position(); got != position {
		t.Errorf("refused receptions left %d events", got-position)
	}
}

// notReady is a procedure in force that the centre cannot receive for want of a
// limit or papers.
func notReady(t *testing.T, c *apitest.Centre) string {
	t.Helper()
	found, err := c.SearchProcedures(t.Context(), procedure.Query{Most: 2000})
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range found.Hits {
		v, err := c.ProcedurePage(t.Context(), h.Procedure.Code)
		if err != nil {
			t.Fatal(err)
		}
		if !h.Ready && !v.OfCommune && v.AgencyName != "" && v.Status == procedure.InForce && len(v.Cases) == 1 {
			return h.Procedure.Code
		}
	}
	t.Fatal("every procedure is ready")
	return ""
}

// otherUnit is an agency that has handlers and nothing to do with the procedure
// of the tests.
func otherUnit(t *testing.T, c *apitest.Centre) string {
	t.Helper()
	page, err := c.ProcedurePage(t.Context(), c.Receivable(t).Code)
	if err != nil {
		t.Fatal(err)
	}
	units, err := c.Store().Units(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, u := range units {
		if u.Name != page.AgencyName && u.Code != c.Centre().Code && len(c.People(u.Code, "handler")) > 0 {
			return u.Code
		}
	}
	t.Fatal("there is one agency only")
	return ""
}

// received is a dossier of the test procedure.
func received(t *testing.T, c *apitest.Centre, spoil func(r *api.Reception)) api.Received {
	t.Helper()
	r := apitest.Reception(c.Receivable(t))
	if spoil != nil {
		spoil(&r)
	}
	var got api.Received
	c.Do(t, apitest.Request{Token: c.Token(t, access.Reception, ""), Path: "/dossiers", Body: r}).Want(t, 201, &got)
	return got
}

func TestAbolishedProcedureIsRefused(t *testing.T) {
	c := centre(t, api.Options{})
	p := c.Receivable(t)
	root := store.ProcedureRoot(p.Code)
	w := store.Write{Actor: journal.Actor{Principal: "system:test"}, Roots: []store.Root{root}}
	_, err := store.Do(t.Context(), c.Store(), w, func(v *store.View) (int, error) {
		closing := procedure.Closing{Version: p.Number, ValidTo: "2026-11-20", Abolished: true}
		_, err := store.Record[procedure.Record](v, root, procedure.EventClosed, 1, "", closing)
		return 0, err
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Reload(t.Context()); err != nil {
		t.Fatal(err)
	}
	c.Do(t, apitest.Request{Token: c.Token(t, access.Reception, ""), Path: "/dossiers", Body: apitest.Reception(p)}).
		Refused(t, 409, "procedure.not_in_force.abolished")
}

// Text in NFD and markup in every free field are kept as plain NFC text.
func TestTextIsKeptPlainAndNFC(t *testing.T) {
	c := centre(t, api.Options{})
	const markup = "<b onclick=\"x\">gấp</b> & 'nhanh'"
	got := received(t, c, func(r *api.Reception) {
		r.Owner.Name, r.Owner.Address = norm.NFD.String("Nguyễn Thị Thử Nghiệm"), norm.NFD.String(markup+", Đà Lạt")
		r.Subject, r.Papers[0].Note = norm.NFD.String(markup), markup
	})
	token := c.Token(t, access.Reception, "")
	var d api.Dossier
	c.Do(t, apitest.Request{Token: token, Path: "/dossiers/" + got.Code}).Want(t, 200, &d)
	if d.Owner.Name != "Nguyễn Thị Thử Nghiệm" || d.Subject != markup || d.Papers[0].Note != markup {
		t.Errorf("kept as %q, %q, %q", d.Owner.Name, d.Subject, d.Papers[0].Note)
	}
	act := api.Act{Act: "request-supplement", Version: d.Version, Reason: norm.NFD.String(markup), LegalGround: markup, Items: []string{markup}}
	c.Do(t, apitest.Request{Token: token, Path: "/dossiers/" + got.Code + "/acts", Body: act}).Want(t, 200, &d)
	var line api.List[api.TimelineItem]
	c.Do(t, apitest.Request{Token: token, Path: "/dossiers/" + got.Code + "/timeline"}).Want(t, 200, &line)
	if last := line.Items[len(line.Items)-1]; last.Reason != markup || last.Ground != markup || d.Supplements[0].Items[0] != markup {
		t.Errorf("recorded %q, %q, %q", last.Reason, last.Ground, d.Supplements[0].Items[0])
	}
}

// Numbers of persons are masked, lists name nobody, and each reading is in the
// access log under the request's id.
func TestPersonalDataIsMaskedAndReadingIsLogged(t *testing.T) {
	c := centre(t, api.Options{})
	got := received(t, c, nil)
	token := c.Token(t, access.Reception, "")
	id, err := c.Store().DossierIDByName(t.Context(), got.Code)
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"", "/timeline", "/deadline", "/slips/receipt.pdf"} {
		a := c.Do(t, apitest.Request{Token: token, Path: "/dossiers/" + got.Code + path})
		a.Want(t, 200, nil)
		if path != "/slips/receipt.pdf" && (bytes.Contains(a.Body, []byte("999190000017")) || bytes.Contains(a.Body, []byte("0000123456"))) {
			t.Errorf("%s shows a number: %s", path, a.Body)
		}
		log, err := c.Store().AccessesOf(t.Context(), id, 1)
		if err != nil || len(log) != 1 || log[0].Request != a.Header.Get("X-Request-Id") {
			t.Errorf("%s is not in the access log: %+v, %v", path, log, err)
		}
	}
	a := c.Do(t, apitest.Request{Token: token, Path: "/dossiers"})
	a.Want(t, 200, nil)
	if bytes.Contains(a.Body, []byte("Thử Nghiệm")) || !bytes.Contains(a.Body, []byte(got.Code)) {
		t.Errorf("the list: %s", a.Body)
	}
	log, err := c.Store().AccessesOf(t.Context(), "list:dossiers", 1)
	if err != nil || len(log) != 1 || log[0].Request != a.Header.Get("X-Request-Id") {
		t.Errorf("the list is not in the access log: %+v, %v", log, err)
	}
}

// Two officers act on one dossier at once: one of them is told to look again.
func TestTwoOfficersOnOneDossier(t *testing.T) {
	c := centre(t, api.Options{})
	got := received(t, c, nil)
	token := c.Token(t, access.Reception, "")
	act := api.Act{Act: "forward", Version: got.Version}
	answers := make([]apitest.Answer, 4)
	var all sync.WaitGroup
	for i := range answers {
		all.Go(func() {
			answers[i] = c.Do(t, apitest.Request{Token: token, Path: "/dossiers/" + got.Code + "/acts", Body: act})
		})
	}
	all.Wait()
	slices.SortFunc(answers, func(a, b apitest.Answer) int { return a.Status - b.Status })
	answers[0].Want(t, 200, nil)
	for _, a := range answers[1:] {
		a.Refused(t, 409, "dossier.changed_meanwhile")
	}
}

// An officer of another unit does not learn that the dossier exists, by
// whatever route.
func TestOfficerOfAnotherUnit(t *testing.T) {
	c := centre(t, api.Options{})
	got := received(t, c, nil)
	token := c.Token(t, access.Handler, otherUnit(t, c))
	body, form := apitest.Multipart(t, "don.pdf", apitest.PDF(1), map[string]string{"paper": "p1"})
	path := "/dossiers/" + got.Code
	for _, q := range []apitest.Request{
		{Path: path}, {Path: path + "/timeline"}, {Path: path + "/deadline"}, {Path: path + "/slips/receipt.pdf"}, {Path: path + "/files/" + strings.Repeat("a", 64)},
		{Path: path + "/acts", Body: api.Act{Act: "claim", Version: got.Version}},
		{Path: path + "/acts", Body: api.Act{Act: "accept", Version: got.Version}},
		{Path: path + "/papers", Body: body, Type: form},
	} {
		q.Token = token
		c.Do(t, q).Refused(t, 404, "dossier.unknown")
	}
	c.Do(t, apitest.Request{Token: token, Path: "/dossiers?unit=" + c.Centre().Code}).Refused(t, 404, "agency.unit_unknown")
	var own api.List[api.DossierItem]
	c.Do(t, apitest.Request{Token: token, Path: "/dossiers"}).Want(t, 200, &own)
	if len(own.Items) != 0 {
		t.Errorf("the own list holds %+v", own.Items)
	}
}

// What stands against an act is a conflict, what it lacks is a wrong field, and
// what is not the caller's is forbidden.
func TestBadActs(t *testing.T) {
	c := centre(t, api.Options{})
	got := received(t, c, nil)
	token := c.Token(t, access.Reception, "")
	var d api.Dossier
	c.Do(t, apitest.Request{Token: token, Path: "/dossiers/" + got.Code}).Want(t, 200, &d)
	handler := c.Token(t, access.Handler, d.Agency)
	for _, tt := range []struct {
		name   string
		token  string
		act    api.Act
		status int
		key    string
		fields []string
	}{
		{"unknown act", token, api.Act{Act: "xoa"}, 422, "dossier.act_unknown", []string{"act"}},
		{"the act of a job", token, api.Act{Act: "remind"}, 403, "dossier.not_yours", nil},
		{"not now", token, api.Act{Act: "return", Receiver: "A", Checked: "Căn cước"}, 409, "dossier.task_not_open", nil},
		{"no reason", token, api.Act{Act: "request-supplement", Items: []string{"p1"}}, 422, "dossier.reason_missing", []string{"reason"}},
		{"no reason and no ground", token, api.Act{Act: "withdraw"}, 422, "dossier.reason_missing", []string{"reason"}},
		{"no items", token, api.Act{Act: "request-supplement", Reason: "thiếu"}, 422, "dossier.items_missing", []string{"items"}},
		{"not the handler's", handler, api.Act{Act: "withdraw", Reason: "x"}, 403, "dossier.not_yours", nil},
		{"accepted already", token, api.Act{Act: "accept"}, 409, "dossier.act_not_now", nil},
		{"a date that is none", token, api.Act{Act: "request-supplement", Reason: "x", Items: []string{"p1"}, DueOn: "31/12/2026"}, 422, "civil.date_form", []string{"dueOn"}},
		{"two instants that are none", token, api.Act{Act: "forward", SuppliedAt: "x", HeldAt: "y"}, 422, "civil.instant_form", []string{"suppliedAt", "heldAt"}},
		{"a reason of 5,000 characters", token, api.Act{Act: "withdraw", Reason: strings.Repeat("ạ", 5000)}, 422, "dossier.too_long", []string{"reason"}},
		{"101 items", token, api.Act{Act: "request-supplement", Reason: "x", Items: make([]string, 101)}, 422, "dossier.too_many", []string{"items"}},
		{"a file that was never sent", token, api.Act{Act: "attach-paper", Paper: d.Papers[0].Name, Files: []string{strings.Repeat("0", 64)}}, 422, "store.file_not_staged", []string{"files"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tt.act.Version = d.Version
			c.Do(t, apitest.Request{Token: tt.token, Path: "/dossiers/" + got.Code + "/acts", Body: tt.act}).Refused(t, tt.status, tt.key, tt.fields...)
		})
	}
	c.Do(t, apitest.Request{Token: token, Path: "/dossiers/" + got.Code + "/acts", Body: map[string]any{"act": "forward"}}).Refused(t, 422, "api.request", "version")
	c.Do(t, apitest.Request{Token: token, Path: "/dossiers/" + got.Code + "/acts", Body: api.Act{Act: "forward", Version: 0}}).Refused(t, 409, "dossier.changed_meanwhile")
	c.Do(t, apitest.Request{Token: token, Path: "/dossiers/" + got.Code + "/slips/khong-co.pdf"}).Refused(t, 404, "slip.not_available")
}

// Times in the past are for imports, and for late entries with slip and reason.
func TestReceivedBefore(t *testing.T) {
	c := centre(t, api.Options{})
	late := received(t, c, func(r *api.Reception) {
		r.ReceivedAt, r.LateSlip, r.Reason = "2026-11-20T10:00", "17", "Mất điện"
	})
	if got := late.ReceivedAt.Format("2006-01-02T15:04:05Z07:00"); got != "2026-11-20T10:00:00+07:00" || !strings.Contains(late.Code, "-261120-") {
		t.Errorf("received at %s as %s", got, late.Code)
	}
	r := apitest.Reception(c.Receivable(t))
	r.ReceivedAt = "2026-11-19T03:00:00Z"
	var got api.Received
	c.Do(t, apitest.Request{Token: c.Token(t, access.Import, ""), Path: "/dossiers", Body: r}).Want(t, 201, &got)
	if at := got.ReceivedAt.Format("2006-01-02T15:04:05Z07:00"); at != "2026-11-19T10:00:00+07:00" || got.Version != 1 {
		t.Errorf("imported at %s, version %d", at, got.Version)
	}
	director := c.Token(t, access.Director, "")
	var d api.Dossier
	c.Do(t, apitest.Request{Token: director, Path: "/dossiers/" + late.Code + "/acts", Body: api.Act{Act: "receive-late", Version: late.Version}}).Want(t, 200, &d)
	if d.Late == nil || d.Late.Slip != "17" || d.Late.ConfirmedAt == nil {
		t.Errorf("late entry %+v", d.Late)
	}
}
