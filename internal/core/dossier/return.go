package dossier

import (
	"strings"

	"github.com/motcua/motcua/internal/core/fault"
)

// decideReturn hands the result to the applicant after checking who takes it
// (NĐ 61/2018 art 20). It refuses while a fee is owed (invariant I-20): paid
// with a receipt number, or exempt with a ground.
func decideReturn(d Dossier, ctx Context, in Input, t Transition, task Task) (Change, error) {
	if !d.Fee.Settled() {
		return Change{}, fault.New(fault.Conflict, "dossier.fee_owed", fault.Args{"amount": d.Fee.Total.String()})
	}
	if _, open := d.OpenHandoverTo(d.Unit); open {
		return Change{}, fault.New(fault.Conflict, "dossier.handover_first", nil)
	}
	var receiver, checked *fault.Fault
	if strings.TrimSpace(in.Receiver) == "" {
		receiver = fault.Field("receiver", "dossier.receiver_missing", nil)
	}
	if strings.TrimSpace(in.Checked) == "" {
		checked = fault.Field("checked", "dossier.identity_unchecked", nil)
	}
	proxy := (*fault.Fault)(nil)
	if in.Proxy && strings.TrimSpace(in.Document) == "" {
		proxy = fault.Field("document", "dossier.authorisation_missing", nil)
	}
	if err := fault.Join(receiver, checked, proxy, tooLong("receiver", in.Receiver, 200)); err != nil {
		return Change{}, err
	}
	var err error
	c := Change{Return: &ReturnNote{
		At: ctx.Now, Channel: d.ReturnChannel, Proxy: in.Proxy, Checked: in.Checked,
		Officer: ctx.Actor.Name, Receiver: ctx.Seal([]byte(in.Receiver)),
	}}
	if d.FinishedAt == nil {
		now := ctx.Now
		c.Finished = &now
	}
	if c, err = ctx.complete(d, c, task, ""); err != nil {
		return c, err
	}
	return ctx.rest(d, c)
}

// rest gives up what other parts of the process still have open when the result
// is returned: nothing is left to do for it.
func (ctx Context) rest(d Dossier, c Change) (Change, error) {
	next, err := d.apply(c, ctx.Now)
	if err != nil || next.Process.Finished && len(next.Tasks) == 0 {
		return c, err
	}
	return ctx.abandon(next, c)
}
