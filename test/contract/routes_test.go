package contract

import (
	"net/http"

	"github.com/motcua/motcua/internal/api"
	"github.com/motcua/motcua/internal/api/apitest"
)

// routes are the calls of the table, in its order.
func (m *house) routes() []route {
	all := []route{
		get("/procedures", "", func(scene) string { return "/procedures?limit=1" }),
		get("/procedures/{code}", "", func(scene) string { return "/procedures/" + m.Receivable(m.t).Code }),
		{http.MethodPost, "/track", "", "received", func(s scene) apitest.Request {
			return apitest.Request{Path: "/track", Body: api.Tracking{Code: s.code, Secret: s.secret}}
		}},
		get("/dossiers", "", func(scene) string { return "/dossiers?unit={unit}" }),
		get("/dossiers/{code}", "received", func(s scene) string { return "/dossiers/" + s.code }),
		get("/dossiers/{code}/timeline", "received", func(s scene) string { return "/dossiers/" + s.code + "/timeline" }),
		get("/dossiers/{code}/deadline", "received", func(s scene) string { return "/dossiers/" + s.code + "/deadline" }),
		get("/dossiers/{code}/slips/{form}", "received", func(s scene) string { return "/dossiers/" + s.code + "/slips/receipt.pdf" }),
		get("/dossiers/{code}/files/{hash}", "received", func(s scene) string { return "/dossiers/" + s.code + "/files/" + s.file }),
		get("/events", "", func(scene) string { return "/events" }),
		{http.MethodPost, "/uploads", "", "", func(scene) apitest.Request {
			body, form := apitest.Multipart(m.t, "don.pdf", apitest.PDF(7), nil)
			return apitest.Request{Path: "/uploads", Body: body, Type: form}
		}},
		{http.MethodPost, "/dossiers/{code}/papers", "", "received", func(s scene) apitest.Request {
			body, form := apitest.Multipart(m.t, "quet.pdf", apitest.PDF(8), map[string]string{"paper": s.paper})
			return apitest.Request{Path: "/dossiers/" + s.code + "/papers", Body: body, Type: form}
		}},
		m.reception("now", nil),
		m.reception("back-dated", func(r *api.Reception) { r.ReceivedAt = "2026-11-20T10:00" }),
		m.reception("late entry", func(r *api.Reception) {
			r.ReceivedAt, r.LateSlip, r.Reason = "2026-11-20T10:00", "17", "Mất điện"
		}),
	}
	for _, a := range []struct {
		point string
		act   api.Act
	}{
		{"registered", api.Act{Act: "accept"}},
		{"registered", api.Act{Act: "refuse-reception", Reason: "Sai thẩm quyền", LegalGround: "Điều 17"}},
		{"received", api.Act{Act: "forward"}},
		{"received", api.Act{Act: "correct", Reason: "Ghi nhầm", Sets: 2}},
		{"received", api.Act{Act: "request-supplement", Reason: "Thiếu", Items: []string{"p1"}}},
		{"supplement", api.Act{Act: "supply"}},
		{"received", api.Act{Act: "withdraw", Reason: "Người nộp rút"}},
		{"late", api.Act{Act: "receive-late"}},
		{"forwarded", api.Act{Act: "receive-handover"}},
		{"arrived", api.Act{Act: "claim"}},
		{"arrived", api.Act{Act: "assign", Staff: m.People(m.agency, "handler")[0].ID}},
		{"claimed", api.Act{Act: "propose"}},
		{"claimed", api.Act{Act: "consult", Reason: "Xin ý kiến", Units: []string{m.other}, DueOn: "2026-11-27"}},
		{"claimed", api.Act{Act: "undo", Reason: "Nhầm"}},
		{"proposed", api.Act{Act: "approve"}},
		{"proposed", api.Act{Act: "send-back", Reason: "Chưa đủ"}},
		{"refusing", api.Act{Act: "refuse", Reason: "Không đủ", LegalGround: "Điều 5"}},
		{"arrived", api.Act{Act: "stop", Reason: "Tranh chấp", LegalGround: "Điều 6"}},
		{"stopped", api.Act{Act: "resume", Reason: "Hết tranh chấp", Document: "12/QĐ"}},
		{"arrived", api.Act{Act: "apologise", Reason: "Chờ xác minh", DueOn: "2027-03-30"}},
		{"approved", api.Act{Act: "number"}},
		{"numbered", api.Act{Act: "sign"}},
		{"issued", api.Act{Act: "hand-over"}},
		{"resolved", api.Act{Act: "return", Receiver: "Nguyễn Thị Thử Nghiệm", Checked: "Căn cước"}},
		{"resolved", api.Act{Act: "take-back", Reason: "Sai sót"}},
		{"supplement", api.Act{Act: "remind"}},
	} {
		all = append(all, route{http.MethodPost, "/dossiers/{code}/acts", a.act.Act, a.point, func(s scene) apitest.Request {
			act := a.act
			act.Version = s.version
			return apitest.Request{Path: "/dossiers/" + s.code + "/acts", Body: act}
		}})
	}
	return all
}

func get(path, point string, address func(s scene) string) route {
	return route{http.MethodGet, path, "", point, func(s scene) apitest.Request { return apitest.Request{Path: address(s)} }}
}

// reception is a reception for the centre.
func (m *house) reception(name string, change func(r *api.Reception)) route {
	return route{http.MethodPost, "/dossiers", name, "", func(scene) apitest.Request {
		r := apitest.Reception(m.Receivable(m.t))
		r.Unit = m.centre
		if change != nil {
			change(&r)
		}
		return apitest.Request{Path: "/dossiers", Body: r}
	}}
}
