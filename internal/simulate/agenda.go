package simulate

import (
	"container/heap"
	"context"
	"time"
)

// event is the next thing that happens in one story.
type event struct {
	at     time.Time
	seq    int    // order of planning, for equal times
	story  *story // stories' events never overlap
	series string // number series that it takes from; empty = none
	what   string // for logs
	// do carries it out and says what comes next in the story, if anything.
	do func(ctx context.Context) (*event, error)
}

// agenda orders events by time, then by the order in which they were planned.
type agenda []event

func (q agenda) Len() int { return len(q) }
func (q agenda) Less(i, j int) bool {
	if !q[i].at.Equal(q[j].at) {
		return q[i].at.Before(q[j].at)
	}
	return q[i].seq < q[j].seq
}
func (q agenda) Swap(i, j int) { q[i], q[j] = q[j], q[i] }
func (q *agenda) Push(x any)   { *q = append(*q, x.(event)) }
func (q *agenda) Pop() any {
	old := *q
	e := old[len(old)-1]
	*q = old[:len(old)-1]
	return e
}

// sideBySide is how many stories go on at once: enough for the database to write
// in groups, few enough to leave the pages their share of the machine.
const sideBySide = 16

// take removes the next events that may be played side by side.
func (w *World) take(end time.Time) []event {
	w.mu.Lock()
	defer w.mu.Unlock()
	var batch []event
	busy := map[any]bool{}
	for len(w.agenda) > 0 && len(batch) < sideBySide {
		next := w.agenda[0]
		if !next.at.Before(end) || busy[next.story] || next.series != "" && busy[next.series] {
			break
		}
		busy[next.story] = true
		busy[next.series] = true
		batch = append(batch, heap.Pop(&w.agenda).(event))
	}
	return batch
}

// plan puts an event on the agenda.
func (w *World) plan(e event) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.seq++
	e.seq = w.seq
	heap.Push(&w.agenda, e)
}

// untilNext is how long nothing happens.
func (w *World) untilNext(now time.Time) time.Duration {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.agenda) == 0 {
		return time.Hour
	}
	return max(w.agenda[0].at.Sub(now), 0)
}
