package web

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/core/result"
)

const (
	templatesPath = "/quan-tri/mau-ket-qua"
	templatePath  = templatesPath + "/sua"
)

// resultTemplatesBody lists the templates of result documents,
// /quan-tri/mau-ket-qua.
type resultTemplatesBody struct {
	Rows    []resultTemplateLine
	Code    control
	Outcome control
}

type resultTemplateLine struct {
	app.ResultTemplateRow
	OutcomeKey string
	Open       string
}

// resultTemplateBody is one template to edit, /quan-tri/mau-ket-qua/sua.
type resultTemplateBody struct {
	Form       form
	V          app.ResultTemplateView
	OutcomeKey string
	Fields     []control
	Reasons    []control
	MayPublish bool
	Settle     string // action id of what the second person does
}

// openTemplate is the address of one template.
func openTemplate(code, outcome string) string {
	return withQuery(templatePath, "thu-tuc", code, "ket-qua", outcome)
}

func outcomeKey(outcome string) string { return "result.template." + outcome }

func (s *Server) adminResultTemplates(w http.ResponseWriter, r *http.Request, who access.Actor) {
	rows, err := s.app.ResultTemplates(r.Context(), who)
	if err != nil {
		s.deskFail(w, r, who, err)
		return
	}
	f := newForm("")
	var outcomes []option
	for _, o := range result.Outcomes() {
		outcomes = append(outcomes, option{Value: o, Key: outcomeKey(o)})
	}
	b := resultTemplatesBody{
		Code:    f.Input("thu-tuc", "result.template.procedure", "maxlength=30", "required", "hint=result.template.procedure_hint"),
		Outcome: f.Choose("ket-qua", "result.template.outcome", outcomes),
	}
	for _, row := range rows {
		b.Rows = append(b.Rows, resultTemplateLine{ResultTemplateRow: row, OutcomeKey: outcomeKey(row.Outcome), Open: openTemplate(row.Procedure, row.Outcome)})
	}
	s.deskPage(w, r, who, http.StatusOK, "admin/result_templates", text{Key: "result.template.heading"}, b)
}

func (s *Server) adminResultTemplate(w http.ResponseWriter, r *http.Request, who access.Actor) {
	q := r.URL.Query()
	s.showResultTemplate(w, r, who, http.StatusOK, q.Get("thu-tuc"), outcomeOf(q.Get("ket-qua")), nil)
}

// showResultTemplate draws a template to edit; typed is what a person sent, if
// anything. What waits for a second person stands in the form.
func (s *Server) showResultTemplate(w http.ResponseWriter, r *http.Request, who access.Actor, status int, code, outcome string, typed *form) {
	v, err := s.app.ResultTemplate(r.Context(), who, code, outcome)
	if err != nil {
		s.deskFail(w, r, who, err)
		return
	}
	f := newForm(s.newAction())
	from := v.Template
	if v.Waits != nil {
		from = v.Waits.Template
	}
	for name, value := range map[string]string{"base": strconv.Itoa(v.Version), "symbol": from.Symbol, "name": from.Name, "body": from.Body} {
		f.Values.Set(name, value)
	}
	if v.Waits != nil {
		f.Values.Set("document", from.Document)
		f.Values.Set("reason", from.Reason)
	}
	if typed != nil {
		f = *typed
	}
	b := resultTemplateBody{
		Form: f, V: v, OutcomeKey: outcomeKey(outcome), Settle: s.newAction(), MayPublish: v.Waits != nil && v.Waits.ByID != who.ID,
		Fields: []control{
			f.Input("symbol", "result.page.symbol", "maxlength=8", "required", "hint=result.page.symbol_hint"),
			f.Input("name", "result.page.name", "maxlength=200", "required"),
			f.Input("body", "result.page.body", "rows=12", "maxlength=20000", "required", "hint=result.template.body_hint"),
		},
		Reasons: []control{f.Input("document", "wording.page.document", "maxlength=200"), f.Input("reason", "wording.page.reason", "maxlength=300", "required")},
	}
	s.deskPage(w, r, who, status, "admin/result_template", text{Key: "result.template.edit"}, b)
}

// adminSaveResultTemplate shows a template as it would be printed, proposes it, or
// publishes or withdraws what waits, by the button that was pressed.
func (s *Server) adminSaveResultTemplate(w http.ResponseWriter, r *http.Request, who access.Actor) {
	f, _, err := s.readForm(r, who)
	if err != nil {
		s.deskFail(w, r, who, err)
		return
	}
	code, outcome := strings.TrimSpace(f.Get("thu-tuc")), outcomeOf(f.Get("ket-qua"))
	if resumed(r) {
		s.showResultTemplate(w, r, who, http.StatusOK, code, outcome, &f)
		return
	}
	in := app.ResultTemplateForm{
		ActionID: f.Action, Procedure: code, Outcome: outcome, Symbol: f.Get("symbol"), Name: f.Get("name"), Body: f.Get("body"),
		Document: f.Get("document"), Reason: f.Get("reason"),
	}
	in.Base, _ = strconv.Atoi(f.Get("base"))
	done := "mau-trinh"
	typed := &f
	switch f.Get("viec") {
	case "xem":
		pdf, err := s.app.PreviewResultTemplate(r.Context(), who, in)
		if err == nil {
			sendPDF(w, app.SlipFile{Name: "mau-ket-qua.pdf", PDF: pdf, At: s.now()})
			return
		}
		f = f.with(err)
		s.failResultTemplate(w, r, who, code, outcome, &f, err)
		return
	case "ban-hanh", "rut":
		publish := f.Get("viec") == "ban-hanh"
		err = s.app.SettleResultTemplate(r.Context(), who, f.Action, code, outcome, publish)
		done, typed = "mau-rut", nil
		if publish {
			done = "mau-ban-hanh"
		}
	default:
		err = s.app.ProposeResultTemplate(r.Context(), who, in)
	}
	if err == nil {
		http.Redirect(w, r, withQuery(openTemplate(code, outcome), "xong", done), http.StatusSeeOther)
		return
	}
	if typed == nil {
		again := newForm(s.newAction())
		again.Values = nil
		typed = &again
	}
	*typed = typed.with(err)
	s.failResultTemplate(w, r, who, code, outcome, typed, err)
}

// failResultTemplate shows the template again with what is wrong.
func (s *Server) failResultTemplate(w http.ResponseWriter, r *http.Request, who access.Actor, code, outcome string, f *form, err error) {
	switch fault.KindOf(err) {
	case fault.Invalid:
		s.showResultTemplate(w, r, who, http.StatusUnprocessableEntity, code, outcome, f)
	case fault.Conflict:
		s.showResultTemplate(w, r, who, http.StatusConflict, code, outcome, f)
	default:
		s.deskFail(w, r, who, err)
	}
}
