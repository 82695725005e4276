package printout

import (
	"strings"
	"time"

	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/ruleset"
)

// ControlSlip goes with a dossier and shows every hand-over and whether the step
// before it was in time (Phiếu kiểm soát quá trình giải quyết hồ sơ, form 05 of
// TT 01/2018, 06 of TT 03/2025).
type ControlSlip struct {
	Letterhead
	Book, Serial string // of the register; may be empty
	Code         string
	Owner        string
	ReceivedAt   time.Time
	DueAt        time.Time
	Agency       string   // that handles the dossier
	With         []string // agencies that take part
	Moves        []Move
}

// Move is one hand-over of a dossier.
type Move struct {
	From, To         string // units
	Giver, Taker     string // persons; may be empty
	GivenAt, TakenAt time.Time
	Judged           bool              // the step had a limit and has ended
	Verdict          civil.Punctuality // of the step, when judged
	Note             string
}

func (s ControlSlip) form() string { return ruleset.ControlSlip }

func (s ControlSlip) compose(c *composer) {
	c.begin()
	c.dossierCode(s.Code)
	c.line("register", fields{"book": words(s.Book), "serial": words(s.Serial)})
	c.line("owner", fields{"owner": words(s.Owner)})
	c.line("received", fields{"receivedAt": c.instant(s.ReceivedAt)})
	c.line("due", fields{"dueAt": c.instant(s.DueAt)})
	c.line("agency", fields{"agency": words(s.Agency)})
	if len(s.With) > 0 {
		c.line("with", fields{"agencies": words(strings.Join(s.With, "; "))})
	}
	c.add(block{Table: s.table(c)})
	c.note("note", nil)
	c.finish(s.Code)
}

func (s ControlSlip) table(c *composer) *table {
	times := c.plain("columnTimes")
	t := &table{Before: 1.5, Columns: []column{
		{Title: c.plain("columnAgency"), Share: 34},
		{Title: c.plain("columnGiver"), Group: times, Share: 26, Align: centre},
		{Title: c.plain("columnTaker"), Group: times, Share: 26, Align: centre},
		{Title: c.plain("columnVerdict"), Share: 24, Align: centre},
		{Title: c.plain("columnNote"), Share: 16},
	}}
	for _, m := range s.Moves {
		units := append(c.phrase("from", fields{"unit": words(m.From)}), span{Text: "\n"})
		units = append(units, c.phrase("to", fields{"unit": words(m.To)})...)
		t.Rows = append(t.Rows, []cell{
			units, moment(m.GivenAt, m.Giver), moment(m.TakenAt, m.Taker), c.verdict(m), field(m.Note),
		})
	}
	return t
}

// moment is when somebody gave or took, and who it was.
func moment(t time.Time, who string) cell {
	text := short(t)
	if who = clean(who); who != "" {
		text += "\n" + who
	}
	return field(text)
}

// verdict says whether a step was early, on time or late.
func (c *composer) verdict(m Move) cell {
	if !m.Judged {
		return nil
	}
	return cell{{Text: text(c.fixed[string(m.Verdict)]), Bold: m.Verdict == civil.Late}}
}
