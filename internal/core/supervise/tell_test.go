package supervise_test

import (
	"slices"
	"testing"
	"time"

	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/dossier"
	"github.com/motcua/motcua/internal/core/notice"
	"github.com/motcua/motcua/internal/core/ruleset"
	"github.com/motcua/motcua/internal/core/supervise"
	"github.com/motcua/motcua/internal/i18n"
)

func at(day int, hour int) time.Time {
	return time.Date(2026, 11, day, hour, 0, 0, 0, civil.Zone)
}

// running is a dossier received on 9 November 2026 and due on the 20th.
func running() dossier.Dossier {
	d := dossier.Dossier{ID: "d", Code: "H36.01-261109-0001", Status: dossier.Processing, ReceivedAt: at(9, 9)}
	d.Channel, d.UnitName, d.AgencyName, d.Procedure.Name = dossier.Direct, "Trung tâm", "Sở Xây dựng", "Cấp giấy phép"
	d.Deadline = dossier.Deadline{
		Limit: civil.Limit{Value: 9, Unit: civil.WorkingDays}, StartAt: at(9, 9), DueOn: civil.NewDate(2026, 11, 20), DueAt: at(20, 9),
	}
	return d
}

func TestTell(t *testing.T) {
	with := func(change func(*dossier.Dossier)) dossier.Dossier {
		d := running()
		change(&d)
		return d
	}
	resolved := func(when time.Time) func(*dossier.Dossier) {
		return func(d *dossier.Dossier) { d.Status, d.FinishedAt = dossier.Resolved, &when }
	}
	asked := func(until time.Time) func(*dossier.Dossier) {
		return func(d *dossier.Dossier) {
			d.Status, d.Supplements = dossier.SupplementRequired, []dossier.Supplement{{AskedAt: at(12, 9), DueAt: until}}
		}
	}
	owing := func(d *dossier.Dossier) {
		d.Status, d.Obligations = dossier.FinancialObligation, []dossier.Obligation{{ToldAt: at(12, 9)}}
	}
	atOnce := func(d *dossier.Dossier) {
		resolved(at(9, 10))(d)
		d.Deadline.Limit = civil.Limit{Unit: civil.AtOnce}
	}
	guided := with(asked(time.Time{}))
	online := guided
	online.Channel = dossier.Online
	cases := []struct {
		name          string
		act           dossier.Act
		before, after dossier.Dossier
		want          notice.Matter
	}{
		{"an ordinary step", dossier.Propose, running(), running(), ""},
		{"a result before its day", dossier.ReceiveHandover, running(), with(resolved(at(18, 10))), notice.ResultEarly},
		{"a result on its day", dossier.ReceiveHandover, running(), with(resolved(at(20, 16))), notice.ResultReady},
		{"a late result", dossier.ReceiveHandover, running(), with(resolved(at(23, 16))), notice.ResultReady},
		{"a result that is there already", dossier.CollectFee, with(resolved(at(18, 10))), with(resolved(at(18, 10))), ""},
		{"a result on the spot", dossier.IssueResult, running(), with(atOnce), ""},
		{"papers asked for", dossier.RequestSupplement, running(), with(asked(time.Time{})), notice.SupplementAsked},
		{"papers asked for by a day", dossier.RequestSupplement, running(), with(asked(at(30, 17))), notice.SupplementBy},
		{"guidance at the counter", dossier.Guide, dossier.Dossier{}, guided, ""},
		{"guidance online", dossier.Guide, dossier.Dossier{}, online, notice.SupplementAsked},
		{"a reminder", dossier.Remind, with(asked(at(30, 17))), with(asked(at(30, 17))), notice.SupplementRemind},
		{"papers supplied", dossier.Supply, with(asked(at(30, 17))), running(), ""},
		{"papers that never came", dossier.ExpireSupplement, with(asked(at(30, 17))), with(func(d *dossier.Dossier) { d.Status = dossier.Stopped }), notice.SupplementExpired},
		{"stopped by a leader", dossier.Stop, running(), with(func(d *dossier.Dossier) { d.Status = dossier.Stopped }), notice.HandlingStopped},
		{"refused online", dossier.RefuseReception, with(func(d *dossier.Dossier) { d.Status = dossier.Registered }), with(func(d *dossier.Dossier) { d.Status = dossier.NotAccepted }), notice.ReceptionRefused},
		{"refused at the counter", dossier.RefuseReception, dossier.Dossier{}, with(func(d *dossier.Dossier) { d.Status = dossier.NotAccepted }), ""},
		{"a payment to make", dossier.Oblige, running(), with(owing), notice.ObligationTold},
		{"an apology", dossier.Apologise, running(), with(func(d *dossier.Dossier) {
			d.Deadline.Apology = &dossier.Apology{DueOn: civil.NewDate(2026, 11, 27), DueAt: at(27, 9)}
		}), notice.Apology},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got, ok := supervise.Tell(c.act, c.before, c.after)
			if ok != (c.want != "") || got.Matter != c.want {
				t.Errorf("Tell = %q, %v, want %q", got.Matter, ok, c.want)
			}
		})
	}
}

func TestLater(t *testing.T) {
	before, after := running(), running()
	after.Deadline.DueOn = civil.NewDate(2026, 11, 25)
	got, ok := supervise.Later(before, after, "nghỉ bão")
	if !ok || got.Matter != notice.DueLater {
		t.Fatalf("Later = %+v, %v", got, ok)
	}
	want := "Do lịch làm việc thay đổi (nghỉ bão), ngày hẹn trả kết quả hồ sơ H36.01-261109-0001 chuyển từ 20/11/2026 sang 25/11/2026. Trung tâm mong ông/bà thông cảm."
	if text := i18n.Default().Line(i18n.Vietnamese, got.Line()); text != want {
		t.Errorf("text = %q, want %q", text, want)
	}
	if _, ok := supervise.Later(after, before, ""); ok {
		t.Error("an earlier day is told as a later one")
	}
	if _, ok := supervise.Later(before, before, ""); ok {
		t.Error("the same day is told as a later one")
	}
}

// Every matter, topic, channel and state has its words, and no text is left with
// an unfilled place.
func TestEveryMatterHasItsWords(t *testing.T) {
	words := i18n.Default()
	var keys []string
	for _, m := range notice.Matters() {
		keys = append(keys, m.Key(), m.Text())
	}
	for _, x := range notice.Topics() {
		keys = append(keys, x.Key())
	}
	for _, c := range append(notice.Channels(), notice.NoChannel) {
		keys = append(keys, c.Key())
	}
	for _, s := range notice.States() {
		keys = append(keys, s.Key())
	}
	if i := slices.IndexFunc(keys, func(k string) bool { return !words.Has(k) }); i >= 0 {
		t.Errorf("%s has no sentence", keys[i])
	}
}

// What a message is about in full goes along as a slip: each matter that has one
// names it, and a refusal that comes with the result is the notice of refusal.
func TestSlipsGoAlong(t *testing.T) {
	apologised := running()
	apologised.Deadline.Apology = &dossier.Apology{DueOn: civil.NewDate(2026, 11, 27), DueAt: at(27, 9)}
	if got, _ := supervise.Tell(dossier.Apologise, running(), apologised); got.Form != ruleset.Apology {
		t.Errorf("an apology goes with %q", got.Form)
	}
	end := at(20, 16)
	refused := running()
	refused.Status, refused.FinishedAt, refused.Result = dossier.Resolved, &end, &dossier.Result{Refusal: true}
	if got, _ := supervise.Tell(dossier.ReceiveHandover, running(), refused); got.Matter != notice.ResultReady || got.Form != ruleset.Refusal {
		t.Errorf("a refusal is told as %+v", got)
	}
	refused.Result = &dossier.Result{}
	if got, _ := supervise.Tell(dossier.ReceiveHandover, running(), refused); got.Form != "" {
		t.Errorf("a result goes with %q", got.Form)
	}
}
