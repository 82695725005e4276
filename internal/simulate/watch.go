package simulate

import (
	"context"
	"fmt"
	"time"

	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/dossier"
	"github.com/motcua/motcua/internal/core/supervise"
)

// roundAfter is how long after an opening or closing the ladder looks: every step
// of it is due at one of these times, but for limits in hours.
const roundAfter = 5 * time.Minute

// rounds are the times of a day at which the ladder looks at the story: after each
// opening and closing. A day off has one, since requests for papers run on.
func (w *World) rounds(day civil.Date) []time.Time {
	if working, err := w.cal.IsWorking(day); err != nil || !working {
		return []time.Time{w.cal.Opening(day)}
	}
	var all []time.Time
	for _, part := range w.cal.Spec().Hours {
		all = append(all, day.At(part.From).Add(roundAfter), day.At(part.To).Add(roundAfter))
	}
	return all
}

// watch runs the ladder at a time of the story.
func (w *World) watch(ctx context.Context, at time.Time) error {
	r, err := w.app.Ladder(ctx, at)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.stats.Warned, w.stats.Broken = w.stats.Warned+r.Warned, w.stats.Broken+r.Broken
	return err
}

// excuse plans the apology of the agency's head where the next step would come
// after the promise. Some heads do not apologise: then the centre counts one
// without apology. ok is false when there is nothing to excuse.
func (s *story) excuse(d dossier.Dossier, next time.Time) (*event, bool, error) {
	dl := d.Deadline
	if s.silent || dl.Apology != nil || dl.DueAt.IsZero() || dl.Limit.ByHour() || d.FinishedAt != nil || !civil.DateOf(next).After(dl.DueOn) {
		return nil, false, nil
	}
	if d.Status != dossier.Accepted && d.Status != dossier.Processing {
		return nil, false, nil
	}
	day, err := s.w.cal.SubWorkingDays(dl.DueOn, 1)
	if err != nil {
		return nil, false, err
	}
	at := s.w.cal.Opening(day).Add(time.Duration(20+s.rng.IntN(180)) * time.Minute)
	if at.Before(s.last) {
		at = s.last.Add(time.Duration(5+s.rng.IntN(40)) * time.Minute)
	}
	if !at.Before(next) || civil.DateOf(at) == dl.DueOn {
		return nil, false, nil // nobody saw it coming
	}
	newDay, err := supervise.NewDay(s.w.cal, civil.DateOf(next), civil.DateOf(at))
	if err != nil {
		return nil, false, err
	}
	do := step{who: s.officer(d.Agency, access.Leader), series: "apology|" + d.Agency}
	do.input = dossier.Input{Act: dossier.Apologise, DueOn: newDay, Reason: text("apology", 3, s.rng.IntN(3)), Document: fmt.Sprintf("%d/PXL", 1+s.rng.IntN(400)), Version: d.Version}
	return &event{at: at, story: s, series: do.series, what: "apologise for " + d.Name(), do: func(ctx context.Context) (*event, error) {
		return s.apologise(ctx, d, do, at)
	}}, true, nil
}

// apologise signs the apology; the work goes on as if nothing had happened.
func (s *story) apologise(ctx context.Context, d dossier.Dossier, do step, at time.Time) (*event, error) {
	who, err := do.who()
	if err != nil {
		return nil, err
	}
	got, err := s.w.app.SignApology(ctx, who, app.ApologyForm{
		ActionID: fmt.Sprintf("%s-%d", s.key, d.Version), Code: d.Name(), Version: d.Version,
		NewDay: do.input.DueOn, Reason: do.input.Reason, Document: do.input.Document, At: at,
	})
	if err != nil {
		return nil, err
	}
	s.w.mu.Lock()
	s.w.stats.Apologised++
	s.w.mu.Unlock()
	s.last = at
	return s.next(got)
}
