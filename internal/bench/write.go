package bench

import (
	"context"
	"errors"
	"runtime"
	"time"

	"github.com/motcua/motcua/internal/store"
)

// writes measures commands: in every turn prepare makes ready, untimed, what the
// clients then do; then the bare driver writes the same rows, in groups of the
// product's median size, into a database of its own.
func (r *run) writes(ctx context.Context, prepare func(ctx context.Context) error, do func(ctx context.Context, client int) error) (err error) {
	address, drop, err := store.Scratch(ctx, r.URL, r.Folder)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, drop(context.WithoutCancel(ctx))) }()
	bare, err := store.OpenBare(ctx, address)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(bare.Close(), err) }()
	return r.eachTurn(ctx, func(length time.Duration) error {
		if err := prepare(ctx); err != nil {
			return err
		}
		runtime.GC() // neither pays for what the other has left
		r.Tape.Start()
		took, s := clients(ctx, r.Clients, length, do)
		written := r.Tape.Stop()
		r.add(took, s)
		r.res.Group = written.MedianGroup()
		runtime.GC()
		limit, err := bare.Write(ctx, written, r.res.Group)
		r.addLimit(limit, written.Commands())
		return err
	})
}
