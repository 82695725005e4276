package app

import (
	"strings"
	"time"

	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/dossier"
	"github.com/motcua/motcua/internal/core/fault"
)

// ReceptionForm is a reception as a counter officer, a partner or an import
// sends it.
type ReceptionForm struct {
	ActionID      string
	Act           dossier.Act // Receive, Register, Guide, RefuseReception, or Accept for Ref
	Ref           string      // dossier registered or guided before
	Version       int64       // of that dossier, as the officer saw it
	Procedure     string
	Case          string
	Channel       dossier.Channel
	ReturnChannel dossier.ReturnChannel
	Unit          string // receiving unit; empty = the actor's own
	Owner         PartyForm
	Submitter     *PartyForm
	Papers        []PaperForm
	Sets          int
	Subject       string
	FeeLines      []string
	Payment       *dossier.Payment // nil = settled later
	AtOnce        bool
	Reason        string // guide, refuse reception, late entry
	LegalGround   string
	Items         []string  // guide: what to bring
	ReceivedAt    time.Time // import, late entry: true time; zero = now
	LateSlip      string    // late entry: number of the paper slip
	Confirmed     bool      // the officer has seen the similar dossiers
	// At is when it happens in a simulation's story. No form and no API sets it,
	// and only a demo heeds it.
	At time.Time `json:"-"`
}

// PaperForm is one paper as counted at the counter.
type PaperForm struct {
	ID        string
	Originals int
	Certified int
	Copies    int
	Note      string
	Files     []StagedFile
}

// StagedFile is an uploaded file that waits to be attached.
type StagedFile struct {
	Hash string
	Name string
	Type string
	Size int64
}

// Bounds of a reception's free parts.
const (
	mostSubject = 1000 // characters of the abstract (trích yếu)
	mostNote    = 500  // characters of a remark on a paper
)

func (in ReceptionForm) check() error {
	var all []*fault.Fault
	switch in.Channel {
	case dossier.Direct, dossier.Online, dossier.Post:
	default:
		all = append(all, fault.Field("channel", "dossier.channel_unknown", fault.Args{"channel": string(in.Channel)}))
	}
	switch in.ReturnChannel {
	case dossier.ReturnCounter, dossier.ReturnPost, dossier.ReturnElectronic:
	default:
		all = append(all, fault.Field("returnChannel", "dossier.return_channel_unknown", fault.Args{"channel": string(in.ReturnChannel)}))
	}
	if n := len([]rune(in.Subject)); n > mostSubject {
		all = append(all, fault.Field("subject", "dossier.too_long", fault.Args{"n": n, "most": mostSubject}))
	}
	if in.Submitter != nil && strings.TrimSpace(in.Submitter.Authorisation) == "" {
		all = append(all, fault.Field("submitter.authorisation", "dossier.authorisation_missing", nil))
	}
	for _, p := range in.Papers {
		if n := len([]rune(p.Note)); n > mostNote {
			all = append(all, fault.Field("papers."+p.ID, "dossier.too_long", fault.Args{"n": n, "most": mostNote}))
		}
	}
	return fault.Join(all...)
}

// receivedOn is the day of reception, given when it is now.
func (in ReceptionForm) receivedOn(now time.Time) civil.Date {
	if in.ReceivedAt.IsZero() {
		return civil.DateOf(now)
	}
	return civil.DateOf(in.ReceivedAt)
}
