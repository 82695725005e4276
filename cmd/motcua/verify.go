package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/i18n"
	"github.com/motcua/motcua/internal/store"
)

// verifyCmd checks every invariant; it only reads.
type verifyCmd struct {
	place
	JSON bool `help:"In một tài liệu JSON."`
}

// invariant is one promise in the form of the outside contract.
type invariant struct {
	ID      string `json:"id"`
	OK      bool   `json:"ok"`
	Checked int64  `json:"checked"`
	Detail  string `json:"detail"`
}

// verdict is the whole answer.
type verdict struct {
	OK         bool        `json:"ok"`
	Invariants []invariant `json:"invariants"`
}

// Run implements the command.
func (c *verifyCmd) Run(ctx context.Context, std *stdio) error {
	v, err := verifyPlace(ctx, std, &c.place)
	if fault.Is(err, "store.locked") {
		return askServer(ctx, std, &c.place, "verify", c, err)
	}
	if err != nil {
		return err
	}
	return c.tell(std, v)
}

// inHouse checks an installation that is open already.
func (c *verifyCmd) inHouse(ctx context.Context, std *stdio, h *house) error {
	v, err := judge(ctx, std, h.store, h.place)
	if err != nil {
		return err
	}
	return c.tell(std, v)
}

func (c *verifyCmd) tell(std *stdio, v verdict) error {
	if !c.JSON {
		v.print(std)
	} else if err := std.document(v); err != nil {
		return err
	}
	if !v.OK {
		return exit(exitRefused)
	}
	return nil
}

// verifyPlace opens a place and checks it whole: the database, the files that it
// names, and, when a key ring is at hand, whether the ring opens what is sealed.
func verifyPlace(ctx context.Context, std *stdio, p *place) (verdict, error) {
	ring, err := p.ring(false)
	if err != nil && !fault.Is(err, "command.no_keys") {
		return verdict{}, err
	}
	s, err := p.open(ctx, std, store.Options{Ring: ring})
	if err != nil {
		return verdict{}, err
	}
	v, err := judge(ctx, std, s, p)
	return v, errors.Join(err, s.Close())
}

// judge runs the store's own checks and those of files and keys.
func judge(ctx context.Context, std *stdio, s *store.Store, p *place) (verdict, error) {
	found, err := s.Verify(ctx)
	if err != nil {
		return verdict{}, err
	}
	v := verdict{OK: true}
	for _, f := range found {
		v.add(invariant{f.ID, f.OK, f.Checked, f.Detail})
	}
	files, err := checkFiles(ctx, std, s, p)
	if err != nil {
		return v, err
	}
	v.add(files)
	if s.Ring() == nil {
		return v, nil
	}
	keys := invariant{ID: "keys", OK: true}
	var closed int64
	if keys.Checked, closed, err = s.CheckKeys(ctx); err != nil {
		return v, err
	}
	if closed > 0 {
		keys.OK, keys.Detail = false, i18n.Default().T(std.lang, "command.keys_closed", fault.Args{"n": closed})
	}
	v.add(keys)
	return v, nil
}

// checkFiles looks whether the bytes of every attached file are there.
func checkFiles(ctx context.Context, std *stdio, s *store.Store, p *place) (invariant, error) {
	f := invariant{ID: "files", OK: true}
	blobs, err := p.blobs(0)
	if err != nil {
		return f, err
	}
	var missing int64
	var first string
	err = s.EachKeptFile(ctx, func(hash string, size int64) error {
		f.Checked++
		if got, err := blobs.Stat(ctx, hash); err != nil || got != size {
			if missing++; missing == 1 {
				first = hash
			}
		}
		return nil
	})
	if missing > 0 {
		f.OK, f.Detail = false, i18n.Default().T(std.lang, "command.files_missing", fault.Args{"n": missing, "hash": first})
	}
	return f, errors.Join(err, blobs.Close())
}

func (v *verdict) add(i invariant) {
	v.Invariants = append(v.Invariants, i)
	v.OK = v.OK && i.OK
}

// of is the invariant of that id; the zero one when it was not checked.
func (v verdict) of(id string) invariant {
	for _, i := range v.Invariants {
		if i.ID == id {
			return i
		}
	}
	return invariant{}
}

func (v verdict) has(id string) bool { return v.of(id).ID != "" }

// print writes one line for each invariant and the conclusion.
func (v verdict) print(std *stdio) {
	words := i18n.Default()
	for _, i := range v.Invariants {
		mark := "command.verify_holds"
		if !i.OK {
			mark = "command.verify_broken"
		}
		name := ""
		if key := "command.invariant." + i.ID; words.Has(key) {
			name = words.T(std.lang, key, nil)
		}
		fmt.Fprintf(std.out, "%-5s %-8s %9d  %s\n", i.ID, words.T(std.lang, mark, nil), i.Checked, name)
		if i.Detail != "" {
			fmt.Fprintf(std.out, "      %s\n", i.Detail)
		}
	}
	if v.OK {
		std.print("command.verify_ok", fault.Args{"n": len(v.Invariants)})
	} else {
		std.print("command.verify_failed", nil)
	}
}
