package api

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/httpkit"
)

// Happened is one event of the stream. It names no person.
type Happened struct {
	Position    int64      `json:"position"`
	Type        string     `json:"type"`
	Code        string     `json:"code"`
	Version     int64      `json:"version"`
	Status      int        `json:"status,omitempty"`
	StatusLabel string     `json:"statusLabel,omitempty"`
	At          *time.Time `json:"at"`
	RecordedAt  *time.Time `json:"recordedAt"`
	Unit        string     `json:"unit,omitempty"`
}

type feedIn struct {
	Last  string `header:"Last-Event-ID" maxLength:"20"`
	After string `query:"after" maxLength:"20"`
}

func (s *server) feed() {
	o := s.operation("streamEvents", http.MethodGet, "/events", "events")
	o.Responses = map[string]*huma.Response{"200": {
		Description: "text/event-stream", Content: map[string]*huma.MediaType{"text/event-stream": {Schema: &huma.Schema{Type: huma.TypeString}}},
	}}
	register(s, o, s.stream)
}

// stream sends what happens to the dossiers that the caller may read, from the
// position that he has seen, or from now on.
func (s *server) stream(ctx context.Context, in *feedIn) (*huma.StreamResponse, error) {
	text := in.Last
	if text == "" {
		text = in.After
	}
	changed := s.app.Changed(ctx)
	after, err := strconv.ParseInt(text, 10, 64)
	switch {
	case text == "":
		after = <-changed
	case err != nil || after < 0:
		return nil, s.fail(ctx, fault.Field("after", "api.field.integer", nil))
	}
	if _, _, err := s.app.Feed(ctx, actor(ctx), after); err != nil { // refuse before the stream begins
		return nil, s.fail(ctx, err)
	}
	select {
	case s.streams <- struct{}{}:
	default:
		return nil, s.refusal(ctx, http.StatusServiceUnavailable, "api.streams_full", nil)
	}
	return &huma.StreamResponse{Body: func(c huma.Context) {
		defer func() { <-s.streams }()
		_, w := humago.Unwrap(c)
		control := http.NewResponseController(w)
		_ = control.SetWriteDeadline(time.Time{}) // a stream has no end; a test has no connection
		h := w.Header()
		h.Set("Content-Type", "text/event-stream")
		h.Set("X-Accel-Buffering", "no")
		w.WriteHeader(http.StatusOK)
		if err := s.pour(c.Context(), w, control, changed, after); err != nil && c.Context().Err() == nil {
			s.log.WarnContext(ctx, "a stream of events ended", "id", httpkit.RequestID(ctx), "error", err)
		}
	}}, nil
}

// pour writes events as they come until the caller leaves, the program stops or
// his token no longer holds.
func (s *server) pour(ctx context.Context, w io.Writer, control *http.ResponseController, changed <-chan int64, after int64) error {
	who, _ := ctx.Value(callerKey{}).(caller)
	beat := time.NewTicker(s.beat)
	defer beat.Stop()
	// The first bytes make whatever stands around us let the headers out.
	if _, err := io.WriteString(w, "retry: 3000\n\n"); err != nil {
		return err
	}
	after, err := s.catchUp(ctx, w, who, after)
	for err == nil {
		if err = control.Flush(); err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return nil
		case _, open := <-changed:
			if !open {
				return nil
			}
			after, err = s.catchUp(ctx, w, who, after)
		case <-beat.C:
			if who.Actor, err = s.app.TokenActor(ctx, who.token); err == nil {
				_, err = io.WriteString(w, ": \n\n")
			}
		}
	}
	return err
}

// catchUp writes everything after a position and returns the last one.
func (s *server) catchUp(ctx context.Context, w io.Writer, who caller, after int64) (int64, error) {
	for {
		seen, next, err := s.app.Feed(ctx, who.Actor, after)
		if err != nil || next == after {
			return after, err
		}
		for _, e := range seen {
			if err := s.happened(ctx, w, e); err != nil {
				return after, err
			}
		}
		if len(seen) == 0 || seen[len(seen)-1].Position < next {
			// What others may see moves the place too, so that nobody starts over.
			if _, err := fmt.Fprintf(w, "id: %d\n\n", next); err != nil {
				return after, err
			}
		}
		after = next
	}
}

func (s *server) happened(ctx context.Context, w io.Writer, e app.FeedEvent) error {
	out := Happened{Position: e.Position, Type: e.Type, Code: e.Code, Version: e.Version, At: instant(e.At), RecordedAt: instant(e.Recorded), Unit: e.Unit}
	if e.Status != 0 {
		out.Status, out.StatusLabel = int(e.Status), s.words.T(languageIn(ctx), e.Status.Key(), nil)
	}
	body, err := json.Marshal(out)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, "id: %d\nevent: %s\ndata: %s\n\n", e.Position, e.Type, body)
	return err
}
