package agency

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/fault"
)

// SignBlock is in which capacity an officer signs (thể thức đề ký): what stands
// above his name (NĐ 30/2020/NĐ-CP art 13 and annex I: TM., KT., TL., TUQ., Q.).
// An officer with several posts has several.
type SignBlock struct {
	// Authority says for whom or in whose place, a line each: "TM. ỦY BAN NHÂN
	// DÂN", "KT. CHỦ TỊCH"; empty when the head himself signs.
	Authority string `json:"authority,omitzero"`
	Post      string `json:"post"` // "PHÓ CHỦ TỊCH"
}

// Text is the block in one line, as choices show it and forms send it.
func (b SignBlock) Text() string {
	if b.Authority == "" {
		return b.Post
	}
	return strings.ReplaceAll(b.Authority, "\n", " ") + " " + b.Post
}

// Bounds of an officer's signature blocks.
const (
	mostBlocks    = 8
	mostBlockText = 120 // characters of a line
)

// The words that a line of authority begins with.
const (
	forCollective = "TM."  // thay mặt
	inPlaceOf     = "KT."  // ký thay
	byOrderOf     = "TL."  // thừa lệnh
	authorisedBy  = "TUQ." // thừa ủy quyền
)

// ParseBlocks reads signature blocks as a form has them: one a line, the post
// last, its lines of authority before it with " | " between. It fails with
// fault.Invalid on the field signs.
func ParseBlocks(text string) ([]SignBlock, error) {
	var blocks []SignBlock
	for line := range strings.Lines(text) {
		parts := strings.Split(line, "|")
		for i, p := range parts {
			parts[i] = strings.Join(strings.Fields(p), " ")
		}
		parts = slices.DeleteFunc(parts, func(p string) bool { return p == "" })
		if len(parts) == 0 {
			continue
		}
		last := len(parts) - 1
		blocks = append(blocks, SignBlock{Authority: strings.Join(parts[:last], "\n"), Post: parts[last]})
	}
	return blocks, fault.Join(checkBlocks(blocks))
}

// WriteBlocks is the text that ParseBlocks reads.
func WriteBlocks(blocks []SignBlock) string {
	lines := make([]string, len(blocks))
	for i, b := range blocks {
		lines[i] = strings.Join(append(strings.FieldsFunc(b.Authority, func(r rune) bool { return r == '\n' }), b.Post), " | ")
	}
	return strings.Join(lines, "\n")
}

func checkBlocks(blocks []SignBlock) *fault.Fault {
	if len(blocks) > mostBlocks {
		return fault.Field("signs", "agency.blocks_many", fault.Args{"most": mostBlocks})
	}
	for _, b := range blocks {
		lines := strings.FieldsFunc(b.Authority, func(r rune) bool { return r == '\n' })
		for _, line := range lines {
			if word, _, ok := strings.Cut(line, " "); !ok || !slices.Contains([]string{forCollective, inPlaceOf, byOrderOf, authorisedBy, "Q."}, word) {
				return fault.Field("signs", "agency.block_authority", fault.Args{"text": line})
			}
		}
		for _, line := range append(lines, b.Post) {
			if n := utf8.RuneCountInString(line); n > mostBlockText {
				return fault.Field("signs", "agency.too_long", fault.Args{"n": n, "most": mostBlockText})
			}
		}
	}
	return nil
}

// deputy is how the title of a deputy begins.
const deputy = "PHÓ "

// Blocks are the ways in which an officer may sign: those of his posts as they
// were entered, else the one that follows from his title. A deputy signs in the
// head's place.
func (s Staff) Blocks() []SignBlock {
	if len(s.Signs) > 0 {
		return slices.Clone(s.Signs)
	}
	title := strings.ToUpper(strings.TrimSpace(s.Title))
	for _, of := range []string{" ỦY BAN NHÂN DÂN", " SỞ", " TRUNG TÂM", " CƠ QUAN"} {
		title = strings.TrimSuffix(title, of) // a document names its agency above
	}
	if title == "" {
		return nil
	}
	if head, is := strings.CutPrefix(title, deputy); is {
		return []SignBlock{{Authority: inPlaceOf + " " + head, Post: title}}
	}
	return []SignBlock{{Post: title}}
}

// BlocksFor are the ways in which an officer may sign for another who is away and
// has delegated his signature to him: a deputy in the place of the head, anybody
// else as authorised. Who himself signs in somebody's place hands on that place.
func (s Staff) BlocksFor(absent Staff) []SignBlock {
	var out []SignBlock
	own := s.Blocks()
	if len(own) == 0 {
		own = []SignBlock{{Post: strings.ToUpper(strings.TrimSpace(s.Title))}}
	}
	post := own[0].Post
	for _, b := range absent.Blocks() {
		head := b.Post
		var above []string
		for line := range strings.Lines(b.Authority) {
			line = strings.TrimSpace(line)
			if of, is := strings.CutPrefix(line, inPlaceOf+" "); is {
				head = of
				continue
			}
			above = append(above, line)
		}
		how := authorisedBy
		if post == deputy+head {
			how = inPlaceOf
		}
		block := SignBlock{Authority: strings.Join(append(above, how+" "+head), "\n"), Post: post}
		if !slices.Contains(out, block) {
			out = append(out, block)
		}
	}
	return out
}

// Certificate is a signing certificate (chứng thư số) as the house keeps its
// register of them: one for each person who signs, one for each agency's seal.
// The key is not here; see the signing adapter.
type Certificate struct {
	ID   string     `json:"id"` // of the officer, or as SealID writes it
	Name string     `json:"name"`
	Post string     `json:"post,omitzero"`
	Unit string     `json:"unit"`
	Seal bool       `json:"seal,omitzero"`
	From civil.Date `json:"from"` // both days are included
	To   civil.Date `json:"to"`
	By   string     `json:"by,omitzero"`
	// Serial is the number of the certificate where its file was read.
	Serial string `json:"serial,omitzero"`
	// Revoked is the day from which nothing is signed with it, and why.
	Revoked civil.Date `json:"revoked,omitzero"`
	Why     string     `json:"why,omitzero"`
}

// SealID names the certificate of an agency's seal.
func SealID(unit string) string { return "seal-" + unit }

// MostCertificate bounds the validity of a certificate in days (practice, not
// law: five years).
const MostCertificate = 5*366 - 1

// Check refuses a certificate whose days cannot be. The fault is Invalid.
func (c Certificate) Check(today civil.Date) error {
	switch {
	case c.From.IsZero() || c.To.IsZero() || c.To.Before(c.From):
		return fault.Field("to", "agency.certificate_days", nil)
	case c.To.Before(today):
		return fault.Field("to", "agency.certificate_past", nil)
	case c.To.Sub(c.From) > MostCertificate:
		return fault.Field("to", "agency.certificate_long", fault.Args{"most": MostCertificate})
	}
	return nil
}
