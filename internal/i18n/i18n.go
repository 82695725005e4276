// Package i18n turns message keys into sentences, Vietnamese first and English
// second, and writes numbers, money and dates in Vietnamese form. Sentences are
// in messages/, one file per noun and language; a test holds the languages to
// the same keys and placeholders.
//
//	words := i18n.Default()
//	words.T("vi", "desk.sets", fault.Args{"n": 2}) // "2 bộ"
package i18n

import (
	"embed"
	"encoding/json"
	"fmt"
	"path"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/motcua/motcua/internal/core/fault"
)

// The languages. Vietnamese is the language of the law and the default.
const (
	Vietnamese = "vi"
	English    = "en"
)

// Catalogue holds every sentence of every language; safe for use by many.
type Catalogue struct {
	sentences map[string]map[string]string // language, key
}

//go:embed messages/*.json
var files embed.FS

// Default is the catalogue that ships in the program.
var Default = sync.OnceValue(func() *Catalogue {
	c, err := load()
	if err != nil {
		panic(err) // the files are fixed when the program is built
	}
	return c
})

func load() (*Catalogue, error) {
	c := &Catalogue{sentences: map[string]map[string]string{Vietnamese: {}, English: {}}}
	entries, err := files.ReadDir("messages")
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		text, err := files.ReadFile(path.Join("messages", e.Name()))
		if err != nil {
			return nil, err
		}
		_, language, _ := strings.Cut(strings.TrimSuffix(e.Name(), ".json"), ".")
		into, known := c.sentences[language]
		if !known {
			return nil, fmt.Errorf("messages/%s: the language %q is unknown", e.Name(), language)
		}
		var one map[string]string
		if err := json.Unmarshal(text, &one); err != nil {
			return nil, fmt.Errorf("messages/%s: %w", e.Name(), err)
		}
		for key, sentence := range one {
			into[key] = sentence
		}
	}
	return c, nil
}

// Has reports whether there is a sentence under key.
func (c *Catalogue) Has(key string) bool {
	_, ok := c.sentences[Vietnamese][key]
	return ok
}

// T returns the sentence under key with its placeholders {name} filled. An
// English sentence may hold two forms, "one|many", chosen by the argument n. A
// key without sentence comes back as it is, so that a page shows what is
// missing instead of nothing.
func (c *Catalogue) T(language, key string, args fault.Args) string {
	sentence, ok := c.sentences[language][key]
	if !ok {
		if sentence, ok = c.sentences[Vietnamese][key]; !ok {
			return key
		}
	}
	if language == English {
		sentence = plural(sentence, args)
	}
	return fill(sentence, args, func(name string, v any) string { return c.show(language, name, v) })
}

// plural picks the singular of "one|many" when n is 1.
func plural(sentence string, args fault.Args) string {
	one, many, two := strings.Cut(sentence, "|")
	if !two {
		return sentence
	}
	if fmt.Sprint(args["n"]) == "1" {
		return one
	}
	return many
}

// fill replaces {name} by the argument of that name.
func fill(sentence string, args fault.Args, show func(string, any) string) string {
	if len(args) == 0 || !strings.Contains(sentence, "{") {
		return sentence
	}
	var b strings.Builder
	for {
		before, rest, open := strings.Cut(sentence, "{")
		b.WriteString(before)
		if !open {
			return b.String()
		}
		name, after, closed := strings.Cut(rest, "}")
		v, known := args[name]
		switch {
		case !closed:
			b.WriteString("{" + rest)
			return b.String()
		case known:
			b.WriteString(show(name, v))
		default:
			b.WriteString("{" + name + "}")
		}
		sentence = after
	}
}

// show writes an argument: whole numbers with points between thousands except a
// year, instants and Lines in words, anything else as it prints.
func (c *Catalogue) show(language, name string, v any) string {
	switch v := v.(type) {
	case int:
		if name == "year" {
			return strconv.Itoa(v)
		}
		return Number(language, int64(v))
	case int64:
		return Number(language, v)
	case time.Time:
		return Datetime(language, v)
	case fault.Line:
		return c.T(language, v.Key, v.Args)
	case []fault.Line:
		return strings.Join(c.Lines(language, v), "; ")
	case []string:
		return strings.Join(v, ", ")
	}
	return fmt.Sprint(v)
}

// Fault is the sentence of an error that has a kind: what is wrong and what to
// do. Several faults of one input stand one after the other.
func (c *Catalogue) Fault(language string, f *fault.Fault) string {
	if f == nil {
		return ""
	}
	all := f.Each()
	out := make([]string, len(all))
	for i, one := range all {
		out[i] = c.T(language, one.Key, one.Args)
	}
	return strings.Join(out, " ")
}

// Line is the sentence of one line.
func (c *Catalogue) Line(language string, l fault.Line) string { return c.T(language, l.Key, l.Args) }

// Lines are the sentences of several lines.
func (c *Catalogue) Lines(language string, lines []fault.Line) []string {
	out := make([]string, len(lines))
	for i, l := range lines {
		out[i] = c.Line(language, l)
	}
	return out
}
