package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/dossier"
	"github.com/motcua/motcua/internal/core/fault"
)

const bulkPath = "/nghiep-vu/hang-loat"

// bulkBar is what can be done with the chosen dossiers of a list.
type bulkBar struct {
	Action string // action id of the batch
	Back   string // the list's own address
	Acts   []bulkAct
	Assign *bulkAct
	Staff  control
	Reason control
	Errors []summary
}

type bulkAct struct{ Act, Key, Icon string }

// bulkReport is what became of a batch, dossier by dossier.
type bulkReport struct {
	ActKey       string
	Lines        []bulkLine
	Done, Failed int
	form         form // kept when the batch as a whole was refused
}

type bulkLine struct {
	app.BulkOutcome
	Open string
}

// bulkBar offers the acts that at least one row of the list allows, and gives
// each of those rows its checkbox. A refused batch keeps what was chosen.
func (s *Server) bulkBar(r *http.Request, who access.Actor, rows []rowView, report *bulkReport, back string) (*bulkBar, error) {
	f := newForm(s.newAction())
	if report != nil && report.form.Action != "" {
		f = report.form
	}
	b := &bulkBar{Action: f.Action, Back: back, Errors: f.Summary()}
	able := map[dossier.Act]bool{}
	for i := range rows {
		row := &rows[i]
		if len(row.Can) > 0 {
			row.Choose = row.Code + "@" + strconv.FormatInt(row.Version, 10)
			row.Chosen = f.Has("ho-so", row.Choose)
		}
		for _, act := range row.Can {
			able[act] = true
		}
	}
	for _, act := range app.BulkActs() {
		switch x := (bulkAct{string(act), act.Key(), looks[act].icon}); {
		case !able[act]:
		case act == dossier.Assign:
			b.Assign = &x
		default:
			b.Acts = append(b.Acts, x)
		}
	}
	if b.Assign != nil {
		people, err := s.app.Colleagues(r.Context(), who)
		if err != nil {
			return nil, err
		}
		b.Staff = f.Choose("staff", "inbox.assign_to", s.loadOptions(r, people))
		b.Reason = f.Input("reason", "inbox.assign_reason", "maxlength=1000")
	}
	if len(b.Acts) == 0 && b.Assign == nil && len(b.Errors) == 0 {
		return nil, nil
	}
	return b, nil
}

// loadOptions names people with their open work, and first whoever has the
// least of it.
func (s *Server) loadOptions(r *http.Request, people []app.StaffChoice) []option {
	out := []option{{Value: app.ByLoad, Key: "inbox.by_load"}}
	for _, p := range people {
		out = append(out, option{Value: p.ID, Text: s.say(r, "inbox.staff_load", fault.Args{"name": p.Name, "n": p.Open})})
	}
	return out
}

// deskBulk carries out one act on the chosen dossiers and shows the list again,
// with what became of each. Sent again, it answers the same.
func (s *Server) deskBulk(w http.ResponseWriter, r *http.Request, who access.Actor) {
	f, _, err := s.readForm(r, who)
	if err != nil {
		s.deskFail(w, r, who, err)
		return
	}
	list := url.Values{}
	if back, err := url.Parse(localPath(f.Get("ve"))); err == nil {
		list = back.Query()
		list.Del("chon")
	}
	if resumed(r) {
		s.showInbox(w, r, who, http.StatusOK, list, nil, form{})
		return
	}
	in := app.BulkInput{
		ActionID: f.Action, Act: dossier.Act(f.Get("act")), Staff: f.Get("staff"), Reason: strings.TrimSpace(f.Get("reason")), Items: chosenItems(f),
	}
	done, err := s.app.Bulk(r.Context(), who, in)
	switch {
	case err != nil && fault.KindOf(err) != fault.Invalid:
		s.deskFail(w, r, who, err)
		return
	case err != nil:
		f = f.with(err)
		s.showInbox(w, r, who, statusOf(f), list, &bulkReport{form: f}, form{})
		return
	}
	report := bulkReportOf(in.Act, done)
	status := http.StatusOK
	if report.Done == 0 {
		status = http.StatusConflict
	}
	s.showInbox(w, r, who, status, list, report, form{})
}
