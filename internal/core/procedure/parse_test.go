package procedure_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/unicode/norm"

	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/core/procedure"
)

// record is one good record; with(...) replaces parts of it.
const record = `{"code":"9.000001","name":"Thủ tục thử","field":"Thử nghiệm","levels":["tinh"],
"time_limit":{"value":5,"unit":"ngay_lam_viec"},"time_limit_variants":[],
"channels":[{"channel":"truc_tiep","time":{"value":5,"unit":"ngay_lam_viec"},"fees":[{"amount_vnd":50000,"kind":"le_phi"}]}],
"documents":[{"name":"Đơn","originals":1,"copies":0,"has_form":true}]}`

func with(pairs ...string) string { return strings.NewReplacer(pairs...).Replace(record) }

func file(records ...string) string {
	return `{"schema_version":1,"procedures":[` + strings.Join(records, ",\n") + `]}`
}

func TestParseRejects(t *testing.T) {
	tests := []struct{ name, record, want string }{
		{"bad code", with("9.000001", "12"), "#1 code procedure.code_form"},
		{"no code", with(`"code":"9.000001",`, ""), "#1 code procedure.code_missing"},
		{"no name", with("Thủ tục thử", "  "), "9.000001 name procedure.name_missing"},
		{"3,000 characters of name", with("Thủ tục thử", strings.Repeat("ư", 3000)), "9.000001 name procedure.too_long"},
		{"unknown level", with(`"tinh"`, `"quan"`), "9.000001 levels[0] procedure.level_unknown"},
		{"no level", with(`["tinh"]`, `[]`), "9.000001 levels procedure.level_missing"},
		{"unknown unit", with(`"time_limit":{"value":5,"unit":"ngay_lam_viec"}`, `"time_limit":{"value":5,"unit":"tuan"}`), "9.000001 time_limit.unit procedure.unit_unknown"},
		{"negative limit", with(`"time_limit":{"value":5`, `"time_limit":{"value":-5`), "9.000001 time_limit.value procedure.negative"},
		{"negative limit of a channel", with(`"time":{"value":5`, `"time":{"value":-1`), "9.000001 channels[0].time.value procedure.negative"},
		{"negative variant", with(`"time_limit_variants":[]`, `"time_limit_variants":[{"value":-2,"unit":"ngay"}]`), "9.000001 time_limit_variants[0].value procedure.negative"},
		{"negative copies", with(`"copies":0`, `"copies":-1`), "9.000001 documents[0].copies procedure.negative"},
		{"negative originals", with(`"originals":1`, `"originals":-1`), "9.000001 documents[0].originals procedure.negative"},
		{"negative fee", with("50000", "-50000"), "9.000001 channels[0].fees[0].amount_vnd procedure.negative"},
		{"negative sets", with(`"levels"`, `"sets":-1,"levels"`), "9.000001 sets procedure.negative"},
		{"a word for a number", with(`"copies":0`, `"copies":"một"`), "9.000001 documents.copies procedure.value_type"},
		{"half a day", with(`"time_limit":{"value":5`, `"time_limit":{"value":0.5`), "9.000001 time_limit.value procedure.value_type"},
		{"unknown channel", with("truc_tiep", "fax"), "9.000001 channels[0].channel procedure.channel_unknown"},
		{"not an object", `7`, "#1  procedure.value_type"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			good := with("9.000001", "9.000002")
			list, rejected, err := procedure.Parse(strings.NewReader(file(tt.record, good)))
			if err != nil {
				t.Fatal(err)
			}
			if len(list) != 1 || list[0].Code != "9.000002" {
				t.Errorf("the good record beside it is lost: %d taken in", len(list))
			}
			if len(rejected) == 0 {
				t.Fatal("nothing rejected")
			}
			r := rejected[0]
			if got := r.Record + " " + r.Field + " " + r.Key; got != tt.want {
				t.Errorf("rejection = %q, want %q", got, tt.want)
			}
		})
	}
}

func TestParseRepeatedCode(t *testing.T) {
	list, rejected, err := procedure.Parse(strings.NewReader(file(record, with("Thủ tục thử", "Khác"))))
	if err != nil {
		t.Fatal(err)
	}
	if len(list) != 1 || list[0].Name != "Thủ tục thử" {
		t.Errorf("taken in: %d, want the first record only", len(list))
	}
	if len(rejected) != 1 || rejected[0].Key != "procedure.code_repeated" || rejected[0].Record != "9.000001" {
		t.Errorf("rejected = %+v, want code_repeated of 9.000001", rejected)
	}
}

func TestParseNamesLine(t *testing.T) {
	_, rejected, err := procedure.Parse(strings.NewReader(file(record, with("9.000001", "x"))))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := rejected[0].Record, "#5"; got != want {
		t.Errorf("record = %q, want %q", got, want)
	}
}

func TestParseWholeFile(t *testing.T) {
	tests := []struct{ name, file, key string }{
		{"empty", "", "procedure.file_json"},
		{"cut off", file(record)[:200], "procedure.file_json"},
		{"another format", `{"rows":[]}`, "procedure.file_format"},
		{"a bare list", `[]`, "procedure.file_format"},
		{"not JSON", "code,name\n1,x\n", "procedure.file_json"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			list, _, err := procedure.Parse(strings.NewReader(tt.file))
			if fault.KindOf(err) != fault.Invalid || !fault.Is(err, tt.key) || list != nil {
				t.Errorf("Parse = %d records, error %v, want none and %s", len(list), err, tt.key)
			}
		})
	}
}

func parseOne(t *testing.T, raw string) procedure.Procedure {
	t.Helper()
	list, rejected, err := procedure.Parse(strings.NewReader(file(raw)))
	if err != nil || len(list) != 1 {
		t.Fatalf("Parse = %d records, rejected %v, error %v", len(list), rejected, err)
	}
	return list[0]
}

func TestParseText(t *testing.T) {
	p := parseOne(t, with("Thủ tục thử", norm.NFD.String(`Thủ tục\n <b>thử</b>`)))
	if want := "Thủ tục <b>thử</b>"; p.Name != want {
		t.Errorf("name = %q, want %q", p.Name, want)
	}
}

func TestParseFees(t *testing.T) {
	p := parseOne(t, with(`{"amount_vnd":50000,"kind":"le_phi"}`,
		`{"amount_vnd":null,"amount":10,"currency":"USD","kind":"phi"},{"amount_vnd":null,"amount":20000,"currency":"VND","kind":"phi"},{"amount_vnd":0,"kind":"mien_phi"}`))
	want := []procedure.Fee{
		{ID: "f1", Kind: procedure.Charge, Currency: "USD", Foreign: 10},
		{ID: "f2", Kind: procedure.Charge, AmountVND: 20000},
		{ID: "f3", Kind: procedure.Free},
	}
	if diff := cmp.Diff(want, p.Fees); diff != "" {
		t.Errorf("fees differ (-want +got):\n%s", diff)
	}
	if p.Fees[0].Collectable() || !p.Fees[1].Collectable() {
		t.Error("a fee in another currency is shown, not collected")
	}
}

func TestFeeState(t *testing.T) {
	free := parseOne(t, with(`"amount_vnd":50000,"kind":"le_phi"`, `"amount_vnd":0,"kind":"mien_phi"`))
	paid := parseOne(t, record)
	tests := []struct {
		name      string
		p         procedure.Procedure
		confirmed bool
		want      procedure.FeeState
	}{
		{"free, not confirmed", free, false, procedure.FeeSchedule},
		{"free, confirmed", free, true, procedure.FeeFree},
		{"amounts", paid, false, procedure.FeeAmounts},
		{"amounts, confirmed", paid, true, procedure.FeeAmounts},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := tt.p.FeeState(tt.confirmed); got != tt.want {
				t.Errorf("FeeState(%v) = %s, want %s", tt.confirmed, got, tt.want)
			}
		})
	}
}

func TestMendQuantity(t *testing.T) {
	p := parseOne(t, with(`{"name":"Đơn","originals":1`, `{"name":"Đơn theo Mẫu số","originals":181`))
	if got := p.Papers[0]; got.Name != "Đơn theo Mẫu số 18" || got.Originals != 1 {
		t.Errorf("paper = %q × %d, want Mẫu số 18 × 1", got.Name, got.Originals)
	}
}
