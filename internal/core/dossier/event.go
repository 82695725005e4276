package dossier

import "slices"

// The event types of a dossier's stream. A stored event keeps its type and
// version for ever; a changed shape gets a new version and an upcaster.
const (
	evRegistered          = "dossier.registered"
	evReceived            = "dossier.received"
	evGuided              = "dossier.guided"
	evAccepted            = "dossier.accepted"
	evReceptionRefused    = "dossier.reception_refused"
	evForwarded           = "dossier.forwarded"
	evHandoverReceived    = "dossier.handover_received"
	evAssigned            = "dossier.assigned"
	evClaimed             = "dossier.claimed"
	evReleased            = "dossier.released"
	evProposed            = "dossier.proposed"
	evVerified            = "dossier.verified"
	evConsulted           = "dossier.consulted"
	evAnswered            = "dossier.answered"
	evSilenceNoted        = "dossier.silence_noted"
	evSentBack            = "dossier.sent_back"
	evApproved            = "dossier.approved"
	evNumbered            = "dossier.numbered"
	evSigned              = "dossier.signed"
	evStamped             = "dossier.stamped"
	evResultIssued        = "dossier.result_issued"
	evHandedOver          = "dossier.handed_over"
	evReturned            = "dossier.returned"
	evTakenBack           = "dossier.taken_back"
	evSupplementRequested = "dossier.supplement_requested"
	evSupplied            = "dossier.supplied"
	evSupplementLapsed    = "dossier.supplement_lapsed"
	evReminded            = "dossier.reminded"
	evSupplementExpired   = "dossier.supplement_expired"
	evRefused             = "dossier.refused"
	evWithdrawn           = "dossier.withdrawn"
	evStopped             = "dossier.stopped"
	evResumed             = "dossier.resumed"
	evObliged             = "dossier.obliged"
	evFulfilled           = "dossier.fulfilled"
	evApologised          = "dossier.apologised"
	evFeeCollected        = "dossier.fee_collected"
	evFeeExempted         = "dossier.fee_exempted"
	evCorrected           = "dossier.corrected"
	evLateConfirmed       = "dossier.late_confirmed"
	evPaperAttached       = "dossier.paper_attached"
	evUndone              = "dossier.undone"
	evRepairProposed      = "dossier.repair_proposed"
	evRepaired            = "dossier.repaired"
	evRepairDeclined      = "dossier.repair_declined"
	evTimerElapsed        = "dossier.timer_elapsed"
	evDueRecomputed       = "dossier.due_recomputed"
	evMigrated            = "dossier.process_migrated"
	evSucceeded           = "dossier.succeeded"
	evReceded             = "dossier.receded"
	evCarriedOver         = "dossier.carried_over"
)

// besideTheTable lists the events that no act of a person records.
var besideTheTable = [...]string{evDueRecomputed, evMigrated, evSucceeded, evReceded, evCarriedOver}

func knownEvent(eventType string) bool {
	for i := range transitions {
		if transitions[i].Event == eventType {
			return true
		}
	}
	return slices.Contains(besideTheTable[:], eventType)
}

// EventTypes lists every event type of a dossier's stream.
func EventTypes() []string {
	all := slices.Clone(besideTheTable[:])
	for _, t := range transitions {
		if !slices.Contains(all, t.Event) {
			all = append(all, t.Event)
		}
	}
	return all
}

// Event is one thing that happened, before the store gives it its place.
type Event struct {
	Type    string
	Version int
	Ground  string // legal ground, as typed or as the table says
	Payload any    // a Change
}
