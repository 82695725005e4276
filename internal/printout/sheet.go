package printout

import (
	"fmt"
	"io"
	"iter"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/fee"
)

// sheetName is that of the only sheet of a spreadsheet.
const sheetName = "Sheet1"

// MaxSheetRows is the most that a spreadsheet holds below its header.
const MaxSheetRows = 1_048_575

// Sheet writes rows under a header as an XLSX file, in Times New Roman. A value
// is a string, whole number, fee.VND, civil.Date, time.Time, bool or nil; amounts
// and days are written as numbers and dates, so that they can be summed and
// sorted. Texts are never formulas. Rows are streamed: they may be many. It fails
// when a row fails, when there are more than MaxSheetRows, or when w fails.
func Sheet(w io.Writer, header []string, rows iter.Seq2[[]any, error]) (err error) {
	f := excelize.NewFile()
	defer func() {
		if shut := f.Close(); err == nil {
			err = shut
		}
	}()
	if err := f.SetDefaultFont("Times New Roman"); err != nil {
		return fmt.Errorf("spreadsheet font: %w", err)
	}
	styles, err := newSheetStyles(f)
	if err != nil {
		return err
	}
	s, err := f.NewStreamWriter(sheetName)
	if err != nil {
		return fmt.Errorf("spreadsheet: %w", err)
	}
	if err := styles.head(s, header); err != nil {
		return err
	}
	n := 1
	for row, err := range rows {
		if err != nil {
			return fmt.Errorf("row %d of a spreadsheet: %w", n, err)
		}
		if n++; n > MaxSheetRows+1 {
			return fmt.Errorf("a spreadsheet holds %d rows at most", MaxSheetRows)
		}
		if err := styles.row(s, n, row); err != nil {
			return err
		}
	}
	if err := s.Flush(); err != nil {
		return fmt.Errorf("spreadsheet: %w", err)
	}
	if err := f.Write(w); err != nil {
		return fmt.Errorf("write a spreadsheet: %w", err)
	}
	return nil
}

// SheetRows gives rows at hand to Sheet.
func SheetRows(rows [][]any) iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		for _, row := range rows {
			if !yield(row, nil) {
				return
			}
		}
	}
}

// sheetStyles are the numbers of the styles of one file.
type sheetStyles struct{ title, text, money, day, instant int }

func newSheetStyles(f *excelize.File) (st sheetStyles, err error) {
	font := func(isBold bool) *excelize.Font {
		return &excelize.Font{Family: "Times New Roman", Size: 12, Bold: isBold}
	}
	grouped, day, instant := "#,##0", "dd/mm/yyyy", "hh:mm dd/mm/yyyy"
	top := &excelize.Alignment{Vertical: "top", WrapText: true}
	for into, style := range map[*int]*excelize.Style{
		&st.title:   {Font: font(true), Alignment: &excelize.Alignment{Horizontal: "center", Vertical: "center", WrapText: true}},
		&st.text:    {Font: font(false), Alignment: top},
		&st.money:   {Font: font(false), Alignment: top, CustomNumFmt: &grouped},
		&st.day:     {Font: font(false), Alignment: top, CustomNumFmt: &day},
		&st.instant: {Font: font(false), Alignment: top, CustomNumFmt: &instant},
	} {
		if *into, err = f.NewStyle(style); err != nil {
			return st, fmt.Errorf("spreadsheet style: %w", err)
		}
	}
	return st, nil
}

// head sets the widths of the columns and writes the header, which stays in
// view when the rows are scrolled.
func (st sheetStyles) head(s *excelize.StreamWriter, header []string) error {
	cells := make([]any, len(header))
	for i, title := range header {
		cells[i] = excelize.Cell{StyleID: st.title, Value: clean(title)}
		const narrow, wide = 8, 40
		width := float64(min(wide, max(narrow, len([]rune(title))+6)))
		if err := s.SetColWidth(i+1, i+1, width); err != nil {
			return fmt.Errorf("spreadsheet column %d: %w", i+1, err)
		}
	}
	if err := s.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return fmt.Errorf("spreadsheet: %w", err)
	}
	if err := s.SetRow("A1", cells); err != nil {
		return fmt.Errorf("spreadsheet header: %w", err)
	}
	return nil
}

func (st sheetStyles) row(s *excelize.StreamWriter, n int, row []any) error {
	cells := make([]any, len(row))
	for i, v := range row {
		cells[i] = st.cell(v)
	}
	if err := s.SetRow(fmt.Sprintf("A%d", n), cells); err != nil {
		return fmt.Errorf("row %d of a spreadsheet: %w", n, err)
	}
	return nil
}

func (st sheetStyles) cell(v any) excelize.Cell {
	switch v := v.(type) {
	case nil:
		return excelize.Cell{StyleID: st.text}
	case string:
		return excelize.Cell{StyleID: st.text, Value: clean(v)}
	case fee.VND:
		return excelize.Cell{StyleID: st.money, Value: int64(v)}
	case civil.Date:
		if v.IsZero() {
			return excelize.Cell{StyleID: st.text}
		}
		return excelize.Cell{StyleID: st.day, Value: time.Date(v.Year(), v.Month(), v.Day(), 0, 0, 0, 0, time.UTC)}
	case time.Time:
		if v.IsZero() {
			return excelize.Cell{StyleID: st.text}
		}
		l := v.In(civil.Zone) // a spreadsheet knows no zones: it gets the wall clock
		wall := time.Date(l.Year(), l.Month(), l.Day(), l.Hour(), l.Minute(), l.Second(), 0, time.UTC)
		return excelize.Cell{StyleID: st.instant, Value: wall}
	}
	return excelize.Cell{StyleID: st.text, Value: v}
}

// header is the head of a table as one row: the group before its title.
func (t *table) header() []string {
	var all []string
	for _, c := range t.Columns {
		title := clean(c.Title)
		if c.Group != "" {
			title = clean(c.Group) + " – " + title
		}
		all = append(all, title)
	}
	return all
}
