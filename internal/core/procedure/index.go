package procedure

import (
	"slices"
	"strings"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"

	"github.com/motcua/motcua/internal/core/textfold"
)

// Index finds procedures by what people type. It is immutable and safe for
// concurrent use; a changed catalogue is another Index.
type Index struct {
	list     []Procedure
	docs     []doc
	byCode   map[string]int
	postings map[string][]posting
	words    []string // every word, sorted
	speech   Speech
	life     map[string][]float64 // by life event, what each procedure is worth in it
	events   []Count
	order    []int // by field and name, as Vietnamese sorts
}

// Options say for which day and house an index is.
type Options struct {
	Speech Speech                  // how people speak of procedures
	Life   []LifeEvent             // for browsing, in the order of pages
	Day    string                  // YYYY-MM-DD: decides between the agencies of two eras; empty = today's
	Ready  func(p *Procedure) bool // whether dossiers are received; nil = none
}

// doc is what the index keeps of one procedure.
type doc struct {
	name    string // folded words of the name, a space on both ends
	marked  string // the name in lower case with its marks, likewise
	field   string // folded words of field and sector
	length  int    // words of the name
	special int    // number of words that make it a special case
	agency  string
	ready   bool
	rank    int // place in Index.order
}

type posting struct {
	doc    int
	weight float64
}

// Where a word stands decides what it is worth.
const (
	inName   = 1.0
	inField  = 0.45
	inResult = 0.35
)

// NewIndex builds the index. The list is kept and must not change afterwards.
func NewIndex(list []Procedure, o Options) *Index {
	x := &Index{list: list, byCode: map[string]int{}, postings: map[string][]posting{}, speech: o.Speech}
	if o.Day == "" {
		o.Day = "9999-12-31"
	}
	for i := range list {
		x.add(i, o)
	}
	for w := range x.postings {
		x.words = append(x.words, w)
	}
	slices.Sort(x.words)
	x.sort()
	x.gather(o.Life)
	return x
}

func (x *Index) add(i int, o Options) {
	p := &x.list[i]
	name := x.speech.spell(textfold.Words(p.Name))
	field := x.speech.spell(textfold.Words(p.Field + " " + p.Sector))
	d := doc{
		name: spaced(name), field: spaced(field), length: len(name), agency: p.AgencyOn(o.Day),
		marked: spaced(splitWords(strings.ToLower(textfold.Clean(p.Name)))),
		ready:  o.Ready != nil && o.Ready(p),
	}
	for _, s := range x.speech.special {
		if strings.Contains(d.name, s) {
			d.special++
		}
	}
	x.docs = append(x.docs, d)
	x.byCode[strings.ToLower(p.Code)] = i
	weights := map[string]float64{}
	put := func(words []string, weight float64) {
		for _, w := range words {
			weights[w] = max(weights[w], weight)
		}
	}
	for _, r := range p.Results {
		put(x.speech.spell(textfold.Words(r.Name)), inResult)
	}
	put(field, inField)
	put(name, inName)
	for w, weight := range weights {
		x.postings[w] = append(x.postings[w], posting{i, weight})
	}
}

// sort orders the procedures by field, then name.
func (x *Index) sort() {
	c := collate.New(language.Vietnamese)
	var buf collate.Buffer
	keys := make([][]byte, len(x.list))
	for i, p := range x.list {
		keys[i] = slices.Clone(c.KeyFromString(&buf, p.Field+"\x01"+p.Name+"\x01"+p.Code))
		buf.Reset()
	}
	x.order = make([]int, len(x.list))
	for i := range x.order {
		x.order[i] = i
	}
	slices.SortFunc(x.order, func(a, b int) int { return slices.Compare(keys[a], keys[b]) })
	for rank, i := range x.order {
		x.docs[i].rank = rank
	}
}

// ByCode returns the procedure with the code; the copy of a province, such as
// 1.001612.000.00.00.H36 or 1.001612.H36, is the national one.
func (x *Index) ByCode(code string) (Procedure, bool) {
	code = strings.ToLower(textfold.Clean(code))
	i, ok := x.byCode[code]
	if !ok && len(code) > 8 && code[8] == '.' {
		i, ok = x.byCode[code[:8]]
	}
	if !ok {
		return Procedure{}, false
	}
	return x.list[i], true
}

// Len is the number of procedures.
func (x *Index) Len() int { return len(x.list) }

func spaced(words []string) string { return " " + strings.Join(words, " ") + " " }

// splitWords cuts like textfold.Words, but keeps marks and case.
func splitWords(s string) []string {
	return strings.FieldsFunc(s, notWord)
}
