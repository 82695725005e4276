package app

import (
	"context"
	"io"
	"strings"
	"time"

	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/dossier"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/core/ruleset"
	"github.com/motcua/motcua/internal/i18n"
	"github.com/motcua/motcua/internal/printout"
	"github.com/motcua/motcua/internal/store"
)

// RegisterQuery asks for the book of dossiers (sổ theo dõi hồ sơ) of a unit.
type RegisterQuery struct {
	Unit     string // empty = the actor's own, the centre's for who sees all
	From, To civil.Date
	Field    string // of work; empty = all
	Status   dossier.Status
	Cursor   string
}

// RegisterView is one page of a register.
type RegisterView struct {
	Unit     string
	UnitName string
	From, To civil.Date
	Number   string // of the legal form; empty when the rules of that time give it none
	Total    int    // received in the time, whatever the field
	Rows     []RegisterLine
	Next     string
	Fields   []string     // of work, to choose from
	Units    []UnitChoice // that the actor may choose; empty when it is his own only
	Masked   bool         // addresses and phones are masked for this reader
	MayPrint bool         // not more than a book holds
}

// RegisterLine is one dossier of a register.
type RegisterLine struct {
	printout.RegisterRow
	Status dossier.Status
}

// Bounds of a register.
const (
	mostRegisterDays = 366
	mostRegisterRows = 3000  // on paper: a book of some 300 sheets
	mostSheetRows    = 50000 // in a spreadsheet
	registerBatch    = 500
)

// Register shows one page of the register; the reading is logged.
func (a *App) Register(ctx context.Context, who access.Actor, q RegisterQuery) (RegisterView, error) {
	b, err := a.registerOf(who, q)
	if err != nil {
		return RegisterView{}, err
	}
	v := RegisterView{Unit: b.q.Unit, UnitName: b.name, From: b.q.From, To: b.q.To, Number: b.form.Number, Units: b.units, Masked: !b.full}
	if v.Total, err = a.store.CountRegistered(ctx, b.query()); err != nil {
		return v, err
	}
	v.MayPrint = v.Total <= mostRegisterRows
	browse, err := a.BrowseProcedures(ctx)
	if err != nil {
		return v, err
	}
	for _, f := range browse.Fields {
		v.Fields = append(v.Fields, f.Value)
	}
	after, err := store.ParseCursor(q.Cursor)
	if err != nil {
		return v, err
	}
	v.Next, err = b.each(ctx, after, pageSize, func(line RegisterLine) error {
		v.Rows = append(v.Rows, line)
		return nil
	})
	return v, err
}

// RegisterPDF prints the register as the rules of its last day have it, its rows
// numbered on from the beginning of the year (TT 01/2018/TT-VPCP art 10).
func (a *App) RegisterPDF(ctx context.Context, who access.Actor, q RegisterQuery) (SlipFile, error) {
	b, err := a.registerOf(who, q)
	if err != nil {
		return SlipFile{}, err
	}
	doc, err := b.document(ctx, mostRegisterRows)
	if err != nil {
		return SlipFile{}, err
	}
	pdf, err := a.printer.PDF(doc)
	return SlipFile{Name: b.fileName() + ".pdf", PDF: pdf, At: a.clock()}, err
}

// RegisterPage is the register as a page that a browser prints; it fails as
// RegisterPDF does.
func (a *App) RegisterPage(ctx context.Context, who access.Actor, q RegisterQuery) ([]byte, error) {
	b, err := a.registerOf(who, q)
	if err != nil {
		return nil, err
	}
	doc, err := b.document(ctx, mostRegisterRows)
	if err != nil {
		return nil, err
	}
	return a.printer.HTML(doc)
}

// RegisterSheet writes the register as a spreadsheet and returns its file name.
func (a *App) RegisterSheet(ctx context.Context, who access.Actor, q RegisterQuery, w io.Writer) (string, error) {
	b, err := a.registerOf(who, q)
	if err != nil {
		return "", err
	}
	doc, err := b.document(ctx, mostSheetRows)
	if err != nil {
		return "", err
	}
	return b.fileName() + ".xlsx", a.printer.Spreadsheet(w, doc)
}

// register is a register about to be read by somebody.
type register struct {
	a     *App
	who   access.Actor
	q     RegisterQuery
	name  string // of the unit
	units []UnitChoice
	full  bool // personal data in full
	form  ruleset.Form
}

// registerOf checks what is asked for and by whom. Whoever may see dossiers of a
// unit may see its register; whoever may not see personal data in full sees the
// addresses and phones masked.
func (a *App) registerOf(who access.Actor, q RegisterQuery) (register, error) {
	b := register{a: a, who: who, q: q}
	dir := a.directory.Load()
	everywhere := access.May(who, access.ReadDossier)
	switch {
	case q.Unit == "" && everywhere:
		b.q.Unit = dir.centre.Code
	case q.Unit == "":
		b.q.Unit = who.Unit
	}
	if b.q.Unit == "" || !access.May(who, access.ReadDossier, b.q.Unit) {
		return b, denied()
	}
	if everywhere {
		b.units = a.unitChoices()
	}
	b.full = access.May(who, access.UnmaskDossier, b.q.Unit)
	today := civil.DateOf(a.clock())
	if b.q.To.IsZero() {
		b.q.To = today
	}
	if b.q.From.IsZero() {
		b.q.From = civil.NewDate(b.q.To.Year(), b.q.To.Month(), 1)
	}
	if b.q.To.Before(b.q.From) || b.q.To.Sub(b.q.From) >= mostRegisterDays {
		return b, fault.Field("to", "register.period_bad", fault.Args{"most": mostRegisterDays})
	}
	u, ok := dir.unit(b.q.Unit, b.q.To)
	if !ok {
		return b, fault.New(fault.NotFound, "agency.unit_unknown", fault.Args{"unit": b.q.Unit})
	}
	b.name = shownName(u)
	rules, err := ruleset.On(b.q.To)
	if err != nil {
		return b, err
	}
	b.form, _ = rules.Form(ruleset.Register)
	return b, nil
}

func (b register) query() store.RegisterQuery {
	return store.RegisterQuery{Unit: b.q.Unit, From: b.q.From.At(0), To: b.q.To.AddDays(1).At(0), Status: b.q.Status}
}

func (b register) fileName() string {
	return strings.Join([]string{"so-theo-doi", b.q.Unit, b.q.From.String(), b.q.To.String()}, "-")
}

// each hands rows to fn, at most so many, and returns where the next one is.
func (b register) each(ctx context.Context, after store.Cursor, most int, fn func(RegisterLine) error) (string, error) {
	if err := b.a.logRead(ctx, b.who, "list:register", "register", "register"); err != nil {
		return "", err
	}
	for n := 0; ; {
		list, next, err := b.a.store.Registered(ctx, b.query(), after, registerBatch)
		if err != nil {
			return "", err
		}
		private, err := b.a.privateOf(ctx, list)
		if err != nil {
			return "", err
		}
		for i, d := range list {
			if b.q.Field != "" && d.Procedure.Field != b.q.Field {
				continue
			}
			if n == most {
				return after.String(), nil
			}
			if err := fn(b.line(d, private[i])); err != nil {
				return "", err
			}
			n++
			after = store.RegisterCursor(d)
		}
		if after = next; next.ID == "" {
			return "", nil
		}
	}
}

// document gathers the register for printing.
func (b register) document(ctx context.Context, most int) (printout.Register, error) {
	r := printout.Register{
		Field: b.q.Field, From: b.q.From.At(0), To: b.q.To.At(0), Agencies: b.q.Unit == b.a.directory.Load().centre.Code, Keeper: b.who.Name, First: 1,
	}
	s := slip{a: b.a, form: ruleset.Register, words: i18n.Default()}
	s.d.Unit, s.d.UnitName, s.d.Opening.At = b.q.Unit, b.name, b.q.To.At(0)
	var err error
	if r.Letterhead, err = s.head(b.a.clock()); err != nil {
		return r, err
	}
	if b.q.Field == "" && b.q.Status == 0 {
		before := b.query()
		before.From, before.To = civil.NewDate(b.q.From.Year(), time.January, 1).At(0), before.From
		n, err := b.a.store.CountRegistered(ctx, before)
		if err != nil {
			return r, err
		}
		r.First = n + 1
	}
	more, err := b.each(ctx, store.Cursor{}, most, func(line RegisterLine) error {
		r.Rows = append(r.Rows, line.RegisterRow)
		return nil
	})
	if err == nil && more != "" {
		err = fault.Field("to", "register.too_many", fault.Args{"most": most})
	}
	return r, err
}

// line is one dossier as the book has it.
func (b register) line(d dossier.Dossier, p *dossier.Private) RegisterLine {
	line := RegisterLine{Status: d.Status, RegisterRow: printout.RegisterRow{
		Code: d.Name(), Subject: d.Procedure.Name, Sets: d.Sets, ReceivedAt: d.ReceivedAt.In(civil.Zone), Agency: d.AgencyName, Note: b.note(d),
	}}
	if p != nil {
		owner := partyForm(p.Owner, b.full)
		line.Owner, line.Address, line.Phone = owner.Name, owner.Address, owner.Phone
		if p.Subject != "" {
			line.Subject = p.Subject
		}
	}
	if !d.Deadline.DueAt.IsZero() {
		line.DueAt = d.Deadline.DueAt.In(civil.Zone)
	}
	for _, h := range d.Handovers {
		switch {
		case h.To == d.Agency && line.SentAt.IsZero():
			line.SentAt = h.SentAt.In(civil.Zone)
		case h.To == d.Unit && h.GotAt != nil && d.Result != nil:
			line.GotAt = h.GotAt.In(civil.Zone)
		}
	}
	if n := d.Returned; n != nil {
		line.ReturnedAt = n.At.In(civil.Zone)
		line.ReturnedBy = vietnamese(fault.Line{Key: "dossier.return." + string(d.ReturnChannel)})
	}
	return line
}

// note says what the columns do not: where a dossier ended otherwise than with a
// result, waits, or was promised anew.
func (b register) note(d dossier.Dossier) string {
	if a := d.Deadline.Apology; a != nil {
		return vietnamese(fault.Line{Key: "register.again", Args: fault.Args{"date": a.DueOn.Show()}})
	}
	if d.Status.Waiting() || d.Status.Ended() && d.Status != dossier.Returned {
		return vietnamese(fault.Line{Key: d.Status.Key()})
	}
	return ""
}

// privateOf reads the personal parts of dossiers; nil for one that was erased.
func (a *App) privateOf(ctx context.Context, list []dossier.Dossier) ([]*dossier.Private, error) {
	sealed := make([]store.Sealed, len(list))
	for i, d := range list {
		sealed[i] = store.Sealed{Subject: d.ID, Class: sealClass, Bytes: d.Private}
	}
	plain, err := a.store.UnsealAll(ctx, sealed)
	if err != nil {
		return nil, err
	}
	out := make([]*dossier.Private, len(list))
	for i, p := range plain {
		if p == nil {
			continue
		}
		private, err := readPrivate(p, list[i])
		if err != nil {
			return nil, err
		}
		out[i] = &private
	}
	return out, nil
}
