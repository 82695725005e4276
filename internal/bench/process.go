package bench

import (
	"context"
	"strings"
	"sync"

	"github.com/motcua/motcua/internal/core/dossier"
	"github.com/motcua/motcua/internal/simulate"
)

// process measures the acts that bring dossiers from the counter to their
// returned result: forward, take over, claim, propose, approve, number, sign,
// issue, hand over, collect the fee, return, as the process of each demands.
// They are received before the time runs, so that as many stay open as were.
func process(ctx context.Context, r *run) error {
	p := &processes{run: r, visits: visitQueue{run: r}, working: make([]*going, r.Clients)}
	return r.writes(ctx, p.receive, p.act)
}

// processes are the dossiers that wait for their clients.
type processes struct {
	run     *run
	visits  visitQueue
	mu      sync.Mutex
	wait    []*going
	used    int
	working []*going // what each client has in hand
	staged  sync.Map // result file of each officer, put there once
}

// going is a dossier on its way.
type going struct {
	dossier.Dossier
	course *simulate.Course
}

// receive takes in as many dossiers as the last turn finished, and half as many again.
func (p *processes) receive(ctx context.Context) error {
	want := max(p.used*3/2, 200+p.run.Clients) - len(p.wait)
	p.used = 0
	errs := make([]error, 32)
	var wait sync.WaitGroup
	for c := range errs {
		wait.Go(func() {
			for i := c; i < want && errs[c] == nil; i += len(errs) {
				errs[c] = p.receiveOne(ctx)
			}
		})
	}
	wait.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

func (p *processes) receiveOne(ctx context.Context) error {
	v, err := p.visits.next()
	if err != nil {
		return err
	}
	v.form.AtOnce = false
	got, err := p.run.App.ReceiveDossier(ctx, v.officer, v.form)
	if err != nil {
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.wait = append(p.wait, &going{got.Dossier, p.run.visits.Course(v.n)})
	return nil
}

// act is the next act on what the client has in hand; what is finished is put
// away for the next.
func (p *processes) act(ctx context.Context, client int) error {
	for {
		g := p.working[client]
		if g == nil {
			if g = p.take(); g == nil {
				return errDone
			}
			p.working[client] = g
		}
		step, ok, err := g.course.Next(g.Dossier)
		if err == nil && !ok {
			p.working[client] = nil
			continue
		}
		if err == nil && step.Result != "" {
			step.Act.FileRefs, err = p.stage(ctx, g.Code, step)
		}
		if err == nil {
			g.Dossier, err = p.run.App.Act(ctx, step.Who, step.Act)
		}
		if err != nil {
			p.working[client] = nil
		}
		return err
	}
}

func (p *processes) take() *going {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.wait) == 0 {
		return nil
	}
	g := p.wait[0]
	p.wait = p.wait[1:]
	p.used++
	return g
}

// stage puts one result file of an officer on the shelf and takes it again and
// again: writing files is not what is measured here. It names no dossier, since a
// result with another dossier's code is refused.
func (p *processes) stage(ctx context.Context, code string, step simulate.Step) ([]string, error) {
	if hash, there := p.staged.Load(step.Who.ID); there {
		return []string{hash.(string)}, nil
	}
	f, err := p.run.App.Stage(ctx, step.Who, "ket-qua.pdf", strings.NewReader(strings.ReplaceAll(step.Result, code, strings.Repeat("x", len(code)))))
	if err != nil {
		return nil, err
	}
	p.staged.Store(step.Who.ID, f.Hash)
	return []string{f.Hash}, nil
}
