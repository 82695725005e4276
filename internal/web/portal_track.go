package web

import (
	"net/http"
	"strings"
	"time"

	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/dossier"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/httpkit"
)

// trackBody is following a dossier by its code and second secret, /tra-cuu. The
// secret goes by POST, so that it stays out of addresses and logs.
type trackBody struct {
	Crumbs []crumb
	Fields []control
	Wrong  *fault.Fault
	Found  *trackFound
}

// trackFound is where the dossier is, and nothing about a person.
type trackFound struct {
	V        app.TrackView
	Pill     duePill
	Tone     string
	NoDue    string // message key: why there is no promised day
	UnitKey  string
	NextKey  string
	NextHint string
	Steps    []publicStep
	Runs     []whyRun // each day of the promise, counted or not
	Secret   string   // as it was given: the forms that open a letter send it again
}

type publicStep struct {
	Tone, Key, Unit string
	At              time.Time
}

// seekFields are the code and the secret, empty or as typed.
func seekFields(f form) []control {
	return []control{
		f.Input("ma", "portal.track.code", "required", "maxlength=60", "class=code-in", "hint=portal.track.code_hint"),
		f.Input("bi-mat", "portal.track.secret", "required", "maxlength=40", "class=code-in"),
	}
}

func (s *Server) portalTrack(w http.ResponseWriter, r *http.Request) {
	f := newForm("")
	f.Values.Set("ma", r.URL.Query().Get("ma"))
	s.showTrack(w, r, http.StatusOK, trackBody{Fields: seekFields(f)})
}

func (s *Server) showTrack(w http.ResponseWriter, r *http.Request, status int, b trackBody) {
	b.Crumbs = []crumb{{Key: "portal.nav.track"}}
	w.Header().Set("Cache-Control", "no-store")
	s.showPortal(w, r, status, "track", text{Key: "portal.nav.track"}, b)
}

// portalTrackPost looks the pair up. Every wrong pair gets the same words.
func (s *Server) portalTrackPost(w http.ResponseWriter, r *http.Request) {
	f, err := s.publicForm(r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	b := trackBody{}
	code, secret := strings.TrimSpace(f.Get("ma")), strings.TrimSpace(f.Get("bi-mat"))
	if f = needPair(f); len(f.Faults) > 0 {
		b.Fields = seekFields(f)
		s.showTrack(w, r, http.StatusUnprocessableEntity, b)
		return
	}
	if wait, ok := s.seeks.Try(httpkit.Address(r.Context())); !ok {
		b.Wrong, b.Fields = s.tooMany(w, wait), seekFields(f)
		s.showTrack(w, r, http.StatusTooManyRequests, b)
		return
	}
	v, err := s.app.Track(r.Context(), code, secret)
	switch {
	case fault.KindOf(err) == fault.NotFound:
		b.Wrong = fault.As(err)
		f.Values.Del("bi-mat")
		b.Fields = seekFields(f)
		s.showTrack(w, r, http.StatusNotFound, b)
	case err != nil:
		s.fail(w, r, err)
	default:
		b.Found, b.Fields = found(v, s.now()), seekFields(newForm(""))
		b.Found.Secret = secret
		s.showTrack(w, r, http.StatusOK, b)
	}
}

// portalTrackFile opens a signed slip for whoever knows code and secret. Every
// wrong combination gets the same words.
func (s *Server) portalTrackFile(w http.ResponseWriter, r *http.Request) {
	f, err := s.publicForm(r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	if f = needPair(f); len(f.Faults) > 0 {
		s.showTrack(w, r, http.StatusUnprocessableEntity, trackBody{Fields: seekFields(f)})
		return
	}
	b := trackBody{Fields: seekFields(newForm(""))}
	if wait, ok := s.seeks.Try(httpkit.Address(r.Context())); !ok {
		b.Wrong = s.tooMany(w, wait)
		s.showTrack(w, r, http.StatusTooManyRequests, b)
		return
	}
	letter, err := s.app.TrackFile(r.Context(), strings.TrimSpace(f.Get("ma")), strings.TrimSpace(f.Get("bi-mat")), f.Get("tep"))
	switch {
	case fault.KindOf(err) == fault.NotFound:
		b.Wrong = fault.As(err)
		s.showTrack(w, r, http.StatusNotFound, b)
	case err != nil:
		s.fail(w, r, err)
	default:
		s.sendLetter(w, r, letter)
	}
}

// needPair says what of code and secret is missing.
func needPair(f form) form {
	for _, need := range [][2]string{{"ma", "portal.track.code_missing"}, {"bi-mat", "portal.track.secret_missing"}} {
		if strings.TrimSpace(f.Get(need[0])) == "" {
			f.Faults = append(f.Faults, fault.Field(need[0], need[1], nil))
		}
	}
	return f
}

// publicForm reads a small form without files.
func (s *Server) publicForm(r *http.Request) (form, error) {
	if err := r.ParseForm(); err != nil {
		return form{}, fault.Wrap(err, fault.Invalid, "desk.form_unreadable", nil)
	}
	return form{Values: r.PostForm}, nil
}

// found words a tracking view.
func found(v app.TrackView, now time.Time) *trackFound {
	t := &trackFound{V: v, Tone: "go", UnitKey: "portal.track.unit", NoDue: "portal.track.no_due", Pill: publicPill(v, now), Runs: runsOf(v.Derivation)}
	switch {
	case v.Status == dossier.Returned || v.Status == dossier.Resolved:
		t.Tone, t.UnitKey = "done", "portal.track.unit_done"
	case v.Status.Waiting():
		t.Tone, t.NoDue = "wait", "portal.track.due_waits"
	case v.Status.Ended():
		t.Tone = "bad"
	case v.Overdue:
		t.Tone = "late"
	}
	t.NextKey, t.NextHint = nextOf(v)
	for _, step := range v.Steps {
		t.Steps = append(t.Steps, publicStep{Tone: "done", Key: step.Kind.Key(), Unit: step.Unit, At: step.At})
	}
	switch {
	case v.Waiting || v.Status == dossier.Stopped:
		t.Steps = append(t.Steps, publicStep{Tone: "stop", Key: v.Status.Key(), At: v.Since})
	case v.Next != "":
		t.Steps = append(t.Steps, publicStep{Tone: "now", Key: v.Next.Key(), Unit: v.Unit, At: v.Since})
	}
	return t
}

// publicPill says how the dossier stands against its promise, in words for the
// applicant: a promise of the same day is told in hours.
func publicPill(v app.TrackView, now time.Time) duePill {
	done := v.Status == dossier.Resolved || v.Status == dossier.Returned
	switch {
	case done && v.Overdue:
		return duePill{Tone: "late", Icon: "circle-alert", Key: "portal.track.was_late"}
	case done:
		return duePill{Tone: "done", Icon: "circle-check", Key: "portal.track.was_in_time"}
	}
	return pillOf(app.DueFacts{
		StartAt: v.ReceivedAt, DueOn: v.DueOn, DueAt: v.DueAt, Status: v.Status,
		ByHour: !v.DueOn.IsZero() && v.DueOn == civil.DateOf(v.ReceivedAt),
	}, now)
}

// nextOf says what comes next, for the applicant too where it is his turn.
func nextOf(v app.TrackView) (key, hint string) {
	switch v.Status {
	case dossier.SupplementRequired:
		return "portal.track.next.supplement", "portal.track.next.supplement_hint"
	case dossier.FinancialObligation:
		return "portal.track.next.obligation", "portal.track.next.obligation_hint"
	case dossier.Resolved:
		return "portal.track.next.collect", "portal.track.next.collect_hint"
	case dossier.Returned:
		return "portal.track.next.returned", ""
	case dossier.NotAccepted:
		return "portal.track.next.refused", ""
	case dossier.Withdrawn:
		return "portal.track.next.withdrawn", ""
	case dossier.Stopped:
		return "portal.track.next.stopped", ""
	}
	if v.Next == "" {
		return "portal.track.next.waits", ""
	}
	return v.Next.Key(), ""
}
