package api

import (
	"context"
	"time"

	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/dossier"
)

// List is one page of a list. Without a next page the cursor is null.
type List[T any] struct {
	Items      []T     `json:"items"`
	NextCursor *string `json:"nextCursor" nullable:"true"`
}

func list[T any](items []T, next string) List[T] {
	l := List[T]{Items: items}
	if items == nil {
		l.Items = []T{}
	}
	if next != "" {
		l.NextCursor = &next
	}
	return l
}

// answer is a body as the framework wants it.
type answer[T any] struct{ Body T }

// Person is the owner or the submitter of a dossier.
type Person struct {
	Kind          string `json:"kind" enum:"citizen,enterprise,organization,state"`
	Name          string `json:"name"`
	PersonalID    string `json:"personalId,omitempty"`
	TaxCode       string `json:"taxCode,omitempty"`
	Phone         string `json:"phone,omitempty"`
	Email         string `json:"email,omitempty"`
	Address       string `json:"address,omitempty"`
	BornOn        string `json:"bornOn,omitempty"`
	Authorisation string `json:"authorisation,omitempty"`
}

func (p *Person) form() *app.PartyForm {
	if p == nil {
		return nil
	}
	f := app.PartyForm(*p)
	return &f
}

// PaperIn is one paper as handed in; its name is the id that the procedure gives.
type PaperIn struct {
	Name      string   `json:"name"`
	Originals int      `json:"originals,omitempty"`
	Certified int      `json:"certified,omitempty"`
	Copies    int      `json:"copies,omitempty"`
	Note      string   `json:"note,omitempty"`
	Files     []string `json:"files,omitempty"`
}

func paperForms(in []PaperIn) []app.PaperForm {
	if in == nil {
		return nil
	}
	out := make([]app.PaperForm, len(in))
	for i, p := range in {
		out[i] = app.PaperForm{ID: p.Name, Originals: p.Originals, Certified: p.Certified, Copies: p.Copies, Note: p.Note}
		for _, hash := range p.Files {
			out[i].Files = append(out[i].Files, app.StagedFile{Hash: hash})
		}
	}
	return out
}

// Payment settles a fee: collected under a receipt number, or exempt on a ground.
type Payment struct {
	Receipt  string `json:"receipt,omitempty"`
	Method   string `json:"method,omitempty"`
	Ground   string `json:"ground,omitempty"`
	Document string `json:"document,omitempty"`
}

func (p *Payment) of() *dossier.Payment {
	if p == nil {
		return nil
	}
	return &dossier.Payment{Receipt: p.Receipt, Method: p.Method, Ground: p.Ground, Document: p.Document}
}

// Status is one of the ten national statuses, as number and label.
type Status struct {
	Status      int    `json:"status" minimum:"1" maximum:"10"`
	StatusLabel string `json:"statusLabel"`
}

func (s *server) status(ctx context.Context, st dossier.Status) Status {
	return Status{int(st), s.words.T(languageIn(ctx), st.Key(), nil)}
}

// Promise is what the applicant was promised. Without a promised day, note says
// why.
type Promise struct {
	ReceivedAt  *time.Time  `json:"receivedAt" nullable:"true"`
	DueOn       *civil.Date `json:"dueOn" nullable:"true" format:"date"`
	DueAt       *time.Time  `json:"dueAt" nullable:"true"`
	Provisional bool        `json:"provisional,omitempty"`
	DueNote     string      `json:"dueNote,omitempty"`
}

func (s *server) promise(ctx context.Context, d dossier.Dossier) Promise {
	p := Promise{ReceivedAt: instant(d.ReceivedAt), DueOn: day(d.Deadline.DueOn), DueAt: instant(d.Deadline.DueAt), Provisional: d.Deadline.Provisional}
	switch {
	case !d.Received():
		p.DueNote = s.words.T(languageIn(ctx), "api.due_not_received", nil)
	case d.Deadline.Waits == civil.WaitsArrival:
		p.DueNote = s.words.T(languageIn(ctx), "civil.why.not_arrived", nil)
	case d.Deadline.Provisional:
		p.DueNote = s.words.T(languageIn(ctx), "slip.provisional", nil)
	}
	return p
}

// Fee is the assessed fee, in đồng.
type Fee struct {
	Total   int64     `json:"total"`
	Lines   []FeeLine `json:"lines"`
	Settled bool      `json:"settled"`
	Receipt string    `json:"receipt,omitempty"`
	Method  string    `json:"method,omitempty"`
	Ground  string    `json:"ground,omitempty"`
}

// FeeLine is one line of a fee.
type FeeLine struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	Kind   string `json:"kind,omitempty"`
	Amount int64  `json:"amount"`
}

func feeOf(f dossier.Fee) Fee {
	out := Fee{Total: int64(f.Total), Settled: f.Settled(), Receipt: f.Receipt, Method: f.Method, Ground: f.Ground, Lines: []FeeLine{}}
	for _, l := range f.Lines {
		out.Lines = append(out.Lines, FeeLine{ID: l.ID, Name: l.Name, Kind: l.Kind, Amount: int64(l.Amount)})
	}
	return out
}

// File is a stored file, named in acts by its hash.
type File struct {
	Hash string `json:"hash"`
	Name string `json:"name"`
	Type string `json:"type"`
	Size int64  `json:"size"`
}

func filesOf(in []dossier.File) []File {
	out := make([]File, len(in))
	for i, f := range in {
		out[i] = File(f)
	}
	return out
}

// instant is a time as answers write it: RFC 3339 in +07:00, null for none.
func instant(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.In(civil.Zone)
	return &t
}

func instantOf(t *time.Time) *time.Time {
	if t == nil {
		return nil
	}
	return instant(*t)
}

// day is a date as answers write it, null for none.
func day(d civil.Date) *civil.Date {
	if d.IsZero() {
		return nil
	}
	return &d
}
