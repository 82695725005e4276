package web

import (
	"net/http"
	"strings"
	"testing"

	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/dossier"
)

// Who received or proposed does not approve, nobody works on a dossier of his own,
// and nothing sleeps in an absent officer's inbox: asked from outside, with forms
// that the pages do not offer.
func TestPeopleRules(t *testing.T) {
	s := newSite(t)
	d := s.act(s.one(access.Reception), s.receive(nil).Dossier, dossier.Input{Act: dossier.Forward})
	handlers := s.People(d.Agency, string(access.Handler))
	first, second := handlers[0], handlers[1]
	change := func(who access.Actor, set func(*app.StaffForm)) {
		t.Helper()
		form, err := s.StaffMember(t.Context(), s.one(access.Admin), who.ID)
		if err != nil {
			t.Fatal(err)
		}
		set(&form)
		if _, err := s.SaveStaff(t.Context(), s.one(access.Admin), form); err != nil {
			t.Fatal(err)
		}
	}
	change(first, func(f *app.StaffForm) { f.Roles = append(f.Roles, access.Leader) })
	change(second, func(f *app.StaffForm) { f.PersonalID = "999190000017" }) // the owner's own number
	path := dossierPath(d.Code)
	send := func(b *browser, act string, pairs ...string) page {
		t.Helper()
		now, err := s.Dossier(t.Context(), first, d.Code)
		if err != nil {
			t.Fatal(err)
		}
		return b.post(path+"/"+act, append([]string{"phien-ban", strings.TrimSpace(b.get(path).field("phien-ban")), "viec", now.Tasks[0].ID}, pairs...)...)
	}
	own := s.signIn(second)
	send(own, "claim").is(http.StatusForbidden).sound()

	d = s.act(first, d, dossier.Input{Act: dossier.ReceiveHandover})
	d = s.act(first, d, dossier.Input{Act: dossier.Claim})
	today := civil.DateOf(s.Clock.Now())
	change(second, func(f *app.StaffForm) { f.PersonalID = "999190000025" }) // somebody else's: he may stand in
	if _, err := s.RecordAbsence(t.Context(), first, app.AbsenceForm{From: today, To: today, Work: second.ID, Reason: "Ốm"}); err != nil {
		t.Fatal(err)
	}
	own = s.signIn(second) // a changed person signs in anew
	own.get("/nghiep-vu").is(http.StatusOK).has(d.Code)
	send(own, "propose", "outcome", "approve").to()

	d = s.act(s.one(access.Reception), s.receive(func(f *app.ReceptionForm) { f.Owner.PersonalID = "999190000033" }).Dossier, dossier.Input{Act: dossier.Forward})
	path = dossierPath(d.Code)
	d = s.act(first, d, dossier.Input{Act: dossier.ReceiveHandover})
	d = s.act(first, d, dossier.Input{Act: dossier.Claim})
	s.act(first, d, dossier.Input{Act: dossier.Propose, Outcome: dossier.OutcomeApprove})
	send(s.signIn(first), "approve", "title", "Giấy phép").is(http.StatusForbidden).sound().has("không được tự phê duyệt")
}
