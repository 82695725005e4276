package printout

import (
	"time"

	"github.com/motcua/motcua/internal/core/fee"
	"github.com/motcua/motcua/internal/core/ruleset"
)

// Receipt is the receipt of a dossier with the day of its result (Giấy tiếp nhận
// hồ sơ và hẹn trả kết quả), printed twice: one copy is kept, one is the
// applicant's (TT 01/2018/TT-VPCP, form 01).
type Receipt struct {
	Letterhead
	Code            string // of the dossier
	Book, Serial    string // of the register; may be empty
	Secret          string // for tracking without an account; on the applicant's copy only
	Seal            string // what the QR code says; empty for none
	Unit            string // that receives
	Owner           Person
	Submitter       string // when it is somebody else
	Subject         string
	Papers          []Paper
	Sets            int
	Limit           string // "5 ngày làm việc"
	ReceivedAt      time.Time
	DueAt           time.Time // zero when it cannot be said yet
	DueNote         string    // why there is no day, or that the calendar is provisional
	ReturnAt        string    // where or how the result is returned
	Second          *Phase    // second phase, if the procedure has one
	Fees            []fee.Line
	FeeMethod       string
	Hotline         string
	Officer         string
	OfficerSignedAt time.Time // electronically; zero for a signature by hand
	Reprint         int       // 1 for the first time it is printed again
	OneCopy         bool      // the applicant's copy only, for a dossier handed in online
}

// Phase is the second part of a procedure's time (giai đoạn 2).
type Phase struct{ ReceivedAt, DueAt time.Time }

func (r Receipt) form() string { return ruleset.Receipt }

func (r Receipt) compose(c *composer) {
	if !r.OneCopy {
		r.copy(c, "copy1", "")
	}
	r.copy(c, "copy2", r.Secret)
}

// copy composes one copy.
func (r Receipt) copy(c *composer, which, secret string) {
	c.begin()
	title := c.phrase(which, nil)
	if r.Reprint > 0 {
		title = append(append(title, span{Text: " "}), c.phrase("reprint", fields{"times": words(decimal(r.Reprint))})...)
	}
	for i := range title {
		title[i].Italic = true
	}
	c.para(paragraph{Spans: title, Align: centre})
	c.code(r.Code, r.Seal, r.beside(c, secret))
	c.line("unit", fields{"unit": words(r.Unit)})
	c.line("owner", fields{"owner": words(r.Owner.Name)})
	if r.Submitter != "" {
		c.line("submitter", fields{"submitter": words(r.Submitter)})
	}
	c.contact(r.Owner)
	c.line("identity", fields{"identity": words(r.Owner.Identity)})
	c.line("subject", fields{"subject": words(r.Subject)})
	c.line("papers", nil).Keep = true
	c.add(block{Table: c.papers(r.Papers)})
	r.terms(c)
	c.add(block{Signs: []signature{
		{Title: c.plain("signSubmitter"), Hint: c.plain("signHint")},
		c.officer(r.Officer, r.OfficerSignedAt),
	}})
	c.note("note", nil)
	c.finish(r.Code)
}

// beside is the text next to the QR code.
func (r Receipt) beside(c *composer, secret string) []paragraph {
	text := []paragraph{{Spans: c.phrase("code", fields{"code": words(r.Code)})}}
	if secret != "" {
		text = append(text, paragraph{Spans: c.phrase("secret", fields{"secret": words(secret)})})
	}
	if r.Seal != "" {
		text = append(text, c.small("check", nil))
	}
	return text
}

// terms is how long it takes, when it was received and when it is due.
func (r Receipt) terms(c *composer) {
	c.line("sets", fields{"sets": number(r.Sets)}).Before = 1.5
	c.line("limit", fields{"limit": words(r.Limit)})
	c.line("received", fields{"receivedAt": c.instant(r.ReceivedAt)})
	c.line("due", fields{"dueAt": c.instant(r.DueAt)})
	if r.DueNote != "" {
		c.note("dueNote", fields{"note": words(r.DueNote)})
	}
	c.line("returnAt", fields{"place": words(r.ReturnAt)})
	if r.Second != nil {
		c.line("secondReceived", fields{"receivedAt": c.instant(r.Second.ReceivedAt)})
		c.line("secondDue", fields{"dueAt": c.instant(r.Second.DueAt)})
	}
	if len(r.Fees) > 0 {
		sum := fee.Sum(r.Fees)
		c.line("fee", fields{"amount": words(sum.String()), "amountInWords": words(sum.InWords()), "method": words(r.FeeMethod)})
	}
	c.line("register", fields{"book": words(r.Book), "serial": words(r.Serial)})
	if r.Hotline != "" {
		c.line("hotline", fields{"hotline": words(r.Hotline)})
	}
}
