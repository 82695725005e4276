// Package api is the REST interface under /api/v1: OpenAPI 3.1 from Go types,
// Bearer tokens, problem+json errors in Vietnamese or English, idempotency keys
// and keyset cursors. It calls the same use cases as the pages and holds no
// rule and no page.
//
//	api.Mount(mux, use, i18n.Default(), api.Options{Version: "1.0.0"})
package api

import (
	"cmp"
	"context"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/httpkit"
	"github.com/motcua/motcua/internal/i18n"
)

// Prefix is where the interface lives.
const Prefix = "/api/v1"

// Options are what the interface needs besides the use cases. The zero value
// serves.
type Options struct {
	Version string       // of the program, as openapi.json names it
	Log     *slog.Logger // nil = no log
	// Track bounds the tries of public tracking per address; the program gives it
	// and the pages the same one. Nil = 20 at once and one more every 6 seconds.
	Track *httpkit.Rate
	// Upload is the most bytes of one upload, with all its files. 0 = 21 MB: one
	// file of the largest size that is kept.
	Upload int64
	// Beat is how often a stream of events shows that it lives. 0 = 15 s.
	Beat time.Duration
}

// mostStreams is how many streams of events one node feeds at a time.
const mostStreams = 1000

// server answers the routes.
type server struct {
	app     *app.App
	words   *i18n.Catalogue
	log     *slog.Logger
	track   *httpkit.Rate
	upload  int64
	beat    time.Duration
	streams chan struct{} // one place for each stream of events
	api     huma.API
	routes  *http.ServeMux
}

// Mount adds the interface to mux. Around it the server puts httpkit.Trace, for
// request ids and addresses, and httpkit.Limit, whose bound of uploads must not
// be lower than ours; what else the interface needs, it brings.
func Mount(mux *http.ServeMux, a *app.App, words *i18n.Catalogue, o Options) {
	mux.Handle(Prefix+"/", newServer(a, words, o).handler())
}

func newServer(a *app.App, words *i18n.Catalogue, o Options) *server {
	adopted()
	s := &server{
		app: a, words: words, log: o.Log, track: o.Track, upload: cmp.Or(o.Upload, 21<<20), beat: cmp.Or(o.Beat, 15*time.Second),
		streams: make(chan struct{}, mostStreams), routes: http.NewServeMux(),
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	if s.track == nil {
		s.track = httpkit.NewRate(6*time.Second, 20, time.Now)
	}
	s.api = humago.NewWithPrefix(s.routes, Prefix, config(words, cmp.Or(o.Version, "0")))
	s.api.UseMiddleware(s.authenticate)
	s.procedures()
	s.receptions()
	s.dossiers()
	s.acts()
	s.files()
	s.slips()
	s.tracking()
	s.feed()
	describe(s.api.OpenAPI(), words)
	s.docs()
	return s
}

// config is the framework's, without what loads from elsewhere.
func config(words *i18n.Catalogue, version string) huma.Config {
	cfg := huma.DefaultConfig("motcua", version)
	cfg.Info.Description = words.T(i18n.Vietnamese, "api.about", nil)
	cfg.Info.License = &huma.License{Name: "Apache-2.0", Identifier: "Apache-2.0"}
	cfg.Servers = []*huma.Server{{URL: Prefix}}
	cfg.DocsPath, cfg.SchemasPath, cfg.CreateHooks = "", "", nil
	cfg.RejectUnknownQueryParameters = true
	cfg.Formats = map[string]huma.Format{
		"application/json": {Marshal: huma.DefaultJSONFormat.Marshal, Unmarshal: readJSON},
		"json":             {Marshal: huma.DefaultJSONFormat.Marshal, Unmarshal: readJSON},
	}
	cfg.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"token": {Type: "http", Scheme: "bearer", Description: words.T(i18n.Vietnamese, "api.token_about", nil)},
	}
	return cfg
}

// handler is the whole interface: an answer in our form whatever is asked.
func (s *server) handler() http.Handler {
	oops := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.write(w, s.problemOf(r.Context(), errPanic))
	})
	h := httpkit.Chain(http.HandlerFunc(s.serve), httpkit.Recover(s.log, oops))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header := w.Header()
		header.Set("Cache-Control", "no-store")
		header.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
		header.Set("X-Content-Type-Options", "nosniff")
		header.Set("Vary", "Accept-Language, Authorization")
		ctx := context.WithValue(r.Context(), languageKey{}, languageOf(r))
		inner := r.WithContext(app.WithRequest(ctx, httpkit.RequestID(ctx)))
		h.ServeHTTP(w, inner)
		r.Pattern = inner.Pattern // for the log
	})
}

// serve sends a request to its route. What has none is told in our form.
func (s *server) serve(w http.ResponseWriter, r *http.Request) {
	if _, pattern := s.routes.Handler(r); pattern != "" {
		s.routes.ServeHTTP(w, r)
		return
	}
	if allowed := s.allowed(r); allowed != "" {
		w.Header().Set("Allow", allowed)
		s.write(w, s.refusal(r.Context(), http.StatusMethodNotAllowed, "api.method", map[string]any{"allowed": allowed}))
		return
	}
	s.write(w, s.refusal(r.Context(), http.StatusNotFound, "api.no_route", map[string]any{"path": r.URL.Path}))
}

// allowed lists the methods that the path of a request has.
func (s *server) allowed(r *http.Request) string {
	var methods []string
	for _, m := range []string{http.MethodGet, http.MethodHead, http.MethodPost} {
		other := r.Clone(r.Context())
		other.Method = m
		if _, pattern := s.routes.Handler(other); pattern != "" {
			methods = append(methods, m)
		}
	}
	return strings.Join(methods, ", ")
}

// operation begins the description of a route; its sentences are under the key
// api.op.<id>.
func (s *server) operation(id, method, path, tag string) huma.Operation {
	return huma.Operation{
		OperationID: id, Method: method, Path: path, Tags: []string{tag}, Summary: s.words.T(i18n.Vietnamese, "api.op."+id, nil),
		Security: []map[string][]string{{"token": {}}},
	}
}

// open makes an operation public.
func open(o huma.Operation) huma.Operation {
	o.Security = nil
	return o
}

// created makes an operation answer 201.
func created(o huma.Operation) huma.Operation {
	o.DefaultStatus = http.StatusCreated
	return o
}

// register adds a route with its types and its handler.
func register[I, O any](s *server, o huma.Operation, handler func(context.Context, *I) (*O, error)) {
	huma.Register(s.api, o, handler)
}
