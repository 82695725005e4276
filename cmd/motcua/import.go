package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/core/procedure"
	"github.com/motcua/motcua/internal/i18n"
)

// importCmd takes records in from a file.
type importCmd struct {
	place
	Kind      string `arg:"" enum:"procedures,catalogue,units,agencies,holidays,staff,dossiers" help:"procedures, catalogue, units, agencies, holidays, staff, dossiers."`
	File      string `arg:"" help:"Tệp cần nhập; - là đầu vào chuẩn."`
	DryRun    bool   `help:"Chỉ kiểm tra, không ghi."`
	Decision  string `placeholder:"SỐ" help:"Số quyết định làm căn cứ."`
	Passwords string `placeholder:"TỆP" help:"Ghi mật khẩu dùng một lần của người mới vào tệp này."`
	JSON      bool   `help:"In một tài liệu JSON."`
}

// Run implements the command.
func (c *importCmd) Run(ctx context.Context, std *stdio) error {
	for _, path := range []*string{&c.File, &c.Passwords} {
		if *path == "" || *path == "-" {
			continue
		}
		abs, err := filepath.Abs(*path) // a server that runs the command stands elsewhere
		if err != nil {
			return err
		}
		*path = abs
	}
	return runInHouse(ctx, std, &c.place, "import", c, houseOptions{})
}

// reads reports whether the command reads standard input.
func (c *importCmd) reads() bool { return c.File == "-" }

func (c *importCmd) inHouse(ctx context.Context, std *stdio, h *house) error {
	if err := h.founded(); err != nil {
		return err
	}
	in := std.in
	if c.File != "-" {
		f, err := os.Open(c.File)
		if err != nil {
			return fault.Wrap(err, fault.NotFound, "command.file_unreadable", fault.Args{"path": c.File})
		}
		defer f.Close()
		in = f
	}
	report, passwords, err := c.take(ctx, std, h, in)
	if err != nil {
		return err
	}
	if err := c.tellPasswords(std, passwords); err != nil {
		return err
	}
	if c.JSON {
		err = std.document(report)
	} else {
		err = c.print(std, report)
	}
	if err == nil && len(report.Rejected) > 0 {
		err = exit(exitRefused)
	}
	return err
}

func (c *importCmd) take(ctx context.Context, std *stdio, h *house, in io.Reader) (app.ImportReport, map[string]string, error) {
	who := access.Operator("import")
	words := i18n.Default()
	o := app.ImportOptions{
		DryRun: c.DryRun, Document: procedure.Act{No: c.Decision},
		Say: func(f *fault.Fault) string { return words.T(std.lang, f.Key, f.Args) },
	}
	if c.Kind == "staff" {
		return h.ImportStaffFile(ctx, who, in, o)
	}
	take := map[string]func(context.Context, access.Actor, io.Reader, app.ImportOptions) (app.ImportReport, error){
		"procedures": h.ImportProcedures, "catalogue": h.ImportCatalogue, "units": h.ImportUnits, "agencies": h.ImportAgencies, "holidays": h.ImportHolidays,
		"dossiers": h.ImportDossiers,
	}[c.Kind]
	report, err := take(ctx, who, in, o)
	return report, nil, err
}

// tellPasswords writes the one-time passwords where nobody else reads them.
func (c *importCmd) tellPasswords(std *stdio, passwords map[string]string) error {
	if len(passwords) == 0 {
		return nil
	}
	logins := make([]string, 0, len(passwords))
	for login := range passwords {
		logins = append(logins, login)
	}
	slices.Sort(logins)
	var b strings.Builder
	for _, login := range logins {
		fmt.Fprintf(&b, "%s\t%s\n", login, passwords[login])
	}
	if c.Passwords == "" {
		std.say("command.import_passwords", nil)
		_, err := io.WriteString(std.err, b.String())
		return err
	}
	return os.WriteFile(c.Passwords, []byte(b.String()), 0o600)
}

func (c *importCmd) print(std *stdio, r app.ImportReport) error {
	key := "command.import_done"
	if c.DryRun {
		key = "command.import_checked"
	}
	std.print(key, fault.Args{"kind": r.Kind, "read": r.Read, "created": r.Created, "updated": r.Updated, "unchanged": r.Unchanged, "rejected": len(r.Rejected)})
	w := tabwriter.NewWriter(std.out, 0, 4, 2, ' ', 0)
	for _, x := range r.Reconciled {
		fmt.Fprintf(w, "  %s\t%d %s\t%d\t%d\n", x.Name, x.Status, x.Label, x.Listed, x.Stored)
	}
	for _, x := range r.Rejected {
		fmt.Fprintf(w, "  %s\t%s\t%s\n", x.Record, x.Field, x.Reason)
	}
	return w.Flush()
}
