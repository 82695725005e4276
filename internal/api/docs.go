package api

import (
	_ "embed"
	"html/template"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/httpkit"
	"github.com/motcua/motcua/internal/i18n"
)

// describe puts the sentences of the message catalogue into the description of
// the interface: api.doc.<schema>.<property>, or api.doc.<property> where it
// means the same everywhere. Answers are left open to additions; requests stay
// closed, so that a misspelt field is noticed.
func describe(o *huma.OpenAPI, words *i18n.Catalogue) {
	asked := requested(o)
	for name, schema := range o.Components.Schemas.Map() {
		if !asked[name] {
			schema.AdditionalProperties = nil
		}
		for property, p := range schema.Properties {
			if p.Ref == "" { // beside a reference there is no place for it
				p.Description = sentenceOf(words, i18n.Vietnamese, name, property)
			}
		}
	}
	for _, op := range operations(o) {
		for _, p := range op.Parameters {
			p.Description = sentenceOf(words, i18n.Vietnamese, p.In, p.Name)
		}
	}
}

// sentenceOf is the sentence about a property or parameter; empty when there is
// none.
func sentenceOf(words *i18n.Catalogue, lang, schema, property string) string {
	for _, key := range []string{"api.doc." + schema + "." + property, "api.doc." + property} {
		if words.Has(key) {
			return words.T(lang, key, nil)
		}
	}
	return ""
}

// operations lists every operation in the order of paths and methods.
func operations(o *huma.OpenAPI) []*huma.Operation {
	var all []*huma.Operation
	for _, path := range slices.Sorted(maps.Keys(o.Paths)) {
		item := o.Paths[path]
		for _, op := range []*huma.Operation{item.Get, item.Post} {
			if op != nil {
				all = append(all, op)
			}
		}
	}
	return all
}

// requested are the schemas that requests are made of.
func requested(o *huma.OpenAPI) map[string]bool {
	found := map[string]bool{}
	var walk func(s *huma.Schema)
	walk = func(s *huma.Schema) {
		if s == nil {
			return
		}
		if name := schemaName(s.Ref); name != "" && !found[name] {
			found[name] = true
			walk(o.Components.Schemas.SchemaFromRef(s.Ref))
		}
		walk(s.Items)
		for _, p := range s.Properties {
			walk(p)
		}
	}
	for _, op := range operations(o) {
		if op.RequestBody != nil {
			for _, media := range op.RequestBody.Content {
				walk(media.Schema)
			}
		}
	}
	return found
}

func schemaName(ref string) string { return strings.TrimPrefix(ref, "#/components/schemas/") }

//go:embed docs.html
var docsHTML string

//go:embed docs.css
var docsCSS []byte

// docs serves the readable description: made from the same one as openapi.json,
// without a script and with nothing from elsewhere.
func (s *server) docs() {
	page := template.Must(template.New("docs").Parse(docsHTML))
	s.routes.Handle("GET "+Prefix+"/docs", httpkit.Speak(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Type", "text/html; charset=utf-8")
		h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
		d := docsPage{words: s.words, Lang: httpkit.Language(r), Spec: Prefix + "/openapi.json", Style: Prefix + "/docs.css", api: s.api.OpenAPI()}
		if r.URL.Query().Get("lang") == i18n.English { // also where nothing stands around us
			d.Lang = i18n.English
		}
		if err := page.Execute(w, d); err != nil {
			s.log.ErrorContext(r.Context(), "api docs", "id", httpkit.RequestID(r.Context()), "error", err)
		}
	})))
	s.routes.HandleFunc("GET "+Prefix+"/docs.css", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/css; charset=utf-8")
		w.Header().Set("Cache-Control", "max-age=3600")
		_, _ = w.Write(docsCSS)
	})
}

// docsPage is what the page is filled from.
type docsPage struct {
	Lang, Spec, Style string
	words             *i18n.Catalogue
	api               *huma.OpenAPI
}

// docsGroup is the routes of one tag.
type docsGroup struct {
	Name   string
	Routes []docsRoute
}

type docsRoute struct {
	ID, Method, Path, Summary string
	Token                     bool
	Parameters                []docsField
	Body, BodySchema          string // media type and schema of the request
	BodyFields                []docsField
	Answers                   []docsAnswer
}

type docsAnswer struct{ Status, Type, Schema string }

type docsField struct {
	Name, Type, Schema, About string
	Required                  bool
}

type docsSchema struct {
	Name   string
	Fields []docsField
}

// T is a sentence of the page.
func (d docsPage) T(key string) string { return d.words.T(d.Lang, "api.docs."+key, nil) }

// Version is that of the program.
func (d docsPage) Version() string {
	return d.words.T(d.Lang, "api.docs.version", fault.Args{"version": d.api.Info.Version})
}

// Other is the other language of the page.
func (d docsPage) Other() string {
	if d.Lang == i18n.English {
		return i18n.Vietnamese
	}
	return i18n.English
}

// Groups lists the routes by tag.
func (d docsPage) Groups() []docsGroup {
	var groups []docsGroup
	for _, op := range operations(d.api) {
		i := slices.IndexFunc(groups, func(g docsGroup) bool { return g.Name == d.T("tag."+op.Tags[0]) })
		if i < 0 {
			groups = append(groups, docsGroup{Name: d.T("tag." + op.Tags[0])})
			i = len(groups) - 1
		}
		groups[i].Routes = append(groups[i].Routes, d.route(op))
	}
	return groups
}

func (d docsPage) route(op *huma.Operation) docsRoute {
	r := docsRoute{
		ID: op.OperationID, Method: op.Method, Path: Prefix + op.Path, Summary: d.words.T(d.Lang, "api.op."+op.OperationID, nil), Token: len(op.Security) > 0,
	}
	for _, p := range op.Parameters {
		r.Parameters = append(r.Parameters, docsField{
			Name: p.Name, Type: p.In, Required: p.Required, About: sentenceOf(d.words, d.Lang, p.In, p.Name),
		})
	}
	if op.RequestBody != nil {
		for media, body := range op.RequestBody.Content {
			r.Body, r.BodySchema = media, schemaName(body.Schema.Ref)
			if r.BodySchema == "" {
				r.BodyFields = d.fields("", body.Schema)
			}
		}
	}
	for _, status := range slices.Sorted(maps.Keys(op.Responses)) {
		for _, media := range slices.Sorted(maps.Keys(op.Responses[status].Content)) {
			a := docsAnswer{Status: status, Type: media}
			if schema := op.Responses[status].Content[media].Schema; schema != nil {
				a.Schema = schemaName(schema.Ref)
			}
			r.Answers = append(r.Answers, a)
		}
	}
	return r
}

// Schemas lists what bodies are made of.
func (d docsPage) Schemas() []docsSchema {
	all := d.api.Components.Schemas.Map()
	var out []docsSchema
	for _, name := range slices.Sorted(maps.Keys(all)) {
		out = append(out, docsSchema{name, d.fields(name, all[name])})
	}
	return out
}

func (d docsPage) fields(name string, schema *huma.Schema) []docsField {
	var out []docsField
	for _, property := range slices.Sorted(maps.Keys(schema.Properties)) {
		p := schema.Properties[property]
		f := docsField{Name: property, Required: slices.Contains(schema.Required, property), About: sentenceOf(d.words, d.Lang, name, property)}
		inner := p
		if p.Type == huma.TypeArray && p.Items != nil {
			inner, f.Type = p.Items, "[]"
		}
		if f.Schema = schemaName(inner.Ref); f.Schema == "" {
			f.Type = inner.Type + f.Type
		}
		if inner.Format != "" && inner.Format != "int64" {
			f.Type += " (" + inner.Format + ")"
		}
		if p.Nullable {
			f.Type += " | null"
		}
		for i, v := range p.Enum {
			if i > 0 {
				f.About += ", "
			} else {
				f.About += " "
			}
			f.About += v.(string)
		}
		out = append(out, f)
	}
	return out
}
