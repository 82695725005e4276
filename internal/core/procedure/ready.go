package procedure

// Part is a part of a procedure that must be known before dossiers are
// received, or that the law wants published.
type Part string

// The parts that readiness looks at (sẵn sàng tiếp nhận).
const (
	LimitPart   Part = "limit"
	PapersPart  Part = "papers"
	FeePart     Part = "fee"
	ProcessPart Part = "process"
	AgencyPart  Part = "agency"
	CounterPart Part = "counter"
)

// The further parts of NĐ 63/2010/NĐ-CP art 8.2.
const (
	NamePart       Part = "name"
	StepsPart      Part = "steps"
	ChannelsPart   Part = "channels"
	SetsPart       Part = "sets"
	ApplicantsPart Part = "applicants"
	FormsPart      Part = "forms"
	ResultPart     Part = "result"
	ConditionsPart Part = "conditions"
	BasisPart      Part = "legal_basis"
)

// Facts is what the house knows about a procedure beside what is published:
// what the control unit has confirmed and what is set up to handle it.
type Facts struct {
	LimitConfirmed  bool
	PapersConfirmed bool
	FeeConfirmed    bool // free is then free
	Process         bool // a process is published for it
	Agency          bool // a unit in force handles it
	Counter         bool // a counter serves its field
}

// MissingPart is what stands between a procedure and its reception.
type MissingPart struct {
	Part Part   `json:"part"`
	Key  string `json:"key"` // message key of what is to be done
}

// Missing lists what a procedure lacks to be received; empty = ready (A13).
// Such a procedure can be read and gives no receipt. Confirming does not help
// where the source states nothing: a limit is never guessed.
func Missing(p *Procedure, f Facts) []MissingPart {
	var list []MissingPart
	need := func(part Part, stated, confirmed bool) {
		switch {
		case !stated:
			list = append(list, MissingPart{part, "procedure.missing." + string(part)})
		case !confirmed:
			list = append(list, MissingPart{part, "procedure.unconfirmed." + string(part)})
		}
	}
	need(LimitPart, p.hasLimits(), f.LimitConfirmed)
	need(PapersPart, len(p.Papers) > 0, f.PapersConfirmed)
	need(FeePart, true, f.FeeConfirmed)
	need(ProcessPart, f.Process, true)
	need(AgencyPart, f.Agency, true)
	need(CounterPart, f.Counter, true)
	return list
}

func (p *Procedure) hasLimits() bool {
	for _, c := range p.Cases {
		if !c.HasLimit() {
			return false
		}
	}
	return len(p.Cases) > 0
}

// StatutoryPart is one part that NĐ 63/2010/NĐ-CP art 8.2 wants published.
type StatutoryPart struct {
	Part   Part
	Stated bool // false: the page says that the source gives nothing
}

// StatutoryParts lists the parts in the order of the decree. Forms, fees and
// conditions exist only where a procedure has them, so a page says "not stated"
// of them, never "none".
func (p *Procedure) StatutoryParts() []StatutoryPart {
	forms := false
	for _, x := range p.Papers {
		forms = forms || x.HasForm
	}
	return []StatutoryPart{
		{NamePart, p.Name != ""},
		{StepsPart, len(p.Steps) > 0},
		{ChannelsPart, len(p.Channels) > 0},
		{PapersPart, len(p.Papers) > 0},
		{SetsPart, p.Sets > 0},
		{LimitPart, p.hasLimits()},
		{ApplicantsPart, len(p.Applicants) > 0},
		{AgencyPart, p.ExecutingAgency != "" || p.CompetentAuthority != ""},
		{FormsPart, forms},
		{ResultPart, len(p.Results) > 0},
		{ConditionsPart, len(p.Conditions) > 0},
		{FeePart, p.FeeState(false) == FeeAmounts},
		{BasisPart, len(p.LegalBasis) > 0},
	}
}

// Unstated lists the parts that a complete record has and this one lacks.
func (p *Procedure) Unstated() []Part {
	var list []Part
	for _, s := range p.StatutoryParts() {
		switch s.Part {
		case SetsPart, FormsPart, ConditionsPart, FeePart, StepsPart:
			continue
		}
		if !s.Stated {
			list = append(list, s.Part)
		}
	}
	return list
}
