package main

import (
	"bufio"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"strings"

	"github.com/xuri/excelize/v2"

	"github.com/motcua/motcua/internal/core/access"
)

// exportCmd streams records to standard output.
type exportCmd struct {
	place
	Kind   string `arg:"" enum:"procedures,units,agencies,staff,dossiers" help:"procedures, units, agencies, staff, dossiers."`
	Format string `default:"csv" enum:"csv,json,xlsx" help:"csv, json, xlsx."`
}

// Run implements the command.
func (c *exportCmd) Run(ctx context.Context, std *stdio) error {
	return runInHouse(ctx, std, &c.place, "export", c, houseOptions{})
}

func (c *exportCmd) inHouse(ctx context.Context, std *stdio, h *house) error {
	if err := h.founded(); err != nil {
		return err
	}
	out := bufio.NewWriterSize(std.out, 64<<10)
	var t table
	switch c.Format {
	case "json":
		t = &jsonTable{out: out}
	case "xlsx":
		t = &sheetTable{out: out}
	default:
		t = &csvTable{csv.NewWriter(out)}
	}
	err := h.Export(ctx, access.Operator("export"), c.Kind, t.row)
	return errors.Join(err, t.end(err == nil), out.Flush())
}

// table writes rows, the first of which names the columns.
type table interface {
	row(cells []string) error
	end(whole bool) error
}

type csvTable struct{ *csv.Writer }

// row keeps spreadsheets from taking a text for a formula.
func (t *csvTable) row(cells []string) error {
	for i, c := range cells {
		if c != "" && strings.ContainsRune("=+-@\t\r", rune(c[0])) {
			cells[i] = "'" + c
		}
	}
	return t.Write(cells)
}

func (t *csvTable) end(bool) error {
	t.Flush()
	return t.Error()
}

// jsonTable is one array of objects.
type jsonTable struct {
	out  io.Writer
	head []string
	n    int
}

func (t *jsonTable) row(cells []string) error {
	if t.head == nil {
		t.head = cells
		_, err := io.WriteString(t.out, "[")
		return err
	}
	var b strings.Builder
	if t.n++; t.n > 1 {
		b.WriteByte(',')
	}
	b.WriteString("\n{")
	for i, name := range t.head {
		if i > 0 {
			b.WriteByte(',')
		}
		for j, text := range []string{name, cells[i]} {
			quoted, err := json.Marshal(text)
			if err != nil {
				return err
			}
			if j == 1 {
				b.WriteByte(':')
			}
			b.Write(quoted)
		}
	}
	b.WriteByte('}')
	_, err := io.WriteString(t.out, b.String())
	return err
}

func (t *jsonTable) end(whole bool) error {
	if !whole {
		return nil
	}
	_, err := io.WriteString(t.out, "\n]\n")
	return err
}

// sheetTable is one sheet; the library keeps rows beyond its memory in a
// temporary file.
type sheetTable struct {
	out    io.Writer
	file   *excelize.File
	stream *excelize.StreamWriter
	n      int
}

func (t *sheetTable) row(cells []string) error {
	if t.file == nil {
		t.file = excelize.NewFile()
		var err error
		if t.stream, err = t.file.NewStreamWriter("Sheet1"); err != nil {
			return err
		}
	}
	t.n++
	at, err := excelize.CoordinatesToCellName(1, t.n)
	if err != nil {
		return err
	}
	values := make([]any, len(cells))
	for i, c := range cells {
		values[i] = c
	}
	return t.stream.SetRow(at, values)
}

func (t *sheetTable) end(whole bool) error {
	if t.file == nil {
		return nil
	}
	if !whole {
		return t.file.Close()
	}
	if err := t.stream.Flush(); err != nil {
		return err
	}
	return errors.Join(t.file.Write(t.out), t.file.Close())
}
