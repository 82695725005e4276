package procedure

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/core/textfold"
)

// Decision is a decision of an authority about procedures (quyết định công bố,
// quyết định phê duyệt quy trình): who signed it, on which basis, and in its
// annex what it opened, changed and closed.
type Decision struct {
	ID      string         `json:"id"`
	No      string         `json:"no"` // số, ký hiệu
	On      civil.Date     `json:"on"` // ngày ký
	Signer  string         `json:"signer"`
	Title   string         `json:"title,omitzero"`  // chức vụ of the signer
	Issuer  string         `json:"issuer,omitzero"` // cơ quan ban hành
	Kind    DecisionKind   `json:"kind"`
	Basis   DecisionBasis  `json:"basis"`
	About   string         `json:"about,omitzero"` // trích yếu
	By      string         `json:"by"`
	ByName  string         `json:"byName"`
	At      time.Time      `json:"at"`
	Annex   []AnnexLine    `json:"annex,omitzero"`
	Changes int            `json:"changes,omitzero"` // how often something was added to the annex
	Files   []DecisionFile `json:"files,omitzero"`   // the scanned paper
}

// DecisionKind is what a decision is about.
type DecisionKind string

// The kinds of decision.
const (
	AboutProcedures  DecisionKind = "procedures"   // công bố danh mục thủ tục hành chính
	AboutReception   DecisionKind = "reception"    // danh mục tiếp nhận tại Trung tâm
	AboutProcesses   DecisionKind = "processes"    // phê duyệt quy trình nội bộ
	AboutInterAgency DecisionKind = "inter-agency" // quy trình liên thông
	AboutLimits      DecisionKind = "limits"       // cắt giảm thời hạn giải quyết
)

var decisionKinds = [...]DecisionKind{AboutProcedures, AboutReception, AboutProcesses, AboutInterAgency, AboutLimits}

// DecisionKinds lists every kind in the order of a form.
func DecisionKinds() []DecisionKind { return slices.Clone(decisionKinds[:]) }

// Key is the message key of the kind's name.
func (k DecisionKind) Key() string { return "procedure.decision." + string(k) }

// DecisionBasis is whose competence the issuer uses.
type DecisionBasis string

// The bases of a decision.
const (
	OwnBasis        DecisionBasis = "own"        // thuộc thẩm quyền
	AssignedBasis   DecisionBasis = "assigned"   // được giao
	AuthorisedBasis DecisionBasis = "authorised" // được ủy quyền
)

var decisionBases = [...]DecisionBasis{OwnBasis, AssignedBasis, AuthorisedBasis}

// DecisionBases lists every basis in the order of a form.
func DecisionBases() []DecisionBasis { return slices.Clone(decisionBases[:]) }

// Key is the message key of the basis's name.
func (b DecisionBasis) Key() string { return "procedure.basis." + string(b) }

// AnnexLine is one line of a decision's annex: what it did to what.
type AnnexLine struct {
	What   AnnexSubject `json:"what"`
	Effect AnnexEffect  `json:"effect"`
	Code   string       `json:"code"` // of the procedure
	Case   string       `json:"case,omitzero"`
	Name   string       `json:"name"`
	// Version is that of the procedure or process that the line opened or changed.
	Version   int        `json:"version,omitzero"`
	From      civil.Date `json:"from"` // from when it holds
	Successor string     `json:"successor,omitzero"`
	Before    *Limit     `json:"before,omitzero"` // limits: what held before
	After     *Limit     `json:"after,omitzero"`
}

// AnnexSubject is what a line is about.
type AnnexSubject string

// The subjects of an annex.
const (
	AnnexProcedure AnnexSubject = "procedure" // thủ tục
	AnnexReception AnnexSubject = "reception" // tiếp nhận tại Trung tâm
	AnnexProcess   AnnexSubject = "process"   // quy trình nội bộ
	AnnexLimit     AnnexSubject = "limit"     // thời hạn
)

// Key is the message key of the subject's name.
func (s AnnexSubject) Key() string { return "procedure.annex." + string(s) }

// AnnexEffect is what a line did.
type AnnexEffect string

// The effects of a line.
const (
	Opened  AnnexEffect = "opened"
	Changed AnnexEffect = "changed"
	Closed  AnnexEffect = "closed"
)

// Key is the message key of the effect's name.
func (e AnnexEffect) Key() string { return "procedure.effect." + string(e) }

// The events of a decision's stream.
const (
	EventDecided = "decision.recorded" // payload Decision
	EventApplied = "decision.applied"  // payload []AnnexLine
	EventScanned = "decision.scanned"  // payload []DecisionFile
)

// ApplyDecision folds one event of a decision's stream.
func ApplyDecision(d Decision, eventType string, payload []byte) (Decision, error) {
	switch eventType {
	case EventDecided:
		err := json.Unmarshal(payload, &d)
		return d, err
	case EventApplied:
		var lines []AnnexLine
		if err := json.Unmarshal(payload, &lines); err != nil {
			return d, err
		}
		d.Annex, d.Changes = append(slices.Clone(d.Annex), lines...), d.Changes+1
		return d, nil
	case EventScanned:
		var files []DecisionFile
		if err := json.Unmarshal(payload, &files); err != nil {
			return d, err
		}
		d.Files = append(slices.Clone(d.Files), files...)
		return d, nil
	}
	return d, fmt.Errorf("event %s of a decision is unknown to this release", eventType)
}

// DecisionID is the id of the decision with a number and a day: an authority
// never gives one number twice on a day.
func DecisionID(no string, on civil.Date) string {
	return strings.Join(textfold.Words(no), "-") + "-" + on.String()
}

// Check refuses a decision of which somebody could not find the paper: number,
// day and signer are needed, and it was signed by today.
func (d Decision) Check(today civil.Date) error {
	var all []*fault.Fault
	text := func(field, key, value string, most int) {
		switch n := len([]rune(value)); {
		case n == 0 && key != "":
			all = append(all, fault.Field(field, key, nil))
		case n > most:
			all = append(all, fault.Field(field, "procedure.decision_long", fault.Args{"n": n, "most": most}))
		}
	}
	text("decision.no", "procedure.decision_no", d.No, 100)
	text("decision.signer", "procedure.decision_signer", d.Signer, 200)
	text("decision.title", "", d.Title, 200)
	text("decision.issuer", "", d.Issuer, 300)
	text("decision.about", "", d.About, 1000)
	switch {
	case d.No != "" && len(textfold.Words(d.No)) == 0:
		all = append(all, fault.Field("decision.no", "procedure.decision_no", nil))
	case d.On.IsZero():
		all = append(all, fault.Field("decision.on", "procedure.decision_on", nil))
	case d.On.After(today):
		all = append(all, fault.Field("decision.on", "procedure.decision_future", fault.Args{"date": d.On.Show()}))
	}
	if !slices.Contains(decisionKinds[:], d.Kind) {
		all = append(all, fault.Field("decision.kind", "procedure.decision_kind", nil))
	}
	if !slices.Contains(decisionBases[:], d.Basis) {
		all = append(all, fault.Field("decision.basis", "procedure.decision_basis", nil))
	}
	return fault.Join(all...)
}

// Same reports whether two descriptions are of one paper; the signer tells a
// slip of the pen in the number.
func (d Decision) Same(o Decision) bool {
	return d.ID == o.ID && textfold.Fold(d.Signer) == textfold.Fold(o.Signer)
}

// File finds a scanned page by its hash.
func (d Decision) File(hash string) (DecisionFile, bool) {
	i := slices.IndexFunc(d.Files, func(f DecisionFile) bool { return f.Hash == hash })
	if i < 0 {
		return DecisionFile{}, false
	}
	return d.Files[i], true
}

// Summary counts what the annex opened, changed and closed.
func (d Decision) Summary() map[AnnexEffect]int {
	n := map[AnnexEffect]int{}
	for _, l := range d.Annex {
		n[l.Effect]++
	}
	return n
}
