package procedure

import (
	"sort"
	"strings"
)

// choice is a word of the catalogue that a typed word may be.
type choice struct {
	word    string
	quality float64 // 1 = as typed
}

// What a guess is worth against the word as typed.
const (
	qualityPrefix = 0.75 // the last word, not finished
	qualitySlip   = 0.7  // one letter wrong, missing, too many, or two exchanged
	qualitySlips  = 0.5  // two of them in a long word
	mostChoices   = 12
	mostBegun     = 80 // words that an unfinished one may become
)

// spell returns the words of the catalogue that w may be: itself; else what it
// begins, when it is the last; else what it is one slip away from.
func (x *Index) spell(w string, last bool) []choice {
	var list []choice
	if x.known(w) {
		list = append(list, choice{w, 1})
		if !last {
			return list
		}
	}
	if last && len(w) >= 2 {
		i := sort.SearchStrings(x.words, w)
		for ; i < len(x.words) && strings.HasPrefix(x.words[i], w) && len(list) < mostBegun; i++ {
			if x.words[i] != w {
				list = append(list, choice{x.words[i], qualityPrefix})
			}
		}
	}
	if len(list) > 0 || len(w) < 3 {
		return list
	}
	for _, candidate := range x.words {
		switch d := slips(w, candidate, 2); {
		case d == 1:
			list = append(list, choice{candidate, qualitySlip})
		case d == 2 && len(w) >= 7:
			list = append(list, choice{candidate, qualitySlips})
		}
	}
	sort.SliceStable(list, func(a, b int) bool {
		if list[a].quality != list[b].quality {
			return list[a].quality > list[b].quality
		}
		return len(x.postings[list[a].word]) > len(x.postings[list[b].word])
	})
	return list[:min(len(list), mostChoices)]
}

// slips counts the letters changed, missing, too many or exchanged between a
// and b (optimal string alignment), up to most; most+1 when there are more.
// Folded words are ASCII, so bytes are letters.
func slips(a, b string, most int) int {
	if len(a)-len(b) > most || len(b)-len(a) > most || len(b) > 30 || len(a) > 30 {
		return most + 1
	}
	var rows [3][32]int
	before, prev, row := &rows[0], &rows[1], &rows[2]
	for j := range len(b) + 1 {
		prev[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		least := i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			d := min(prev[j]+1, row[j-1]+1, prev[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				d = min(d, before[j-2]+1)
			}
			row[j] = d
			least = min(least, d)
		}
		if least > most {
			return most + 1
		}
		before, prev, row = prev, row, before
	}
	return min(prev[len(b)], most+1)
}
