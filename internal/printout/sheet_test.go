package printout

import (
	"bytes"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/fee"
)

func readSheet(t *testing.T, data []byte) (*excelize.File, [][]string) {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	rows, err := f.GetRows(sheetName)
	if err != nil {
		t.Fatal(err)
	}
	return f, rows
}

func TestSheetKeepsValues(t *testing.T) {
	var out bytes.Buffer
	err := Sheet(&out, []string{"STT", "Tên", "Số tiền", "Ngày", "Lúc", "Có"}, SheetRows([][]any{
		{1, "Y Krông Niê Kđăm", fee.VND(1_250_000), civil.NewDate(2026, 2, 5), at("2026-02-05 08:15"), true},
		{2, "=1+1", nil, civil.Date{}, nil, false},
	}))
	if err != nil {
		t.Fatal(err)
	}
	f, rows := readSheet(t, out.Bytes())
	want := [][]string{
		{"STT", "Tên", "Số tiền", "Ngày", "Lúc", "Có"},
		{"1", "Y Krông Niê Kđăm", "1,250,000", "05/02/2026", "08:15 05/02/2026", "TRUE"},
		{"2", "=1+1", "", "", "", "FALSE"},
	}
	if diff := cmp.Diff(want, rows); diff != "" {
		t.Errorf("the rows differ (-want +got):\n%s", diff)
	}
	if formula, err := f.GetCellFormula(sheetName, "B3"); err != nil || formula != "" {
		t.Errorf("a text became the formula %q, %v", formula, err)
	}
	if font, err := f.GetDefaultFont(); err != nil || font != "Times New Roman" {
		t.Errorf("the font is %q, %v", font, err)
	}
}

func TestSheetTellsARowThatFails(t *testing.T) {
	broken := errors.New("the connection is gone")
	err := Sheet(&bytes.Buffer{}, []string{"a"}, func(yield func([]any, error) bool) {
		if yield([]any{"1"}, nil) {
			yield(nil, broken)
		}
	})
	if !errors.Is(err, broken) {
		t.Errorf("Sheet = %v, want the error of the row", err)
	}
}

func TestRegisterAsSpreadsheet(t *testing.T) {
	var out bytes.Buffer
	if err := newPrinter(t).Spreadsheet(&out, sampleRegister(3)); err != nil {
		t.Fatal(err)
	}
	_, rows := readSheet(t, out.Bytes())
	if len(rows) != 4 {
		t.Fatalf("%d rows, want a header and three", len(rows))
	}
	if len(rows[0]) != 16 || rows[0][7] != "Ngày, tháng, năm – Nhận hồ sơ" {
		t.Errorf("the header is %q", rows[0])
	}
	if got, want := rows[1][7], "08:15 05/02/2026"; got != want {
		t.Errorf("the day of reception is %q, want %q", got, want)
	}
}

func BenchmarkSheet(b *testing.B) {
	rows := make([][]any, 10_000)
	for i := range rows {
		rows[i] = []any{i + 1, sampleCode, sampleSubject, fee.VND(75_000), at("2026-02-05 08:15")}
	}
	for b.Loop() {
		var out bytes.Buffer
		if err := Sheet(&out, []string{"a", "b", "c", "d", "e"}, SheetRows(rows)); err != nil {
			b.Fatal(err)
		}
	}
}
