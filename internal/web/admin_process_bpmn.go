package web

import (
	"context"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"

	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/fault"
)

// adminProcessFile gives a process as a BPMN 2.0 file: a version, or what an
// editor would begin with.
func (s *Server) adminProcessFile(w http.ResponseWriter, r *http.Request, who access.Actor) {
	number, _ := strconv.Atoi(r.URL.Query().Get("phien-ban"))
	name, file, err := s.app.ExportProcess(r.Context(), who, processKey(r), number)
	if err != nil {
		s.deskFail(w, r, who, err)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "application/xml; charset=utf-8")
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	h.Set("Cache-Control", "no-store")
	_, _ = w.Write(file) // a client that has gone away cannot be told
}

// mostDrawing bounds an uploaded drawing; what is larger is refused unread.
const mostDrawing = 5 << 20

// adminImportProcess takes an uploaded BPMN file as the draft.
func (s *Server) adminImportProcess(w http.ResponseWriter, r *http.Request, who access.Actor) {
	f := newForm(s.newAction())
	if resumed(r) {
		s.showProcess(w, r, who, http.StatusOK, f, nil)
		return
	}
	if err := s.app.MayDrawProcess(who); err != nil {
		s.deskFail(w, r, who, err) // before the file is read
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, mostDrawing)
	if err := r.ParseMultipartForm(mostDrawing); err != nil {
		f.Faults = append(f.Faults, fault.Field("file", "process.bpmn_large", fault.Args{"max": 4}))
		s.showProcess(w, r, who, http.StatusUnprocessableEntity, f, nil)
		return
	}
	if r.MultipartForm != nil {
		f.Values = r.MultipartForm.Value
		if action := f.Get("hanh-dong"); action != "" {
			f.Action = action
		}
	}
	file, _, err := r.FormFile("file")
	if err != nil {
		f.Faults = append(f.Faults, fault.Field("file", "process.page.file_missing", nil))
		s.showProcess(w, r, who, http.StatusUnprocessableEntity, f, nil)
		return
	}
	defer func() { _ = file.Close() }() // only read
	s.takeDrawing(r, who, &f, s.app.ImportProcess, file, func(got app.ImportedProcess, status int) {
		if status != http.StatusSeeOther {
			s.showProcess(w, r, who, status, f, got.Refused)
			return
		}
		http.Redirect(w, r, withQuery(processPath(processKey(r), "sua"), "xong", "quy-trinh-nhap"), http.StatusSeeOther)
	}, func(err error) { s.deskFail(w, r, who, err) })
}

// drawingUse is a use case that takes a drawing as the draft.
type drawingUse func(context.Context, access.Actor, app.ProcessAct, io.Reader) (app.ImportedProcess, error)

// takeDrawing hands a drawing to a use case and answers with what came of it.
func (s *Server) takeDrawing(r *http.Request, who access.Actor, f *form, take drawingUse, file io.Reader, answer func(app.ImportedProcess, int), fail func(error)) {
	revision, _ := strconv.Atoi(f.Get("ban"))
	got, err := take(r.Context(), who, app.ProcessAct{ActionID: f.Action, ProcessKey: processKey(r), Revision: revision, Note: f.Get("note")}, file)
	switch kind := fault.KindOf(err); {
	case err == nil && len(got.Refused) > 0:
		answer(got, http.StatusUnprocessableEntity)
	case err == nil:
		answer(got, http.StatusSeeOther)
	case kind == fault.Invalid || kind == fault.Conflict:
		if kind == fault.Conflict {
			f.Action = s.newAction()
		}
		*f = f.with(err)
		answer(got, httpStatus(kind))
	default:
		fail(err)
	}
}

type processRefused struct {
	Element, ID string
	Line        int
	Fault       *fault.Fault
}

// refusedLines are the elements of a drawing that cannot run here.
func refusedLines(got app.ImportedProcess) []processRefused {
	var out []processRefused
	for _, x := range got.Refused {
		out = append(out, processRefused{strings.TrimSpace(x.Element), x.ID, x.Line, fault.New(fault.Invalid, x.Key, x.Args)})
	}
	return out
}
