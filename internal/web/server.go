// Package web is the pages: the portal of citizens, the desk of officers and
// the administration. A handler reads the request, calls one use case and draws
// a template; it knows no rule, no SQL and no sentence.
//
//	s, err := web.New(web.Options{App: a, Words: i18n.Default(), Log: log})
//	s.Mount(mux)
//	http.Handler = s.Around(mux)
package web

import (
	"log/slog"
	"net/http"
	"net/netip"
	"time"

	"github.com/google/uuid"

	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/httpkit"
	"github.com/motcua/motcua/internal/i18n"
)

// Options are what the pages need from outside.
type Options struct {
	App     *app.App
	Words   *i18n.Catalogue
	Log     *slog.Logger
	Secure  bool           // browsers come by https: cookies and headers say so
	Origins []string       // further origins that may post, such as the address behind a proxy
	Proxies []netip.Prefix // whose X-Forwarded-For is believed
	// Track bounds the tries to follow a dossier or check a paper per address; the
	// interface shares it. Nil = 30 at once and one more every 3 seconds.
	Track *httpkit.Rate
}

// Server draws the pages.
type Server struct {
	app     *app.App
	words   *i18n.Catalogue
	log     *slog.Logger
	secure  bool
	pages   pages
	assets  *httpkit.Assets
	around  []httpkit.Middleware
	signIns *httpkit.Rate // tries to sign in
	seeks   *httpkit.Rate // tries to follow a dossier or check a receipt
	live    chan struct{} // one place for each live page that is open
}

// New reads every template and static file; a mistake in one of them fails the
// start.
func New(o Options) (*Server, error) {
	s := &Server{
		app: o.App, words: o.Words, log: o.Log, secure: o.Secure,
		signIns: httpkit.NewRate(6*time.Second, 20, time.Now), seeks: o.Track,
		live: make(chan struct{}, mostLive),
	}
	if s.seeks == nil {
		s.seeks = TrackRate()
	}
	var err error
	if s.assets, err = newAssets(); err != nil {
		return nil, err
	}
	if s.pages, err = s.parse(); err != nil {
		return nil, err
	}
	return s, s.wrap(o)
}

// TrackRate is how often one address may try to follow a dossier or check a
// paper: people at one counter share an address, guesses of a secret need more.
func TrackRate() *httpkit.Rate { return httpkit.NewRate(3*time.Second, 30, time.Now) }

// wrap prepares what stands around every handler.
func (s *Server) wrap(o Options) error {
	compress, err := httpkit.Compress()
	if err != nil {
		return err
	}
	origin, err := httpkit.SameOrigin(http.HandlerFunc(s.otherSite), o.Origins...)
	if err != nil {
		return err
	}
	s.around = []httpkit.Middleware{
		httpkit.Trace(s.log, o.Proxies...), httpkit.Secure(s.secure), httpkit.Speak, compress,
		httpkit.Recover(s.log, http.HandlerFunc(s.broken)), origin, httpkit.Limit(httpkit.Limits{}), carryRequest,
	}
	return nil
}

// carryRequest lets what a use case records name the request.
func carryRequest(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(w, r.WithContext(app.WithRequest(r.Context(), httpkit.RequestID(r.Context()))))
	})
}

// Router is where pages are registered: a mux, or a test that lists them.
type Router interface {
	Handle(pattern string, handler http.Handler)
	HandleFunc(pattern string, handler func(http.ResponseWriter, *http.Request))
}

// Mount registers every page. What nothing else answers is a page not found.
func (s *Server) Mount(mux Router) {
	mux.Handle("GET "+staticPrefix, s.assets)
	s.portalRoutes(mux)
	s.deskRoutes(mux)
	mux.HandleFunc("/", s.notFound)
}

// Around wraps a mux with what every request needs: log, security headers,
// language, limits, compression, and an answer when a handler breaks.
func (s *Server) Around(mux *http.ServeMux) http.Handler {
	return httpkit.Chain(httpkit.Routes(mux), s.around...)
}

// newAction makes the id that lets a form act once however often it is sent.
func (s *Server) newAction() string { return uuid.Must(uuid.NewV7()).String() }

// now is the program's legal time.
func (s *Server) now() time.Time { return s.app.Now() }

// say is a sentence in the reader's language.
func (s *Server) say(r *http.Request, key string, args map[string]any) string {
	return s.words.T(httpkit.Language(r), key, args)
}

// languageLink leads to the same page in the other language.
type languageLink struct{ Path, Tag, Name string }

// otherLanguage is the switch of the page's head. The names of languages are
// the same in every language, so they are no messages.
func (s *Server) otherLanguage(r *http.Request) languageLink {
	tag, name := i18n.English, "English"
	if httpkit.Language(r) == i18n.English {
		tag, name = i18n.Vietnamese, "Tiếng Việt"
	}
	path := r.URL.RequestURI()
	if r.Method != http.MethodGet {
		path = r.URL.Path
	}
	return languageLink{Path: withQuery(path, "lang", tag), Tag: tag, Name: name}
}
