package web

import (
	"net/http"
	"slices"
	"time"

	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/core/procedure"
)

// homeBody is the portal's first page, /.
type homeBody struct {
	View    app.HomeView
	Often   []navLink // what people search for most
	Seek    []control
	Quick   []quickLink
	Life    []countLink
	Popular []procedureLine
	Largest []countLink // fields with most procedures, where nothing is popular yet
	Month   monthBody
}

type quickLink struct {
	Key, Text, Icon, Path string
	N                     int
}

// countLink leads to procedures, with their number. Text is shown as it is when
// Key is empty.
type countLink struct {
	Key, Text, Icon, Path string
	N                     int
}

// monthBody is how a month's dossiers ended.
type monthBody struct {
	Name   string // 11/2026
	Ended  int
	InTime int // early or on time, in tenths of a percent
	Bars   []barLine
}

// barLine is one part of a whole; PerMille is its share.
type barLine struct {
	Key, Tone   string
	N, PerMille int
}

func (s *Server) portalHome(w http.ResponseWriter, r *http.Request) {
	v, err := s.app.Home(r.Context())
	if err != nil {
		s.fail(w, r, err)
		return
	}
	b := homeBody{
		View: v, Seek: seekFields(form{}), Life: lifeLinks(v.Life), Month: monthOf(v.Month),
		Quick: []quickLink{
			{Key: "portal.nav.procedures", Text: "portal.home.quick_procedures", Icon: "file-search", Path: "/thu-tuc", N: v.Procedures},
			{Key: "portal.nav.verify", Text: "portal.home.quick_verify", Icon: "qr-code", Path: "/xac-thuc"},
			{Key: "portal.nav.figures", Text: "portal.home.quick_figures", Icon: "chart-column", Path: "/cong-khai"},
			{Key: "portal.nav.guide", Text: "portal.home.quick_guide", Icon: "book-open", Path: "/huong-dan"},
		},
	}
	for _, hit := range v.Popular {
		b.Popular = append(b.Popular, s.procedureLine(r, hit))
	}
	for _, word := range []string{"birth", "land", "house", "shop", "licence"} {
		key := "portal.often." + word
		b.Often = append(b.Often, navLink{Key: key, Path: withQuery("/thu-tuc", "q", s.words.T("vi", key, nil))})
	}
	largest := slices.Clone(v.Fields)
	slices.SortStableFunc(largest, func(x, y procedure.Count) int { return y.N - x.N })
	b.Largest = fieldLinks(largest[:min(len(largest), 6)])
	p := s.portalPage(r, text{Key: "portal.nav.home"}, b)
	p.Home = true
	s.render(w, r, http.StatusOK, "portal/home", p)
}

// lifeIcons are the pictures of the life events.
var lifeIcons = map[string]string{
	"birth": "baby", "business": "store", "construction": "hammer", "death": "flower-2", "documents": "stamp", "farming": "sprout",
	"land": "house", "marriage": "heart", "residence": "id-card", "study": "graduation-cap", "tax": "receipt", "travel": "plane",
	"vehicle": "car", "welfare": "hand-heart", "work": "briefcase",
}

func lifeLinks(counts []procedure.Count) []countLink {
	out := make([]countLink, 0, len(counts))
	for _, c := range counts {
		if c.N == 0 {
			continue
		}
		icon := lifeIcons[c.Value]
		if icon == "" {
			icon = "layers"
		}
		out = append(out, countLink{Key: "procedure.life." + c.Value, Icon: icon, N: c.N, Path: withQuery("/thu-tuc", "su-kien", c.Value)})
	}
	return out
}

func fieldLinks(counts []procedure.Count) []countLink {
	out := make([]countLink, 0, len(counts))
	for _, c := range counts {
		out = append(out, countLink{Text: c.Value, N: c.N, Path: withQuery("/thu-tuc", "linh-vuc", c.Value)})
	}
	return out
}

func monthOf(m app.MonthFigures) monthBody {
	b := monthBody{Name: m.From.At(0).Format("01/2006"), Ended: m.Ended()}
	if b.Ended == 0 {
		return b
	}
	share := func(n int) int { return 1000 * n / b.Ended }
	b.InTime = share(m.Early + m.OnTime)
	b.Bars = []barLine{
		{"portal.figures.early", "ok", m.Early, share(m.Early)}, {"portal.figures.on_time", "info", m.OnTime, share(m.OnTime)},
		{"portal.figures.late", "late", m.Late, share(m.Late)},
	}
	return b
}

// portalGuide tells how to go about a procedure, /huong-dan.
func (s *Server) portalGuide(w http.ResponseWriter, r *http.Request) {
	s.showPortal(w, r, http.StatusOK, "guide", text{Key: "portal.nav.guide"}, guideBody{
		Crumbs:    []crumb{{Key: "portal.nav.guide"}},
		Steps:     messageKeys("portal.guide.step", 5),
		Questions: messageKeys("portal.guide.q", 7),
		Papers:    messageKeys("portal.guide.bring", 3),
	})
}

type guideBody struct {
	Crumbs    []crumb
	Steps     []string // message keys; the explanation is under key + "_text"
	Questions []string
	Papers    []string
}

// messageKeys numbers the messages of a list: prefix1, prefix2, …
func messageKeys(prefix string, n int) []string {
	keys := make([]string, n)
	for i := range keys {
		keys[i] = prefix + string(rune('1'+i))
	}
	return keys
}

// tooMany tells a caller to come back, when his tries are used up.
func (s *Server) tooMany(w http.ResponseWriter, wait time.Duration) *fault.Fault {
	seconds := max(1, int((wait+time.Second-1)/time.Second))
	w.Header().Set("Retry-After", itoa(seconds))
	return fault.New(fault.Unavailable, "httpkit.too_many", fault.Args{"n": seconds})
}
