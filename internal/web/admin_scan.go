package web

import (
	"net/http"

	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/fault"
)

const scanRulesPath = "/quan-tri/so-hoa"

// scanRulesBody is which procedures are scanned before forwarding,
// /quan-tri/so-hoa.
type scanRulesBody struct {
	Form   form
	Rows   []app.ScanRuleRow
	Code   control
	First  control
	Fields []control
}

func (s *Server) adminScanRules(w http.ResponseWriter, r *http.Request, who access.Actor) {
	s.showScanRules(w, r, who, http.StatusOK, newForm(s.newAction()))
}

func (s *Server) showScanRules(w http.ResponseWriter, r *http.Request, who access.Actor, status int, f form) {
	rows, err := s.app.ScanRules(r.Context(), who)
	if err != nil {
		s.deskFail(w, r, who, err)
		return
	}
	b := scanRulesBody{
		Form: f, Rows: rows, Code: f.Input("procedure", "scan.rule.procedure", "maxlength=30", "hint=scan.rule.procedure_hint"),
		First:  f.Choose("first", "scan.rule.first", []option{{Value: "1", Key: "scan.rule.yes"}, {Value: "0", Key: "scan.rule.no"}}),
		Fields: []control{f.Input("document", "wording.page.document", "maxlength=200"), f.Input("reason", "wording.page.reason", "maxlength=300", "required")},
	}
	s.deskPage(w, r, who, status, "admin/scan_rules", text{Key: "scan.rule.heading"}, b)
}

func (s *Server) adminSetScanRule(w http.ResponseWriter, r *http.Request, who access.Actor) {
	f, _, err := s.readForm(r, who)
	if err != nil {
		s.deskFail(w, r, who, err)
		return
	}
	if resumed(r) {
		s.showScanRules(w, r, who, http.StatusOK, f)
		return
	}
	err = s.app.SetScanRule(r.Context(), who, app.ScanRuleForm{
		ActionID: f.Action, Procedure: f.Get("procedure"), First: f.Get("first") != "0", Document: f.Get("document"), Reason: f.Get("reason"),
	})
	switch fault.KindOf(err) {
	case fault.Invalid:
		s.showScanRules(w, r, who, http.StatusUnprocessableEntity, f.with(err))
	default:
		if err != nil {
			s.deskFail(w, r, who, err)
			return
		}
		http.Redirect(w, r, withQuery(scanRulesPath, "xong", "so-hoa"), http.StatusSeeOther)
	}
}
