package printout

import (
	"strconv"

	"github.com/motcua/motcua/internal/core/ruleset"
)

// ScanSheet lies on a dossier at the scan bench: a bar code for the dossier and
// one for each paper, after which a scanner names its files.
type ScanSheet struct {
	Letterhead
	Code   string
	Papers []Paper
}

func (s ScanSheet) form() string { return ruleset.ScanSheet }

func (s ScanSheet) compose(c *composer) {
	c.begin()
	c.dossierCode(s.Code)
	c.line("use", nil)
	for i, p := range s.Papers {
		name := fields{"n": words(strconv.Itoa(i + 1)), "paper": words(p.Name)}
		c.code(s.Code+"_"+strconv.Itoa(i+1), "", []paragraph{{Spans: c.phrase("paper", name)}})
	}
	c.finish(s.Code)
}
