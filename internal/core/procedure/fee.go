package procedure

import "slices"

// Fee is one published fee line (phí, lệ phí).
type Fee struct {
	ID         string  `json:"id"` // stable within the version: "f1"
	Kind       FeeKind `json:"kind"`
	AmountVND  int64   `json:"amountVnd"`           // đồng; 0 when free or in another currency
	Currency   string  `json:"currency,omitzero"`   // of Foreign: "USD"
	Foreign    int64   `json:"foreign,omitzero"`    // whole units of Currency: shown, not collected
	Note       string  `json:"note,omitzero"`       // the condition, as published
	Others     []int64 `json:"others,omitzero"`     // further amounts in đồng that the note names
	Published  int64   `json:"published,omitzero"`  // the figure as published, when the amount was corrected
	Unverified bool    `json:"unverified,omitzero"` // the correction is a guess
}

// FeeKind is the legal kind of a fee (Luật Phí và lệ phí 97/2015/QH13).
type FeeKind string

// The kinds; their values are those of the data files.
const (
	Charge      FeeKind = "phi"             // phí
	Levy        FeeKind = "le_phi"          // lệ phí
	Free        FeeKind = "mien_phi"        // miễn phí
	Unspecified FeeKind = "phi_hoac_le_phi" // the source does not say which
)

// Known reports whether k is a kind of fee.
func (k FeeKind) Known() bool {
	return slices.Contains([]FeeKind{Charge, Levy, Free, Unspecified}, k)
}

// Collectable reports whether the line is an amount in đồng that the centre may
// take.
func (f Fee) Collectable() bool { return f.AmountVND > 0 }

// FeeState is what a public page may say about the cost of a procedure.
type FeeState string

// The states.
const (
	FeeFree     FeeState = "free"     // miễn phí, confirmed by the control unit
	FeeAmounts  FeeState = "amounts"  // there are amounts to show
	FeeSchedule FeeState = "schedule" // "Xem mức thu": free or unstated in the source, not confirmed
)

// FeeState tells what to show. The national portal writes "miễn phí" where a
// provincial fee exists (land, civil status), so a free fee counts only when
// confirmed.
func (p *Procedure) FeeState(confirmed bool) FeeState {
	for _, f := range p.Fees {
		if f.AmountVND > 0 || f.Foreign > 0 {
			return FeeAmounts
		}
	}
	if confirmed {
		return FeeFree
	}
	return FeeSchedule
}

// FeesBy returns the fee lines of dossiers that come in by w; all lines when
// the channel is not listed.
func (p *Procedure) FeesBy(w Way) []Fee {
	var ids []string
	listed := false
	for _, c := range p.Channels {
		if c.By == w {
			listed = true
			ids = append(ids, c.Fees...)
		}
	}
	if !listed {
		return slices.Clone(p.Fees)
	}
	var lines []Fee
	for _, f := range p.Fees {
		if slices.Contains(ids, f.ID) {
			lines = append(lines, f)
		}
	}
	return lines
}
