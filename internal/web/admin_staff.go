package web

import (
	"github.com/motcua/motcua/internal/app"
	"net/http"
	"net/url"
	"strings"

	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/agency"
	"github.com/motcua/motcua/internal/core/fault"
)

// staffBody is the list of people, /quan-tri/nhan-su.
type staffBody struct {
	Q      string
	Total  int
	Rows   []staffLine
	Secret *app.StaffSaved // a one-time password, shown once
}

type staffLine struct {
	app.StaffRow
	Roles []string // message keys
	State duePill
	Open  string
}

// staffFormBody is one person, new or existing.
type staffFormBody struct {
	Path                     string
	Form                     form
	Fields                   []control
	Unit                     control
	Seconded                 []control
	Reserve                  bool
	Signs                    control
	Roles                    []option
	RolesBad                 control
	Existing, Active         bool
	AccessKey                string
	ActivePath, ActiveAction string
	ResetPath, ResetAction   string
}

func staffPath(id string, parts ...string) string {
	p := "/quan-tri/nhan-su/" + url.PathEscape(id)
	for _, x := range parts {
		p += "/" + x
	}
	return p
}

func (s *Server) adminStaff(w http.ResponseWriter, r *http.Request, who access.Actor) {
	s.showStaff(w, r, who, nil)
}

func (s *Server) showStaff(w http.ResponseWriter, r *http.Request, who access.Actor, secret *app.StaffSaved) {
	q := strings.TrimSpace(r.URL.Query().Get("q"))
	page, err := s.app.Staff(r.Context(), who, q)
	if err != nil {
		s.deskFail(w, r, who, err)
		return
	}
	b := staffBody{Q: q, Total: page.Total, Secret: secret}
	for _, row := range page.Rows {
		line := staffLine{StaffRow: row, Open: staffPath(row.ID), State: s.staffState(row)}
		for _, role := range row.Roles {
			line.Roles = append(line.Roles, roleKey(role))
		}
		b.Rows = append(b.Rows, line)
	}
	s.deskPage(w, r, who, http.StatusOK, "admin/staff", text{Key: "admin.nav.staff"}, b)
}

func (s *Server) staffState(row app.StaffRow) duePill {
	switch {
	case !row.Active:
		return duePill{Tone: "wait", Icon: "ban", Key: "admin.staff.state.off", Elapsed: -1}
	case row.LockedTo.After(s.now()):
		return duePill{Tone: "warn", Icon: "clock", Key: "admin.staff.state.locked", Elapsed: -1}
	}
	return duePill{Tone: "ok", Icon: "circle-check", Key: "admin.staff.state.on", Elapsed: -1}
}

func roleKey(r access.Role) string { return "admin.role." + string(r) }

// newStaff is the place of a new person among the ids.
const newStaff = "moi"

func (s *Server) adminStaffMember(w http.ResponseWriter, r *http.Request, who access.Actor) {
	person, ok := s.staffMember(w, r, who)
	if !ok {
		return
	}
	f := newForm(s.newAction())
	f.Values = url.Values{"login": {person.Login}, "name": {person.Name}, "title": {person.Title}, "unit": {person.Unit}}
	for _, role := range person.Roles {
		f.Values.Add("roles", string(role))
	}
	f.Values.Set("signs", person.Signs)
	if x := person.Secondment; x != nil {
		f.Values.Set("secondment.fromUnit", x.FromUnit)
		f.Values.Set("secondment.from", x.From)
		f.Values.Set("secondment.to", x.To)
		if x.Reserve {
			f.Values.Set("secondment.reserve", "1")
		}
	}
	s.showStaffMember(w, r, who, http.StatusOK, person, f)
}

// staffMember loads the person of the address; for a new one, the units to
// choose from.
func (s *Server) staffMember(w http.ResponseWriter, r *http.Request, who access.Actor) (app.StaffForm, bool) {
	id := r.PathValue("id")
	if id == newStaff {
		id = ""
	}
	person, err := s.app.StaffMember(r.Context(), who, id)
	if err != nil {
		s.deskFail(w, r, who, err)
		return person, false
	}
	return person, true
}

func (s *Server) showStaffMember(w http.ResponseWriter, r *http.Request, who access.Actor, status int, person app.StaffForm, f form) {
	var units, roles []option
	for _, u := range person.Units {
		units = append(units, option{Value: u.Code, Text: u.Name})
	}
	for _, role := range access.Roles() {
		if role != access.Import && role != access.Partner { // those are for tokens
			roles = append(roles, option{Value: string(role), Key: roleKey(role)})
		}
	}
	idHint := "admin.staff.personal_id_hint"
	if person.KnowsID {
		idHint = "admin.staff.personal_id_known"
	}
	b := staffFormBody{
		Path: staffPath(r.PathValue("id")), Form: f, Roles: roles, RolesBad: f.Input("roles", "admin.staff.roles"),
		Unit: f.Choose("unit", "admin.staff.unit", units, "required", "blank=desk.choose_one"), Existing: person.ID != "", Active: person.Active,
		Fields: []control{
			f.Input("name", "admin.staff.name", "required", "maxlength=200"), f.Input("title", "admin.staff.title", "maxlength=200"),
			f.Input("login", "admin.staff.login", "required", "maxlength=100", "hint=admin.staff.login_hint"),
			f.Input("personalId", "admin.staff.personal_id", "inputmode=numeric", "maxlength=12", "hint="+idHint),
		},
		Seconded: []control{
			f.Choose("secondment.fromUnit", "admin.staff.second_from", units, "blank=admin.staff.second_none"),
			f.Input("secondment.from", "admin.staff.second_begin", "type=date"), f.Input("secondment.to", "admin.staff.second_end", "type=date", "hint=admin.staff.second_term"),
		},
		Reserve: f.Has("secondment.reserve", "1"), Signs: f.Input("signs", "admin.staff.signs", "rows=3", "maxlength=2000", "hint=admin.staff.signs_hint"),
		AccessKey: "admin.staff.access_off", ActiveAction: s.newAction(), ResetAction: s.newAction(),
	}
	heading := text{Key: "admin.staff.new"}
	if b.Existing {
		state := loginOff
		if !b.Active {
			state = loginOn
		}
		heading = text{Key: "admin.staff.edit", Args: fault.Args{"code": person.Name}}
		b.ActivePath = staffPath(person.ID, "trang-thai", state)
		b.ResetPath = staffPath(person.ID, "mat-khau")
	}
	if b.Active {
		b.AccessKey = "admin.staff.access_on"
	}
	s.deskPage(w, r, who, status, "admin/staff_form", heading, b)
}

// adminSaveStaff creates or changes a person. The one-time password of a new
// login is shown on the answer itself, since it exists nowhere else.
func (s *Server) adminSaveStaff(w http.ResponseWriter, r *http.Request, who access.Actor) {
	f, _, err := s.readForm(r, who)
	if err != nil {
		s.deskFail(w, r, who, err)
		return
	}
	person, ok := s.staffMember(w, r, who)
	if !ok {
		return
	}
	in := app.StaffForm{
		ActionID: f.Action, ID: person.ID, Login: strings.TrimSpace(f.Get("login")), Name: strings.TrimSpace(f.Get("name")),
		Title: strings.TrimSpace(f.Get("title")), Unit: f.Get("unit"), Active: person.Active || person.ID == "",
		PersonalID: strings.TrimSpace(f.Get("personalId")),
	}
	in.Signs, in.Secondment = f.Get("signs"), typedSecondment(f)
	for _, role := range f.Values["roles"] {
		in.Roles = append(in.Roles, access.Role(role))
	}
	if resumed(r) {
		s.showStaffMember(w, r, who, http.StatusOK, person, f)
		return
	}
	saved, err := s.app.SaveStaff(r.Context(), who, in)
	switch kind := fault.KindOf(err); {
	case err == nil && saved.Password != "":
		s.showStaff(w, r, who, &saved)
	case err == nil:
		http.Redirect(w, r, "/quan-tri/nhan-su?xong=nhan-su", http.StatusSeeOther)
	case kind == fault.Invalid || kind == fault.Conflict:
		s.showStaffMember(w, r, who, httpStatus(kind), person, f.with(err))
	default:
		s.deskFail(w, r, who, err)
	}
}

// The words of an address that switch a login.
const (
	loginOff = "dung"
	loginOn  = "dung-lai"
)

// typedSecondment reads the term for which another unit sent an officer; nil when
// nothing of it was typed.
func typedSecondment(f form) *agency.Secondment {
	x := agency.Secondment{
		FromUnit: f.Get("secondment.fromUnit"), From: strings.TrimSpace(f.Get("secondment.from")), To: strings.TrimSpace(f.Get("secondment.to")),
		Reserve: f.Has("secondment.reserve", "1"),
	}
	if x == (agency.Secondment{}) {
		return nil
	}
	return &x
}

// adminSetActive disables or enables a login; no other word does anything.
func (s *Server) adminSetActive(w http.ResponseWriter, r *http.Request, who access.Actor) {
	f, _, err := s.readForm(r, who)
	state := r.PathValue("state")
	if err == nil && state != loginOff && state != loginOn {
		err = fault.New(fault.NotFound, "desk.page_unknown", nil)
	}
	if err == nil && !resumed(r) {
		err = s.app.SetStaffActive(r.Context(), who, f.Action, r.PathValue("id"), state == loginOn)
	}
	if err != nil {
		s.deskFail(w, r, who, err)
		return
	}
	http.Redirect(w, r, staffPath(r.PathValue("id"))+"?xong=nhan-su", http.StatusSeeOther)
}

func (s *Server) adminResetPassword(w http.ResponseWriter, r *http.Request, who access.Actor) {
	f, _, err := s.readForm(r, who)
	if err == nil && resumed(r) {
		http.Redirect(w, r, staffPath(r.PathValue("id")), http.StatusSeeOther)
		return
	}
	var saved app.StaffSaved
	if err == nil {
		saved, err = s.app.ResetPassword(r.Context(), who, f.Action, r.PathValue("id"))
	}
	if err != nil {
		s.deskFail(w, r, who, err)
		return
	}
	s.showStaff(w, r, who, &saved)
}
