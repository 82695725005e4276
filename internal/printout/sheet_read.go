package printout

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/fault"
)

// Bounds of a table that somebody sends: what is larger is no list of a centre,
// and a small file must not unpack into a large one.
const (
	mostTableRows  = 500_000
	mostTableBytes = 128 << 20
	mostUnpacked   = 512 << 20
	mostSheetXML   = 16 << 20 // of one part in memory; what is larger goes to a file
)

// ReadTable gives the rows of the first sheet of an XLSX file, or of a CSV file in
// UTF-8 with commas, semicolons or tabs, to each, with their line numbers. Cells
// are their values, never their formulas. It fails with fault.Invalid for a file
// that is neither, or too large, and stops when each fails.
func ReadTable(r io.Reader, each func(line int, cells []string) error) error {
	in := bufio.NewReader(io.LimitReader(r, mostTableBytes+1))
	if start, err := in.Peek(4); err == nil && bytes.Equal(start, []byte("PK\x03\x04")) {
		return readXLSX(in, each)
	}
	return readCSV(in, each)
}

func unreadable(err error) error {
	return fault.Wrap(err, fault.Invalid, "printout.table_unreadable", fault.Args{"reason": err.Error()})
}

func tooManyRows() error {
	return fault.New(fault.Invalid, "printout.table_long", fault.Args{"most": mostTableRows})
}

func readXLSX(r io.Reader, each func(line int, cells []string) error) error {
	data, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	if len(data) > mostTableBytes {
		return tooManyRows()
	}
	f, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{RawCellValue: true, UnzipSizeLimit: mostUnpacked, UnzipXMLSizeLimit: mostSheetXML})
	if err != nil {
		return unreadable(err)
	}
	defer f.Close()
	sheets := f.GetSheetList()
	if len(sheets) == 0 {
		return unreadable(errors.New("no sheet"))
	}
	rows, err := f.Rows(sheets[0])
	if err != nil {
		return unreadable(err)
	}
	defer rows.Close()
	for line := 1; rows.Next(); line++ {
		if line > mostTableRows {
			return tooManyRows()
		}
		cells, err := rows.Columns()
		if err != nil {
			return unreadable(err)
		}
		if err := each(line, cells); err != nil {
			return err
		}
	}
	if err := rows.Error(); err != nil {
		return unreadable(err)
	}
	return nil
}

func readCSV(in *bufio.Reader, each func(line int, cells []string) error) error {
	start, _ := in.Peek(4096) // a shorter file gives what it has
	if bytes.HasPrefix(start, []byte("\xef\xbb\xbf")) {
		_, _ = in.Discard(3)
		start = start[3:]
	}
	c := csv.NewReader(in)
	c.FieldsPerRecord, c.Comma = -1, separator(start)
	for n := 1; ; n++ {
		cells, err := c.Read()
		switch {
		case err == io.EOF:
			return nil
		case err != nil:
			return unreadable(err)
		case n > mostTableRows || c.InputOffset() > mostTableBytes:
			return tooManyRows()
		}
		line, _ := c.FieldPos(0)
		for _, cell := range cells {
			if !utf8.ValidString(cell) {
				return unreadable(fmt.Errorf("line %d is not UTF-8", line))
			}
		}
		if err := each(line, cells); err != nil {
			return err
		}
	}
}

// separator is what stands between the columns of the first line: Excel writes
// semicolons where the comma is the mark of decimals, as in Vietnam.
func separator(start []byte) rune {
	first, _, _ := bytes.Cut(start, []byte("\n"))
	best, most := ',', bytes.Count(first, []byte(","))
	for _, mark := range []rune{';', '\t'} {
		if n := bytes.Count(first, []byte(string(mark))); n > most {
			best, most = mark, n
		}
	}
	return best
}

// CellTime reads a day or an instant as lists have it: 2026-11-20, 20/11/2026,
// either with a time of day, or the number of a spreadsheet. dated says that there
// was a day alone. Times are Vietnamese.
func CellTime(text string) (at time.Time, dated, ok bool) {
	text = strings.Join(strings.Fields(text), " ")
	for _, form := range []string{"2006-01-02", "02/01/2006", "2/1/2006"} {
		if t, err := time.ParseInLocation(form, text, civil.Zone); err == nil {
			return t, true, true
		}
	}
	for _, form := range []string{
		time.RFC3339, "2006-01-02T15:04:05", "2006-01-02T15:04", "2006-01-02 15:04:05", "2006-01-02 15:04",
		"02/01/2006 15:04:05", "02/01/2006 15:04", "2/1/2006 15:04", "15:04 02/01/2006",
	} {
		if t, err := time.ParseInLocation(form, text, civil.Zone); err == nil {
			return t.In(civil.Zone), false, true
		}
	}
	n, err := strconv.ParseFloat(text, 64)
	if err != nil || n < 20000 || n > 80000 { // 1954 to 2119
		return time.Time{}, false, false
	}
	t, err := excelize.ExcelDateToTime(n, false)
	if err != nil {
		return time.Time{}, false, false
	}
	t = t.Round(time.Minute)
	y, m, d := t.Date()
	return time.Date(y, m, d, t.Hour(), t.Minute(), 0, 0, civil.Zone), n == float64(int64(n)), true
}
