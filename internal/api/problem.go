package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"

	"github.com/danielgtaylor/huma/v2"

	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/httpkit"
	"github.com/motcua/motcua/internal/i18n"
)

// Problem is an RFC 9457 problem document.
type Problem struct {
	Type      string         `json:"type"`
	Title     string         `json:"title"`
	Status    int            `json:"status"`
	Detail    string         `json:"detail"`
	RequestID string         `json:"requestId,omitempty"`
	Errors    []ProblemField `json:"errors,omitempty"`

	retryAfter int // seconds; 0 = unsaid
}

// ProblemField is what is wrong with one field.
type ProblemField struct {
	Field  string `json:"field"`
	Type   string `json:"type"`
	Detail string `json:"detail"`
}

// problemBase comes before the message key: the kind of a problem has a stable
// name, whatever its sentence.
const problemBase = "urn:motcua:problem:"

// Error is for logs.
func (p *Problem) Error() string { return p.Type + ": " + p.Detail }

// GetStatus is the HTTP status.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType makes the answer application/problem+json.
func (p *Problem) ContentType(string) string { return "application/problem+json" }

// GetHeaders says how to go on.
func (p *Problem) GetHeaders() http.Header {
	h := http.Header{}
	switch {
	case p.Status == http.StatusUnauthorized:
		h.Set("WWW-Authenticate", "Bearer")
	case p.retryAfter > 0:
		h.Set("Retry-After", fmt.Sprint(p.retryAfter))
	case p.Status == http.StatusServiceUnavailable:
		h.Set("Retry-After", "5")
	}
	return h
}

// write answers with a problem outside the framework.
func (s *server) write(w http.ResponseWriter, p *Problem) {
	h := w.Header()
	for name, values := range p.GetHeaders() {
		h[name] = values
	}
	h.Set("Content-Type", "application/problem+json")
	w.WriteHeader(p.Status)
	_ = json.NewEncoder(w).Encode(p) // the caller may be gone
}

var statuses = [...]int{
	fault.Internal: http.StatusInternalServerError, fault.NotFound: http.StatusNotFound, fault.Forbidden: http.StatusForbidden,
	fault.Invalid: http.StatusUnprocessableEntity, fault.Conflict: http.StatusConflict, fault.Unavailable: http.StatusServiceUnavailable,
}

// errPanic stands for a handler that broke; what broke is in the log already.
var errPanic = fault.New(fault.Internal, "api.internal", nil)

// fail is an error as the caller gets it.
func (s *server) fail(ctx context.Context, err error) error {
	if err == nil {
		return nil
	}
	return s.problemOf(ctx, err)
}

// problemOf maps an error once: kind to status, key to sentence. An error
// without a kind is ours: it is logged, and only its id is shown.
func (s *server) problemOf(ctx context.Context, err error) *Problem {
	var p *Problem
	if errors.As(err, &p) {
		return p
	}
	var long *http.MaxBytesError
	if errors.As(err, &long) {
		return s.tooLarge(ctx, long.Limit)
	}
	f := fault.As(err)
	switch {
	case f == nil && (errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled)):
		return s.refusal(ctx, http.StatusServiceUnavailable, "api.too_slow", nil)
	case f == nil || f.Kind == fault.Internal:
		if f != errPanic {
			s.log.ErrorContext(ctx, "api", "id", httpkit.RequestID(ctx), "error", err)
		}
		return s.refusal(ctx, http.StatusInternalServerError, "api.internal", nil)
	}
	p = s.refusal(ctx, statuses[f.Kind], f.Key, f.Args)
	p.Detail = s.words.Fault(languageIn(ctx), f)
	for _, one := range f.Each() {
		if one.Field != "" {
			p.Errors = append(p.Errors, s.field(ctx, one.Field, one.Key, one.Args))
		}
	}
	return p
}

// refusal is a problem of the interface itself.
func (s *server) refusal(ctx context.Context, status int, key string, args fault.Args) *Problem {
	return &Problem{
		Type: problemBase + key, Title: s.title(ctx, status), Status: status, Detail: s.words.T(languageIn(ctx), key, args),
		RequestID: httpkit.RequestID(ctx),
	}
}

func (s *server) title(ctx context.Context, status int) string {
	return s.words.T(languageIn(ctx), fmt.Sprintf("api.title.%d", status), nil)
}

func (s *server) field(ctx context.Context, field, key string, args fault.Args) ProblemField {
	return ProblemField{Field: field, Type: problemBase + key, Detail: s.words.T(languageIn(ctx), key, args)}
}

// tooLarge refuses a body of more than limit bytes.
func (s *server) tooLarge(ctx context.Context, limit int64) *Problem {
	return s.refusal(ctx, http.StatusRequestEntityTooLarge, "api.too_large", fault.Args{"size": i18n.Size(languageIn(ctx), limit)})
}

// adopted makes the framework's own refusals problems of ours, once for the
// program: it knows no other way than its package variables.
var adopted = sync.OnceValue(func() bool {
	s := &server{words: i18n.Default(), log: slog.Default()} // refuses, and does nothing else
	huma.DefaultArrayNullable = false
	huma.ValidateStrictCasing = true
	sayInTokens()
	huma.NewError = func(status int, _ string, _ ...error) huma.StatusError {
		return s.refusal(context.Background(), status, "api.request", nil)
	}
	huma.NewErrorWithContext = func(c huma.Context, status int, msg string, errs ...error) huma.StatusError {
		return s.adopt(c.Context(), status, msg, errs)
	}
	return true
})

// adopt says a refusal of the framework in our words.
func (s *server) adopt(ctx context.Context, status int, msg string, errs []error) *Problem {
	switch {
	case status == http.StatusRequestEntityTooLarge:
		return s.tooLarge(ctx, mostJSON)
	case status == http.StatusUnsupportedMediaType:
		return s.refusal(ctx, status, "api.content_type", fault.Args{"want": "application/json"})
	case status == http.StatusRequestTimeout:
		return s.refusal(ctx, status, "api.too_slow", nil)
	case status == http.StatusBadRequest && len(errs) == 0:
		return s.refusal(ctx, status, "api.body_missing", nil)
	case strings.HasPrefix(msg, "cannot read request body"):
		return s.refusal(ctx, http.StatusBadRequest, "api.body_broken", nil)
	case status >= http.StatusInternalServerError:
		s.log.ErrorContext(ctx, "api", "id", httpkit.RequestID(ctx), "error", errors.Join(errs...))
		return s.refusal(ctx, status, "api.internal", nil)
	}
	p := s.refusal(ctx, status, "api.request", nil)
	for _, err := range errs {
		var d huma.ErrorDetailer
		if !errors.As(err, &d) {
			continue
		}
		field, key, args := reread(d.ErrorDetail())
		if field == "" { // about the body as a whole
			p.Type, p.Detail = problemBase+key, s.words.T(languageIn(ctx), key, args)
			continue
		}
		p.Errors = append(p.Errors, s.field(ctx, field, key, args))
	}
	return p
}
