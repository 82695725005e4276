package contract

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/motcua/motcua/internal/api"
	"github.com/motcua/motcua/internal/api/apitest"
	"github.com/motcua/motcua/internal/app/apptest"
	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/store/storetest"
)

// A dossier's whole life through the interface alone, on both engines, each
// answer as openapi.json describes it; afterwards every invariant holds.
func TestLifeOfADossier(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		w := apptest.At(t, url)
		l := &life{checker: newChecker(t, apitest.New(t, w, api.Options{}))}
		l.plain()
		l.online()
		l.refusedAtReception()
		l.interrupted()
		l.late()
		l.refusals()
		if left := l.unused(); !slices.Equal(left, []string{"get /events"}) { // a stream; internal/api tests it
			t.Errorf("never succeeded: %v", left)
		}
		storetest.Verify(t, w.Store())
	})
}

// life is a checker that follows one dossier.
type life struct {
	*checker
	code    string
	version int64
	agency  string
}

func (l *life) centre(role access.Role) string { return l.Token(l.t, role, "") }

func (l *life) of(role access.Role) string { return l.Token(l.t, role, l.agency) }

// begin hands a dossier in.
func (l *life) begin(role access.Role, change func(r *api.Reception)) api.Received {
	l.t.Helper()
	r := apitest.Reception(l.Receivable(l.t))
	if change != nil {
		change(&r)
	}
	var got api.Received
	l.call(apitest.Request{Token: l.centre(role), Path: "/dossiers", Body: r}).Want(l.t, 201, &got)
	l.code, l.version = got.Code, got.Version
	l.agency = l.see(l.centre(access.Reception), "").Agency
	return got
}

// see reads the dossier.
func (l *life) see(token, below string) api.Dossier {
	l.t.Helper()
	var d api.Dossier
	l.call(apitest.Request{Token: token, Path: "/dossiers/" + l.code + below}).Want(l.t, 200, &d)
	return d
}

// act does one act some minutes later and checks the status after it.
func (l *life) act(token string, a api.Act, status int) api.Dossier {
	l.t.Helper()
	l.Clock.Add(10 * time.Minute)
	a.Version = l.version
	var d api.Dossier
	l.call(apitest.Request{Token: token, Path: "/dossiers/" + l.code + "/acts", Body: a}).Want(l.t, 200, &d)
	if d.Status.Status != status {
		l.t.Errorf("after %s: status %d %s, want %d", a.Act, d.Status.Status, d.StatusLabel, status)
	}
	if d.Version <= l.version {
		l.t.Errorf("after %s: version %d", a.Act, d.Version)
	}
	l.code, l.version = d.Code, d.Version
	return d
}

// upload stages a file and returns its hash.
func (l *life) upload(token string, n int) string {
	l.t.Helper()
	body, form := apitest.Multipart(l.t, "tep.pdf", apitest.PDF(n), nil)
	var staged api.List[api.File]
	l.call(apitest.Request{Token: token, Path: "/uploads", Body: body, Type: form}).Want(l.t, 201, &staged)
	return staged.Items[0].Hash
}

// plain is the way of most dossiers, with a supplement, a consultation and a
// correction.
func (l *life) plain() {
	t := l.t
	p := l.Receivable(t)
	l.call(apitest.Request{Path: "/procedures?q=" + p.Code}).Want(t, 200, nil)
	l.call(apitest.Request{Path: "/procedures/" + p.Code}).Want(t, 200, nil)
	counter := l.centre(access.Reception)
	scan := l.upload(counter, 1)
	got := l.begin(access.Reception, func(r *api.Reception) { r.Papers[0].Files = []string{scan} })
	paper := l.see(counter, "").Papers[0].Name
	l.call(apitest.Request{Token: counter, Path: "/dossiers/" + l.code + "/files/" + scan}).Want(t, 200, nil)
	l.call(apitest.Request{Token: counter, Path: "/dossiers/" + l.code + "/slips/receipt.pdf"}).Want(t, 200, nil)
	body, form := apitest.Multipart(t, "quet.pdf", apitest.PDF(2), map[string]string{"paper": paper})
	var d api.Dossier
	l.call(apitest.Request{Token: counter, Path: "/dossiers/" + l.code + "/papers", Body: body, Type: form}).Want(t, 200, &d)
	l.version = d.Version

	subject := "Sửa trích yếu"
	l.act(counter, api.Act{Act: "correct", Reason: "Ghi nhầm", Subject: &subject}, 2)
	l.act(counter, api.Act{Act: "request-supplement", Reason: "Thiếu bản sao", Items: []string{paper}}, 5)
	l.act(counter, api.Act{Act: "supply", Papers: []api.PaperIn{{Name: paper, Originals: 1, Copies: 2}}}, 2)
	l.act(counter, api.Act{Act: "forward"}, 4)
	l.act(counter, api.Act{Act: "undo", Reason: "Chuyển nhầm"}, 2)
	l.act(counter, api.Act{Act: "forward"}, 4)
	handler, leader, clerk := l.of(access.Handler), l.of(access.Leader), l.of(access.Clerk)
	l.act(handler, api.Act{Act: "receive-handover"}, 4)
	l.act(handler, api.Act{Act: "claim"}, 4)
	l.act(handler, api.Act{Act: "verify-record", Verified: &api.Verified{Where: "Đà Lạt", Participants: []string{"Trần Văn Mẫu"}, Content: "Đúng hiện trạng"}}, 4)
	other := l.other()
	l.act(handler, api.Act{Act: "consult", Reason: "Xin ý kiến quy hoạch", Units: []string{other}, DueOn: "2026-11-27"}, 4)
	l.act(l.Token(t, access.Handler, other), api.Act{Act: "answer", Outcome: "agree", Reason: "Phù hợp"}, 4)
	l.act(handler, api.Act{Act: "propose", Outcome: "approve"}, 4)
	l.act(leader, api.Act{Act: "send-back", Reason: "Bổ sung căn cứ"}, 4)
	l.act(handler, api.Act{Act: "propose"}, 4)
	l.act(leader, api.Act{Act: "approve", Title: "Quyết định"}, 4)
	l.act(clerk, api.Act{Act: "number"}, 4)
	l.act(leader, api.Act{Act: "sign"}, 4)
	l.act(clerk, api.Act{Act: "issue-result", Files: []string{l.upload(clerk, 3)}}, 4)
	l.act(clerk, api.Act{Act: "hand-over"}, 4)
	d = l.act(counter, api.Act{Act: "receive-handover"}, 9)
	if d.FinishedAt == nil || d.Result == nil || d.Result.Number == "" || len(d.Result.Files) != 1 {
		t.Errorf("resolved: %+v, finished %v", d.Result, d.FinishedAt)
	}
	d = l.act(counter, api.Act{Act: "return", Receiver: "Nguyễn Thị Thử Nghiệm", Checked: "Căn cước"}, 10)
	if d.Returned == nil || len(d.Tasks) != 0 {
		t.Errorf("returned: %+v, tasks %+v", d.Returned, d.Tasks)
	}
	l.read(got, d)
}

// read reads everything that tells of a finished dossier.
func (l *life) read(got api.Received, d api.Dossier) {
	t, counter := l.t, l.centre(access.Reception)
	var line api.List[api.TimelineItem]
	l.call(apitest.Request{Token: counter, Path: "/dossiers/" + l.code + "/timeline"}).Want(t, 200, &line)
	if int64(len(line.Items)) != d.Version || line.Items[0].Act != "receive" {
		t.Errorf("%d events, version %d", len(line.Items), d.Version)
	}
	var due api.Deadline
	l.call(apitest.Request{Token: counter, Path: "/dossiers/" + l.code + "/deadline"}).Want(t, 200, &due)
	if *due.DueOn != *d.DueOn || len(due.Segments) != 2 || len(due.Stops) == 0 || !strings.Contains(due.Explanation, "\n") || *due.FirstDueOn != *got.DueOn {
		t.Errorf("deadline %+v", due)
	}
	var seen api.Tracked
	l.call(apitest.Request{Path: "/track", Body: api.Tracking{Code: l.code, Secret: got.TrackingSecret}}).Want(t, 200, &seen)
	if seen.Status.Status != 10 || len(seen.Steps) < 5 {
		t.Errorf("tracked %+v", seen)
	}
	var page api.List[api.DossierItem]
	l.call(apitest.Request{Token: l.centre(access.Director), Path: "/dossiers?status=10&limit=1"}).Want(t, 200, &page)
	if len(page.Items) != 1 || page.Items[0].Code != l.code || page.NextCursor != nil {
		t.Errorf("list %+v", page)
	}
}

// other is an agency with handlers that the dossier has nothing to do with.
func (l *life) other() string {
	l.t.Helper()
	units, err := l.Store().Units(l.t.Context())
	if err != nil {
		l.t.Fatal(err)
	}
	for _, u := range units {
		if u.Code != l.agency && u.Code != l.Centre.Centre().Code && len(l.People(u.Code, "handler")) > 0 {
			return u.Code
		}
	}
	l.t.Fatal("there is one agency only")
	return ""
}

// online is registered by a partner, received by an officer, refused by the
// agency, and taken back by the applicant before the refusal is out.
func (l *life) online() {
	l.begin(access.Partner, func(r *api.Reception) { r.Channel = "online" })
	counter := l.centre(access.Reception)
	l.act(counter, api.Act{Act: "accept"}, 2)
	l.act(counter, api.Act{Act: "forward"}, 4)
	handler := l.of(access.Handler)
	l.act(handler, api.Act{Act: "receive-handover"}, 4)
	l.act(handler, api.Act{Act: "claim"}, 4)
	l.act(handler, api.Act{Act: "propose", Outcome: "refuse", Reason: "Không đủ điều kiện"}, 4)
	l.act(l.of(access.Leader), api.Act{Act: "refuse", Reason: "Không đủ điều kiện", LegalGround: "Điều 5"}, 4)
	l.act(counter, api.Act{Act: "withdraw", Reason: "Người nộp rút"}, 7)
}

// refusedAtReception are dossiers that get no receipt.
func (l *life) refusedAtReception() {
	counter := l.centre(access.Reception)
	l.begin(access.Reception, func(r *api.Reception) {
		r.Act, r.Reason, r.Items, r.Papers = "guide", "Thiếu giấy tờ", []string{r.Papers[0].Name}, nil
	})
	l.act(counter, api.Act{Act: "refuse-reception", Reason: "Không bổ sung", LegalGround: "Điều 17"}, 3)
	got := l.begin(access.Reception, func(r *api.Reception) {
		r.Act, r.Reason, r.LegalGround = "refuse-reception", "Sai thẩm quyền", "Điều 17"
	})
	if got.Status.Status != 3 || got.DueNote == "" {
		l.t.Errorf("refused %+v", got)
	}
}

// interrupted is stopped, resumed, obliged, apologised for.
func (l *life) interrupted() {
	l.begin(access.Reception, nil)
	counter := l.centre(access.Reception)
	l.act(counter, api.Act{Act: "forward"}, 4)
	handler, leader := l.of(access.Handler), l.of(access.Leader)
	l.act(leader, api.Act{Act: "stop", Reason: "Có tranh chấp", LegalGround: "Điều 6"}, 8)
	l.act(leader, api.Act{Act: "resume", Reason: "Hết tranh chấp", Document: "12/QĐ"}, 4)
	l.act(handler, api.Act{Act: "claim"}, 4)
	l.act(handler, api.Act{Act: "release", Reason: "Bận"}, 4)
	d := l.act(leader, api.Act{Act: "assign", Staff: l.People(l.agency, "handler")[0].ID}, 4)
	if d.Tasks[0].Holder == "" {
		l.t.Errorf("assigned %+v", d.Tasks)
	}
	d = l.act(leader, api.Act{Act: "oblige", Reason: "Nộp tiền sử dụng đất", Document: "7/TB", Amount: 1_000_000}, 6)
	l.act(counter, api.Act{Act: "fulfil", Document: "GNT 8"}, 4)
	l.act(leader, api.Act{Act: "apologise", Reason: "Chờ xác minh", DueOn: d.DueOn.AddDays(70).String()}, 4)
}

// late is entered after its reception on paper.
func (l *life) late() {
	l.begin(access.Reception, func(r *api.Reception) {
		r.ReceivedAt, r.LateSlip, r.Reason = "2026-11-20T10:00:00+07:00", "17", "Mất điện"
	})
	l.act(l.centre(access.Director), api.Act{Act: "receive-late", Reason: "Đúng"}, 2)
	l.begin(access.Import, func(r *api.Reception) { r.ReceivedAt = "2026-11-18T10:00:00+07:00" })
}

// refusals are problems as described.
func (l *life) refusals() {
	t, counter := l.t, l.centre(access.Reception)
	l.call(apitest.Request{Path: "/dossiers"}).Refused(t, 401, "api.token_missing")
	l.call(apitest.Request{Token: counter, Path: "/dossiers/H36.01-261123-9999"}).Refused(t, 404, "dossier.unknown")
	l.call(apitest.Request{Token: counter, Path: "/dossiers/" + l.code + "/acts", Body: api.Act{Act: "withdraw"}}).Refused(t, 409, "dossier.changed_meanwhile")
	l.call(apitest.Request{Token: counter, Path: "/dossiers?status=77"}).Refused(t, 422, "api.request", "status")
}
