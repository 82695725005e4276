package procedure

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"unicode"

	"github.com/motcua/motcua/internal/core/textfold"
)

// Query asks an index. Empty parts do not restrict.
type Query struct {
	Text    string
	Field   string // as Facets and Fields name it
	Agency  string // key of the agency
	Level   Level
	Service Service
	Ready   bool   // only those that are received
	Life    string // key of a life event
	Offset  int
	Most    int // hits wanted; 0 = 20
}

// Hit is one procedure found.
type Hit struct {
	Procedure *Procedure // not to be changed
	Agency    string     // key of its agency on the day of the index
	Ready     bool
	Score     float64
}

// Result is what a query found.
type Result struct {
	Hits   []Hit
	Total  int
	Facets Facets
	Meant  []string // what everyday words were taken to mean, with marks
}

// Facets count the hits by each filter, as if that filter were not set.
type Facets struct {
	Fields   []Count
	Agencies []Count
	Levels   []Count
	Services []Count
	Ready    int
}

// Count is a value with the number of procedures that have it.
type Count struct {
	Value string
	N     int
}

// Search returns the best hits first: exact code, then names that hold the
// words together, then all words, then most. Marks do not matter, one slip in a
// word is forgiven, everyday words are understood. Without text all procedures
// come, by field and name.
func (x *Index) Search(q Query) Result {
	scores, meant := x.score(q)
	if q.Life != "" {
		scores = x.within(scores, q.Life)
	}
	var res Result
	res.Meant = meant
	res.Facets = x.facets(scores, q)
	var hits []Hit
	for i, s := range scores {
		if s > 0 && x.keeps(i, q, "") {
			hits = append(hits, Hit{Procedure: &x.list[i], Agency: x.docs[i].agency, Ready: x.docs[i].ready, Score: s})
		}
	}
	rank := func(h Hit) int { return x.docs[x.byCode[strings.ToLower(h.Procedure.Code)]].rank }
	slices.SortFunc(hits, func(a, b Hit) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(rank(a), rank(b)))
	})
	res.Total = len(hits)
	most := q.Most
	if most <= 0 {
		most = 20
	}
	from := min(max(q.Offset, 0), len(hits))
	res.Hits = hits[from:min(from+most, len(hits))]
	return res
}

// keeps reports whether procedure i passes the filters, except one.
func (x *Index) keeps(i int, q Query, except string) bool {
	p, d := &x.list[i], &x.docs[i]
	return (except == "field" || q.Field == "" || p.Field == q.Field) &&
		(except == "agency" || q.Agency == "" || d.agency == q.Agency) &&
		(except == "level" || q.Level == "" || p.At(q.Level)) &&
		(except == "service" || q.Service == "" || p.Service == q.Service) &&
		(except == "ready" || !q.Ready || d.ready)
}

func (x *Index) facets(scores []float64, q Query) Facets {
	fields, agencies, levels, services := map[string]int{}, map[string]int{}, map[string]int{}, map[string]int{}
	var f Facets
	for i, s := range scores {
		if s <= 0 {
			continue
		}
		p, d := &x.list[i], &x.docs[i]
		if x.keeps(i, q, "field") {
			fields[p.Field]++
		}
		if d.agency != "" && x.keeps(i, q, "agency") {
			agencies[d.agency]++
		}
		if x.keeps(i, q, "level") {
			for _, l := range p.Levels {
				levels[string(l)]++
			}
		}
		if p.Service != "" && x.keeps(i, q, "service") {
			services[string(p.Service)]++
		}
		if d.ready && x.keeps(i, q, "ready") {
			f.Ready++
		}
	}
	f.Fields, f.Agencies, f.Levels, f.Services = counts(fields), counts(agencies), counts(levels), counts(services)
	return f
}

// counts lists the most frequent first.
func counts(m map[string]int) []Count {
	list := make([]Count, 0, len(m))
	for v, n := range m {
		list = append(list, Count{v, n})
	}
	slices.SortFunc(list, func(a, b Count) int {
		return cmp.Or(cmp.Compare(b.N, a.N), cmp.Compare(a.Value, b.Value))
	})
	return list
}

// score gives every procedure its worth for the text; 0 = not found.
func (x *Index) score(q Query) (scores []float64, meant []string) {
	scores = make([]float64, len(x.list))
	words := x.speech.spell(textfold.Words(q.Text))
	if len(words) > maxWords {
		words = words[:maxWords]
	}
	if len(words) == 0 {
		for i := range scores {
			scores[i] = 1
		}
		return scores, nil
	}
	if i, ok := x.codeIn(q.Text); ok {
		scores[i] = 1000
		return scores, nil
	}
	variants, meant := x.speech.variants(words, x.known)
	marked := ""
	if lower := strings.ToLower(textfold.Clean(q.Text)); textfold.Fold(lower) != lower {
		marked = spaced(splitWords(lower))
	}
	for _, v := range variants {
		x.scoreWords(scores, v, marked)
	}
	return scores, meant
}

// maxWords bounds the work of one query; names are searched, not essays.
const maxWords = 24

// codeIn finds the one procedure whose code the text is, with or without the
// leading digit.
func (x *Index) codeIn(text string) (int, bool) {
	t := strings.ToLower(strings.TrimSpace(text))
	if p, ok := x.ByCode(t); ok {
		return x.byCode[strings.ToLower(p.Code)], true
	}
	return 0, false
}

// What a match is worth beside the words themselves (100 for all of them).
const (
	worthPairs   = 40  // neighbours in the text that are neighbours in the name
	worthPhrase  = 30  // the whole text stands in the name
	worthStart   = 12  // near its beginning
	worthEqual   = 40  // it is the name
	worthField   = 12  // the whole text stands in the field
	worthShort   = 25  // share of the name that the text is
	worthMarks   = 15  // the marks agree too
	costSpecial  = 16  // each word that makes it a special case which the text does not ask for
	costUnknown  = 10  // nothing but the name is known of it
	leastCovered = 0.5 // share of the text's weight that must be found
)

// scoreWords raises scores to what the procedures are worth for one variant.
func (x *Index) scoreWords(scores []float64, v variant, marked string) {
	total := 0.0
	covered := make([]float64, len(x.list))
	best := make([]float64, len(x.list))
	var hits []int                          // procedures that have the word at hand
	spelled := make([]string, len(v.words)) // as corrected
	for k, w := range v.words {
		choices := x.spell(w, k == len(v.words)-1)
		weight := v.weightOf(w)
		hits = hits[:0]
		spelled[k] = w
		if len(choices) > 0 {
			spelled[k] = choices[0].word
		}
		for _, choice := range choices {
			for _, p := range x.postings[choice.word] {
				if best[p.doc] == 0 {
					hits = append(hits, p.doc)
				}
				best[p.doc] = max(best[p.doc], p.weight*choice.quality)
			}
		}
		rare := x.rarity(max(len(hits), 1)) // a word that nothing has counts as not found
		found := 1.0
		if len(choices) > 0 {
			found = choices[0].quality
		}
		total += rare * weight * found
		for _, i := range hits {
			covered[i] += best[i] * rare * weight
			best[i] = 0
		}
	}
	if total == 0 {
		return
	}
	phrase := spaced(spelled)
	for i, c := range covered {
		if share := c / total; share >= leastCovered {
			scores[i] = max(scores[i], v.quality*x.worth(i, share, spelled, phrase, marked))
		}
	}
}

// rarity is what a word tells that stands in n procedures.
func (x *Index) rarity(n int) float64 { return math.Log(1 + float64(len(x.list)+1)/float64(n)) }

// worth is the score of procedure i of whose text the share was found.
func (x *Index) worth(i int, share float64, words []string, phrase, marked string) float64 {
	d := &x.docs[i]
	s := 100 * share * share
	if len(words) > 1 {
		pairs := 0
		for k := range len(words) - 1 {
			if strings.Contains(d.name, " "+words[k]+" "+words[k+1]+" ") {
				pairs++
			}
		}
		s += worthPairs * float64(pairs) / float64(len(words)-1)
	}
	if at := strings.Index(d.name, phrase); at >= 0 {
		s += worthPhrase
		if at < 24 {
			s += worthStart
		}
		if len(phrase) == len(d.name) || d.name == " thu tuc"+phrase {
			s += worthEqual
		}
	}
	if strings.Contains(d.field, phrase) {
		s += worthField
	}
	s += worthShort * share * float64(len(words)) / float64(max(d.length, len(words)))
	if marked != "" {
		s += worthMarks * markedShare(d.marked, marked)
	}
	s -= costSpecial * float64(d.special-x.speech.specials(phrase, d.name))
	if x.list[i].Detail == Listed {
		s -= costUnknown
	}
	return max(s, 0.01)
}

// markedShare is the share of the typed words that the name has with the same
// marks.
func markedShare(name, typed string) float64 {
	words := strings.Fields(typed)
	n := 0
	for _, w := range words {
		if strings.Contains(name, " "+w+" ") {
			n++
		}
	}
	return float64(n) / float64(len(words))
}

// known reports whether the catalogue has the word.
func (x *Index) known(w string) bool {
	_, ok := x.postings[w]
	return ok
}

func notWord(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }
