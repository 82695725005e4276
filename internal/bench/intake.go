package bench

import (
	"context"
	"sync"

	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/core/access"
)

// intake measures receptions at the counter, each of another applicant.
func intake(ctx context.Context, r *run) error {
	q := &visitQueue{run: r}
	return r.writes(ctx, q.fill, func(ctx context.Context, _ int) error {
		v, err := q.next()
		if err != nil {
			return err
		}
		_, err = r.App.ReceiveDossier(ctx, v.officer, v.form)
		return err
	})
}

// visit is one reception before it happens.
type visit struct {
	n       int
	officer access.Actor
	form    app.ReceptionForm
}

// visitQueue holds visits that were made up beforehand, so that inventing people
// is not measured.
type visitQueue struct {
	run  *run
	mu   sync.Mutex
	wait []visit
	used int // since the last fill
}

// fill makes up as many visits as the last turn used, and half as many again.
func (q *visitQueue) fill(context.Context) error {
	want := max(q.used*3/2, 1000)
	q.used = 0
	for len(q.wait) < want {
		v, err := q.run.visit()
		if err != nil {
			return err
		}
		q.wait = append(q.wait, v)
	}
	return nil
}

func (q *visitQueue) next() (visit, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.used++
	if len(q.wait) > 0 {
		v := q.wait[0]
		q.wait = q.wait[1:]
		return v, nil
	}
	return q.run.visit()
}

// visit makes the next visit up.
func (r *run) visit() (visit, error) {
	r.people++
	officer, form, err := r.visits.Visit(r.people)
	return visit{r.people, officer, form}, err
}
