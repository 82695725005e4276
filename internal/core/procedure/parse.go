package procedure

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"regexp"
	"strconv"
	"unicode/utf8"

	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/core/textfold"
)

// Bounds of an import.
const (
	maxFile  = 256 << 20 // bytes
	maxName  = 2000      // characters of a name
	maxText  = 20000     // characters of any other text
	maxLimit = 9999      // of a time limit, as package civil has it
)

// Rejection says why a record was not taken in.
type Rejection struct {
	Record string // its code, or "#line" when it has none
	Field  string // the field, as the file names it: "documents[2].copies"
	Key    string // message key of the reason
	Args   fault.Args
}

// codeForm is the national code (mã TTHC): a digit, a point, six digits.
var codeForm = regexp.MustCompile(`^[1-9]\.[0-9]{6}$`)

// Parse reads a catalogue in the national format. Good records are returned as
// version 1 without dates; each fault of a bad record is a Rejection, and the
// record is left out. The first of two records with one code counts.
//
// err is fault.Invalid when the file as a whole cannot be read; nothing is
// returned then.
func Parse(r io.Reader) ([]Procedure, []Rejection, error) {
	raw, err := io.ReadAll(io.LimitReader(r, maxFile+1))
	if err != nil {
		return nil, nil, err
	}
	if len(raw) > maxFile {
		return nil, nil, fault.New(fault.Invalid, "procedure.file_large", fault.Args{"megabytes": maxFile >> 20})
	}
	raw = bytes.TrimPrefix(raw, []byte("\ufeff"))
	dec := json.NewDecoder(bytes.NewReader(raw))
	if err := enter(dec); err != nil {
		return nil, nil, badFile(raw, dec, err)
	}
	var list []Procedure
	var rejected []Rejection
	seen := map[string]bool{}
	lines := lineCounter{raw: raw, line: 1}
	for dec.More() {
		var one json.RawMessage
		if err := dec.Decode(&one); err != nil {
			return nil, nil, badFile(raw, dec, err)
		}
		line := lines.at(int(dec.InputOffset()) - len(one))
		p, bad := parseRecord(one, line, seen)
		if len(bad) > 0 {
			rejected = append(rejected, bad...)
			continue
		}
		seen[p.Code] = true
		list = append(list, p)
	}
	if _, err := dec.Token(); err != nil {
		return nil, nil, badFile(raw, dec, err)
	}
	return list, rejected, nil
}

var errNoList = errors.New("no list of procedures")

// enter moves dec into the array "procedures".
func enter(dec *json.Decoder) error {
	if t, err := dec.Token(); err != nil {
		return err
	} else if t != json.Delim('{') {
		return errNoList
	}
	for dec.More() {
		key, err := dec.Token()
		if err != nil {
			return err
		}
		if key != "procedures" {
			var skip json.RawMessage
			if err := dec.Decode(&skip); err != nil {
				return err
			}
			continue
		}
		if t, err := dec.Token(); err != nil {
			return err
		} else if t != json.Delim('[') {
			return errNoList
		}
		return nil
	}
	return errNoList
}

func badFile(raw []byte, dec *json.Decoder, err error) error {
	if errors.Is(err, errNoList) {
		return fault.Wrap(err, fault.Invalid, "procedure.file_format", nil)
	}
	at := min(int(dec.InputOffset()), len(raw))
	return fault.Wrap(err, fault.Invalid, "procedure.file_json", fault.Args{"line": 1 + bytes.Count(raw[:at], []byte("\n"))})
}

// lineCounter turns growing offsets into line numbers.
type lineCounter struct {
	raw  []byte
	pos  int
	line int
}

func (c *lineCounter) at(offset int) int {
	c.line += bytes.Count(c.raw[c.pos:offset], []byte("\n"))
	c.pos = offset
	return c.line
}

// reader checks one record and collects its faults.
type reader struct {
	record string
	bad    []Rejection
}

func (r *reader) reject(field, key string, args fault.Args) {
	r.bad = append(r.bad, Rejection{Record: r.record, Field: field, Key: key, Args: args})
}

// text cleans s and refuses what is longer than the bound.
func (r *reader) text(field, s string, most int) string {
	s = textfold.Clean(s)
	if n := utf8.RuneCountInString(s); n > most {
		r.reject(field, "procedure.too_long", fault.Args{"n": n, "most": most})
	}
	return s
}

func (r *reader) texts(field string, in []string) []string {
	var out []string
	for i, s := range in {
		if s = r.text(at(field, i), s, maxText); s != "" {
			out = append(out, s)
		}
	}
	return out
}

// count refuses a negative number.
func (r *reader) count(field string, n int64) {
	if n < 0 {
		r.reject(field, "procedure.negative", fault.Args{"n": n})
	}
}

func (r *reader) limit(field string, w *wireLimit) *Limit {
	if w == nil {
		return nil
	}
	hasValue, known := limitUnits[w.Unit]
	l := Limit{Unit: w.Unit}
	if w.Value != nil {
		l.Value = *w.Value
	}
	args := fault.Args{"n": l.Value, "unit": textfold.Clean(w.Unit)}
	if w.Unit == "" && l.Value >= 0 {
		return nil // a number without a unit says nothing: the limit counts as not stated
	}
	switch {
	case l.Value < 0:
		r.reject(field+".value", "procedure.negative", args)
	case !known:
		r.reject(field+".unit", "procedure.unit_unknown", args)
	case hasValue && l.Value == 0:
		return &Limit{Unit: atOnce} // "0 giờ" is how the portal writes "immediately on receipt"
	case !hasValue && l.Value != 0:
		r.reject(field+".value", "procedure.limit_value", args)
	case l.Value > maxLimit:
		r.reject(field+".value", "procedure.limit_long", args)
	}
	return &l
}

func at(field string, i int) string { return field + "[" + strconv.Itoa(i) + "]" }

func parseRecord(raw json.RawMessage, line int, seen map[string]bool) (Procedure, []Rejection) {
	r := &reader{record: "#" + strconv.Itoa(line)}
	var w wireProcedure
	decodeErr := json.Unmarshal(raw, &w)
	code := textfold.Clean(w.Code)
	if codeForm.MatchString(code) {
		r.record = code
	}
	if decodeErr != nil {
		field := ""
		if t, ok := errors.AsType[*json.UnmarshalTypeError](decodeErr); ok {
			field = t.Field
		}
		r.reject(field, "procedure.value_type", nil)
		return Procedure{}, r.bad
	}
	switch {
	case code == "":
		r.reject("code", "procedure.code_missing", nil)
	case !codeForm.MatchString(code):
		r.reject("code", "procedure.code_form", fault.Args{"code": shorten(code)})
	case seen[code]:
		r.reject("code", "procedure.code_repeated", fault.Args{"code": code})
	}
	p := r.procedure(w)
	p.Code = code
	return p, r.bad
}

// shorten keeps an argument of a message readable.
func shorten(s string) string {
	if utf8.RuneCountInString(s) <= 40 {
		return s
	}
	return string([]rune(s)[:40]) + "…"
}

func (r *reader) procedure(w wireProcedure) Procedure {
	p := Procedure{
		Name: r.text("name", w.Name, maxName), Field: r.text("field", w.Field, maxName),
		Kind: r.text("procedure_type", w.Kind, maxText), MinistryCode: r.text("ministry_code", w.MinistryCode, 40),
		Ministry: r.text("ministry", w.Ministry, maxName), DecisionNo: r.text("decision_no", w.DecisionNo, maxText),
		ExecutingAgency:    r.text("executing_agency", w.Executing, maxText),
		CompetentAuthority: r.text("competent_authority", w.Competent, maxText),
		Coordinating:       r.text("coordinating_agency", w.Coordinating, maxText),
		Agency2019:         r.text("agency_2019", w.Agency2019, 100), Agency2025: r.text("agency_2025", w.Agency2025, 100),
		Applicants: r.texts("applicants", w.Applicants), LegalBasis: r.texts("legal_basis", w.LegalBasis),
		Conditions: r.texts("conditions", w.Conditions),
		Origin:     Origin{Source: r.text("source.id", w.Source.ID, 100), URL: r.text("source.url", w.Source.URL, maxName)},
		Version:    Version{Number: 1},
	}
	if p.Name == "" {
		r.reject("name", "procedure.name_missing", nil)
	}
	r.levels(&p, w.Levels)
	service, known := services[w.ServiceLevel]
	if !known {
		r.reject("service_level", "procedure.service_unknown", fault.Args{"service": shorten(w.ServiceLevel)})
	}
	p.Service = service
	if w.Online != nil {
		p.Online = No
		if *w.Online {
			p.Online = Yes
		}
	}
	if w.Sets != nil {
		r.count("sets", int64(*w.Sets))
		p.Sets = *w.Sets
	}
	for i, s := range w.Steps {
		field := at("steps", i)
		p.Steps = append(p.Steps, Step{Summary: r.text(field+".summary", s.Summary, maxText), Limit: r.limit(field+".duration", s.Duration)})
	}
	for i, x := range w.Results {
		field := at("results", i)
		p.Results = append(p.Results, Outcome{Name: r.text(field+".name", x.Name, maxText), Code: r.text(field+".code", x.Code, 100)})
	}
	r.channels(&p, w.Channels)
	headings := r.papers(&p, w.Documents)
	limit := r.limit("time_limit", w.TimeLimit)
	var variants []Limit
	for i, v := range w.Variants {
		if l := r.limit(at("time_limit_variants", i), &v); l != nil {
			variants = append(variants, *l)
		}
	}
	p.Cases = buildCases(&p, headings, limit, variants)
	p.Detail = detail(w.Detail, &p)
	return p
}

func (r *reader) levels(p *Procedure, in []string) {
	for i, s := range in {
		l := Level(s)
		if !l.Known() {
			r.reject(at("levels", i), "procedure.level_unknown", fault.Args{"level": shorten(textfold.Clean(s))})
			continue
		}
		if !p.At(l) {
			p.Levels = append(p.Levels, l)
		}
	}
	if len(in) == 0 {
		r.reject("levels", "procedure.level_missing", nil)
	}
}

// detail takes the degree that the source states, else judges it.
func detail(stated string, p *Procedure) Detail {
	switch d := Detail(stated); d {
	case Full, Partial, Listed:
		return d
	}
	switch missing := len(p.Unstated()); {
	case missing == 0:
		return Full
	case len(p.Papers) == 0 && len(p.Channels) == 0:
		return Listed
	default:
		return Partial
	}
}
