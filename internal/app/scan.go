package app

import (
	"context"
	"fmt"
	"slices"

	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/dossier"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/store"
)

// ScanRow is a received dossier with papers that are not scanned yet.
type ScanRow struct {
	DossierRow
	Lacking []string // names of the papers, with their place in the list
	Late    bool     // received before today: it ought to have been scanned by then
}

// ScanOutcome is what became of one scanned file.
type ScanOutcome struct {
	Name  string
	Code  string
	Paper string
	Fault *fault.Fault // why it was not attached; nil = attached
}

// ScanBench lists dossiers that the actor's unit has received and not forwarded,
// whose papers are not all scanned, the oldest first.
func (a *App) ScanBench(ctx context.Context, who access.Actor) ([]ScanRow, error) {
	if !access.Anywhere(who, access.ReceiveDossier) {
		return nil, denied()
	}
	list, _, err := a.store.ListDossiers(ctx, store.DossierQuery{Unit: who.Unit, Status: dossier.Accepted}, store.Cursor{}, mostOnTheWay)
	if err != nil {
		return nil, err
	}
	list = slices.DeleteFunc(list, func(d dossier.Dossier) bool { return d.Unit != who.Unit || len(d.Unscanned()) == 0 })
	slices.SortStableFunc(list, func(x, y dossier.Dossier) int { return x.ReceivedAt.Compare(y.ReceivedAt) })
	rows, err := a.rows(ctx, who, list, "scan")
	if err != nil {
		return nil, err
	}
	today := civil.DateOf(a.clock())
	out := make([]ScanRow, len(list))
	for i, d := range list {
		out[i] = ScanRow{DossierRow: rows[i], Late: civil.DateOf(d.ReceivedAt).Before(today)}
		for _, p := range d.Unscanned() {
			out[i].Lacking = append(out[i].Lacking, fmt.Sprintf("%d. %s", placeOf(d, p.ID), p.Name))
		}
	}
	return out, nil
}

// AttachScans attaches staged files to the dossiers that their names begin with,
// each to the paper that the name says, else to the first that has no file. Each
// file is an act of its own and has its outcome; one that the dossier has already
// is not attached again.
func (a *App) AttachScans(ctx context.Context, who access.Actor, actionID string, files []StagedFile) ([]ScanOutcome, error) {
	if !access.Anywhere(who, access.ReceiveDossier) {
		return nil, denied()
	}
	if len(files) == 0 {
		return nil, fault.Field("files", "dossier.file_missing", nil)
	}
	var out []ScanOutcome
	for i, f := range files {
		o := ScanOutcome{Name: f.Name}
		err := a.attachScan(ctx, who, fmt.Sprintf("%s/%d", actionID, i), f, &o)
		if o.Fault = fault.As(err); err != nil && o.Fault == nil {
			return out, err
		}
		out = append(out, o)
	}
	return out, nil
}

func (a *App) attachScan(ctx context.Context, who access.Actor, action string, f StagedFile, o *ScanOutcome) error {
	named, ok := dossier.ParseScanName(f.Name)
	if !ok {
		return fault.Field("files", "scan.name", fault.Args{"name": f.Name})
	}
	o.Code = named.Code
	d, err := a.readable(ctx, who, named.Code)
	if err != nil {
		return err
	}
	for _, p := range d.Papers {
		if slices.ContainsFunc(p.Files, func(have dossier.File) bool { return have.Hash == f.Hash }) {
			o.Paper = p.Name // attached before, as by the first of two presses
			return nil
		}
	}
	paper, err := scannedPaper(d, named)
	if err != nil {
		return err
	}
	o.Paper = paper.Name
	_, err = a.Act(ctx, who, ActInput{
		ActionID: action, Code: named.Code, FileRefs: []string{f.Hash},
		Input: dossier.Input{Act: dossier.AttachPaper, Version: d.FormVersion, Paper: paper.ID},
	})
	return err
}

// scannedPaper is the paper that a name means.
func scannedPaper(d dossier.Dossier, named dossier.ScanName) (dossier.Paper, error) {
	if named.Paper > len(d.Papers) {
		return dossier.Paper{}, fault.Field("files", "scan.no_paper", fault.Args{"n": named.Paper, "most": len(d.Papers)})
	}
	if named.Paper > 0 {
		return d.Papers[named.Paper-1], nil
	}
	lacking := d.Unscanned()
	if len(lacking) == 0 {
		return dossier.Paper{}, fault.Field("files", "scan.all_there", nil)
	}
	return lacking[0], nil
}

// placeOf is the place of a paper in the dossier's list, from 1.
func placeOf(d dossier.Dossier, paper string) int {
	return slices.IndexFunc(d.Papers, func(p dossier.Paper) bool { return p.ID == paper }) + 1
}
