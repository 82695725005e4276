package web

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/dossier"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/i18n"
)

const livePath = "/nghiep-vu/theo-doi"

// Measures of live pages: how often one looks again at most, how often the
// session is checked, and how many one program serves.
const (
	liveEvery = 2 * time.Second
	liveBeat  = 25 * time.Second
	mostLive  = 4000
)

// liveView is what a page watches: one dossier at a version, or a tab of the
// inbox. changed says in words what happened, once something did.
type liveView struct {
	changed func(who access.Actor) (string, error)
}

// deskLive tells an open page when a colleague has acted on what it shows
// (server-sent events). It says so once and ends; the page decides what to do.
func (s *Server) deskLive(w http.ResponseWriter, r *http.Request, who access.Actor) {
	view, err := s.liveView(r, who)
	if err != nil {
		s.deskFail(w, r, who, err)
		return
	}
	select {
	case s.live <- struct{}{}:
		defer func() { <-s.live }()
	default:
		http.Error(w, "", http.StatusServiceUnavailable) // the page works without
		return
	}
	control := http.NewResponseController(w)
	_ = control.SetWriteDeadline(time.Time{}) // a stream has no end; a test has no connection
	h := w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Accel-Buffering", "no")
	w.WriteHeader(http.StatusOK)
	if _, err := fmt.Fprint(w, "retry: 5000\n\n"); err != nil || control.Flush() != nil {
		return
	}
	s.watch(w, r, control, who, view)
}

// watch looks again after commits until something changed, the reader leaves or
// his session ends.
func (s *Server) watch(w http.ResponseWriter, r *http.Request, control *http.ResponseController, who access.Actor, view liveView) {
	ctx := r.Context()
	commits := s.app.Changed(ctx)
	beat, pace := time.NewTicker(liveBeat), time.NewTicker(liveEvery)
	defer beat.Stop()
	defer pace.Stop()
	for stale := true; ; {
		if stale {
			said, err := view.changed(who)
			if err != nil {
				return
			}
			if said != "" {
				body, _ := json.Marshal(map[string]string{"text": said}) // a text cannot fail
				_, _ = fmt.Fprintf(w, "event: changed\ndata: %s\n\n", body)
				_ = control.Flush() // whoever has gone away cannot be told
				return
			}
			stale = false
			select { // at most one look in a while, however busy the hall is
			case <-ctx.Done():
				return
			case <-pace.C:
			}
		}
		select {
		case <-ctx.Done():
			return
		case _, open := <-commits:
			if !open {
				return
			}
			stale = true
		case <-beat.C:
			var err error
			if who, err = s.sessionActor(r); err != nil {
				return
			}
			if _, err = fmt.Fprint(w, ": \n\n"); err != nil || control.Flush() != nil {
				return
			}
		}
	}
}

// liveView reads from an address what is watched.
func (s *Server) liveView(r *http.Request, who access.Actor) (liveView, error) {
	q, ctx := r.URL.Query(), r.Context()
	if code := q.Get("ho-so"); code != "" {
		seen, err := strconv.ParseInt(q.Get("phien-ban"), 10, 64)
		if err != nil {
			return liveView{}, fault.New(fault.NotFound, "desk.page_unknown", nil)
		}
		if _, _, err := s.app.Since(ctx, who, code, seen); err != nil {
			return liveView{}, err
		}
		return liveView{func(who access.Actor) (string, error) {
			last, ok, err := s.app.Since(ctx, who, code, seen)
			if err != nil || !ok {
				return "", err
			}
			what := s.say(r, "desk.event."+strings.TrimPrefix(last.Event, "dossier."), nil)
			return s.say(r, "inbox.live.dossier", fault.Args{"who": last.By, "what": what, "at": i18n.Datetime(i18n.Vietnamese, last.At)}), nil
		}}, nil
	}
	query := inboxQueryOf(q)
	first, err := s.app.InboxMark(ctx, who, query)
	return liveView{func(who access.Actor) (string, error) {
		mark, err := s.app.InboxMark(ctx, who, query)
		if err != nil || mark == first {
			return "", err
		}
		return s.say(r, "inbox.live.inbox", nil), nil
	}}, err
}

// inboxQueryOf reads an inbox's address.
func inboxQueryOf(q url.Values) app.InboxQuery {
	query := app.InboxQuery{Tab: tabOf(q.Get("nhom")), Channel: channelOf(q.Get("kenh")), Procedure: strings.TrimSpace(q.Get("thu-tuc")), Cursor: q.Get("tiep")}
	if step := dossier.TaskKind(q.Get("buoc")); slices.Contains(dossier.TaskKinds(), step) {
		query.Step = step
	}
	return query
}
