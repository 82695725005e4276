package web

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/dossier"
	"github.com/motcua/motcua/internal/core/fault"
)

const signPath = "/nghiep-vu/ky"

// What the buttons of the signing desk do.
const (
	signAsk    = "hoi" // shows what is about to be done
	signDo     = "lam" // does it
	signChoose = "lo:" // and the code of a procedure: chooses its batch, for whom no script does
)

// signBody is the signing desk (bàn ký), /nghiep-vu/ky.
type signBody struct {
	Act     string
	ActKey  string
	Tabs    []tabLink
	Form    form
	Batches []signBatch
	N       int
	Block   *control
	Icon    string
	Asked   *signAsked
	Report  *bulkReport
	Back    string
	More    bool
}

type signBatch struct {
	app.SignBatch
	ID     string
	Choose string // value of the button that chooses it
	Rows   []signRow
	Late   int  // past their promise
	Can    bool // something in it can be chosen
}

type signRow struct {
	rowView
	S      app.SignRow
	FeeKey string
	Paper  string // its document; empty without one
}

// signAsked is what is about to be done, for the one confirmation.
type signAsked struct {
	N       int
	Late    int
	Batches []signBatch // chosen rows only
	Missing []string    // chosen, and no longer there
	Block   string
}

func (s *Server) deskSign(w http.ResponseWriter, r *http.Request, who access.Actor) {
	s.showSign(w, r, who, http.StatusOK, dossier.Act(r.URL.Query().Get("viec")), newForm(s.newAction()), nil)
}

// signChoice is the text of a signature block with whom it is for.
func (s *Server) signChoice(r *http.Request, c app.SignChoice) string {
	if c.For == "" {
		return c.Text()
	}
	return s.say(r, "result.page.block_for", fault.Args{"block": c.Text(), "name": c.ForName})
}

// signPage draws what waits at an act; the form keeps what was chosen.
func (s *Server) signPage(r *http.Request, who access.Actor, act dossier.Act, f form) (signBody, error) {
	page, err := s.app.SignDesk(r.Context(), who, act)
	if err != nil {
		return signBody{}, err
	}
	b := signBody{Act: string(page.Act), ActKey: page.Act.Key(), Form: f, Icon: looks[page.Act].icon, More: page.More, Back: withQuery(signPath, "viec", string(page.Act))}
	for _, x := range app.SignActs() {
		b.Tabs = append(b.Tabs, tabLink{Key: "signing.tab." + string(x), N: page.Counts[x], Here: x == page.Act, Path: withQuery(signPath, "viec", string(x))})
	}
	whole := strings.TrimPrefix(f.Get("buoc"), signChoose)
	if whole == f.Get("buoc") {
		whole = ""
	}
	for i, batch := range page.Batches {
		group := signBatch{SignBatch: batch, ID: "lo-" + strconv.Itoa(i+1), Choose: signChoose + batch.Procedure}
		var rows []app.DossierRow
		for _, row := range batch.Rows {
			rows = append(rows, row.DossierRow)
		}
		for j, view := range s.rowViews(r, rows) {
			row := signRow{rowView: view, S: batch.Rows[j], FeeKey: feeKey(batch.Rows[j].Fee)}
			row.Open = withQuery(dossierPath(row.Code, "tom-tat"), "viec", b.Act)
			if row.Pill.Tone == "late" {
				group.Late++
			}
			if row.S.Drafted {
				row.Paper = dossierPath(row.Code, "phieu", "result.pdf")
			}
			if row.S.Alone == "" {
				row.Choose = row.Code + "@" + strconv.FormatInt(row.Version, 10)
				row.Chosen = f.Has("ho-so", row.Choose) || batch.Procedure == whole
				group.Can = true
			}
			group.Rows = append(group.Rows, row)
		}
		b.N += len(group.Rows)
		b.Batches = append(b.Batches, group)
	}
	if len(page.Choices) > 0 {
		var options []option
		for _, c := range page.Choices {
			options = append(options, option{Value: c.Value(), Text: s.signChoice(r, c)})
		}
		block := f.Choose("khoi", "result.page.block", options)
		b.Block = &block
	}
	return b, nil
}

func (s *Server) showSign(w http.ResponseWriter, r *http.Request, who access.Actor, status int, act dossier.Act, f form, report *bulkReport) {
	b, err := s.signPage(r, who, act, f)
	if err != nil {
		s.deskFail(w, r, who, err)
		return
	}
	b.Report = report
	s.deskPage(w, r, who, status, "desk/sign", text{Key: "signing.heading"}, b)
}

// chosenItems reads the chosen dossiers with the versions that were seen.
func chosenItems(f form) []app.BulkItem {
	var items []app.BulkItem
	for _, chosen := range f.Values["ho-so"] {
		code, version, _ := strings.Cut(chosen, "@")
		n, _ := strconv.ParseInt(version, 10, 64)
		if !slices.ContainsFunc(items, func(x app.BulkItem) bool { return x.Code == code }) {
			items = append(items, app.BulkItem{Code: code, Version: n})
		}
	}
	return items
}

// deskSignPost chooses a batch, asks once, or carries the act out and says of each
// dossier what became of it.
func (s *Server) deskSignPost(w http.ResponseWriter, r *http.Request, who access.Actor) {
	f, _, err := s.readForm(r, who)
	if err != nil {
		s.deskFail(w, r, who, err)
		return
	}
	act := dossier.Act(f.Get("viec"))
	step := f.Get("buoc")
	switch {
	case resumed(r) || strings.HasPrefix(step, signChoose):
		s.showSign(w, r, who, http.StatusOK, act, f, nil)
		return
	case step != signDo:
		s.askSign(w, r, who, act, f)
		return
	}
	in := app.BulkInput{ActionID: f.Action, Act: act, Items: chosenItems(f)}
	in.For, in.Block, _ = strings.Cut(f.Get("khoi"), "|")
	done, err := s.app.SignBatch(r.Context(), who, in)
	switch {
	case err != nil && fault.KindOf(err) != fault.Invalid:
		s.deskFail(w, r, who, err)
		return
	case err != nil:
		f = f.with(err)
		s.showSign(w, r, who, statusOf(f), act, f, nil)
		return
	}
	if next := f.Get("tiep"); len(done) == 1 && done[0].Fault == nil && next != "" { // one by one, from summary to summary
		http.Redirect(w, r, withQuery(dossierPath(next, "tom-tat"), "viec", string(act), "xong", string(act), "ho-so", done[0].Code), http.StatusSeeOther)
		return
	}
	report := bulkReportOf(act, done)
	status := http.StatusOK
	if report.Done == 0 {
		status = http.StatusConflict
	}
	s.showSign(w, r, who, status, act, newForm(s.newAction()), report)
}

// bulkReportOf counts what became of a batch.
func bulkReportOf(act dossier.Act, done []app.BulkOutcome) *bulkReport {
	report := &bulkReport{ActKey: act.Key()}
	for _, o := range done {
		report.Lines = append(report.Lines, bulkLine{BulkOutcome: o, Open: dossierPath(o.Code)})
		if o.Fault == nil {
			report.Done++
		} else {
			report.Failed++
		}
	}
	slices.SortStableFunc(report.Lines, func(x, y bulkLine) int { // what needs a look stands first
		switch {
		case (x.Fault == nil) == (y.Fault == nil):
			return 0
		case x.Fault != nil:
			return -1
		}
		return 1
	})
	return report
}

// askSign shows what is about to be done. What has changed since it was chosen is
// named here already; the act looks again.
func (s *Server) askSign(w http.ResponseWriter, r *http.Request, who access.Actor, act dossier.Act, f form) {
	items := chosenItems(f)
	if len(items) == 0 {
		f = f.with(fault.Field("items", "inbox.bulk_none", nil))
		s.showSign(w, r, who, http.StatusUnprocessableEntity, act, f, nil)
		return
	}
	b, err := s.signPage(r, who, act, f)
	if err != nil {
		s.deskFail(w, r, who, err)
		return
	}
	asked := &signAsked{}
	there := map[string]bool{}
	for _, batch := range b.Batches {
		batch.Rows = slices.DeleteFunc(slices.Clone(batch.Rows), func(row signRow) bool { return !row.Chosen })
		batch.Late = 0
		for _, row := range batch.Rows {
			there[row.Code] = true
			if row.Pill.Tone == "late" {
				batch.Late++
			}
		}
		if len(batch.Rows) > 0 {
			asked.Batches, asked.N, asked.Late = append(asked.Batches, batch), asked.N+len(batch.Rows), asked.Late+batch.Late
		}
	}
	for _, item := range items {
		if !there[item.Code] {
			asked.Missing = append(asked.Missing, item.Code)
		}
	}
	if b.Block != nil {
		for _, o := range b.Block.Options {
			if o.Value == b.Block.Value {
				asked.Block = o.Text
			}
		}
	}
	b.Asked = asked
	s.deskPage(w, r, who, http.StatusOK, "desk/sign_confirm", text{Key: "signing.confirm"}, b)
}
