package process

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/fault"
)

// Past is a finished dossier as a dry run needs it (chạy thử trên hồ sơ đã
// giải quyết).
type Past struct {
	ID      string
	StartAt time.Time
	DueAt   time.Time           // by the limit that is tried; zero = none
	Facts   Facts               // as the dossier ended
	Outcome func(s Step) string // how a task of the step was answered
	Minutes Minutes             // working time that a step takes
}

// Course is the way of one dossier through a process: as it went, or as a dry
// run says that it would go.
type Course struct {
	ID      string    `json:"id"`
	StartAt time.Time `json:"startAt"`
	EndAt   time.Time `json:"endAt"` // end of work: the result is where it is returned
	DueAt   time.Time `json:"dueAt,omitzero"`
	Minutes int       `json:"minutes"` // working time from start to end
	Late    bool      `json:"late"`
	Spent   []Spent   `json:"spent"`
	// Failed says why the process could not carry the dossier to an end.
	Failed *fault.Line `json:"failed,omitempty"`
}

// Spent is the working time of one task.
type Spent struct {
	Step    string `json:"step"`
	Name    string `json:"name"`
	Kind    Kind   `json:"kind"`
	Unit    string `json:"unit"`
	Minutes int    `json:"minutes"`
	Share   int    `json:"share"` // 0 = none given
}

// Over is the time beyond the step's share.
func (s Spent) Over() int {
	if s.Share == 0 {
		return 0
	}
	return max(0, s.Minutes-s.Share)
}

// maxVisits is how often a dry run lets one dossier come to the same step: the
// facts of a finished dossier do not change any more, so a loop would go on.
const maxVisits = 3

// Rehearse takes a finished dossier through the process as if it were received
// again: each task takes its working time by the calendar, conditions look at
// the facts as they were, and waits for the applicant take no time, since the
// clock stands still for them. It needs a year that the calendar covers.
func (g *Graph) Rehearse(p Past, cal *civil.Calendar) (Course, error) {
	h := &rehearsal{g: g, past: p, cal: cal, now: p.StartAt, ends: map[string]time.Time{}, rings: map[string][]ring{}, visits: map[string]int{}}
	h.course = Course{ID: p.ID, StartAt: p.StartAt, DueAt: p.DueAt}
	err := h.run()
	if f := fault.As(err); f != nil && f.Kind == fault.Conflict {
		h.course.Failed = &fault.Line{Key: f.Key, Args: f.Args}
		return h.course, nil
	}
	if err != nil {
		return h.course, err
	}
	c := &h.course
	if c.EndAt.IsZero() {
		c.EndAt = h.now
	}
	c.Late = !c.DueAt.IsZero() && c.EndAt.After(c.DueAt)
	c.Minutes, err = cal.WorkingMinutesBetween(c.StartAt, c.EndAt)
	return *c, err
}

// rehearsal is one dossier on its way.
type rehearsal struct {
	g      *Graph
	past   Past
	cal    *civil.Calendar
	course Course
	inst   Instance
	now    time.Time
	ends   map[string]time.Time // when each open task is done
	rings  map[string][]ring    // timers of open tasks
	visits map[string]int
	ids    int
}

// ring is a timer that will go off.
type ring struct {
	step string
	at   time.Time
}

func (h *rehearsal) id() string { h.ids++; return strconv.Itoa(h.ids) }

func (h *rehearsal) run() error {
	inst, effects, err := Start(h.g, h.past.Facts, h.id)
	for err == nil {
		if err = h.take(inst, effects); err != nil || h.inst.Finished {
			break
		}
		inst, effects, err = h.next()
	}
	return err
}

// take notes what the kernel did: opened tasks get their end, closed ones are
// over.
func (h *rehearsal) take(inst Instance, effects []Effect) error {
	h.inst = inst
	for _, e := range effects {
		switch e.Type {
		case TaskOpened:
			if h.visits[e.Step]++; h.visits[e.Step] > maxVisits {
				return fault.New(fault.Conflict, "process.rehearsal_loop", fault.Args{"step": cmp.Or(e.Name, e.Step)})
			}
			if e.Kind == KindReturn && h.course.EndAt.IsZero() {
				h.course.EndAt = h.now
			}
			s := h.g.nodes[h.g.index[e.Step]].Step
			took := max(0, h.past.Minutes(s))
			end, err := h.cal.AddWorkingMinutes(h.now, took)
			if err != nil {
				return err
			}
			h.ends[e.ID] = end
			h.course.Spent = append(h.course.Spent, Spent{s.ID, s.Name, s.Kind, s.Unit, took, s.Share})
		case TimerSet:
			at, err := h.cal.AddWorkingMinutes(h.now, e.After)
			if err != nil {
				return err
			}
			h.rings[e.ID] = append(h.rings[e.ID], ring{e.Step, at})
		case TimerFired:
			h.rings[e.ID] = slices.DeleteFunc(h.rings[e.ID], func(r ring) bool { return r.step == e.Step })
		case TaskClosed:
			delete(h.ends, e.ID)
			delete(h.rings, e.ID)
		}
	}
	return nil
}

// next does what happens next: an open wait ends at once, else the timer that
// goes off or the task that is done first.
func (h *rehearsal) next() (Instance, []Effect, error) {
	facts := h.past.Facts
	if len(h.inst.Waits) > 0 {
		w := h.inst.Waits[0]
		facts.Outcome = "supplied"
		if w.Kind == KindWaitPayment {
			facts.Outcome = "paid"
		}
		return Resume(h.g, h.inst, w.ID, facts, h.id)
	}
	var first Task
	var timer string
	var at time.Time
	for _, t := range h.inst.Tasks {
		if end := h.ends[t.ID]; first.ID == "" || end.Before(at) {
			first, timer, at = t, "", end
		}
		for _, r := range h.rings[t.ID] {
			if r.at.Before(at) {
				first, timer, at = t, r.step, r.at
			}
		}
	}
	if first.ID == "" { // nothing but tokens at joins
		return h.inst, nil, fault.New(fault.Conflict, "process.migrate_unsound", nil)
	}
	if at.After(h.now) {
		h.now = at
	}
	if timer != "" {
		return Fire(h.g, h.inst, first.ID, timer, facts, h.id)
	}
	facts.Outcome = h.past.Outcome(h.g.nodes[h.g.index[first.Step]].Step)
	return Complete(h.g, h.inst, first.ID, facts, h.id)
}
