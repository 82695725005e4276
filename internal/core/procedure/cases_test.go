package procedure_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/motcua/motcua/internal/core/procedure"
)

func TestCases(t *testing.T) {
	const docs = `"documents":[{"name":"Đơn","originals":1,"copies":0,"has_form":true}]`
	const channels = `"channels":[{"channel":"truc_tiep","time":{"value":5,"unit":"ngay_lam_viec"},"fees":[{"amount_vnd":50000,"kind":"le_phi"}]}]`
	tests := []struct {
		name   string
		record string
		want   []string // id name limit papers
	}{
		{"one case without a name", record, []string{"c0||5 ngay_lam_viec|p1"}},
		{"headings are cases, titles and remarks are not", with(docs, `"documents":[
			{"name":"Đơn","originals":1,"copies":0,"has_form":true},
			{"name":"Thẻ","originals":1,"copies":0,"has_form":false,"case":"* Giấy tờ phải xuất trình:"},
			{"name":"Bản chụp phải rõ","originals":1,"copies":0,"has_form":false,"case":"* Lưu ý:"},
			{"name":"Giấy ủy quyền","originals":1,"copies":0,"has_form":false,"case":"(2) Trường hợp ủy quyền:"}]`),
			[]string{"c0||5 ngay_lam_viec|p1,p2", "c1|Trường hợp ủy quyền|5 ngay_lam_viec|p1,p2,p4"}},
		{"only cases: no general one", with(docs, `"documents":[
			{"name":"A","originals":1,"copies":0,"has_form":false,"case":"a) Đối với tổ chức"},
			{"name":"B","originals":1,"copies":0,"has_form":false,"case":"b) Đối với cá nhân"}]`),
			[]string{"c1|Đối với tổ chức|5 ngay_lam_viec|p1", "c2|Đối với cá nhân|5 ngay_lam_viec|p2"}},
		{"two limits of one channel are two cases", with(channels, `"channels":[
			{"channel":"truc_tiep","time":{"value":5,"unit":"ngay_lam_viec"},"fees":[],"note":"tại tỉnh"},
			{"channel":"truc_tiep","time":{"value":27,"unit":"ngay_lam_viec"},"fees":[],"note":"tỉnh khác"}]`),
			[]string{"c0||5 ngay_lam_viec (tại tỉnh)|p1", "c0-t2||27 ngay_lam_viec (tỉnh khác)|p1"}},
		{"a variant that no channel shows is a case", with(`"time_limit_variants":[]`, `"time_limit_variants":[{"value":3,"unit":"ngay"}]`),
			[]string{"c0||5 ngay_lam_viec|p1", "c0-t2||3 ngay|p1"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			p := parseOne(t, tt.record)
			for _, c := range p.Cases {
				limit := c.Limit.String()
				if c.LimitFor != "" {
					limit += " (" + c.LimitFor + ")"
				}
				got = append(got, fmt.Sprintf("%s|%s|%s|%s", c.ID, c.Name, limit, strings.Join(c.Papers, ",")))
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("cases differ (-want +got):\n%s", diff)
			}
		})
	}
}

func TestLimitBy(t *testing.T) {
	p := parseOne(t, with(`"documents"`, `"x":0,"documents"`, `"fees":[{"amount_vnd":50000,"kind":"le_phi"}]}]`,
		`"fees":[]},{"channel":"truc_tuyen","time":{"value":8,"unit":"gio"},"fees":[]}]`))
	c, ok := p.Case("")
	if !ok {
		t.Fatal("a procedure with one case has no default case")
	}
	for way, want := range map[procedure.Way]string{procedure.Direct: "5 ngay_lam_viec", procedure.Online: "8 gio", procedure.Post: "5 ngay_lam_viec"} {
		if got, ok := c.LimitBy(way); !ok || got.String() != want {
			t.Errorf("LimitBy(%s) = %v, want %s", way, got, want)
		}
	}
}

func TestMissing(t *testing.T) {
	all := procedure.Facts{LimitConfirmed: true, PapersConfirmed: true, FeeConfirmed: true, Process: true, Agency: true, Counter: true}
	unset := func(f func(*procedure.Facts)) procedure.Facts { x := all; f(&x); return x }
	tests := []struct {
		name   string
		record string
		facts  procedure.Facts
		want   []string
	}{
		{"everything there", record, all, nil},
		{"no limit cannot be confirmed away", with(`{"value":5,"unit":"ngay_lam_viec"}`, "null"), all, []string{"procedure.missing.limit"}},
		{"no papers", with(`{"name":"Đơn","originals":1,"copies":0,"has_form":true}`, ""), all, []string{"procedure.missing.papers"}},
		{"fee not confirmed", record, unset(func(f *procedure.Facts) { f.FeeConfirmed = false }), []string{"procedure.unconfirmed.fee"}},
		{"nobody handles it", record, unset(func(f *procedure.Facts) { f.Agency, f.Counter = false, false }), []string{"procedure.missing.agency", "procedure.missing.counter"}},
		{"nothing known", record, procedure.Facts{}, []string{
			"procedure.unconfirmed.limit", "procedure.unconfirmed.papers", "procedure.unconfirmed.fee",
			"procedure.missing.process", "procedure.missing.agency", "procedure.missing.counter"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := parseOne(t, tt.record)
			var got []string
			for _, m := range procedure.Missing(&p, tt.facts) {
				got = append(got, m.Key)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("Missing differs (-want +got):\n%s", diff)
			}
		})
	}
}

func TestHashAndDiff(t *testing.T) {
	old := parseOne(t, record)
	same := parseOne(t, record)
	same.Number, same.ValidFrom, same.Sector = 7, "2026-01-01", "Khác"
	if procedure.Hash(old) != procedure.Hash(same) {
		t.Error("version, dates and sector name change the hash")
	}
	next := parseOne(t, with("Thủ tục thử", "Thủ tục mới", `"copies":0`, `"copies":2`))
	if procedure.Hash(old) == procedure.Hash(next) {
		t.Error("another name gives the same hash")
	}
	var fields []string
	for _, c := range procedure.Diff(old, next) {
		fields = append(fields, c.Field)
	}
	if diff := cmp.Diff([]string{"name", "papers"}, fields); diff != "" {
		t.Errorf("Diff differs (-want +got):\n%s", diff)
	}
}

func TestVersions(t *testing.T) {
	first := parseOne(t, record)
	closed, opened := procedure.Succeed(first, parseOne(t, with("Thủ tục thử", "Thủ tục mới")), "2026-07-01", "2026-06-30")
	versions := []procedure.Procedure{closed, opened}
	for day, want := range map[string]int{"2026-06-30": 1, "2026-07-01": 2} {
		if got, ok := procedure.On(versions, day); !ok || got.Number != want {
			t.Errorf("On(%s) = version %d, want %d", day, got.Number, want)
		}
	}
	if got := closed.StatusOn("2026-07-01"); got != procedure.Replaced {
		t.Errorf("status of the first version = %s, want replaced", got)
	}
	if got := opened.StatusOn("2026-06-30"); got != procedure.ToCome {
		t.Errorf("status of the second version = %s, want to_come", got)
	}
	closed.Abolished = true
	if got := closed.StatusOn("2026-07-01"); got != procedure.Abolished {
		t.Errorf("status = %s, want abolished", got)
	}
}
