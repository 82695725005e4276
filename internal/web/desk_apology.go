package web

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/fault"
)

// apologiesBody lists what an agency owes an apology for (xin lỗi và hẹn lại),
// /nghiep-vu/xin-loi.
type apologiesBody struct {
	Form     form
	Page     app.ApologyPage
	Rows     []apologyLine
	NextPath string
}

type apologyLine struct {
	app.ApologyRow
	Open     string
	Path     string // where the form goes
	Action   string
	Fields   []control
	Unfold   bool
	MayDraft bool
	MaySign  bool
}

const apologiesPath = "/nghiep-vu/xin-loi"

func (s *Server) deskApologies(w http.ResponseWriter, r *http.Request, who access.Actor) {
	s.showApologies(w, r, who, http.StatusOK, newForm(""), "")
}

// showApologies draws the list; the form of the dossier named failed keeps what
// was typed and says what is wrong.
func (s *Server) showApologies(w http.ResponseWriter, r *http.Request, who access.Actor, status int, f form, failed string) {
	page, err := s.app.Apologies(r.Context(), who, r.URL.Query().Get("tiep"))
	if err != nil {
		s.deskFail(w, r, who, err)
		return
	}
	b := apologiesBody{Form: f, Page: page}
	for _, row := range page.Rows {
		own := newForm(s.newAction())
		own.Values.Set("newDay", row.NewDay.String())
		own.Values.Set("reason", row.Reason)
		if row.Code == failed {
			own = f
		}
		id := fieldID(row.Code)
		b.Rows = append(b.Rows, apologyLine{
			ApologyRow: row, Open: dossierPath(row.Code), Path: apologiesPath + "/" + row.Code, Action: own.Action, Unfold: row.Code == failed,
			MayDraft: page.Agency != "", MaySign: page.CanSign,
			Fields: []control{
				own.Input("newDay", "apology.page.new_day", "type=date", "required").Under(id),
				own.Input("reason", "apology.page.reason", "rows=3", "maxlength=4000", "required").Under(id),
				own.Input("document", "apology.page.document", "maxlength=200", "hint=apology.page.document_hint").Under(id),
			},
		})
	}
	if page.Next != "" {
		b.NextPath = withQuery(apologiesPath, "tiep", page.Next)
	}
	s.deskPage(w, r, who, status, "desk/apologies", text{Key: "apology.page.heading"}, b)
}

// deskApologise drafts or signs one apology, by the button that was pressed.
func (s *Server) deskApologise(w http.ResponseWriter, r *http.Request, who access.Actor) {
	f, _, err := s.readForm(r, who)
	if err != nil {
		s.deskFail(w, r, who, err)
		return
	}
	code := r.PathValue("code")
	if resumed(r) {
		s.showApologies(w, r, who, http.StatusOK, f, code)
		return
	}
	in := app.ApologyForm{ActionID: f.Action, Code: code, Reason: f.Get("reason"), Document: strings.TrimSpace(f.Get("document"))}
	in.Version, _ = strconv.ParseInt(f.Get("phien-ban"), 10, 64)
	if day := strings.TrimSpace(f.Get("newDay")); day != "" {
		if in.NewDay, err = civil.ParseDate(day); err != nil {
			f.Faults = append(f.Faults, fault.Field("newDay", "civil.date_form", fault.Args{"text": day}))
		}
	}
	done, status := "xin-loi-nhap", http.StatusUnprocessableEntity
	if len(f.Faults) == 0 {
		if f.Get("viec") == "ky" {
			done = "xin-loi"
			_, err = s.app.SignApology(r.Context(), who, in)
		} else {
			err = s.app.DraftApology(r.Context(), who, in)
		}
		switch kind := fault.KindOf(err); {
		case err == nil:
			http.Redirect(w, r, withQuery(apologiesPath, "xong", done, "ho-so", code), http.StatusSeeOther)
			return
		case kind != fault.Invalid && kind != fault.Conflict && kind != fault.Forbidden:
			s.deskFail(w, r, who, err)
			return
		}
		f, status = f.with(err), httpStatus(fault.KindOf(err))
	}
	s.showApologies(w, r, who, status, f, code)
}
