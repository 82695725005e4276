package contract

import (
	"net/http"

	"github.com/motcua/motcua/internal/api"
	"github.com/motcua/motcua/internal/api/apitest"
	"github.com/motcua/motcua/internal/app/apptest"
	"github.com/motcua/motcua/internal/core/access"
)

// ofUnit is the list of one unit, that of the agency.
const ofUnit = "of the agency"

// calls are those of the interface, apart from acts.
func (h *house) calls() []route {
	return []route{
		get("/procedures", "", func(scene) string { return "/procedures?limit=1" }),
		get("/procedures/{code}", "", func(scene) string { return "/procedures/" + h.procedure.Code }),
		{http.MethodPost, "/track", "", "received", func(s scene) apitest.Request {
			return apitest.Request{Path: "/track", Body: api.Tracking{Code: s.code, Secret: s.secret}}
		}},
		get("/dossiers", "", func(scene) string { return "/dossiers?limit=1" }),
		{http.MethodGet, "/dossiers", ofUnit, "", func(scene) apitest.Request { return apitest.Request{Path: "/dossiers?unit=" + h.units["agency"]} }},
		get("/dossiers/{code}", "received", func(s scene) string { return "/dossiers/" + s.code }),
		get("/dossiers/{code}/timeline", "received", func(s scene) string { return "/dossiers/" + s.code + "/timeline" }),
		get("/dossiers/{code}/deadline", "received", func(s scene) string { return "/dossiers/" + s.code + "/deadline" }),
		get("/dossiers/{code}/slips/{form}", "received", func(s scene) string { return "/dossiers/" + s.code + "/slips/receipt.pdf" }),
		get("/dossiers/{code}/files/{hash}", "received", func(s scene) string { return "/dossiers/" + s.code + "/files/" + s.file }),
		get("/events", "", func(scene) string { return "/events" }),
		{http.MethodPost, "/uploads", "", "", func(scene) apitest.Request {
			body, form := apitest.Multipart(h.t, "don.pdf", apitest.PDF(7), nil)
			return apitest.Request{Path: "/uploads", Body: body, Type: form}
		}},
		{http.MethodPost, "/dossiers/{code}/papers", "", "received", func(s scene) apitest.Request {
			body, form := apitest.Multipart(h.t, "quet.pdf", apitest.PDF(8), map[string]string{"paper": s.paper})
			return apitest.Request{Path: "/dossiers/" + s.code + "/papers", Body: body, Type: form}
		}},
		h.reception("", nil),
		h.reception("late entry", func(r *api.Reception) {
			r.ReceivedAt, r.LateSlip, r.Reason = "2026-11-20T10:00", "17", "Mất điện"
		}),
	}
}

// acts are all acts, each on a dossier on which it can be done now. One that has
// several lines stands once for each.
func (h *house) acts() []route {
	begin := func(act string, change func(r *api.Reception)) route {
		r := h.reception("", change)
		r.name = act
		return r
	}
	all := []route{
		begin("receive", nil),
		begin("register", func(r *api.Reception) { r.Act = "register" }),
		begin("guide", func(r *api.Reception) { r.Act, r.Reason, r.Items = "guide", "Thiếu", []string{"p1"} }),
	}
	handler := h.People(h.units["agency"], string(access.Handler))[0].ID
	for _, a := range []struct {
		point string
		act   api.Act
	}{
		{"registered", api.Act{Act: "accept"}},
		{"registered", api.Act{Act: "refuse-reception", Reason: "Sai thẩm quyền", LegalGround: "Điều 17"}},
		{"received", api.Act{Act: "forward"}},
		{"forwarded", api.Act{Act: "receive-handover"}},
		{"sent", api.Act{Act: "receive-handover"}},
		{"arrived", api.Act{Act: "assign", Staff: handler}},
		{"arrived", api.Act{Act: "claim"}},
		{"claimed", api.Act{Act: "release", Reason: "Nhầm"}},
		{"claimed", api.Act{Act: "propose"}},
		{"claimed", api.Act{Act: "verify-record", Verified: &api.Verified{Where: "Tại chỗ", Participants: []string{"Người dân"}, Content: "Khớp"}}},
		{"claimed", api.Act{Act: "consult", Reason: "Xin ý kiến", Units: []string{h.units["elsewhere"]}, DueOn: "2026-11-27"}},
		{"consulted", api.Act{Act: "answer", Reason: "Đồng ý", Outcome: "agree"}},
		{"consulted", api.Act{Act: "note-silence"}},
		{"proposed", api.Act{Act: "send-back", Reason: "Chưa đủ"}},
		{"numbered", api.Act{Act: "send-back", Reason: "Sai thể thức"}},
		{"claimed", api.Act{Act: "send-back", Reason: "Chưa đủ"}},
		{"proposed", api.Act{Act: "approve"}},
		{"approved", api.Act{Act: "number"}},
		{"numbered", api.Act{Act: "sign"}},
		{"signed as a document", api.Act{Act: "stamp"}},
		{"signed", api.Act{Act: "issue-result"}},
		{"issued", api.Act{Act: "hand-over"}},
		{"resolved", api.Act{Act: "return", Receiver: "Nguyễn Thị Thử Nghiệm", Checked: "Căn cước"}},
		{"resolved", api.Act{Act: "take-back", Reason: "Sai sót"}},
		{"received", api.Act{Act: "request-supplement", Reason: "Thiếu", Items: []string{"p1"}}},
		{"claimed", api.Act{Act: "request-supplement", Reason: "Thiếu", Items: []string{"p1"}}},
		{"asked at reception", api.Act{Act: "supply"}},
		{"asked at reception", api.Act{Act: "remind"}},
		{"asked at reception", api.Act{Act: "expire-supplement"}},
		{"refusing", api.Act{Act: "refuse", Reason: "Không đủ", LegalGround: "Điều 5"}},
		{"received", api.Act{Act: "withdraw", Reason: "Người nộp rút"}},
		{"arrived", api.Act{Act: "stop", Reason: "Tranh chấp", LegalGround: "Điều 6"}},
		{"stopped", api.Act{Act: "resume", Reason: "Hết tranh chấp", Document: "12/QĐ"}},
		{"registered", api.Act{Act: "oblige", Reason: "Nộp lệ phí trước"}},
		{"claimed", api.Act{Act: "oblige", Reason: "Nộp thuế", Document: "3/TB"}},
		{"owing", api.Act{Act: "fulfil", Document: "9/GNT"}},
		{"arrived", api.Act{Act: "apologise", Reason: "Chờ xác minh", DueOn: "2027-03-30"}},
		{"with a fee", api.Act{Act: "collect-fee", Receipt: "0000001", Method: "cash"}},
		{"with a fee", api.Act{Act: "exempt-fee", LegalGround: "Điều 5"}},
		{"received", api.Act{Act: "correct", Reason: "Ghi nhầm", Sets: 2}},
		{"late", api.Act{Act: "receive-late"}},
		{"received", api.Act{Act: "attach-paper", Paper: "p1"}},
		{"claimed", api.Act{Act: "attach-paper", Paper: "p1"}},
		{"claimed", api.Act{Act: "undo", Reason: "Nhầm"}},
		{"claimed", api.Act{Act: "repair", Reason: "Kẹt", Step: "approve"}},
		{"repairing", api.Act{Act: "confirm-repair", Reason: "Đúng"}},
		{"repairing", api.Act{Act: "decline-repair", Reason: "Không"}},
		{"claimed", api.Act{Act: "elapse"}},
		{"asked at examination", api.Act{Act: "lapse-supplement", Reason: "Không bổ sung"}}, // the last: the clock moves
	} {
		all = append(all, route{http.MethodPost, "/dossiers/{code}/acts", a.act.Act, a.point, func(s scene) apitest.Request {
			act := a.act
			act.Version = s.version
			if act.Act == "attach-paper" {
				act.Paper = s.paper
			}
			if act.Act == "lapse-supplement" {
				h.Clock.Set(apptest.Start().AddDate(0, 0, 45))
			}
			if act.Act == "attach-paper" || act.Act == "issue-result" {
				act.Files = []string{s.file}
			}
			return apitest.Request{Path: "/dossiers/" + s.code + "/acts", Body: act}
		}})
	}
	return all
}

func get(path, point string, address func(s scene) string) route {
	return route{http.MethodGet, path, "", point, func(s scene) apitest.Request { return apitest.Request{Path: address(s)} }}
}

// reception is a reception for the centre.
func (h *house) reception(name string, change func(r *api.Reception)) route {
	return route{http.MethodPost, "/dossiers", name, "", func(scene) apitest.Request {
		r := apitest.Reception(h.procedure)
		r.Unit = h.units["centre"]
		if change != nil {
			change(&r)
		}
		return apitest.Request{Path: "/dossiers", Body: r}
	}}
}
