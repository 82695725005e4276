package app_test

import (
	"strings"
	"testing"

	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/app/apptest"
	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/dossier"
	"github.com/motcua/motcua/internal/core/fault"
)

// A command sent again is answered as the first was, also where the first one
// has changed what the second is checked against.
func TestRepeatedCommandsAnswerAsTheFirst(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		ctx := t.Context()
		counter := person(t, w, w.Centre().Code, access.Reception)
		staged, err := w.Stage(ctx, counter, "giay.pdf", strings.NewReader(smallPDF))
		if err != nil {
			t.Fatal(err)
		}
		f := form(anyReceivable(t, w))
		f.ActionID, f.Confirmed = "tiep-nhan-1", false
		f.Papers[0].Files = []app.StagedFile{{Hash: staged.Hash}}
		first, err := w.ReceiveDossier(ctx, counter, f)
		if err != nil {
			t.Fatal(err)
		}
		act := app.ActInput{ActionID: "chuyen-1", Code: first.Code, Input: dossier.Input{Act: dossier.Forward, Version: first.Version}}
		forwarded, err := w.Act(ctx, counter, act)
		if err != nil {
			t.Fatal(err)
		}
		if again, err := w.Act(ctx, counter, act); err != nil || again.Version != forwarded.Version {
			t.Errorf("forward again: version %d, %v; want %d", again.Version, err, forwarded.Version)
		}
		again, err := w.ReceiveDossier(ctx, counter, f)
		if err != nil || again.Code != first.Code || again.Secret != first.Secret || again.Version != first.Version || again.Status != first.Status {
			t.Errorf("receive again: %s %v version %d, %v; want %s", again.Code, again.Status, again.Version, err, first.Code)
		}
		other := f
		other.Subject = "khác"
		if _, err := w.ReceiveDossier(ctx, counter, other); !fault.Is(err, "store.action_reused") {
			t.Errorf("another form under the same id: %v", err)
		}
		otherAct := act
		otherAct.Reason = "khác"
		if _, err := w.Act(ctx, counter, otherAct); !fault.Is(err, "store.action_reused") {
			t.Errorf("another act under the same id: %v", err)
		}
		f.ActionID = "tiep-nhan-2"
		if _, err := w.ReceiveDossier(ctx, counter, f); !fault.Is(err, "dossier.similar") && !fault.Is(err, "store.file_not_staged") {
			t.Errorf("the same form under another id: %v", err)
		}
		uploads(t, w, counter, staged)
	})
}

func uploads(t *testing.T, w *apptest.World, who access.Actor, staged app.StagedFile) {
	t.Helper()
	for range 2 {
		if got, err := w.Uploaded(t.Context(), who, "tai-len-1", []app.StagedFile{staged}); err != nil || len(got) != 1 || got[0] != staged {
			t.Errorf("Uploaded = %v, %v", got, err)
		}
	}
	staged.Hash = strings.Repeat("0", 64)
	if _, err := w.Uploaded(t.Context(), who, "tai-len-1", []app.StagedFile{staged}); !fault.Is(err, "store.action_reused") {
		t.Errorf("another file under the same id: %v", err)
	}
}

func TestFreeTextsAreCleanedAndBounded(t *testing.T) {
	w := apptest.SQLite(t)
	ctx := t.Context()
	counter := person(t, w, w.Centre().Code, access.Reception)
	got, err := w.ReceiveDossier(ctx, counter, form(anyReceivable(t, w)))
	if err != nil {
		t.Fatal(err)
	}
	act := app.ActInput{Code: got.Code, Input: dossier.Input{
		Act: dossier.RequestSupplement, Version: got.Version, Items: []string{"Bản sao  căn cước\u200b"},
		Reason: "Thiếu giấy tờ\r\n<b>gấp</b>\u202e",
	}}
	long := act
	long.Items = []string{strings.Repeat("x", 501)}
	if f := fault.As(second(w.Act(ctx, counter, long))); f == nil || f.Field != "items[0]" || f.Key != "dossier.too_long" {
		t.Errorf("an item of 501 characters: %v", f)
	}
	many := act
	many.Items = make([]string, 101)
	if f := fault.As(second(w.Act(ctx, counter, many))); f == nil || f.Field != "items" || f.Key != "dossier.too_many" {
		t.Errorf("101 items: %v", f)
	}
	d, err := w.Act(ctx, counter, act)
	if err != nil {
		t.Fatal(err)
	}
	if item := d.Supplements[0].Items[0]; item != "Bản sao căn cước" {
		t.Errorf("item %q", item)
	}
	if act.Items[0] != "Bản sao  căn cước\u200b" {
		t.Errorf("the caller's list was changed: %q", act.Items)
	}
	view, err := w.Dossier(ctx, counter, got.Code)
	if err != nil {
		t.Fatal(err)
	}
	if last := view.Timeline[len(view.Timeline)-1]; last.Reason != "Thiếu giấy tờ\n<b>gấp</b>" {
		t.Errorf("reason %q", last.Reason)
	}
}

func second[T any](_ T, err error) error { return err }

func TestListNeedsTheRightToRead(t *testing.T) {
	w := apptest.SQLite(t)
	admin, ok := w.Person("admin")
	if !ok {
		t.Fatal("no administrator")
	}
	for _, unit := range []string{"", admin.Unit} {
		if _, err := w.ListDossiers(t.Context(), admin, app.ListInput{Unit: unit}); fault.KindOf(err) != fault.Forbidden {
			t.Errorf("an administrator lists %q: %v", unit, err)
		}
	}
}

func TestFeedShowsWhatTheActorMayRead(t *testing.T) {
	w := apptest.SQLite(t)
	ctx := t.Context()
	counter := person(t, w, w.Centre().Code, access.Reception)
	after := w.Store().Position()
	got, err := w.ReceiveDossier(ctx, counter, form(anyReceivable(t, w)))
	if err != nil {
		t.Fatal(err)
	}
	if pos := <-w.Changed(ctx); pos != after+1 {
		t.Errorf("the journal is at %d, want %d", pos, after+1)
	}
	seen, next, err := w.Feed(ctx, counter, after)
	if err != nil || next != after+1 || len(seen) != 1 || seen[0].Code != got.Code || seen[0].Status != dossier.Accepted || seen[0].Type != "dossier.received" {
		t.Errorf("Feed = %+v, %d, %v", seen, next, err)
	}
	stranger := access.Actor{ID: "token:x", Roles: []access.Role{access.Handler}, Unit: "H36.99"}
	if seen, next, err := w.Feed(ctx, stranger, after); err != nil || next != after+1 || len(seen) != 0 {
		t.Errorf("a stranger sees %+v, %d, %v", seen, next, err)
	}
	if _, _, err := w.Feed(ctx, access.Public(), after); fault.KindOf(err) != fault.Forbidden {
		t.Errorf("the public: %v", err)
	}
	if seen, next, err := w.Feed(ctx, counter, next); err != nil || next != after+1 || len(seen) != 0 {
		t.Errorf("after the end: %+v, %d, %v", seen, next, err)
	}
}
