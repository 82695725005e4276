package web

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"path"
	"strconv"
	"strings"

	"github.com/motcua/motcua/internal/httpkit"
	"github.com/motcua/motcua/internal/i18n"
)

//go:embed templates icons
var templateFiles embed.FS

//go:embed static
var staticFiles embed.FS

// staticPrefix begins the addresses of styles, scripts, fonts and pictures.
const staticPrefix = "/static/"

func newAssets() (*httpkit.Assets, error) {
	root, err := fs.Sub(staticFiles, "static")
	if err != nil {
		return nil, err
	}
	return httpkit.NewAssets(root, staticPrefix)
}

// pages are the parsed templates, by language and name ("desk/inbox"). Each
// language has its own set: the functions of a template are bound when it is
// parsed, and a set that is shared would race for the language.
type pages map[string]map[string]*template.Template

// areas are the folders of templates. All but shared hold one layout.html,
// which defines a template named as the area, and one file a page, which
// defines "main"; shared.html holds what pages of an area have in common.
var areas = [...]string{"portal", "desk", "admin", "signin"}

// layoutOf names the area whose frame an area's pages stand in.
func layoutOf(area string) string {
	if area == "admin" {
		return "desk"
	}
	return area
}

func (s *Server) parse() (pages, error) {
	icons, err := readIcons()
	if err != nil {
		return nil, err
	}
	all := pages{}
	for _, language := range []string{i18n.Vietnamese, i18n.English} {
		all[language] = map[string]*template.Template{}
		for _, area := range areas {
			if err := s.parseArea(all[language], area, funcs(s.words, language, icons, s.assets)); err != nil {
				return nil, fmt.Errorf("templates of %s: %w", area, err)
			}
		}
	}
	return all, nil
}

func (s *Server) parseArea(into map[string]*template.Template, area string, f template.FuncMap) error {
	frame := "templates/" + layoutOf(area) + "/"
	base, err := template.New(area).Funcs(f).ParseFS(templateFiles, "templates/shared/*.html", frame+"layout.html")
	if err != nil {
		return err
	}
	if parts := frame + "parts.html"; exists(parts) {
		if base, err = base.ParseFS(templateFiles, parts); err != nil {
			return err
		}
	}
	files, err := fs.Glob(templateFiles, "templates/"+area+"/*.html")
	if err != nil {
		return err
	}
	for _, file := range files {
		name := strings.TrimSuffix(path.Base(file), ".html")
		if name == "layout" || name == "parts" {
			continue
		}
		page, err := base.Clone()
		if err != nil {
			return err
		}
		if page, err = page.ParseFS(templateFiles, file); err != nil {
			return err
		}
		if page.Lookup("main") == nil {
			return fmt.Errorf("%s defines no main", file)
		}
		into[area+"/"+name] = page
	}
	return nil
}

func exists(file string) bool {
	_, err := fs.Stat(templateFiles, file)
	return err == nil
}

// readIcons reads the drawings, the inside of an svg element each.
func readIcons() (map[string]template.HTML, error) {
	files, err := fs.Glob(templateFiles, "icons/*.svg")
	if err != nil {
		return nil, err
	}
	icons := make(map[string]template.HTML, len(files))
	for _, file := range files {
		body, err := fs.ReadFile(templateFiles, file)
		if err != nil {
			return nil, err
		}
		icons[strings.TrimSuffix(path.Base(file), ".svg")] = template.HTML(
			`<svg class="icon" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">` +
				strings.TrimSpace(string(body)) + `</svg>`)
	}
	return icons, nil
}

// render draws a page whole before it answers, so that a broken template
// becomes an error page and never half of one.
func (s *Server) render(w http.ResponseWriter, r *http.Request, status int, name string, data any) {
	page, ok := s.pages[httpkit.Language(r)][name]
	if !ok {
		panic("no template " + name) // a handler's mistake; every handler is tested
	}
	area, _, _ := strings.Cut(name, "/")
	var b bytes.Buffer
	if err := page.ExecuteTemplate(&b, layoutOf(area), data); err != nil {
		s.log.ErrorContext(r.Context(), "draw a page", "id", httpkit.RequestID(r.Context()), "page", name, "err", err)
		s.broken(w, r)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Language", httpkit.Language(r))
	h.Set("Content-Length", strconv.Itoa(b.Len()))
	h.Add("Vary", "Cookie")
	if h.Get("Cache-Control") == "" {
		h.Set("Cache-Control", "no-cache, private")
	}
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		_, _ = b.WriteTo(w) // a client that has gone away cannot be told
	}
}
