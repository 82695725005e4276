package procedure

import (
	"encoding/json"
	"io"
	"slices"
	"strings"

	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/core/textfold"
)

// Speech is how people speak of procedures: everyday words with what they mean,
// abbreviations, words without weight, and words that mark a special case. The
// zero value knows none.
type Speech struct {
	means   []meaning
	short   map[string][]string // abbreviations
	filler  map[string]bool
	special []string // with spaces around
}

type meaning struct {
	say  []string // folded words
	mean string   // as the catalogue has it, with marks
	with []string // its folded words
}

// ParseSpeech reads speech.json. It fails with fault.Invalid.
func ParseSpeech(r io.Reader) (Speech, error) {
	var file struct {
		Means []struct {
			Say  []string `json:"say"`
			Mean []string `json:"mean"`
		} `json:"means"`
		Short   map[string]string `json:"short"`
		Filler  []string          `json:"filler"`
		Special []string          `json:"special"`
	}
	if err := json.NewDecoder(r).Decode(&file); err != nil {
		return Speech{}, fault.Wrap(err, fault.Invalid, "procedure.file_json", fault.Args{"line": 1})
	}
	s := Speech{filler: map[string]bool{}, short: map[string][]string{}}
	for abbreviation, long := range file.Short {
		s.short[textfold.Fold(abbreviation)] = textfold.Words(long)
	}
	for _, m := range file.Means {
		for _, say := range m.Say {
			for _, mean := range m.Mean {
				s.means = append(s.means, meaning{s.spell(textfold.Words(say)), mean, s.spell(textfold.Words(mean))})
			}
		}
	}
	for _, w := range file.Filler {
		s.filler[textfold.Fold(w)] = true
	}
	for _, w := range file.Special {
		s.special = append(s.special, spaced(textfold.Words(w)))
	}
	return s, nil
}

// variant is one reading of a query.
type variant struct {
	words   []string
	quality float64
	filler  map[string]bool
}

// weightOf is what a word counts for: "tôi muốn xin" says little.
func (v variant) weightOf(w string) float64 {
	if v.filler[w] {
		return 0.1
	}
	return 1
}

// What a reading is worth. What the everyday word means is worth a little more
// than the same syllables standing somewhere by chance.
const (
	qualityTyped = 1.0
	qualityMeant = 1.1
	mostVariants = 12
)

// spell writes abbreviations out.
func (s Speech) spell(words []string) []string {
	var list []string
	for _, w := range words {
		if long, ok := s.short[w]; ok {
			list = append(list, long...)
		} else {
			list = append(list, w)
		}
	}
	return list
}

// variants returns the readings of the words: as typed, and with each everyday
// phrase exchanged for what it means. A phrase inside a longer one that fits is
// passed over: "bằng lái" in "bằng lái xe". known tells the words of the
// catalogue, which are not slips of others.
func (s Speech) variants(words []string, known func(string) bool) (list []variant, meant []string) {
	type found struct {
		meaning
		at int
	}
	var all []found
	for _, m := range s.means {
		if at := indexWords(words, m.say, known); at >= 0 {
			all = append(all, found{m, at})
		}
	}
	list = append(list, variant{words, qualityTyped, s.filler})
	for _, m := range all {
		inside := slices.ContainsFunc(all, func(o found) bool {
			return len(o.say) > len(m.say) && o.at <= m.at && m.at+len(m.say) <= o.at+len(o.say)
		})
		if inside || len(list) == mostVariants {
			continue
		}
		exchanged := slices.Concat(words[:m.at], m.with, words[m.at+len(m.say):])
		list = append(list, variant{exchanged, qualityMeant, s.filler})
		if !slices.Contains(meant, m.mean) {
			meant = append(meant, m.mean)
		}
	}
	return list, meant
}

// indexWords finds part in words; one slip is forgiven in a word of four
// letters or more that is not another word.
func indexWords(words, part []string, known func(string) bool) int {
	for i := 0; i+len(part) <= len(words); i++ {
		ok := true
		for j, w := range part {
			typed := words[i+j]
			if typed != w && (len(w) < 4 || len(typed) < 3 || known(typed) || slips(typed, w, 1) > 1) {
				ok = false
				break
			}
		}
		if ok {
			return i
		}
	}
	return -1
}

// specials counts the special cases that both the text and the name name.
func (s Speech) specials(phrase, name string) int {
	n := 0
	for _, w := range s.special {
		if strings.Contains(phrase, w) && strings.Contains(name, w) {
			n++
		}
	}
	return n
}
