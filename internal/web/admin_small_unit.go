package web

import (
	"net/http"
	"net/url"

	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/agency"
	"github.com/motcua/motcua/internal/core/fault"
)

const smallUnitsPath = "/quan-tri/don-vi-nho"

// smallUnitsBody is the list of units in which one person may do everything
// (đơn vị ít người), /quan-tri/don-vi-nho.
type smallUnitsBody struct {
	Form   form
	Rows   []smallUnitLine
	Unit   control
	Fields []control
	Path   string
	May    bool
}

type smallUnitLine struct {
	app.SmallUnitRow
	Pill            duePill
	Confirm, Remove string
	Actions         [2]string
}

func (s *Server) adminSmallUnits(w http.ResponseWriter, r *http.Request, who access.Actor) {
	s.showSmallUnits(w, r, who, http.StatusOK, newForm(s.newAction()))
}

func (s *Server) showSmallUnits(w http.ResponseWriter, r *http.Request, who access.Actor, status int, f form) {
	page, err := s.app.SmallUnits(r.Context(), who)
	if err != nil {
		s.deskFail(w, r, who, err)
		return
	}
	b := smallUnitsBody{Form: f, Path: smallUnitsPath, May: page.MayChange}
	for _, row := range page.Rows {
		line := smallUnitLine{SmallUnitRow: row, Pill: smallUnitPill(row), Actions: [2]string{s.newAction(), s.newAction()}}
		at := smallUnitsPath + "/" + url.PathEscape(row.ID)
		if row.MayConfirm {
			line.Confirm = at + "/xac-nhan"
		}
		if row.MayRemove {
			line.Remove = at + "/ket-thuc"
		}
		b.Rows = append(b.Rows, line)
	}
	var units []option
	for _, u := range page.Units {
		units = append(units, option{Value: u.Code, Text: u.Name})
	}
	b.Unit = f.Choose("unit", "small_unit.page.unit", units, "required", "blank=desk.choose_one", "hint=small_unit.page.unit_hint")
	b.Fields = []control{
		f.Input("document", "small_unit.page.document", "required", "maxlength=200"), f.Input("signedOn", "small_unit.page.signed_on", "type=date", "required"),
		f.Input("signer", "small_unit.page.signer", "required", "maxlength=200"), f.Input("ground", "small_unit.page.ground", "required", "maxlength=500", "rows=2"),
		f.Input("from", "small_unit.page.from", "type=date", "required"), f.Input("to", "small_unit.page.to", "type=date", "hint=small_unit.page.to_hint"),
	}
	s.deskPage(w, r, who, status, "admin/small_units", text{Key: "small_unit.page.nav"}, b)
}

func smallUnitPill(row app.SmallUnitRow) duePill {
	switch {
	case row.State == agency.SmallUnitProposed:
		return duePill{Tone: "warn", Icon: "hourglass", Key: row.State.Key(), Elapsed: -1}
	case row.Holds:
		return duePill{Tone: "ok", Icon: "circle-check", Key: "small_unit.page.holds", Elapsed: -1}
	case row.State == agency.SmallUnitListed:
		return duePill{Tone: "wait", Icon: "ban", Key: "small_unit.page.holds_not", Elapsed: -1}
	}
	return duePill{Tone: "wait", Icon: "undo", Key: row.State.Key(), Elapsed: -1}
}

func (s *Server) adminProposeSmallUnit(w http.ResponseWriter, r *http.Request, who access.Actor) {
	s.changeSmallUnit(w, r, who, func(f *form) error {
		in := app.SmallUnitForm{
			ActionID: f.Action, Unit: f.Get("unit"), Document: f.Get("document"), SignedOn: f.day("signedOn"), Signer: f.Get("signer"), Ground: f.Get("ground"),
			From: f.day("from"), To: f.day("to"),
		}
		if len(f.Faults) > 0 {
			return f.Faults[0]
		}
		_, err := s.app.ProposeSmallUnit(r.Context(), who, in)
		return err
	})
}

func (s *Server) adminConfirmSmallUnit(w http.ResponseWriter, r *http.Request, who access.Actor) {
	s.changeSmallUnit(w, r, who, func(f *form) error {
		return s.app.ConfirmSmallUnit(r.Context(), who, f.Action, r.PathValue("id"))
	})
}

func (s *Server) adminRemoveSmallUnit(w http.ResponseWriter, r *http.Request, who access.Actor) {
	s.changeSmallUnit(w, r, who, func(f *form) error {
		return s.app.RemoveSmallUnit(r.Context(), who, f.Action, r.PathValue("id"))
	})
}

func (s *Server) changeSmallUnit(w http.ResponseWriter, r *http.Request, who access.Actor, change func(f *form) error) {
	f, _, err := s.readForm(r, who)
	if err == nil && resumed(r) {
		s.showSmallUnits(w, r, who, http.StatusOK, f)
		return
	}
	if err == nil {
		err = change(&f)
	}
	switch kind := fault.KindOf(err); {
	case err == nil:
		http.Redirect(w, r, smallUnitsPath, http.StatusSeeOther)
	case fault.Is(err, "access.denied"):
		s.deskFail(w, r, who, err)
	case kind == fault.Invalid || kind == fault.Conflict || kind == fault.Forbidden:
		if len(f.Faults) == 0 {
			f = f.with(err)
		}
		s.showSmallUnits(w, r, who, httpStatus(kind), f)
	default:
		s.deskFail(w, r, who, err)
	}
}
