package civil_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/fault"
)

// on reads a day of a test.
func on(t testing.TB, s string) civil.Date {
	t.Helper()
	d, err := civil.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// at reads an instant of a test, "2006-01-02 15:04" or with seconds, in Vietnam.
func at(t testing.TB, s string) time.Time {
	t.Helper()
	form := "2006-01-02 15:04:05"
	got, err := time.ParseInLocation(form[:len(s)], s, civil.Zone)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// wantKey checks that err is an Invalid fault of a key, also among several.
func wantKey(t testing.TB, err error, key string) {
	t.Helper()
	f := fault.As(err)
	if f == nil {
		t.Fatalf("error = %v, want %s", err, key)
	}
	if f.Kind != fault.Invalid {
		t.Errorf("error = %v, want an invalid one", err)
	}
	for _, one := range f.Each() {
		if one.Key == key {
			return
		}
	}
	t.Errorf("error = %v, want %s", err, key)
}

func TestTimeOfDay(t *testing.T) {
	for text, want := range map[string]civil.TimeOfDay{"00:00": 0, "07:30": 450, "09:59": 599, "23:59": 1439, "24:00": 1440} {
		got, err := civil.ParseTimeOfDay(text)
		if err != nil || got != want {
			t.Errorf("ParseTimeOfDay(%q) = %v, %v, want %v", text, got, err, want)
		}
		if got.String() != text {
			t.Errorf("%v.String() = %q, want %q", int(got), got.String(), text)
		}
	}
	for _, text := range []string{"", "7:30", "07.30", "07:3", "0730", "07:60", "24:01", "25:00", "-1:00", "0a:00", "00:0b", "/0:00", "00::0", "07:300", "０７:30"} {
		_, err := civil.ParseTimeOfDay(text)
		wantKey(t, err, "civil.time_form")
	}
}

func TestTimeOfDayOfAnInstant(t *testing.T) {
	for text, want := range map[string]string{
		"2026-11-23T17:00:59+07:00": "17:00", "2026-11-23T17:01:00+07:00": "17:01", "2026-11-23T16:59:59Z": "23:59",
		"2026-11-23T17:00:00Z": "00:00", "1969-12-31T20:00:00Z": "03:00", "2026-11-23T17:00:00.5+07:00": "17:00",
	} {
		in, err := time.Parse(time.RFC3339, text)
		if err != nil {
			t.Fatal(err)
		}
		if got := civil.TimeOfDayOf(in).String(); got != want {
			t.Errorf("TimeOfDayOf(%s) = %s, want %s", text, got, want)
		}
	}
}

func TestParseInstant(t *testing.T) {
	for text, want := range map[string]string{
		"2019-04-25T10:00:00+07:00": "2019-04-25T10:00:00+07:00",
		"2019-04-25T03:00:00Z":      "2019-04-25T10:00:00+07:00",
		"2019-04-25T23:30Z":         "2019-04-26T06:30:00+07:00",
		"2019-04-25T10:00:30":       "2019-04-25T10:00:30+07:00",
		"2019-04-25T10:00":          "2019-04-25T10:00:00+07:00",
		" 2019-04-25 10:00 ":        "2019-04-25T10:00:00+07:00",
		"2019-04-25T10:00:00.5":     "2019-04-25T10:00:00.5+07:00",
	} {
		got, err := civil.ParseInstant(text)
		if err != nil || got.Format(time.RFC3339Nano) != want || got.Location() != civil.Zone {
			t.Errorf("ParseInstant(%q) = %v, %v, want %s", text, got, err, want)
		}
	}
	for _, text := range []string{"", "2019-04-25", "10:00", "2019-04-25T24:30", "2019-02-30T10:00", "25/04/2019 10:00", "2019-04-25x10:00", "2019-04-25T10:00 ICT"} {
		_, err := civil.ParseInstant(text)
		wantKey(t, err, "civil.instant_form")
	}
}

func TestHours(t *testing.T) {
	got, err := civil.ParseHours(" 07:30-11:30, 13:30 – 17:00 ")
	if err != nil {
		t.Fatal(err)
	}
	want := civil.DefaultHours()
	if len(got) != 2 || got[0] != want[0] || got[1] != want[1] {
		t.Errorf("ParseHours = %v, want %v", got, want)
	}
	for text, key := range map[string]string{
		"":                        "civil.hours_form",
		"07:30":                   "civil.hours_form",
		"7:30-11:30":              "civil.time_form",
		"07:30-11.30":             "civil.time_form",
		"11:30-07:30":             "civil.hours_order",
		"07:30-07:30":             "civil.hours_order",
		"07:30-11:30,11:00-17:00": "civil.hours_overlap",
		"07:30-11:30,11:30-17:00": "civil.hours_overlap",
		"13:30-17:00,07:30-11:30": "civil.hours_overlap",
		"07:30-11:30,":            "civil.hours_form",
	} {
		_, err := civil.ParseHours(text)
		wantKey(t, err, key)
	}
}

// Hours travel as text in JSON, and wrong ones are refused there too.
func TestIntervalJSON(t *testing.T) {
	type place struct {
		Open  civil.Interval  `json:"open"`
		Until civil.TimeOfDay `json:"until"`
	}
	in := place{civil.Interval{From: 450, To: 690}, 900}
	text, err := json.Marshal(in)
	if err != nil || string(text) != `{"open":"07:30-11:30","until":"15:00"}` {
		t.Fatalf("Marshal = %s, %v", text, err)
	}
	var out place
	if err := json.Unmarshal(text, &out); err != nil || out != in {
		t.Errorf("Unmarshal = %v, %v, want %v", out, err, in)
	}
	for _, text := range []string{`{"open":"07:30"}`, `{"open":"07:30-07:30"}`, `{"until":"7:30"}`} {
		if err := json.Unmarshal([]byte(text), &out); err == nil {
			t.Errorf("Unmarshal(%s) succeeded", text)
		}
	}
}
