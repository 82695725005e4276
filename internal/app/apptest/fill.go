package apptest

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/civildata"
	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/dossier"
	"github.com/motcua/motcua/internal/core/journal"
	"github.com/motcua/motcua/internal/store"
)

// fillBatch is how many dossiers one write of Fill holds.
const fillBatch = 500

// Fill loads n open dossiers as events, as they would stand in the journal after
// as many receptions this morning: each its own code, reception and promise, and
// its own sealed persons.
func Fill(t testing.TB, w *World, n int) {
	t.Helper()
	template, private := received(t, w)
	day := civil.DateOf(w.Clock.Now())
	part, _, _ := strings.Cut(template.Code, "-")
	series := store.Series{Kind: "dossier-code", Key: part + "|" + day.String()}
	for from := 1; from < n; from += fillBatch {
		size := min(fillBatch, n-from)
		write := store.Write{Actor: journal.Actor{Principal: "system:fill", Name: "fill"}, Series: []store.Series{series}}
		for i := range size {
			write.Roots = append(write.Roots, store.DossierRoot(fmt.Sprintf("0190a000-0000-7000-8000-%012d", from+i)))
		}
		_, err := store.Do(t.Context(), w.Store(), write, func(v *store.View) (int, error) {
			for i, root := range write.Roots {
				c, opening := template, *template.Opening
				opening.At = day.At(7*60 + 30).Add(time.Duration(from+i) * 85 * time.Minute / time.Duration(n))
				due, err := civil.Due(civildata.Default(), civil.DueInput{ReceivedAt: opening.At, Limit: template.Deadline.Limit, Policy: template.Deadline.Policy})
				if err != nil {
					return 0, err
				}
				dl := *template.Deadline
				dl.StartAt, dl.DueOn, dl.DueAt, dl.FirstDueOn, dl.FirstDueAt = due.StartAt, due.DueOn, due.DueAt, due.DueOn, due.DueAt
				c.Opening, c.Deadline, c.Private = &opening, &dl, v.Seal(root.ID, "dossier", private)
				c.Code = dossier.FormatCode(part, day, v.Number(series))
				if _, err := store.Record[dossier.Dossier](v, root, "dossier.received", 1, "", c); err != nil {
					return 0, err
				}
			}
			return size, nil
		})
		if err != nil {
			t.Fatalf("load dossiers: %v", err)
		}
	}
}

// received takes one dossier in and returns the change of its first event with
// its personal part in clear.
func received(t testing.TB, w *World) (dossier.Change, []byte) {
	t.Helper()
	var c dossier.Change
	got := Receive(t, w, 5)
	events, err := w.Store().StreamEvents(t.Context(), store.DossierRoot(got.ID))
	if err != nil || len(events) == 0 {
		t.Fatalf("read the dossier's events: %v", err)
	}
	if err := json.Unmarshal(events[0].Payload, &c); err != nil {
		t.Fatal(err)
	}
	private, err := w.Store().Unseal(t.Context(), got.ID, "dossier", c.Private)
	if err != nil {
		t.Fatal(err)
	}
	return c, private
}

// Receive takes a dossier with a limit of so many working days in at the centre.
func Receive(t testing.TB, w *World, days int) app.Received {
	t.Helper()
	all, err := w.ReceivableBy()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range all {
		if p.Unit != w.Centre().Code || len(p.Cases) != 1 || p.Cases[0].Limit == nil || p.Cases[0].Limit.Unit != "ngay_lam_viec" || p.Cases[0].Limit.Value != days {
			continue
		}
		f := app.ReceptionForm{
			Procedure: p.Code, Case: p.Cases[0].ID, Channel: dossier.Direct, ReturnChannel: dossier.ReturnCounter, Sets: 1, Confirmed: true,
			Owner: app.PartyForm{Kind: "citizen", Name: "Trần Văn Thử", PersonalID: "999190000025", Phone: "0000123456", Address: "1 Lê Lợi, Đà Lạt"},
		}
		for _, x := range p.PapersOf(p.Cases[0]) {
			f.Papers = append(f.Papers, app.PaperForm{ID: x.ID, Originals: max(x.Originals, 1), Copies: x.Copies})
		}
		got, err := w.ReceiveDossier(t.Context(), w.People(w.Centre().Code, string(access.Reception))[0], f)
		if err != nil {
			t.Fatalf("receive %s: %v", p.Code, err)
		}
		return got
	}
	t.Fatalf("no procedure of %d working days to receive", days)
	return app.Received{}
}
