package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// due types "motcua due …" and returns what it printed and how it ended.
func due(t *testing.T, args ...string) (out, errw string, code int) {
	t.Helper()
	var o, e bytes.Buffer
	code = Run(t.Context(), append([]string{"due"}, args...), strings.NewReader(""), &o, &e)
	return o.String(), e.String(), code
}

// dueJSON types "motcua due … --json", which must print one document.
func dueJSON(t *testing.T, args ...string) map[string]any {
	t.Helper()
	out, errw, code := due(t, append(args, "--json")...)
	if code != exitDone || errw != "" {
		t.Fatalf("due %q: exit %d, %s", args, code, errw)
	}
	var doc map[string]any
	dec := json.NewDecoder(strings.NewReader(out))
	if err := dec.Decode(&doc); err != nil {
		t.Fatalf("due %q: %v in %s", args, err, out)
	}
	if dec.More() {
		t.Fatalf("due %q printed more than one document: %s", args, out)
	}
	return doc
}

func TestDueAnswersAsPublished(t *testing.T) {
	doc := dueJSON(t, "--received", "2019-04-25T10:00:00+07:00", "--limit", "3 ngày làm việc")
	for key, want := range map[string]any{
		"receivedAt": "2019-04-25T10:00:00+07:00", "startAt": "2019-04-25T10:00:00+07:00",
		"dueOn": "2019-05-03", "dueAt": "2019-05-03T10:00:00+07:00", "rules": "nd61", "policy": "restart",
	} {
		if doc[key] != want {
			t.Errorf("%s = %v, want %v", key, doc[key], want)
		}
	}
	if _, there := doc["provisional"]; there {
		t.Error("an official year is called provisional")
	}
	seg := doc["segments"].([]any)[0].(map[string]any)
	counted, err := json.Marshal(seg["counted"])
	if err != nil || string(counted) != `["2019-04-26","2019-05-02","2019-05-03"]` {
		t.Errorf("counted %s, %v", counted, err)
	}
	skipped, err := json.Marshal(seg["skipped"].([]any)[:2])
	if err != nil || string(skipped) != `[{"date":"2019-04-27","reason":"Thứ Bảy"},{"date":"2019-04-28","reason":"Chủ Nhật"}]` {
		t.Errorf("skipped %s, %v", skipped, err)
	}
	if text, ok := doc["explanation"].(string); !ok || !strings.Contains(text, "30/04/2019 (Ngày Chiến thắng)") {
		t.Errorf("explanation %v", doc["explanation"])
	}
}

func TestDueFlags(t *testing.T) {
	for _, tt := range []struct {
		name string
		args []string
		want string // dueAt
	}{
		{"without offset it is Vietnamese time", []string{"--received", "2026-06-01T09:00", "--limit", "1 ngày làm việc"}, "2026-06-02T09:00:00+07:00"},
		{"another offset", []string{"--received", "2026-06-01T02:00:00Z", "--limit", "1 ngày làm việc"}, "2026-06-02T09:00:00+07:00"},
		{"a day means its opening", []string{"--received", "2026-06-01", "--limit", "1 ngày làm việc"}, "2026-06-02T07:30:00+07:00"},
		{"at once", []string{"--received", "2026-06-01T09:00", "--limit", "trả ngay"}, "2026-06-01T09:00:00+07:00"},
		{"same day with its own hour", []string{"--received", "2026-06-01T15:10", "--limit", "trong ngày", "--cutoff", "15:00"}, "2026-06-02T17:00:00+07:00"},
		{"hours", []string{"--received", "2026-06-01T16:50", "--limit", "1 giờ làm việc", "--hours", "08:00-12:00,13:00-17:00"}, "2026-06-02T08:50:00+07:00"},
		{"Saturday", []string{"--received", "2026-06-06T09:00", "--limit", "1 ngày làm việc", "--saturday", "07:30-11:30"}, "2026-06-08T09:00:00+07:00"},
		{"arrived elsewhere", []string{"--received", "2026-09-07T09:00", "--limit", "1 ngày làm việc", "--arrived", "2026-09-08T10:00"}, "2026-09-09T10:00:00+07:00"},
		{"arrived on the day of reception", []string{"--received", "2026-09-07T09:00", "--limit", "1 ngày làm việc", "--arrived", "2026-09-07"}, "2026-09-08T09:00:00+07:00"},

		{"supplement by dates, restart by the rules of 2019", []string{"--received", "2019-05-06T09:00", "--limit", "2 ngày làm việc", "--supplement", "2019-05-07..2019-05-14"}, "2019-05-16T07:30:00+07:00"},
		{"supplement by instants, pause by the rules of 2026", []string{"--received", "2026-06-01T09:00", "--limit", "5 ngày làm việc", "--supplement", "2026-06-03T10:00..2026-06-10T14:00"}, "2026-06-15T14:00:00+07:00"},
		{"policy asked for", []string{"--received", "2026-06-01T09:00", "--limit", "5 ngày làm việc", "--supplement", "2026-06-03T10:00..2026-06-10T14:00", "--policy", "restart"}, "2026-06-17T14:00:00+07:00"},
		{"rules asked for", []string{"--received", "2026-06-01T09:00", "--limit", "5 ngày làm việc", "--supplement", "2026-06-03T10:00..2026-06-10T14:00", "--rules", "nd61"}, "2026-06-17T14:00:00+07:00"},
		{"asked on the day of reception, by date", []string{"--received", "2026-06-01T09:00", "--limit", "5 ngày làm việc", "--supplement", "2026-06-01..2026-06-10"}, "2026-06-17T07:30:00+07:00"},
		{"twice", []string{"--received", "2026-06-01T09:00", "--limit", "5 ngày làm việc", "--supplement", "2026-06-03..2026-06-10", "--supplement", "2026-06-10..2026-06-17"}, "2026-06-22T07:30:00+07:00"},
		{"nothing left", []string{"--received", "2026-06-01T09:00", "--limit", "1 ngày làm việc", "--supplement", "2026-06-03..2026-06-10"}, "2026-06-10T07:30:00+07:00"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if doc := dueJSON(t, tt.args...); doc["dueAt"] != tt.want || doc["dueOn"] != tt.want[:10] {
				t.Errorf("due %v (%v), want %s", doc["dueAt"], doc["dueOn"], tt.want)
			}
		})
	}
}

func TestDueProvisional(t *testing.T) {
	if doc := dueJSON(t, "--received", "2026-12-28T09:00", "--limit", "10 ngày làm việc"); doc["provisional"] != true || doc["dueOn"] != "2027-01-12" {
		t.Errorf("due %v, provisional %v", doc["dueOn"], doc["provisional"])
	}
}

// A dossier that waits has no day, and says why.
func TestDueWaits(t *testing.T) {
	for waits, args := range map[string][]string{
		"arrival": {"--elsewhere"},
		"stop":    {"--supplement", "2026-11-24.."},
	} {
		doc := dueJSON(t, append(args, "--received", "2026-11-23T09:00", "--limit", "5 ngày làm việc")...)
		if on, there := doc["dueOn"]; !there || on != nil || doc["dueAt"] != nil || doc["waits"] != waits {
			t.Errorf("due %v, waits %v, want %s", doc["dueOn"], doc["waits"], waits)
		}
		if reason, ok := doc["reason"].(string); !ok || !strings.Contains(doc["explanation"].(string), reason) || reason == "" {
			t.Errorf("reason %v", doc["reason"])
		}
		if doc["segments"] == nil {
			t.Error("segments are null")
		}
	}
}

func TestDueText(t *testing.T) {
	out, errw, code := due(t, "--received", "2026-11-23T09:00", "--limit", "1 ngày làm việc")
	if code != exitDone || errw != "" || !strings.HasSuffix(out, "Vậy hẹn trả kết quả lúc 09:00 ngày 25/11/2026.\n") || strings.Count(out, "\n") != 5 {
		t.Errorf("exit %d: %s%s", code, out, errw)
	}
	var o, e bytes.Buffer
	code = Run(t.Context(), []string{"--lang", "en", "due", "--received", "2026-11-23T09:00", "--limit", "1 ngày làm việc"}, strings.NewReader(""), &o, &e)
	if code != exitDone || !strings.Contains(o.String(), "So the result is promised for 09:00 on 25/11/2026.") {
		t.Errorf("exit %d: %s%s", code, o.String(), e.String())
	}
}

const oneYear = `{"years":[{"year":2026,"statute":"x","notices":[],"days_off":[
 {"date":"2026-06-02","weekday":"Thứ Ba","kind":"le","name":"Ngày thử"}],"working_days":[]}]}`

func TestDueCalendarFile(t *testing.T) {
	file := func(text string) string {
		path := filepath.Join(t.TempDir(), "holidays.json")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	doc := dueJSON(t, "--received", "2026-06-01T09:00", "--limit", "1 ngày làm việc", "--calendar", file(oneYear))
	if doc["dueOn"] != "2026-06-03" || !strings.Contains(doc["explanation"].(string), "02/06/2026 (Ngày thử)") {
		t.Errorf("due %v: %v", doc["dueOn"], doc["explanation"])
	}
	// The file stands alone: the built-in years are not mixed in.
	_, errw, code := due(t, "--received", "2026-12-28T09:00", "--limit", "10 ngày làm việc", "--calendar", file(oneYear))
	if code != exitRefused || !strings.Contains(errw, "2027") {
		t.Errorf("exit %d: %s", code, errw)
	}
	for text, want := range map[string]string{
		strings.Replace(oneYear, "Thứ Ba", "Thứ Tư", 1): "02/06/2026",
		"no JSON":      "không đúng mẫu",
		`{"years":[]}`: "không đúng mẫu",
		strings.Replace(oneYear, `"working_days":[]`, `"working_days":[{"date":"2026-06-03","replaces":"2026-06-02"}]`, 1): "03/06/2026",
	} {
		if _, errw, code := due(t, "--received", "2026-06-01T09:00", "--limit", "1 ngày", "--calendar", file(text)); code != exitRefused || !strings.Contains(errw, want) {
			t.Errorf("exit %d: %s, want %s", code, errw, want)
		}
	}
	for _, path := range []string{filepath.Join(t.TempDir(), "none.json"), t.TempDir()} {
		if _, errw, code := due(t, "--received", "2026-06-01T09:00", "--limit", "1 ngày", "--calendar", path); code != exitRefused || !strings.Contains(errw, path) {
			t.Errorf("exit %d: %s", code, errw)
		}
	}
}

// What is wrong is refused with the reason, in words, on standard error.
func TestDueRefuses(t *testing.T) {
	const received = "2026-06-01T09:00"
	for name, tt := range map[string]struct {
		args []string
		want string
	}{
		"negative limit":          {[]string{"--received", received, "--limit", "-1 ngày làm việc"}, "số âm"},
		"zero":                    {[]string{"--received", received, "--limit", "0 ngày làm việc"}, "trả ngay"},
		"unknown unit":            {[]string{"--received", received, "--limit", "5 tuần"}, "tuần"},
		"no instant":              {[]string{"--received", "hôm qua", "--limit", "5 ngày"}, "hôm qua"},
		"both are named":          {[]string{"--received", "hôm qua", "--limit", "5 tuần"}, "tuần"},
		"year 2028":               {[]string{"--received", "2027-12-20T09:00", "--limit", "30 ngày làm việc"}, "2028"},
		"before all rules":        {[]string{"--received", "2010-12-20T09:00", "--limit", "3 ngày"}, "20/12/2010"},
		"unknown rules":           {[]string{"--received", received, "--limit", "5 ngày", "--rules", "nd1"}, "nd1"},
		"unknown policy":          {[]string{"--received", received, "--limit", "5 ngày", "--policy", "guess"}, "guess"},
		"hours":                   {[]string{"--received", received, "--limit", "5 ngày", "--hours", "11:30-07:30"}, "11:30-07:30"},
		"Saturday":                {[]string{"--received", received, "--limit", "5 ngày", "--saturday", "sáng"}, "sáng"},
		"cut-off":                 {[]string{"--received", received, "--limit", "trong ngày", "--cutoff", "3pm"}, "3pm"},
		"arrival":                 {[]string{"--received", received, "--limit", "5 ngày", "--arrived", "mai"}, "mai"},
		"arrived before":          {[]string{"--received", received, "--limit", "5 ngày", "--arrived", "2026-05-01"}, "01/05/2026"},
		"supplement without dots": {[]string{"--received", received, "--limit", "5 ngày", "--supplement", "2026-06-02"}, "2026-06-02"},
		"supplement from nowhere": {[]string{"--received", received, "--limit", "5 ngày", "--supplement", "..2026-06-02"}, "không đọc được"},
		"supplement to nowhere":   {[]string{"--received", received, "--limit", "5 ngày", "--supplement", "2026-06-02..x"}, "“x”"},
		"supplement before":       {[]string{"--received", received, "--limit", "5 ngày", "--supplement", "2026-05-02..2026-06-02"}, "trước khi tiếp nhận"},
		"two open":                {[]string{"--received", received, "--limit", "5 ngày", "--supplement", "2026-06-02..", "--supplement", "2026-06-03.."}, "thứ 2"},
	} {
		t.Run(name, func(t *testing.T) {
			out, errw, code := due(t, append(tt.args, "--json")...)
			if code != exitRefused || out != "" || !strings.Contains(errw, tt.want) {
				t.Errorf("exit %d, printed %q, said %q, want %q", code, out, errw, tt.want)
			}
		})
	}
	for _, args := range [][]string{{}, {"--received", received}, {"--limit", "5 ngày"}, {"--received", received, "--limit"}, {"--received", received, "--limit", "5 ngày", "--nosuch"}} {
		if _, _, code := due(t, args...); code != exitUsage {
			t.Errorf("due %q: exit %d, want %d", args, code, exitUsage)
		}
	}
}
