package app

import (
	"context"
	"io"

	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/agency"
	"github.com/motcua/motcua/internal/core/fault"
)

// ImportStaffFile takes in people in CSV (agency.ParseStaff); see ImportStaff.
func (a *App) ImportStaffFile(ctx context.Context, who access.Actor, r io.Reader, o ImportOptions) (ImportReport, map[string]string, error) {
	people, rejected, err := agency.ParseStaff(r)
	if err != nil {
		return ImportReport{}, nil, err
	}
	report, passwords, err := a.ImportStaff(ctx, who, people, o)
	bad := map[string]bool{}
	for _, x := range rejected {
		bad[x.Record] = true
		o.reject(&report, x.Record, fault.Field(x.Field, x.Key, x.Args))
	}
	report.Read += len(bad)
	return report, passwords, err
}
