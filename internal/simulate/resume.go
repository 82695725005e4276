package simulate

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/dossier"
	"github.com/motcua/motcua/internal/store"
)

// prefix begins the action ids of everything that a simulation does.
const prefix = "sim-"

// LastActed is how far an earlier simulation of this installation came; the zero
// time when there was none.
func LastActed(ctx context.Context, s *store.Store) (time.Time, error) {
	return s.LastActed(ctx, prefix)
}

// resumePage is how many open dossiers are read at a time.
const resumePage = 500

// Resume takes up the open dossiers of an earlier run with the same seed. Those
// that a person has touched since are left to the person.
func (w *World) Resume(ctx context.Context) (int, error) {
	n := 0
	for after := ""; ; {
		list, err := w.app.Store().OpenDossiers(ctx, after, resumePage)
		if err != nil || len(list) == 0 {
			return n, err
		}
		for _, d := range list {
			after = d.ID
			taken, err := w.resume(ctx, d)
			if err != nil {
				return n, err
			}
			if taken {
				n++
			}
		}
	}
}

func (w *World) resume(ctx context.Context, d dossier.Dossier) (bool, error) {
	action, at, err := w.app.Store().LastAct(ctx, store.DossierRoot(d.ID))
	if err != nil {
		return false, err
	}
	day, n, ok := w.parseKey(action)
	if !ok {
		return false, nil
	}
	s := w.story(day, n)
	if s.form.Procedure != d.Procedure.Code || s.form.Unit != d.Unit {
		return false, nil // the catalogue has changed since: nobody knows this applicant's papers
	}
	s.last, s.asked, s.sentBack = at, true, true
	next, err := s.next(d)
	if err != nil || next == nil {
		return false, err
	}
	w.plan(*next)
	return true, nil
}

// storyKey begins the action ids of one story.
func (w *World) storyKey(day civil.Date, n int) string {
	return fmt.Sprintf("%s%d-%s-%d", prefix, w.opt.Seed, day, n)
}

// parseKey reads an action id of this seed's stories.
func (w *World) parseKey(action string) (day civil.Date, n int, ok bool) {
	rest, ok := strings.CutPrefix(action, fmt.Sprintf("%s%d-", prefix, w.opt.Seed))
	parts := strings.Split(rest, "-") // year, month, day, number, step
	if !ok || len(parts) != 5 {
		return day, 0, false
	}
	day, err := civil.ParseDate(strings.Join(parts[:3], "-"))
	n, err2 := strconv.Atoi(parts[3])
	return day, n, err == nil && err2 == nil
}
