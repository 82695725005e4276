package procedure

import (
	"encoding/json"
	"io"
	"slices"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"

	"github.com/motcua/motcua/internal/core/fault"
)

// LifeEvent says which fields and searches belong to an event in a person's
// life (sự kiện trong đời). Its name is the message procedure.life.<key>.
type LifeEvent struct {
	Key     string   `json:"key"`
	Fields  []string `json:"fields"`
	Queries []string `json:"queries"`
}

// ParseLifeEvents reads life.json. It fails with fault.Invalid.
func ParseLifeEvents(r io.Reader) ([]LifeEvent, error) {
	var list []LifeEvent
	if err := json.NewDecoder(r).Decode(&list); err != nil {
		return nil, fault.Wrap(err, fault.Invalid, "procedure.file_json", fault.Args{"line": 1})
	}
	return list, nil
}

// lifeShare is how near to the best hit of a life event's search a procedure
// must be to belong to it.
const lifeShare = 0.75

// LifeEvents returns the keys of the life events (sự kiện trong đời) with the
// number of their procedures, in the order in which pages show them. The name
// of key is the message procedure.life.<key>.
func (x *Index) LifeEvents() []Count {
	return slices.Clone(x.events)
}

// gather finds the procedures of every life event.
func (x *Index) gather(events []LifeEvent) {
	x.life = map[string][]float64{}
	for _, e := range events {
		in := x.members(e)
		n := 0
		for _, s := range in {
			if s > 0 {
				n++
			}
		}
		x.life[e.Key] = in
		x.events = append(x.events, Count{e.Key, n})
	}
}

// members gives the procedures of a life event a worth above 0.
func (x *Index) members(e LifeEvent) []float64 {
	in := make([]float64, len(x.list))
	for i, p := range x.list {
		if slices.Contains(e.Fields, p.Field) {
			in[i] = 1
		}
	}
	for k, q := range e.Queries {
		scores, _ := x.score(Query{Text: q})
		best := 0.0
		for _, s := range scores {
			best = max(best, s)
		}
		for i, s := range scores {
			if best > 0 && s >= lifeShare*best {
				in[i] = max(in[i], float64(2+len(e.Queries)-k))
			}
		}
	}
	return in
}

// within keeps the scores of the procedures of a life event; without text the
// event's own searches decide the order.
func (x *Index) within(scores []float64, key string) []float64 {
	in, ok := x.life[key]
	for i := range scores {
		if ok {
			scores[i] *= in[i]
		} else {
			scores[i] = 0
		}
	}
	return scores
}

// Fields returns every field (lĩnh vực) with its number of procedures, sorted
// as Vietnamese does.
func (x *Index) Fields() []Count {
	n := map[string]int{}
	for _, p := range x.list {
		n[p.Field]++
	}
	list := counts(n)
	c := collate.New(language.Vietnamese)
	slices.SortStableFunc(list, func(a, b Count) int { return c.CompareString(a.Value, b.Value) })
	return list
}

// Agencies returns the keys of the agencies with their number of procedures on
// the day of the index, the busiest first.
func (x *Index) Agencies() []Count {
	n := map[string]int{}
	for _, d := range x.docs {
		if d.agency != "" {
			n[d.agency]++
		}
	}
	return counts(n)
}

// Levels returns the administrative levels with their number of procedures.
func (x *Index) Levels() []Count {
	var list []Count
	for _, l := range []Level{Ministry, Province, District, Commune, Other} {
		n := 0
		for i := range x.list {
			if x.list[i].At(l) {
				n++
			}
		}
		if n > 0 {
			list = append(list, Count{string(l), n})
		}
	}
	return list
}
