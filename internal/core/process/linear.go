package process

import (
	"github.com/motcua/motcua/internal/core/fault"
)

// The roles of the generated steps, by their names in the outside contract.
const (
	roleReception = "reception"
	roleHandler   = "handler"
	roleLeader    = "leader"
	roleClerk     = "clerk"
)

// Options are the particulars of a generated process.
type Options struct {
	ID        string // id of the template; empty for "linear" or "at-once"
	Version   int    // 0 counts as 1
	Procedure string
	Case      string
	Names     map[Kind]string // names of steps; a step without is shown by its kind
}

// Linear makes the plain process of a procedure from its data, in six steps:
// receive at the centre, handle, approve and issue in the agency, hand the
// result over, return it at the centre (Decree 118/2025/NĐ-CP, Arts. 17–20; the
// split of the time is practice, not law).
//
// agencyKey is the key of the competent agency; empty leaves it relative, so
// that one template serves every agency that runs the procedure. limitMinutes is
// the time limit in working minutes. The shares sum up to exactly it; returning
// has none, since the work ends when the centre confirms the result. Linear
// fails with Invalid when the limit is below one minute a step.
func Linear(agencyKey string, limitMinutes int, o Options) (Template, error) {
	if limitMinutes < 5 || limitMinutes > maxShare {
		return Template{}, fault.Field("limitMinutes", "process.limit_range", fault.Args{"minutes": limitMinutes})
	}
	agency := agencyKey
	if agency == "" {
		agency = UnitAgency
	}
	// Moving papers takes a tenth, but never more than half a day each way.
	carry := max(1, min(limitMinutes/10, minutesADay/2))
	approve := max(1, limitMinutes*15/100)
	issue := max(1, limitMinutes/10)
	handle := limitMinutes - 2*carry - approve - issue
	return chain(o, "linear", []Step{
		{ID: "receive", Kind: KindReceive, Unit: UnitCentre, Role: roleReception, Share: carry},
		{ID: "handle", Kind: KindHandle, Unit: agency, Role: roleHandler, Share: handle},
		{ID: "approve", Kind: KindApprove, Unit: agency, Role: roleLeader, Share: approve},
		{ID: "issue", Kind: KindIssue, Unit: agency, Role: roleClerk, Share: issue},
		{ID: "hand-over", Kind: KindHandOver, Unit: agency, Role: roleClerk, Share: carry},
		{ID: "return", Kind: KindReturn, Unit: UnitCentre, Role: roleReception},
	}), nil
}

// AtOnce makes the process of a procedure that is done while the applicant
// waits (trả ngay): received and returned on the spot, at the centre.
func AtOnce(o Options) Template {
	return chain(o, "at-once", []Step{
		{ID: "receive", Kind: KindReceive, Unit: UnitCentre, Role: roleReception},
		{ID: "return", Kind: KindReturn, Unit: UnitCentre, Role: roleReception},
	})
}

// chain strings the steps between a start and an end.
func chain(o Options, id string, work []Step) Template {
	t := Template{ID: o.ID, Version: max(o.Version, 1), Procedure: o.Procedure, Case: o.Case}
	if t.ID == "" {
		t.ID = id
	}
	t.Steps = append(t.Steps, Step{ID: "start", Kind: KindStart})
	for _, s := range work {
		s.Name = o.Names[s.Kind]
		t.Steps = append(t.Steps, s)
	}
	t.Steps = append(t.Steps, Step{ID: "end", Kind: KindEnd})
	for i := 1; i < len(t.Steps); i++ {
		from, to := t.Steps[i-1].ID, t.Steps[i].ID
		t.Flows = append(t.Flows, Flow{ID: "to-" + to, From: from, To: to})
	}
	return t
}
