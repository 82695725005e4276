package web

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/fault"
)

// tokensBody is the list of API tokens (mã truy cập), /quan-tri/ket-noi.
type tokensBody struct {
	Form             form
	Name, Role, Unit control
	Rows             []tokenLine
	Made             *app.NewToken // shown on the answer itself, since it exists nowhere else
}

type tokenLine struct {
	app.TokenRow
	Path, Action string
}

const tokensPath = "/quan-tri/ket-noi"

func (s *Server) adminTokens(w http.ResponseWriter, r *http.Request, who access.Actor) {
	s.showTokens(w, r, who, http.StatusOK, newForm(s.newAction()), nil)
}

func (s *Server) showTokens(w http.ResponseWriter, r *http.Request, who access.Actor, status int, f form, made *app.NewToken) {
	rows, err := s.app.Tokens(r.Context(), who)
	if err != nil {
		s.deskFail(w, r, who, err)
		return
	}
	var roles, units []option
	for _, role := range access.Roles() {
		roles = append(roles, option{Value: string(role), Key: role.Key()})
	}
	for _, u := range s.app.TokenUnits() {
		units = append(units, option{Value: u.Code, Text: u.Name})
	}
	b := tokensBody{
		Form: f, Made: made,
		Name: f.Input("name", "token.page.name", "required", "maxlength=100"),
		Role: f.Choose("role", "token.page.role", roles, "required", "blank=desk.choose_one"),
		Unit: f.Choose("unit", "token.page.unit", units, "blank=desk.choose_one", "hint=token.page.unit_hint"),
	}
	for _, row := range rows {
		b.Rows = append(b.Rows, tokenLine{TokenRow: row, Path: tokensPath + "/" + url.PathEscape(row.ID) + "/thu-hoi", Action: s.newAction()})
	}
	s.deskPage(w, r, who, status, "admin/tokens", text{Key: "token.page.heading"}, b)
}

func (s *Server) adminMakeToken(w http.ResponseWriter, r *http.Request, who access.Actor) {
	f, _, err := s.readForm(r, who)
	if err != nil {
		s.deskFail(w, r, who, err)
		return
	}
	if resumed(r) {
		s.showTokens(w, r, who, http.StatusOK, f, nil)
		return
	}
	made, err := s.app.CreateToken(r.Context(), who, app.TokenForm{
		ActionID: f.Action, Name: strings.TrimSpace(f.Get("name")), Role: access.Role(f.Get("role")), Unit: f.Get("unit"),
	})
	switch kind := fault.KindOf(err); {
	case err == nil:
		s.showTokens(w, r, who, http.StatusOK, newForm(s.newAction()), &made)
	case kind == fault.Invalid || kind == fault.Conflict:
		s.showTokens(w, r, who, httpStatus(kind), f.with(err), nil)
	default:
		s.deskFail(w, r, who, err)
	}
}

func (s *Server) adminRevokeToken(w http.ResponseWriter, r *http.Request, who access.Actor) {
	f, _, err := s.readForm(r, who)
	if err == nil && !resumed(r) {
		err = s.app.RevokeToken(r.Context(), who, f.Action, r.PathValue("id"))
	}
	if err != nil {
		s.deskFail(w, r, who, err)
		return
	}
	http.Redirect(w, r, withQuery(tokensPath, "xong", "thu-hoi"), http.StatusSeeOther)
}
