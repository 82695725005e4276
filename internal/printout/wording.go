package printout

import (
	"embed"
	"encoding/json"
	"fmt"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/motcua/motcua/internal/core/fault"
)

//go:embed wording/*.json
var wordingFiles embed.FS

// fixedTexts is the wording of what stands on every form and is no unit's to
// change: the country's name and motto, how dates are written.
const fixedTexts = "fixed"

// Wording is the text of a form around its fields (mẫu câu chữ): labels, notes,
// the titles of columns and signatures. An administrator may change it, as a new
// version; the fields, written {field}, have to stay. Text between ** and ** is
// printed bold.
type Wording struct {
	Form    string   `json:"form"`    // semantic id of the form
	Version int      `json:"version"` // 0 is what ships with the program
	Phrases []Phrase `json:"phrases"` // in the order in which they are printed
}

// Phrase is one text of a form under its key.
type Phrase struct {
	Key  string `json:"key"`
	Text string `json:"text"`
}

// MaxPhrase is the longest text of a phrase, in characters.
const MaxPhrase = 1000

// loadWordings reads the wordings that ship with the program, by form.
func loadWordings() (map[string]Wording, error) {
	entries, err := wordingFiles.ReadDir("wording")
	if err != nil {
		return nil, err
	}
	all := map[string]Wording{}
	for _, e := range entries {
		text, err := wordingFiles.ReadFile(path.Join("wording", e.Name()))
		if err != nil {
			return nil, err
		}
		w := Wording{Form: strings.TrimSuffix(e.Name(), ".json")}
		if err := json.Unmarshal(text, &w.Phrases); err != nil {
			return nil, fmt.Errorf("wording/%s: %w", e.Name(), err)
		}
		if err := w.check(w); err != nil {
			return nil, fmt.Errorf("wording/%s: %w", e.Name(), err)
		}
		all[w.Form] = w
	}
	return all, nil
}

// Forms lists the semantic ids of all forms that can be printed, sorted.
func (p *Printer) Forms() []string {
	var all []string
	for form := range p.wordings {
		if form != fixedTexts {
			all = append(all, form)
		}
	}
	slices.Sort(all)
	return all
}

// Wording returns the text of a form as it ships. It fails with fault.NotFound
// for an unknown form.
func (p *Printer) Wording(form string) (Wording, error) {
	w, ok := p.wordings[form]
	if !ok || form == fixedTexts {
		return Wording{}, fault.New(fault.NotFound, "printout.form_unknown", fault.Args{"form": form})
	}
	w.Phrases = slices.Clone(w.Phrases)
	return w, nil
}

// CheckWording refuses a wording that would break its form: fault.Invalid for a
// phrase that is missing, unknown or there twice, for a field that got lost or
// that the phrase does not have, for ** without its partner, for a text that is
// too long or holds characters that cannot be printed; fault.NotFound for an
// unknown form. All faults are told at once.
func (p *Printer) CheckWording(w Wording) error {
	shipped, err := p.Wording(w.Form)
	if err != nil {
		return err
	}
	return w.check(shipped)
}

// check compares a wording with the one that shipped, which says what fields a
// phrase has.
func (w Wording) check(shipped Wording) error {
	want := map[string]string{}
	for _, ph := range shipped.Phrases {
		want[ph.Key] = ph.Text
	}
	var faults []*fault.Fault
	seen := map[string]bool{}
	for _, ph := range w.Phrases {
		original, known := want[ph.Key]
		switch {
		case !known:
			faults = append(faults, fault.Field(ph.Key, "printout.phrase_unknown", fault.Args{"key": ph.Key}))
		case seen[ph.Key]:
			faults = append(faults, fault.Field(ph.Key, "printout.phrase_twice", fault.Args{"key": ph.Key}))
		default:
			faults = append(faults, ph.check(original)...)
		}
		seen[ph.Key] = true
	}
	for _, ph := range shipped.Phrases {
		if !seen[ph.Key] {
			faults = append(faults, fault.Field(ph.Key, "printout.phrase_missing", fault.Args{"key": ph.Key}))
		}
	}
	return fault.Join(faults...)
}

// check compares a phrase with the one that shipped.
func (ph Phrase) check(original string) []*fault.Fault {
	var faults []*fault.Fault
	say := func(key string, args fault.Args) { faults = append(faults, fault.Field(ph.Key, key, args)) }
	switch {
	case utf8.RuneCountInString(ph.Text) > MaxPhrase:
		say("printout.phrase_long", fault.Args{"key": ph.Key, "max": MaxPhrase})
		return faults
	case clean(ph.Text) != strings.TrimSpace(ph.Text) || !norm.NFC.IsNormalString(ph.Text):
		say("printout.phrase_characters", fault.Args{"key": ph.Key})
	case strings.Count(ph.Text, "**")%2 != 0:
		say("printout.phrase_bold", fault.Args{"key": ph.Key})
	}
	got, err := parsePhrase(ph.Text)
	if err != nil {
		say("printout.phrase_braces", fault.Args{"key": ph.Key})
		return faults
	}
	wanted, err := parsePhrase(original)
	if err != nil {
		say("printout.phrase_braces", fault.Args{"key": ph.Key})
		return faults
	}
	have, must := fieldsOf(got), fieldsOf(wanted)
	for _, f := range must {
		if !slices.Contains(have, f) {
			say("printout.field_lost", fault.Args{"key": ph.Key, "field": f})
		}
	}
	for _, f := range have {
		if !slices.Contains(must, f) {
			say("printout.field_unknown", fault.Args{"key": ph.Key, "field": f})
		}
	}
	return faults
}

// token is a piece of a phrase: text, or a field to be filled in.
type token struct {
	text  string
	field string
	bold  bool
}

// parsePhrase takes a phrase apart. It fails when a brace has no partner.
func parsePhrase(text string) ([]token, error) {
	var tokens []token
	isBold := false
	for i, part := range strings.Split(text, "**") {
		if i > 0 {
			isBold = !isBold
		}
		for part != "" {
			open := strings.IndexAny(part, "{}")
			if open < 0 {
				tokens = append(tokens, token{text: part, bold: isBold})
				break
			}
			closed := strings.IndexAny(part[open+1:], "{}")
			if part[open] == '}' || closed < 0 || part[open+1+closed] == '{' {
				return nil, fmt.Errorf("a brace without its partner in %q", text)
			}
			if open > 0 {
				tokens = append(tokens, token{text: part[:open], bold: isBold})
			}
			tokens = append(tokens, token{field: part[open+1 : open+1+closed], bold: isBold})
			part = part[open+closed+2:]
		}
	}
	return tokens, nil
}

// fieldsOf lists the fields of a phrase, each once.
func fieldsOf(tokens []token) []string {
	var all []string
	for _, t := range tokens {
		if t.field != "" && !slices.Contains(all, t.field) {
			all = append(all, t.field)
		}
	}
	return all
}

// compiled makes the phrases of a checked wording findable by key.
func (w Wording) compiled() map[string][]token {
	all := make(map[string][]token, len(w.Phrases))
	for _, ph := range w.Phrases {
		tokens, err := parsePhrase(ph.Text)
		if err != nil {
			tokens = []token{{text: ph.Text}} // not reached: a wording is checked first
		}
		all[ph.Key] = tokens
	}
	return all
}

// wordingOf is the wording under which a document is printed: its own when it
// has one that fits, or the one that ships.
func (p *Printer) wordingOf(d Document) (Wording, error) {
	w := d.letterhead().Wording
	if len(w.Phrases) == 0 {
		return p.Wording(d.form())
	}
	if w.Form != d.form() {
		return w, fault.Field("form", "printout.wording_of_other_form", fault.Args{"form": d.form(), "other": w.Form})
	}
	return w, p.CheckWording(w)
}
