package app

import (
	"slices"
	"strconv"
	"strings"

	"github.com/motcua/motcua/internal/core/dossier"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/core/textfold"
)

// Bounds of free texts, in characters. Reason, ground, document and what a
// verification found are bounded by the act itself (core/dossier).
const (
	mostTitle  = 500 // a result's title, an authorisation
	mostLine   = 200 // a name, a kind of identity paper
	mostNumber = 50  // a receipt's or slip's number
	mostWords  = 500 // one paper or unit that is asked for
	mostItems  = 100 // papers, units or persons in one act
)

// typed is one free text of a form.
type typed struct {
	field string
	text  *string
	most  int // characters; 0 = bounded elsewhere
}

// cleanTexts puts texts into the form in which they are kept, NFC and without
// marks that nobody sees, and refuses those that are too long, all at once.
func cleanTexts(all []typed) error {
	var faults []*fault.Fault
	for _, t := range all {
		*t.text = cleanLines(*t.text)
		if n := len([]rune(*t.text)); t.most > 0 && n > t.most {
			faults = append(faults, fault.Field(t.field, "dossier.too_long", fault.Args{"n": n, "most": t.most}))
		}
	}
	return fault.Join(faults...)
}

// cleanLines cleans a text and keeps its line ends.
func cleanLines(text string) string {
	lines := strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
	for i, line := range lines {
		lines[i] = textfold.Clean(line)
	}
	return strings.Trim(strings.Join(lines, "\n"), "\n")
}

// typedList is the texts of a list, in a copy of it.
func typedList(field string, list *[]string, most int) []typed {
	*list = slices.Clone(*list)
	all := make([]typed, len(*list))
	for i := range *list {
		all[i] = typed{field + "[" + strconv.Itoa(i) + "]", &(*list)[i], most}
	}
	return all
}

func tooMany(field string, n int) error {
	if n <= mostItems {
		return nil
	}
	return fault.Field(field, "dossier.too_many", fault.Args{"n": n, "most": mostItems})
}

// clean puts the free texts of an act into the form in which they are kept.
func (in *ActInput) clean() error {
	texts := []typed{
		{"reason", &in.Reason, 0}, {"legalGround", &in.LegalGround, 0}, {"document", &in.Document, 0},
		{"title", &in.Title, mostTitle}, {"receiver", &in.Receiver, mostLine}, {"checked", &in.Checked, mostLine},
		{"leader", &in.Leader, mostLine}, {"receipt", &in.Receipt, mostNumber}, {"method", &in.Method, mostNumber},
	}
	texts = append(texts, typedList("items", &in.Items, mostWords)...)
	texts = append(texts, typedList("units", &in.Units, mostWords)...)
	if in.Verified != nil {
		v := *in.Verified
		in.Verified = &v
		texts = append(texts, typed{"verified.where", &v.Where, 0}, typed{"verified.content", &v.Content, 0})
		texts = append(texts, typedList("verified.participants", &v.Participants, 0)...)
		if err := tooMany("verified.participants", len(v.Participants)); err != nil {
			return err
		}
	}
	return joinErrors(cleanTexts(texts), tooMany("items", len(in.Items)), tooMany("units", len(in.Units)), tooMany("files", len(fileHashes(*in))))
}

// clean puts the free texts of a reception into the form in which they are kept;
// names are cleaned with their party.
func (in *ReceptionForm) clean() error {
	texts := []typed{{"reason", &in.Reason, 0}, {"legalGround", &in.LegalGround, 0}, {"lateSlip", &in.LateSlip, mostNumber}}
	texts = append(texts, typedList("items", &in.Items, mostWords)...)
	if in.Submitter != nil {
		s := *in.Submitter
		in.Submitter = &s
		texts = append(texts, typed{"submitter.authorisation", &s.Authorisation, mostTitle})
	}
	if in.Payment != nil {
		p := *in.Payment
		in.Payment = &p
		texts = append(texts, paymentTexts(&p)...)
	}
	return joinErrors(cleanTexts(texts), tooMany("items", len(in.Items)), tooMany("papers", len(in.Papers)), tooMany("feeLines", len(in.FeeLines)))
}

func paymentTexts(p *dossier.Payment) []typed {
	return []typed{
		{"payment.receipt", &p.Receipt, mostNumber}, {"payment.method", &p.Method, mostNumber},
		{"payment.ground", &p.Ground, mostTitle}, {"payment.document", &p.Document, mostLine},
	}
}
