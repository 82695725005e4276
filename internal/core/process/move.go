package process

import (
	"slices"

	"github.com/motcua/motcua/internal/core/fault"
)

// Renew opens every open task and wait anew under new ids, because the dossier
// was stopped and is taken up again where it stood. Tokens at joins stay, timers
// begin anew. It needs no graph, so that a dossier whose template was replaced
// meanwhile can be taken up too. It fails with Conflict when the run is over.
func Renew(inst Instance, ids func() string) (Instance, []Effect, error) {
	if inst.Finished || inst.Tokens() == 0 {
		return inst, nil, fault.New(fault.Conflict, "process.finished", nil)
	}
	r := &run{inst: inst, ids: ids}
	for _, t := range inst.Tasks {
		if err := r.renew(t, Effect{Type: TaskClosed, ID: t.ID, Step: t.Step, Kind: t.Kind, How: ByCancel}, TaskOpened); err != nil {
			return inst, nil, err
		}
	}
	for _, w := range inst.Waits {
		same := Task{ID: w.ID, Step: w.Step, Name: w.Name, Kind: w.Kind, Path: w.Path}
		if err := r.renew(same, Effect{Type: WaitClosed, ID: w.ID, Step: w.Step, Kind: w.Kind, How: ByCancel}, WaitOpened); err != nil {
			return inst, nil, err
		}
	}
	return r.inst, r.effects, nil
}

// renew closes one task or wait and opens the same again with its timers.
func (r *run) renew(t Task, closed Effect, open EffectType) error {
	if r.inst.Opened >= MaxOpened {
		return fault.New(fault.Conflict, "process.endless", nil)
	}
	var timers []Timer
	for _, timer := range r.inst.Timers {
		if timer.On == t.ID {
			timers = append(timers, timer)
		}
	}
	again := Effect{
		Type: open, ID: r.ids(), Step: t.Step, Name: t.Name, Kind: t.Kind, Unit: t.Unit, Role: t.Role, Share: t.Share, Path: slices.Clone(t.Path),
	}
	effects := []Effect{closed, again}
	for _, timer := range timers {
		effects = append(effects, Effect{Type: TimerSet, ID: again.ID, Step: timer.Step, After: timer.After})
	}
	for _, e := range effects {
		if err := r.emit(e); err != nil {
			return err
		}
	}
	return nil
}
