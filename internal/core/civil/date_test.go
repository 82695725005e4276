package civil_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/motcua/motcua/internal/core/civil"
)

func TestDateAgreesWithTheStandardLibrary(t *testing.T) {
	first := time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC)
	last := time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC)
	for at := first; !at.After(last); at = at.AddDate(0, 0, 97) {
		y, m, day := at.Date()
		d := civil.NewDate(y, m, day)
		if d.Year() != y || d.Month() != m || d.Day() != day || d.Weekday() != at.Weekday() || d.String() != at.Format(time.DateOnly) {
			t.Fatalf("NewDate(%d, %d, %d) = %v, a %v", y, m, day, d, d.Weekday())
		}
		if next := d.AddDays(1); !d.Equal(civil.NewDate(9999, 12, 31)) && next.String() != at.AddDate(0, 0, 1).Format(time.DateOnly) {
			t.Fatalf("%v.AddDays(1) = %v", d, next)
		}
	}
}

func TestNewDateCarriesOver(t *testing.T) {
	for _, tt := range []struct {
		y, d int
		m    time.Month
		want string
	}{
		{2026, 31, 4, "2026-05-01"}, {2026, 0, 3, "2026-02-28"}, {2024, 0, 3, "2024-02-29"}, {2026, 1, 13, "2027-01-01"},
		{1, 1, 1, "0001-01-01"}, {1, 0, 1, ""}, {9999, 31, 12, "9999-12-31"}, {9999, 32, 12, ""}, {-44, 15, 3, ""},
	} {
		if got := civil.NewDate(tt.y, tt.m, tt.d).String(); got != tt.want {
			t.Errorf("NewDate(%d, %d, %d) = %q, want %q", tt.y, tt.m, tt.d, got, tt.want)
		}
	}
}

func TestParseDate(t *testing.T) {
	for _, text := range []string{"", "2026", "2026-2-03", "2026-02-30", "2026-13-01", "0000-01-01", "24/11/2026", "2026-11-24T00:00", "２026-11-24"} {
		_, err := civil.ParseDate(text)
		wantKey(t, err, "civil.date_form")
	}
}

func TestDateOf(t *testing.T) {
	for text, want := range map[string]string{
		"2026-11-23T23:59:59+07:00": "2026-11-23", "2026-11-23T17:00:00Z": "2026-11-24", "2026-11-23T16:59:59Z": "2026-11-23",
		"1969-12-31T16:59:59Z": "1969-12-31", "1960-01-01T00:00:00+07:00": "1960-01-01", "0001-01-01T00:00:00Z": "",
	} {
		in, err := time.Parse(time.RFC3339, text)
		if err != nil {
			t.Fatal(err)
		}
		if got := civil.DateOf(in).String(); got != want {
			t.Errorf("DateOf(%s) = %q, want %q", text, got, want)
		}
	}
}

func TestDateAt(t *testing.T) {
	got := on(t, "2026-11-24").At(15*60 + 30)
	if want := "2026-11-24T15:30:00+07:00"; got.Format(time.RFC3339) != want {
		t.Errorf("At = %s, want %s", got.Format(time.RFC3339), want)
	}
	if got := on(t, "1968-02-29").At(1); got.Format(time.RFC3339) != "1968-02-29T00:01:00+07:00" {
		t.Errorf("At before 1970 = %s", got.Format(time.RFC3339))
	}
}

func TestAddMonths(t *testing.T) {
	for _, tt := range []struct {
		from string
		n    int
		want string
	}{
		{"2026-08-31", 6, "2027-02-28"}, {"2023-08-31", 6, "2024-02-29"}, {"2026-01-15", 1, "2026-02-15"}, {"2026-01-29", 1, "2026-02-28"},
		{"2026-02-28", 1, "2026-03-28"}, {"2026-12-31", 12, "2027-12-31"}, {"2026-05-30", 1, "2026-06-30"}, {"2026-05-31", 1, "2026-06-30"},
		{"2026-03-31", -1, "2026-02-28"}, {"2026-11-24", 0, "2026-11-24"},
	} {
		if got := on(t, tt.from).AddMonths(tt.n).String(); got != tt.want {
			t.Errorf("%s.AddMonths(%d) = %s, want %s", tt.from, tt.n, got, tt.want)
		}
	}
}

func TestDateOrder(t *testing.T) {
	a, b := on(t, "2026-11-23"), on(t, "2026-11-24")
	if !a.Before(b) || b.Before(a) || a.Before(a) || !b.After(a) || a.After(b) || a.After(a) || a.Equal(b) || !a.Equal(a) {
		t.Error("Before, After or Equal is wrong")
	}
	if a.Compare(b) != -1 || b.Compare(a) != 1 || a.Compare(a) != 0 {
		t.Error("Compare is wrong")
	}
	if b.Sub(a) != 1 || a.Sub(b) != -1 {
		t.Error("Sub is wrong")
	}
}

func TestNoDate(t *testing.T) {
	var none civil.Date
	if !none.IsZero() || on(t, "2026-11-24").IsZero() {
		t.Error("IsZero is wrong")
	}
	if none.Year() != 0 || none.Month() != 0 || none.Day() != 0 || none.String() != "" || none.Show() != "" {
		t.Error("no date has parts")
	}
	if !none.AddDays(5).IsZero() || !none.AddMonths(5).IsZero() {
		t.Error("no date can be counted from")
	}
	if !on(t, "9999-12-31").AddDays(1).IsZero() || !on(t, "0001-01-01").AddDays(-1).IsZero() {
		t.Error("days outside 1–9999 exist")
	}
}

func TestDateJSON(t *testing.T) {
	type pair struct {
		A civil.Date `json:"a"`
		B civil.Date `json:"b"`
	}
	in := pair{A: on(t, "2026-11-24")}
	text, err := json.Marshal(in)
	if err != nil || string(text) != `{"a":"2026-11-24","b":null}` {
		t.Fatalf("Marshal = %s, %v", text, err)
	}
	var out pair
	if err := json.Unmarshal(text, &out); err != nil || out != in {
		t.Errorf("Unmarshal = %v, %v, want %v", out, err, in)
	}
	out.A = in.A
	if err := json.Unmarshal([]byte(`{"a":""}`), &out); err != nil || !out.A.IsZero() {
		t.Errorf("the empty string is %v, %v, want no date", out.A, err)
	}
	for _, text := range []string{`{"a":5}`, `{"a":"24/11/2026"}`, `{"a":true}`} {
		wantKey(t, json.Unmarshal([]byte(text), &out), "civil.date_form")
	}
	if err := out.A.UnmarshalJSON([]byte(`"`)); err == nil {
		t.Error("a lone quote is a date")
	}
	keys := map[civil.Date]int{in.A: 1}
	text, err = json.Marshal(keys)
	if err != nil || string(text) != `{"2026-11-24":1}` {
		t.Errorf("Marshal of a map = %s, %v", text, err)
	}
}
