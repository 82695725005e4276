package printout

import (
	"strings"
	"testing"

	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/core/ruleset"
)

func receiptWording(t *testing.T, p *Printer) Wording {
	t.Helper()
	w, err := p.Wording(ruleset.Receipt)
	if err != nil {
		t.Fatal(err)
	}
	w.Version = 2
	return w
}

// set changes one phrase of a wording.
func (w Wording) set(key, text string) Wording {
	for i := range w.Phrases {
		if w.Phrases[i].Key == key {
			w.Phrases[i].Text = text
		}
	}
	return w
}

func TestUnitsOwnWordingIsPrinted(t *testing.T) {
	p := newPrinter(t)
	r := sampleReceipt()
	r.Wording = receiptWording(t, p).
		set("owner", "Đã nhận hồ sơ của Ông/Bà **{owner}** ({owner})").
		set("check", "").
		set("note", "Giờ làm việc: 7 giờ 30 đến 17 giờ.")
	text := extract(t, printed(t, p, r))
	for _, want := range []string{"Đã nhận hồ sơ của Ông/Bà Y Krông Niê Kđăm (Y Krông Niê Kđăm)", "Giờ làm việc: 7 giờ 30"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not printed in\n%s", want, text)
		}
	}
	if strings.Contains(text, "Quét mã") || strings.Contains(text, "Ghi chú:") {
		t.Errorf("an emptied phrase is printed:\n%s", text)
	}
}

func TestWordingThatBreaksAFormIsRefused(t *testing.T) {
	p := newPrinter(t)
	remove := func(w Wording, key string) Wording {
		var kept []Phrase
		for _, ph := range w.Phrases {
			if ph.Key != key {
				kept = append(kept, ph)
			}
		}
		w.Phrases = kept
		return w
	}
	for _, tt := range []struct {
		name string
		w    Wording
		key  string
	}{
		{"a field is lost", receiptWording(t, p).set("due", "5. Thời gian trả kết quả:"), "printout.field_lost"},
		{"a field is unknown", receiptWording(t, p).set("note", "Xin chào {name}"), "printout.field_unknown"},
		{"a field of another phrase", receiptWording(t, p).set("owner", "{owner} {code}"), "printout.field_unknown"},
		{"a brace without partner", receiptWording(t, p).set("owner", "{owner} {"), "printout.phrase_braces"},
		{"a closing brace", receiptWording(t, p).set("owner", "}{owner}"), "printout.phrase_braces"},
		{"braces in braces", receiptWording(t, p).set("owner", "{{owner}}"), "printout.phrase_braces"},
		{"bold without end", receiptWording(t, p).set("owner", "**{owner}"), "printout.phrase_bold"},
		{"decomposed letters", receiptWording(t, p).set("note", "Ghi chu\u0301"), "printout.phrase_characters"},
		{"an invisible character", receiptWording(t, p).set("note", "Ghi\u200b chú"), "printout.phrase_characters"},
		{"too long", receiptWording(t, p).set("note", strings.Repeat("x", MaxPhrase+1)), "printout.phrase_long"},
		{"a phrase is missing", remove(receiptWording(t, p), "due"), "printout.phrase_missing"},
		{"a phrase is unknown", Wording{Form: ruleset.Receipt, Phrases: append(receiptWording(t, p).Phrases, Phrase{"slogan", "x"})}, "printout.phrase_unknown"},
		{"a phrase is there twice", Wording{Form: ruleset.Receipt, Phrases: append(receiptWording(t, p).Phrases, Phrase{"note", "x"})}, "printout.phrase_twice"},
		{"an unknown form", Wording{Form: "poem", Phrases: []Phrase{{"a", "b"}}}, "printout.form_unknown"},
		{"the fixed texts", Wording{Form: fixedTexts, Phrases: p.wordings[fixedTexts].Phrases}, "printout.form_unknown"},
	} {
		if err := p.CheckWording(tt.w); !fault.Is(err, tt.key) {
			t.Errorf("%s: CheckWording = %v, want %s", tt.name, err, tt.key)
		}
	}
}

func TestEveryFaultOfAWordingIsTold(t *testing.T) {
	p := newPrinter(t)
	err := p.CheckWording(receiptWording(t, p).set("due", "").set("owner", "{"))
	if f := fault.As(err); f == nil || len(f.Each()) != 2 {
		t.Errorf("CheckWording tells %v, want two faults", err)
	}
}

func TestNothingIsPrintedUnderABrokenWording(t *testing.T) {
	p := newPrinter(t)
	r := sampleReceipt()
	r.Wording = receiptWording(t, p).set("due", "Hẹn sau")
	if _, err := p.PDF(r); !fault.Is(err, "printout.field_lost") {
		t.Errorf("PDF = %v, want printout.field_lost", err)
	}
	if _, err := p.HTML(r); !fault.Is(err, "printout.field_lost") {
		t.Errorf("HTML = %v, want printout.field_lost", err)
	}
	refusal, err := p.Wording(ruleset.Refusal)
	if err != nil {
		t.Fatal(err)
	}
	r.Wording = refusal
	if _, err := p.PDF(r); !fault.Is(err, "printout.wording_of_other_form") {
		t.Errorf("PDF = %v, want printout.wording_of_other_form", err)
	}
}

func TestShippedWordingsFitTheForms(t *testing.T) {
	p := newPrinter(t)
	printable := map[string]bool{}
	for name, d := range samples() {
		printable[d.form()] = true
		if d.form() != name {
			t.Errorf("the sample %s is the form %s", name, d.form())
		}
	}
	for _, form := range p.Forms() {
		w, err := p.Wording(form)
		if err != nil {
			t.Fatal(err)
		}
		if err := p.CheckWording(w); err != nil {
			t.Errorf("%s: %v", form, err)
		}
		if !printable[form] {
			t.Errorf("%s has a wording and no form", form)
		}
	}
	if got, want := len(p.Forms()), len(samples()); got != want {
		t.Errorf("%d wordings for %d forms", got, want)
	}
}

// A change to what Wording returned does not reach the next who asks.
func TestShippedWordingCannotBeChanged(t *testing.T) {
	p := newPrinter(t)
	receiptWording(t, p).set("due", "hỏng")
	if err := p.CheckWording(receiptWording(t, p)); err != nil {
		t.Errorf("the shipped wording was changed: %v", err)
	}
}
