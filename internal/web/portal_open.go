package web

import (
	"net/http"
	"strings"
	"time"

	"github.com/motcua/motcua/internal/httpkit"
	"github.com/motcua/motcua/internal/i18n"
)

// figuresBody is the public account of how dossiers are handled, /cong-khai.
type figuresBody struct {
	Crumbs   []crumb
	Month    monthBody
	Figures  []publicFigure
	Agencies []agencyLine
	At       time.Time
}

type publicFigure struct {
	Key, Icon, Text string
	Late            bool
}

func (s *Server) portalFigures(w http.ResponseWriter, r *http.Request) {
	v, err := s.app.OpenFigures(r.Context())
	if err != nil {
		s.fail(w, r, err)
		return
	}
	language := httpkit.Language(r)
	number := func(n int) string { return i18n.Number(language, int64(n)) }
	b := figuresBody{Crumbs: []crumb{{Key: "portal.nav.figures"}}, Month: monthOf(v.Month), At: v.At}
	inTime := "–"
	if b.Month.Ended > 0 {
		inTime = i18n.Percent(language, b.Month.InTime)
	}
	b.Figures = []publicFigure{
		{Key: "portal.open.received", Icon: "inbox", Text: number(v.Month.Received)}, {Key: "portal.open.ended", Icon: "file-check", Text: number(b.Month.Ended)},
		{Key: "portal.open.in_time", Icon: "circle-check", Text: inTime}, {Key: "portal.open.late", Icon: "circle-alert", Text: number(v.Month.Late), Late: v.Month.Late > 0},
	}
	for _, a := range v.Agencies {
		b.Agencies = append(b.Agencies, agencyLineOf(a))
	}
	s.showPortal(w, r, http.StatusOK, "figures", text{Key: "portal.nav.figures"}, b)
}

// peopleBody is the public board of the centre's officers, /can-bo.
type peopleBody struct {
	Crumbs   []crumb
	Leaders  []officerLine
	Counters []officerLine
}

type officerLine struct {
	Initials, Name, Title string
	Counter               int // 0 = none
	Fields                string
}

func (s *Server) portalPeople(w http.ResponseWriter, r *http.Request) {
	b := peopleBody{Crumbs: []crumb{{Key: "portal.nav.people"}}}
	for _, o := range s.app.Officers() {
		line := officerLine{Initials: initials(o.Name), Name: o.Name, Title: o.Title, Counter: o.Counter}
		line.Fields = strings.Join(o.Fields, ", ")
		if o.Counter > 0 {
			b.Counters = append(b.Counters, line)
		} else {
			b.Leaders = append(b.Leaders, line)
		}
	}
	s.showPortal(w, r, http.StatusOK, "people", text{Key: "portal.nav.people"}, b)
}
