package contract

import (
	"slices"
	"testing"

	"github.com/motcua/motcua/internal/api"
	"github.com/motcua/motcua/internal/api/apitest"
	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/app/apptest"
	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/procedure"
)

// scene is a dossier at a point, made when there is none.
func (h *house) scene(point string) scene {
	h.t.Helper()
	if s, ok := h.at[point]; ok || point == "" {
		return s
	}
	way, ok := h.ways()[point]
	if !ok {
		h.t.Fatalf("no way leads to %s", point)
	}
	s := h.begin(way.reception, point == "received")
	for _, a := range way.acts {
		s = h.step(s, a.role, a.place, a.act)
	}
	h.at[point] = s
	return s
}

// begin receives a dossier, with a file where one is asked for: files are slow.
func (h *house) begin(change func(r *api.Reception), file bool) scene {
	h.t.Helper()
	counter := h.token(access.Reception, "centre")
	r := apitest.Reception(h.procedure)
	if change != nil {
		change(&r)
	}
	s := scene{paper: r.Papers[0].Name}
	if file {
		s.file = h.stage(counter, 1)
		r.Papers[0].Files = []string{s.file}
	}
	var got api.Received
	h.Do(h.t, apitest.Request{Token: counter, Path: "/dossiers", Body: r}).Want(h.t, 201, &got)
	s.code, s.version, s.secret = got.Code, got.Version, got.TrackingSecret
	return s
}

// stage uploads a file and returns its hash.
func (h *house) stage(token string, n int) string {
	h.t.Helper()
	body, form := apitest.Multipart(h.t, "tep.pdf", apitest.PDF(n), nil)
	var staged api.List[api.File]
	h.Do(h.t, apitest.Request{Token: token, Path: "/uploads", Body: body, Type: form}).Want(h.t, 201, &staged)
	return staged.Items[0].Hash
}

func (h *house) step(s scene, role access.Role, place string, a api.Act) scene {
	h.t.Helper()
	token := h.token(role, place)
	if a.Act == "issue-result" || a.Act == "propose" && a.Files != nil {
		a.Files = []string{h.stage(token, 2)}
	}
	a.Version = s.version
	var d api.Dossier
	h.Do(h.t, apitest.Request{Token: token, Path: "/dossiers/" + s.code + "/acts", Body: a}).Want(h.t, 200, &d)
	s.code, s.version = d.Code, d.Version
	return s
}

// way leads a dossier to a point.
type way struct {
	reception func(r *api.Reception)
	acts      []step
}

type step struct {
	role  access.Role
	place string
	act   api.Act
}

// ways lead to every point; of those in a row, each goes on from the one before.
func (h *house) ways() map[string]way {
	at := func(place string, role access.Role, a api.Act) step { return step{role, place, a} }
	all := map[string]way{}
	var so []step
	for _, p := range []struct {
		point string
		step  step
	}{
		{"received", step{}},
		{"forwarded", at("centre", access.Reception, api.Act{Act: "forward"})},
		{"arrived", at("agency", access.Handler, api.Act{Act: "receive-handover"})},
		{"claimed", at("agency", access.Handler, api.Act{Act: "claim"})},
		{"proposed", at("agency", access.Handler, api.Act{Act: "propose"})},
		{"approved", at("agency", access.Leader, api.Act{Act: "approve"})},
		{"numbered", at("agency", access.Clerk, api.Act{Act: "number"})},
		{"signed", at("agency", access.Leader, api.Act{Act: "sign"})},
		{"issued", at("agency", access.Clerk, api.Act{Act: "issue-result"})},
		{"sent", at("agency", access.Clerk, api.Act{Act: "hand-over"})},
		{"resolved", at("centre", access.Reception, api.Act{Act: "receive-handover"})},
	} {
		if so = slices.Clone(so); p.step.role != "" {
			so = append(so, p.step)
		}
		all[p.point] = way{acts: so}
	}
	all["with a fee"] = way{reception: h.withFee}
	on := func(from string, steps ...step) way { return way{acts: append(slices.Clone(all[from].acts), steps...)} }
	all["registered"] = way{reception: func(r *api.Reception) { r.Act = "register" }}
	all["late"] = way{reception: func(r *api.Reception) {
		r.ReceivedAt, r.LateSlip, r.Reason = "2026-11-20T10:00", "17", "Mất điện"
	}}
	all["asked at reception"] = on("received", at("centre", access.Reception, api.Act{Act: "request-supplement", Reason: "Thiếu", Items: []string{"p1"}}))
	all["asked at examination"] = on("arrived", at("agency", access.Handler, api.Act{Act: "request-supplement", Reason: "Thiếu", Items: []string{"p1"}}))
	all["refusing"] = on("claimed", at("agency", access.Handler, api.Act{Act: "propose", Outcome: "refuse", Reason: "Không đủ"}))
	all["signed as a document"] = on("claimed",
		at("agency", access.Handler, api.Act{Act: "propose", Files: []string{""}}), at("agency", access.Leader, api.Act{Act: "approve"}),
		at("agency", access.Clerk, api.Act{Act: "number"}), at("agency", access.Leader, api.Act{Act: "sign"}))
	all["stopped"] = on("arrived", at("agency", access.Leader, api.Act{Act: "stop", Reason: "Tranh chấp", LegalGround: "Điều 6"}))
	all["consulted"] = on("claimed", at("agency", access.Handler, api.Act{Act: "consult", Reason: "Xin ý kiến", Units: []string{h.units["elsewhere"]}, DueOn: "2026-11-27"}))
	all["owing"] = on("claimed", at("agency", access.Handler, api.Act{Act: "oblige", Reason: "Nộp thuế", Document: "3/TB"}))
	all["repairing"] = on("claimed", at("centre", access.Control, api.Act{Act: "repair", Reason: "Kẹt", Step: "approve"}))
	return all
}

// withFee asks for the first fee of the procedure.
func (h *house) withFee(r *api.Reception) {
	r.FeeLines = []string{h.procedure.FeesBy(procedure.Way("direct"))[0].ID}
}

// costly is a procedure of the centre with papers, some working days and a fee,
// whose agency has people, and that agency's name.
func costly(t *testing.T, w *apptest.World) (app.Receivable, string) {
	t.Helper()
	all, err := w.ReceivableBy()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range all {
		if p.Unit != w.Centre().Code || len(p.Cases) != 1 || p.Cases[0].Limit == nil || len(p.PapersOf(p.Cases[0])) == 0 {
			continue
		}
		fees := p.FeesBy(procedure.Way("direct"))
		if p.Cases[0].Limit.Unit != "ngay_lam_viec" || p.Cases[0].Limit.Value < 5 || len(fees) == 0 || !fees[0].Collectable() || fees[0].AmountVND == 0 {
			continue
		}
		page, err := w.ProcedurePage(t.Context(), p.Code)
		if err != nil {
			t.Fatal(err)
		}
		if page.AgencyName != w.Centre().Name {
			return p, page.AgencyName
		}
	}
	t.Fatal("no procedure has a fee")
	return app.Receivable{}, ""
}
