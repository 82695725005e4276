package app

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/agency"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/dossier"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/core/receiptseal"
	"github.com/motcua/motcua/internal/core/result"
	"github.com/motcua/motcua/internal/core/ruleset"
	"github.com/motcua/motcua/internal/core/textfold"
	"github.com/motcua/motcua/internal/printout"
)

// DraftView is where a handler draws up the result document of a dossier before he
// puts it before the leader (dự thảo kết quả).
type DraftView struct {
	Code      string
	Version   int64
	Task      string
	Procedure string
	Owner     string // masked
	Outcome   string
	Template  result.Template
	Text      result.Text // filled, or as it was drafted before
	Again     bool        // drafted before
	Due       DueFacts
}

// DraftForm is a result document as it is put before the leader: a text, or the
// hash of a staged PDF.
type DraftForm struct {
	Outcome  string
	Template string // id and version that the text began with
	Number   int
	Symbol   string
	Text     result.Text
}

// ResultDraft opens the draft of a dossier's result for an outcome: what was
// drafted before, else the template filled with the dossier. It fails with
// fault.Forbidden for whoever may not propose there, and fault.Conflict when there
// is nothing to propose now. The reading is logged.
func (a *App) ResultDraft(ctx context.Context, who access.Actor, code, outcome string) (DraftView, error) {
	if !slices.Contains(result.Outcomes(), outcome) {
		outcome = result.Approve
	}
	d, err := a.readable(ctx, who, code)
	if err != nil {
		return DraftView{}, err
	}
	offers := a.offers(d, who)
	i := slices.IndexFunc(offers, func(o dossier.Offer) bool { return o.Act == dossier.Propose })
	if i < 0 {
		as := a.capacityFor(who, d, dossier.Input{Act: dossier.Propose})
		if err := dossier.Allowed(d, as, dossier.Input{Act: dossier.Propose, Version: d.Version}); err != nil {
			return DraftView{}, err
		}
		return DraftView{}, fault.New(fault.Conflict, "dossier.act_not_now", fault.Args{"act": string(dossier.Propose), "status": int(d.Status)})
	}
	if err := a.logRead(ctx, who, d.ID, "result.draft", "handle"); err != nil {
		return DraftView{}, err
	}
	private, err := a.private(ctx, d)
	if err != nil {
		return DraftView{}, err
	}
	v := DraftView{
		Code: d.Name(), Version: d.Version, Task: offers[i].TaskID, Procedure: d.Procedure.Name, Owner: private.Owner.Name, Outcome: outcome,
		Template: a.directory.Load().resultTemplate(d.Procedure.Code, outcome), Due: DueOf(d),
	}
	v.Text = v.Template.Fill(a.draftValues(d, private))
	if p := d.Proposal; p != nil && p.Outcome == outcome && p.Draft != nil && p.Draft.Text != nil {
		v.Again = true
		v.Text, err = a.draftText(ctx, d, *p.Draft)
	}
	return v, err
}

// cleanText cleans what a person typed, line by line.
func cleanText(t result.Text) result.Text {
	return result.Text{Name: textfold.Clean(t.Name), Body: cleanLines(t.Body)}
}

// draftValues are what a template's fields mean for a dossier.
func (a *App) draftValues(d dossier.Dossier, p dossier.Private) map[string]string {
	identity := p.Owner.PersonalID
	if identity == "" {
		identity = p.Owner.TaxCode
	}
	subject := p.Subject
	if subject == "" {
		subject = d.Procedure.Name
	}
	var papers []string
	for _, x := range d.Papers {
		if x.Count() > 0 || len(x.Files) > 0 {
			papers = append(papers, x.Name)
		}
	}
	values := map[string]string{
		"owner": p.Owner.Name, "identity": identity, "address": p.Owner.Address, "phone": p.Owner.Phone, "code": d.Code, "procedure": d.Procedure.Name,
		"case": d.Procedure.CaseName, "subject": subject, "agency": d.AgencyName, "centre": d.UnitName, "received": civil.DateOf(d.ReceivedAt).Show(),
		"papers": strings.Join(papers, "; "),
	}
	if !d.Deadline.DueOn.IsZero() {
		values["due"] = d.Deadline.DueOn.Show()
	}
	return values
}

// draftText opens the sealed text of a draft.
func (a *App) draftText(ctx context.Context, d dossier.Dossier, draft dossier.Draft) (result.Text, error) {
	var text result.Text
	plain, err := a.store.Unseal(ctx, d.ID, sealClass, draft.Text)
	if err == nil {
		err = json.Unmarshal(plain, &text)
	}
	return text, err
}

// PreviewDraft prints a text as the result of a dossier, marked as a draft.
func (a *App) PreviewDraft(ctx context.Context, who access.Actor, code string, f DraftForm) (SlipFile, error) {
	if _, err := a.ResultDraft(ctx, who, code, f.Outcome); err != nil {
		return SlipFile{}, err
	}
	f.Text = cleanText(f.Text)
	if err := f.Text.Check(); err != nil {
		return SlipFile{}, err
	}
	d, err := a.readable(ctx, who, code)
	if err != nil {
		return SlipFile{}, err
	}
	pdf, err := a.printer.PDF(a.resultPaper(d, f.Text, f.Symbol))
	return SlipFile{Name: d.Name() + "-du-thao.pdf", PDF: pdf, At: a.clock()}, err
}

// resultPaper is a text on the paper of the unit that will issue it, still a draft.
func (a *App) resultPaper(d dossier.Dossier, text result.Text, symbol string) printout.ResultDocument {
	unit, name := a.issuer(d)
	doc := a.paperOf(unit, name, a.clock(), d, text)
	doc.Number, doc.Draft = "…/"+symbol+"-"+issuerCode(unit, name), true
	return doc
}

// issuer is the unit that gives a result its number: where the process numbers or
// issues it, else the competent agency.
func (a *App) issuer(d dossier.Dossier) (agency.Unit, string) {
	code, name := d.Agency, d.AgencyName
	// Whoever has opened the dossier has its process in memory.
	if pl, err := a.planFor(context.Background(), d); err == nil && pl.graph != nil {
		for _, s := range pl.graph.Template().Tasks() {
			if k := dossier.TaskKind(s.Kind); k == dossier.TaskNumber || k == dossier.TaskIssue {
				if c, n, err := pl.place(s.Unit); err == nil {
					code, name = c, n
				}
				break
			}
		}
	}
	u, _ := a.directory.Load().unit(code, civil.DateOf(a.clock()))
	return u, name
}

// paperOf is a text on the paper of a unit.
func (a *App) paperOf(u agency.Unit, name string, at time.Time, d dossier.Dossier, text result.Text) printout.ResultDocument {
	dir := a.directory.Load()
	head := printout.Letterhead{
		Form: printout.Form{ID: ruleset.Result, Name: text.Name}, Wording: printed(dir.wordings[ruleset.Result]), Agency: strings.ToUpper(name),
		Place: dir.centre.Province, At: at.In(civil.Zone),
	}
	switch u.Kind {
	case agency.Area:
		head.Agency = strings.ToUpper(vietnamese(fault.Line{Key: "result.committee_of", Args: fault.Args{"name": shownName(u)}}))
	case agency.Committee:
		head.Agency = strings.ToUpper(shownName(u))
	default:
		if committee, ok := dir.unit(dir.centre.Committee, civil.DateOf(at)); ok {
			head.Superior = strings.ToUpper(committee.Name)
		}
	}
	return printout.ResultDocument{Letterhead: head, Code: d.Name(), Lines: text.Lines()}
}

// draftOf turns what a handler sends with a proposal into a draft: his text, or
// the one PDF that goes with it, which must not be of another dossier.
func (a *App) draftOf(ctx context.Context, d dossier.Dossier, in *ActInput) error {
	switch f := in.Result; {
	case len(in.Input.Files) > 0:
		file := in.Input.Files[0]
		if file.Type != "application/pdf" {
			return fault.Field("files", "result.not_pdf", nil)
		}
		draft := dossier.Draft{Name: file.Name, File: &file, Symbol: a.directory.Load().resultTemplate(d.Procedure.Code, outcomeOr(in.Outcome)).Symbol}
		if f != nil && f.Symbol != "" {
			draft.Symbol = f.Symbol
		}
		in.Input.Draft = &draft
		return a.ownFiles(ctx, d, in.Input.Files)
	case f != nil:
		text := cleanText(f.Text)
		template := a.directory.Load().resultTemplate(d.Procedure.Code, outcomeOr(in.Outcome))
		if f.Symbol == "" {
			f.Symbol = template.Symbol
		}
		checked := result.Template{Outcome: outcomeOr(in.Outcome), Symbol: f.Symbol, Name: text.Name, Body: strings.NewReplacer("{", "(", "}", ")").Replace(text.Body), Reason: "–"}
		if err := checked.Check(); err != nil {
			return err
		}
		plain, err := json.Marshal(text)
		if err != nil {
			return err
		}
		in.Input.Draft = &dossier.Draft{Template: template.ID, Version: template.Version, Symbol: f.Symbol, Name: text.Name}
		in.Input.DraftText = plain
	}
	return nil
}

func outcomeOr(outcome string) string {
	if outcome == "" {
		return result.Approve
	}
	return outcome
}

// ownFiles refuses a result's file that carries the code of another dossier and
// not the dossier's own, as far as its text can be read.
func (a *App) ownFiles(ctx context.Context, d dossier.Dossier, files []dossier.File) error {
	for _, f := range files {
		if f.Type != "application/pdf" {
			continue
		}
		raw, err := a.fileBytes(ctx, f.Hash)
		if err != nil {
			return err
		}
		if found := result.OfAnother(a.documents.Text(raw), d.Code); found != "" {
			return fault.Field("files", "result.wrong_dossier", fault.Args{"name": f.Name, "found": found, "code": d.Code})
		}
	}
	return nil
}

// mostDocument bounds the file of a result that is read into memory.
const mostDocument = 64 << 20

func (a *App) fileBytes(ctx context.Context, hash string) ([]byte, error) {
	body, err := a.blobs.Open(ctx, hash)
	if err != nil {
		return nil, err
	}
	defer body.Close()
	return io.ReadAll(io.LimitReader(body, mostDocument))
}

// resultSlip is the result document of a dossier as it stands: the signed file,
// else the draft.
func (a *App) resultSlip(ctx context.Context, d dossier.Dossier) ([]byte, error) {
	var draft *dossier.Draft
	switch r := d.Result; {
	case r != nil && r.Signed != nil:
		return a.fileBytes(ctx, r.Signed.Hash)
	case r != nil:
		draft = r.Draft
	case d.Proposal != nil:
		draft = d.Proposal.Draft
	}
	switch {
	case draft == nil:
		return nil, fault.New(fault.NotFound, "result.no_draft", nil)
	case draft.File != nil:
		return a.fileBytes(ctx, draft.File.Hash)
	}
	text, err := a.draftText(ctx, d, *draft)
	if err != nil {
		return nil, err
	}
	doc := a.resultPaper(d, text, draft.Symbol)
	if d.Result != nil && d.Result.Number != "" {
		doc.Number = d.Result.Number
	}
	return a.printer.PDF(doc)
}

// drafted reports whether a dossier has a result document to look at.
func drafted(d dossier.Dossier) bool {
	if d.Result != nil {
		return d.Result.Draft != nil
	}
	return d.Proposal != nil && d.Proposal.Draft != nil
}

// finalPDF is the document that is signed: with its number, its date and the code
// by which anybody can check it.
func (a *App) finalPDF(ctx context.Context, d dossier.Dossier, s printout.Signatory) ([]byte, error) {
	draft := d.Result.Draft
	if draft.File != nil {
		return a.fileBytes(ctx, draft.File.Hash)
	}
	text, err := a.draftText(ctx, d, *draft)
	if err != nil {
		return nil, err
	}
	unit, name := a.issuer(d)
	at := s.SignedAt
	if e := d.Result.Entry; e != nil {
		at = e.At
	}
	doc := a.paperOf(unit, name, at, d, text)
	doc.Number, doc.Signatory = d.Result.Number, s
	if doc.Seal, err = a.ResultSeal(d); err != nil {
		return nil, err
	}
	return a.printer.PDF(doc)
}

// ResultSeal is what the QR code of a dossier's numbered result says: a link to the
// page that checks it; empty when the installation has no key for it.
func (a *App) ResultSeal(d dossier.Dossier) (string, error) {
	if len(a.slipKeys) == 0 || d.Result == nil || d.Result.Entry == nil {
		return "", nil
	}
	seal, err := receiptseal.SignResult(a.slipKeys[0], receiptseal.ResultClaim{Code: d.Name(), Number: d.Result.Number, On: d.Result.Entry.At})
	if err != nil {
		return "", err
	}
	return receiptseal.ResultLink(a.publicURL, seal), nil
}

// keep stores a file that the program made for an actor, who attaches it.
func (a *App) keep(ctx context.Context, who access.Actor, name string, raw []byte) (dossier.File, error) {
	f, err := a.stage(ctx, who, name, bytes.NewReader(raw))
	return dossier.File{Hash: f.Hash, Name: f.Name, Type: f.Type, Size: f.Size}, err
}

// resultFileName is the name that a result's file is saved under.
func resultFileName(d dossier.Dossier) string {
	return fmt.Sprintf("%s-ket-qua.pdf", d.Name())
}
