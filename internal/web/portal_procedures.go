package web

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/motcua/motcua/internal/core/agency"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/core/procedure"
)

// proceduresBody is finding a procedure, /thu-tuc: ways into the catalogue, or
// what a search or a choice has found.
type proceduresBody struct {
	Crumbs []crumb
	Q      string
	All    int // procedures in the catalogue
	Kept   []option

	Browse                         bool
	Life, Agencies, Levels, Fields []countLink

	Filters    []control
	Life0      string // life event chosen
	OnlyReady  bool
	ReadyCount int
	Meant      string
	Rows       []procedureLine
	Total      int
	From, To   int
	PrevPath   string
	NextPath   string
}

// procedureLine is one procedure in a list.
type procedureLine struct {
	Code, Name, Field, Agency, Path string
	Limit                           civil.Line
	Fee                             text
	Service                         procedure.Service
	Ready                           bool
}

// The sizes of a page: a search has few good answers; a field is browsed whole,
// so that each of its procedures is one click away.
const (
	searchSize = 30
	browseSize = 400
)

// seekQuery is the question that an address asks.
func seekQuery(r *http.Request) procedure.Query {
	v := r.URL.Query()
	q := procedure.Query{
		Text: strings.TrimSpace(v.Get("q")), Field: v.Get("linh-vuc"), Agency: v.Get("co-quan"), Level: procedure.Level(v.Get("cap")),
		Service: procedure.Service(v.Get("dich-vu")), Life: v.Get("su-kien"), Ready: v.Get("nhan") != "", Most: searchSize,
	}
	if n, err := strconv.Atoi(v.Get("tu")); err == nil {
		q.Offset = max(n, 0)
	}
	if q.Text == "" {
		q.Most = browseSize
	}
	return q
}

func (s *Server) portalProcedures(w http.ResponseWriter, r *http.Request) {
	q := seekQuery(r)
	b := proceduresBody{Q: q.Text, Crumbs: []crumb{{Key: "portal.nav.procedures"}}}
	var err error
	if asked := q; asked.Text+asked.Field+asked.Agency+string(asked.Level)+string(asked.Service)+asked.Life == "" && !asked.Ready {
		err = s.browse(r, &b)
	} else {
		err = s.search(r, &b, q)
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	s.showPortal(w, r, http.StatusOK, "procedures", text{Key: "portal.nav.procedures"}, b)
}

func (s *Server) browse(r *http.Request, b *proceduresBody) error {
	ways, err := s.app.BrowseProcedures(r.Context())
	if err != nil {
		return err
	}
	b.Browse, b.Life, b.Fields = true, lifeLinks(ways.Life), fieldLinks(ways.Fields)
	for _, c := range ways.Fields {
		b.All += c.N
	}
	for _, c := range ways.Agencies {
		b.Agencies = append(b.Agencies, countLink{Text: s.agencyName(r, c.Value), N: c.N, Path: withQuery("/thu-tuc", "co-quan", c.Value)})
	}
	for _, c := range ways.Levels {
		b.Levels = append(b.Levels, countLink{Key: "procedure.level." + c.Value, N: c.N, Path: withQuery("/thu-tuc", "cap", c.Value)})
	}
	return nil
}

func (s *Server) search(r *http.Request, b *proceduresBody, q procedure.Query) error {
	res, err := s.app.SearchProcedures(r.Context(), q)
	if err != nil {
		return err
	}
	ways, err := s.app.BrowseProcedures(r.Context())
	if err != nil {
		return err
	}
	for _, c := range ways.Fields {
		b.All += c.N
	}
	b.Crumbs = []crumb{{Key: "portal.nav.procedures", Path: "/thu-tuc"}, crumbOf(q)}
	b.Total, b.Meant, b.Life0 = res.Total, strings.Join(res.Meant, ", "), q.Life
	b.OnlyReady, b.ReadyCount = q.Ready, res.Facets.Ready
	b.Filters = s.filters(r, q, res.Facets)
	for _, hit := range res.Hits {
		b.Rows = append(b.Rows, s.procedureLine(r, hit))
	}
	for name, values := range r.URL.Query() {
		if name != "q" && name != "tu" && name != "lang" && values[0] != "" {
			b.Kept = append(b.Kept, option{Value: values[0], Text: name})
		}
	}
	b.From, b.To = min(q.Offset+1, res.Total), min(q.Offset+len(res.Hits), res.Total)
	if q.Offset > 0 {
		b.PrevPath = withQuery(r.URL.RequestURI(), "tu", itoa(max(0, q.Offset-q.Most)))
	}
	if b.To < res.Total && len(res.Hits) > 0 {
		b.NextPath = withQuery(r.URL.RequestURI(), "tu", itoa(q.Offset+q.Most))
	}
	return nil
}

// crumbOf names what was chosen.
func crumbOf(q procedure.Query) crumb {
	switch {
	case q.Text != "":
		return crumb{Key: "portal.search.go"}
	case q.Life != "":
		return crumb{Key: "procedure.life." + q.Life}
	case q.Field != "":
		return crumb{Text: q.Field}
	}
	return crumb{Key: "portal.filter.chosen"}
}

// filters are the choices beside a result, each with the number that it leaves.
func (s *Server) filters(r *http.Request, q procedure.Query, f procedure.Facets) []control {
	choose := func(name, label, blank, value string, options []option) control {
		c := control{ID: name, Name: name, Label: label, Blank: blank, Value: value, Options: options}
		return c
	}
	fields := make([]option, 0, len(f.Fields))
	for _, c := range f.Fields {
		fields = append(fields, option{Value: c.Value, Text: countedName(c.Value, c.N)})
	}
	agencies := make([]option, 0, len(f.Agencies))
	for _, c := range f.Agencies {
		agencies = append(agencies, option{Value: c.Value, Text: countedName(s.agencyName(r, c.Value), c.N)})
	}
	levels := make([]option, 0, len(f.Levels))
	for _, c := range f.Levels {
		levels = append(levels, option{Value: c.Value, Key: "procedure.level." + c.Value})
	}
	services := make([]option, 0, len(f.Services))
	for _, c := range f.Services {
		services = append(services, option{Value: c.Value, Key: "procedure.service." + c.Value})
	}
	return []control{
		choose("linh-vuc", "portal.filter.field", "portal.filter.any_field", q.Field, fields),
		choose("co-quan", "portal.filter.agency", "portal.filter.any_agency", q.Agency, agencies),
		choose("cap", "portal.filter.level", "portal.filter.any_level", string(q.Level), levels),
		choose("dich-vu", "portal.filter.service", "portal.filter.any_service", string(q.Service), services),
	}
}

func countedName(name string, n int) string { return name + " (" + itoa(n) + ")" }

// agencyName names an agency of this province; those of communes, of which there
// are many, by their kind.
func (s *Server) agencyName(r *http.Request, key string) string {
	return s.namedAgency(r, s.app.AgencyName(key))
}

// namedAgency says what a use case called by its key because communes have no
// one name.
func (s *Server) namedAgency(r *http.Request, name string) string {
	if agency.CommuneKey(name) {
		return s.say(r, "portal.agency."+name, nil)
	}
	return name
}

// procedureLine draws one hit of a search.
func (s *Server) procedureLine(r *http.Request, h procedure.Hit) procedureLine {
	p := h.Procedure
	l := procedureLine{
		Code: p.Code, Name: p.Name, Field: p.Field, Path: "/thu-tuc/" + p.Code, Fee: feeSummary(p, p.FeeState(h.Ready)),
		Service: p.Service, Ready: h.Ready,
	}
	if h.Agency != "" {
		l.Agency = s.agencyName(r, h.Agency)
	}
	if len(p.Cases) > 0 {
		if limit, ok := p.Cases[0].LimitBy(procedure.Direct); ok {
			l.Limit = limitLine(limit)
		}
	}
	return l
}

// limitLine words a published limit; one that cannot be read is not worded.
func limitLine(l procedure.Limit) civil.Line {
	limit, err := civil.ParseLimit(l.String())
	if err != nil {
		return civil.Line{}
	}
	return limit.Line()
}

// feeSummary says in a few words what a procedure costs. It never says free
// where nobody has confirmed it.
func feeSummary(p *procedure.Procedure, state procedure.FeeState) text {
	if state != procedure.FeeAmounts {
		return text{Key: "procedure.fee." + string(state)}
	}
	least, most := int64(0), int64(0)
	for _, f := range p.Fees {
		if f.AmountVND == 0 {
			continue
		}
		if least == 0 || f.AmountVND < least {
			least = f.AmountVND
		}
		most = max(most, f.AmountVND)
	}
	switch {
	case least == 0:
		return text{Key: "portal.fee.see"}
	case least == most:
		return text{Key: "portal.fee.one", Args: fault.Args{"amount": least}}
	}
	return text{Key: "portal.fee.from", Args: fault.Args{"amount": least}}
}

func itoa(n int) string { return strconv.Itoa(n) }
