package api_test

import (
	"bytes"
	"testing"

	"github.com/motcua/motcua/internal/api"
	"github.com/motcua/motcua/internal/api/apitest"
	"github.com/motcua/motcua/internal/core/access"
)

// The same key and body get the first answer, byte by byte, also after more has
// happened; another body under that key is refused.
func TestSameFormSentTwice(t *testing.T) {
	c := centre(t, api.Options{})
	token := c.Token(t, access.Reception, "")
	r := apitest.Reception(c.Receivable(t))
	q := apitest.Request{Token: token, Path: "/dossiers", Body: r, Key: "2f1c"}
	first := c.Do(t, q)
	var got api.Received
	first.Want(t, 201, &got)
	act := apitest.Request{Token: token, Path: "/dossiers/" + got.Code + "/acts", Body: api.Act{Act: "forward", Version: got.Version}, Key: "3a"}
	firstAct := c.Do(t, act)
	var forwarded api.Dossier
	firstAct.Want(t, 200, &forwarded)
	handler := c.Token(t, access.Handler, forwarded.Agency)
	c.Do(t, apitest.Request{Token: handler, Path: act.Path, Body: api.Act{Act: "receive-handover", Version: forwarded.Version}}).Want(t, 200, nil)

	for _, tt := range []struct {
		name  string
		q     apitest.Request
		first apitest.Answer
	}{{"reception", q, first}, {"act", act, firstAct}} {
		again := c.Do(t, tt.q)
		if again.Status != tt.first.Status || !bytes.Equal(again.Body, tt.first.Body) {
			t.Errorf("%s again: %d\n%s\nwant %d\n%s", tt.name, again.Status, again.Body, tt.first.Status, tt.first.Body)
		}
	}
	r.Subject = "khác"
	q.Body = r
	c.Do(t, q).Refused(t, 409, "store.action_reused")
	act.Body = api.Act{Act: "forward", Version: got.Version, Reason: "khác"}
	c.Do(t, act).Refused(t, 409, "store.action_reused")

	// Another principal has keys of his own.
	var other api.Received
	importer := apitest.Request{Token: c.Token(t, access.Import, ""), Path: "/dossiers", Body: r, Key: "2f1c"}
	c.Do(t, importer).Want(t, 201, &other)
	if other.Code == got.Code {
		t.Errorf("two dossiers are %s", got.Code)
	}
}

// Without a key two equal forms are two dossiers, unless the caller wants to be
// warned of the first.
func TestSimilarDossier(t *testing.T) {
	c := centre(t, api.Options{})
	first, second := received(t, c, nil), received(t, c, nil)
	if first.Code == second.Code || first.TrackingSecret == second.TrackingSecret {
		t.Errorf("two receptions are %s", first.Code)
	}
	r := apitest.Reception(c.Receivable(t))
	seen := false
	r.Confirmed = &seen
	c.Do(t, apitest.Request{Token: c.Token(t, access.Reception, ""), Path: "/dossiers", Body: r}).Refused(t, 409, "dossier.similar")
}

// What a partner sends in from online is registered under a reference, and an
// officer's acceptance receives it.
func TestRegisterThenAccept(t *testing.T) {
	c := centre(t, api.Options{})
	r := apitest.Reception(c.Receivable(t))
	r.Channel = "online"
	var ref api.Received
	c.Do(t, apitest.Request{Token: c.Token(t, access.Partner, ""), Path: "/dossiers", Body: r}).Want(t, 201, &ref)
	if ref.Status.Status != 1 || ref.DueOn != nil || ref.DueNote == "" || ref.ReceiptURL != "" {
		t.Errorf("registered %+v", ref)
	}
	officer := c.Token(t, access.Reception, "")
	var seen, accepted, again api.Dossier
	c.Do(t, apitest.Request{Token: officer, Path: "/dossiers/" + ref.Code}).Want(t, 200, &seen)
	if len(seen.Acts) == 0 || seen.Acts[0].Act != "accept" {
		t.Errorf("acts %+v", seen.Acts)
	}
	act := api.Act{Act: "accept", Version: seen.Version}
	for _, p := range r.Papers {
		act.Papers = append(act.Papers, api.PaperIn{Name: p.Name, Copies: 1})
	}
	q := apitest.Request{Token: officer, Path: "/dossiers/" + ref.Code + "/acts", Body: act, Key: "nhan"}
	c.Do(t, q).Want(t, 200, &accepted)
	if accepted.Status.Status != 2 || accepted.Ref != ref.Code || accepted.DueOn == nil || accepted.Papers[0].Copies != 1 {
		t.Errorf("accepted %+v", accepted)
	}
	c.Do(t, q).Want(t, 200, &again)
	if again.Code != accepted.Code || again.Version != accepted.Version {
		t.Errorf("accepted again as %s", again.Code)
	}
	c.Do(t, apitest.Request{Token: officer, Path: "/dossiers/" + ref.Code}).Want(t, 200, &seen)
	if seen.Code != accepted.Code {
		t.Errorf("the reference leads to %s", seen.Code)
	}
}
