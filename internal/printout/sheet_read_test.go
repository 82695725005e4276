package printout

import (
	"archive/zip"
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/fault"
)

func readAll(t *testing.T, data []byte) ([][]string, error) {
	t.Helper()
	var rows [][]string
	err := ReadTable(bytes.NewReader(data), func(_ int, cells []string) error {
		rows = append(rows, cells)
		return nil
	})
	return rows, err
}

func TestReadTable(t *testing.T) {
	var sheet bytes.Buffer
	if err := Sheet(&sheet, []string{"code", "at", "name"}, SheetRows([][]any{{"A-1", civil.NewDate(2026, 11, 20), "=1+1"}})); err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string]string{
		"commas": "\xef\xbb\xbfcode,at,name\nA-1,46346,=1+1\n", "semicolons": "code;at;name\r\nA-1;46346;=1+1\r\n", "tabs": "code\tat\tname\nA-1\t46346\t=1+1\n", "spreadsheet": sheet.String(),
	} {
		got, err := readAll(t, []byte(data))
		if diff := cmp.Diff([][]string{{"code", "at", "name"}, {"A-1", "46346", "=1+1"}}, got); err != nil || diff != "" {
			t.Errorf("%s: %v\n%s", name, err, diff)
		}
	}
	bomb := zipped(t, "xl/worksheets/sheet1.xml", strings.Repeat("0", 1<<20), 520)
	for name, data := range map[string][]byte{"not UTF-8": []byte("a,b\n\xff,1\n"), "a broken zip": []byte("PK\x03\x04xxxx"), "a zip of something else": zipped(t, "a.txt", "x", 1), "a bomb": bomb} {
		if _, err := readAll(t, data); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s: %v, want a refusal", name, err)
		}
	}
}

// zipped packs one file of a text so many times.
func zipped(t *testing.T, name, text string, times int) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, err := z.Create(name)
	for range times {
		if err == nil {
			_, err = w.Write([]byte(text))
		}
	}
	if err == nil {
		err = z.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestCellTime(t *testing.T) {
	for text, want := range map[string]string{
		"2026-11-20": "2026-11-20 00:00 day", "20/11/2026": "2026-11-20 00:00 day", "20/11/2026 09:15": "2026-11-20 09:15", "09:15 20/11/2026": "2026-11-20 09:15",
		"2026-11-20T09:15": "2026-11-20 09:15", "46346": "2026-11-20 00:00 day", "46346.385416667": "2026-11-20 09:15", "2026-02-30": "", "5": "", "hôm qua": "", "": "",
	} {
		at, dated, ok := CellTime(text)
		got := ""
		if ok {
			got = at.Format("2006-01-02 15:04")
		}
		if dated {
			got += " day"
		}
		if got != want {
			t.Errorf("CellTime(%q) = %q, want %q", text, got, want)
		}
		if ok && at.Location().String() != civil.Zone.String() {
			t.Errorf("CellTime(%q) is in %v", text, at.Location())
		}
	}
}
