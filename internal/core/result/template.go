// Package result is the text of result documents (kết quả giải quyết): templates
// with fields of the dossier, edited version by version, and what they become
// when they are filled. It knows nothing of dossiers, paper or signatures.
//
//	t := result.Shipped(result.Approve)
//	text := t.Fill(map[string]string{"owner": "Nguyễn Văn A", …})
package result

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/motcua/motcua/internal/core/fault"
)

// The outcomes that a template is for.
const (
	Approve = "approve"
	Refuse  = "refuse"
)

// Outcomes lists them.
func Outcomes() []string { return []string{Approve, Refuse} }

// Template is the text of the result document of a procedure (mẫu kết quả) as an
// installation publishes it. One without a procedure serves all that have none of
// their own.
type Template struct {
	ID        string `json:"id"` // see TemplateID
	Procedure string `json:"procedure,omitempty"`
	Outcome   string `json:"outcome"`
	Version   int    `json:"version"` // from 1; 0 is what ships with the program
	Symbol    string `json:"symbol"`  // kind of document in number and book: "GXN", "QĐ"
	Name      string `json:"name"`    // "Giấy xác nhận"
	Body      string `json:"body"`    // a paragraph a line
	Document  string `json:"document,omitempty"`
	Reason    string `json:"reason,omitempty"`
	By        string `json:"by,omitempty"`
	Approved  string `json:"approved,omitempty"` // who published what By proposed
}

// TemplateID names the template of a procedure, or with an empty one that of all
// others.
func TemplateID(procedure, outcome string) string {
	if procedure == "" {
		procedure = "*"
	}
	return procedure + "/" + outcome
}

// Text is a filled document, before number, date and signature. It names persons
// and is stored only sealed.
type Text struct {
	Name string `json:"name"`
	Body string `json:"body"`
}

// Shipped is the template that the program ships for an outcome: its words are
// to be confirmed by each installation.
func Shipped(outcome string) Template {
	t := Template{ID: TemplateID("", outcome), Outcome: outcome}
	if outcome == Refuse {
		t.Symbol, t.Name = "TB", "Thông báo"
		t.Body = strings.Join([]string{
			"**Về việc không giải quyết hồ sơ {procedure}**",
			"Ngày {received}, {centre} tiếp nhận hồ sơ mã số **{code}** của {owner}, địa chỉ: {address}, về việc: {subject}.",
			"Qua xem xét, {agency} thông báo không giải quyết hồ sơ này với lý do: {reason}",
			"Ông/Bà (tổ chức) có quyền khiếu nại hoặc khởi kiện theo quy định của pháp luật nếu không đồng ý với thông báo này./.",
		}, "\n")
		return t
	}
	t.Symbol, t.Name = "GXN", "Giấy xác nhận"
	t.Body = strings.Join([]string{
		"**Về việc giải quyết thủ tục {procedure}**",
		"Xét hồ sơ mã số **{code}** của {owner}, tiếp nhận ngày {received} tại {centre}, về việc: {subject}.",
		"{agency} xác nhận hồ sơ của {owner}, số giấy tờ: {identity}, địa chỉ: {address}, đủ điều kiện và được giải quyết theo đề nghị.",
		"Giấy này có giá trị kể từ ngày ký./.",
	}, "\n")
	return t
}

// fields are what a template can name, in the order in which pages list them.
var fields = [...]string{"owner", "identity", "address", "phone", "code", "procedure", "case", "subject", "agency", "centre", "received", "due", "papers", "reason"}

// Fields lists the fields that a template can name.
func Fields() []string { return slices.Clone(fields[:]) }

// Bounds of a document's text, in characters.
const (
	MostBody   = 20_000
	mostName   = 200
	mostReason = 300
)

var symbolForm = regexp.MustCompile(`^[\p{Lu}]{1,8}$`)

// place finds the fields of a text.
var place = regexp.MustCompile(`\{([^{}\n]*)\}`)

// Check refuses a template that could not be printed: fault.Invalid that names
// every wrong field at once.
func (t Template) Check() error {
	var bad []*fault.Fault
	if !slices.Contains(Outcomes(), t.Outcome) {
		bad = append(bad, fault.Field("outcome", "result.outcome_unknown", nil))
	}
	if !symbolForm.MatchString(t.Symbol) {
		bad = append(bad, fault.Field("symbol", "result.symbol_form", nil))
	}
	bad = append(bad, Text{Name: t.Name, Body: t.Body}.check()...)
	for _, m := range place.FindAllStringSubmatch(t.Body, -1) {
		if !slices.Contains(fields[:], m[1]) {
			bad = append(bad, fault.Field("body", "result.field_unknown", fault.Args{"field": m[1]}))
			break
		}
	}
	if strings.ContainsAny(place.ReplaceAllString(t.Body, ""), "{}") {
		bad = append(bad, fault.Field("body", "result.braces", nil))
	}
	switch n := utf8.RuneCountInString(t.Reason); {
	case strings.TrimSpace(t.Reason) == "":
		bad = append(bad, fault.Field("reason", "wording.reason_missing", nil))
	case n > mostReason:
		bad = append(bad, fault.Field("reason", "dossier.too_long", fault.Args{"n": n, "most": mostReason}))
	}
	return fault.Join(bad...)
}

// Check refuses a text that could not be printed or says nothing.
func (t Text) Check() error { return fault.Join(t.check()...) }

func (t Text) check() []*fault.Fault {
	var bad []*fault.Fault
	switch n := utf8.RuneCountInString(t.Name); {
	case strings.TrimSpace(t.Name) == "":
		bad = append(bad, fault.Field("name", "result.name_missing", nil))
	case n > mostName:
		bad = append(bad, fault.Field("name", "dossier.too_long", fault.Args{"n": n, "most": mostName}))
	}
	switch n := utf8.RuneCountInString(t.Body); {
	case strings.TrimSpace(t.Body) == "":
		bad = append(bad, fault.Field("body", "result.body_missing", nil))
	case n > MostBody:
		bad = append(bad, fault.Field("body", "dossier.too_long", fault.Args{"n": n, "most": MostBody}))
	case strings.ContainsFunc(t.Body, func(r rune) bool { return r != '\n' && unicode.IsControl(r) }):
		bad = append(bad, fault.Field("body", "result.characters", nil))
	}
	for line := range strings.Lines(t.Body) {
		if strings.Count(line, "**")%2 != 0 {
			return append(bad, fault.Field("body", "result.bold", fault.Args{"text": firstWords(line)}))
		}
	}
	return bad
}

// firstWords is enough of a line to find it by.
func firstWords(line string) string {
	r := []rune(strings.TrimSpace(line))
	return string(r[:min(len(r), 40)])
}

// Unknown stands where the dossier has no value for a field, so that whoever
// reads the draft sees it.
const Unknown = "…"

// Fill puts the values of a dossier in place of the fields. A value never brings
// marks or lines of its own into the text.
func (t Template) Fill(values map[string]string) Text {
	body := place.ReplaceAllStringFunc(t.Body, func(m string) string {
		v := strings.Join(strings.Fields(strings.ReplaceAll(values[m[1:len(m)-1]], "**", "")), " ")
		if v == "" {
			return Unknown
		}
		return v
	})
	return Text{Name: t.Name, Body: body}
}

// Lines are the paragraphs of a text; empty ones are left out.
func (t Text) Lines() []string {
	var out []string
	for line := range strings.Lines(t.Body) {
		if line = strings.TrimSpace(line); line != "" {
			out = append(out, line)
		}
	}
	return out
}

// codeForm finds what looks like the code of a dossier: an agency part, six
// digits of the day and a number.
var codeForm = regexp.MustCompile(`(?:[A-Z]\d{2}(?:\.[0-9A-Z]{2,3})*|\d{3}\.\d{2}\.\d{2}\.[A-Z]\d{2})-\d{6}-\d{4,6}`)

// CodesIn lists the dossier codes that stand in a text, each once. Line ends and
// spaces inside a code, as PDF files have them, do not hide it.
func CodesIn(text string) []string {
	joined := strings.Join(strings.FieldsFunc(text, unicode.IsSpace), "")
	var out []string
	for _, code := range codeForm.FindAllString(joined, 200) {
		if !slices.Contains(out, code) {
			out = append(out, code)
		}
	}
	return out
}

// OfAnother is a code of another dossier that stands in a text where the dossier's
// own does not: the file belongs elsewhere. Empty when nothing says so.
func OfAnother(text, code string) string {
	found := CodesIn(text)
	if len(found) == 0 || slices.Contains(found, code) || slices.ContainsFunc(found, func(c string) bool { return strings.HasPrefix(c, code) }) {
		return ""
	}
	return found[0]
}

// Proposal is the next version of a template as somebody proposes it; another
// person publishes it.
type Proposal struct {
	Template
	ByID    string `json:"byId"`
	Settled string `json:"settled,omitempty"` // published or withdrawn; empty while it waits
}

// How a proposal is settled.
const (
	Published = "published"
	Withdrawn = "withdrawn"
)

// Open reports whether the proposal waits for a second person.
func (p Proposal) Open() bool { return p.ID != "" && p.Settled == "" }
