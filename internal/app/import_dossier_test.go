package app_test

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/app/apptest"
	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/dossier"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/printout"
)

// importedList imports a list and answers its report.
func importedList(t *testing.T, w *apptest.World, list string, dry bool) app.ImportReport {
	t.Helper()
	r, err := w.ImportDossiers(t.Context(), access.Operator("import"), strings.NewReader(list), app.ImportOptions{DryRun: dry})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func refusals(r app.ImportReport) string {
	var all []string
	for _, x := range r.Rejected {
		all = append(all, x.Record+" "+x.Field+" "+x.Reason)
	}
	return strings.Join(all, "\n")
}

// A list of an earlier system: what is right goes on or is history, what is wrong
// is named, and the second time nothing changes.
func TestImportDossiers(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		ctx := t.Context()
		own := apptest.Receive(t, w, 5)
		part := own.Code[:strings.LastIndex(own.Code, "-")]
		head := "code,procedure,received_at,due_on,status,step,finished_at,returned_at,owner_name,personal_id,fee,receipt,asked_at,asked\n"
		row := func(code, status, rest string) string {
			return fmt.Sprintf("%s,%s,2026-11-02 09:00,2026-12-01,%s,%s\n", code, own.Procedure.Code, status, rest)
		}
		list := head +
			row("CU-2026-1", "4", "approve,,,Trần Thị Cũ,999190000033,,,,") + row("CU-2026-2", "Đang xử lý", ",,,Trần Thị Cũ,999190000033,,,,") +
			row("CU-2026-3", "10", ",2026-11-10,11/11/2026,Trần Thị Cũ,999190000033,50.000,BL 1,,") + row("CU-2026-4", "9", ",2026-11-10,,Trần Thị Cũ,999190000033,,,,") +
			row("CU-2026-5", "5", ",,,Trần Thị Cũ,999190000033,,,2026-11-05,Bản vẽ") + row("CU-2026-6", "7", ",2026-11-10,,Trần Thị Cũ,999190000033,,,,") +
			row(part+"-0007", "4", ",,,Trần Thị Cũ,999190000033,,,,") // a number of ours, given elsewhere
		wrong := row("CU-2026-1", "4", ",,,Lặp Lại,999190000033,,,,") + row("", "4", ",,,Không Mã,999190000033,,,,") + row("CU-2026-10", "11", ",,,Sai,999190000033,,,,") +
			row("CU-2026-11", "10", ",2026-11-01,,Ngược,999190000033,,,,") + row("CU-2026-12", "10", ",2026-11-10,,Còn Nợ,999190000033,-5,,,") +
			row("CU-2026-13", "10", ",2026-11-10,,Còn Nợ,999190000033,5000,,,") + row("CU-2026-14", "4", "bay,,,Lạ Bước,999190000033,,,,") +
			row(own.Code, "4", ",,,Trùng Mã,999190000033,,,,") + row("CU-2026-15", "4", ",,,,12,,,,") + "CU-2026-16,9.999999,2026-11-02,,4,,,,Ai Đó,999190000033,,,,\n"
		dry := importedList(t, w, list+wrong, true)
		if dry.Created < 7 {
			t.Errorf("a trial: %+v", dry)
		}
		if n, err := w.Store().CountDossiers(ctx); err != nil || n != 1 {
			t.Fatalf("a trial wrote: %d dossiers, %v", n, err)
		}
		got := importedList(t, w, list+wrong, false)
		if got.Read != 17 || got.Created != 7 || got.Unchanged != 0 {
			t.Errorf("report %+v\n%s", got, refusals(got))
		}
		for _, want := range []string{
			"CU-2026-1 code app.import_twice", "#10 code dossier.foreign_code", "CU-2026-10 status dossier.status_unknown", "CU-2026-11 finishedAt dossier.carry_order",
			"CU-2026-12 fee dossier.fee_form", "CU-2026-13 receipt dossier.fee_receipt_missing", "CU-2026-14 step dossier.carry_step", own.Code + " code dossier.code_taken",
			"CU-2026-15 owner.name", "CU-2026-16 procedure procedure.unknown",
		} {
			if !strings.Contains(refusals(got), want) {
				t.Errorf("not refused: %s\n%s", want, refusals(got))
			}
		}
		for _, x := range got.Reconciled {
			if x.Listed != x.Stored || x.Unit != w.Centre().Code {
				t.Errorf("not reconciled: %+v", x)
			}
		}
		again := importedList(t, w, list, false)
		if again.Created != 0 || again.Unchanged != 7 || len(again.Rejected) != 0 {
			t.Errorf("the second time: %+v", again)
		}

		handler := person(t, w, own.Agency, access.Handler)
		v, err := w.Dossier(ctx, handler, "cu-2026-2")
		if err != nil || v.Status != dossier.Processing || v.Timeline[0].At.Format(time.DateOnly) != "2026-11-02" {
			t.Fatalf("%+v, %v", v.Timeline, err)
		}
		d, err := w.Act(ctx, handler, app.ActInput{Code: "CU-2026-2", Input: dossier.Input{Act: dossier.Claim, Version: v.Version}})
		if err != nil {
			t.Fatalf("an imported dossier does not go on: %v", err)
		}
		if _, err = w.Act(ctx, handler, app.ActInput{Code: d.Code, Input: dossier.Input{Act: dossier.Propose, Version: d.Version}}); err != nil {
			t.Fatalf("an imported dossier does not go on: %v", err)
		}
		next := apptest.Receive(t, w, 5)
		if next.Code != part+"-0008" {
			t.Errorf("after the foreign number 7 comes %s", next.Code)
		}
		if _, err := w.ImportDossiers(ctx, handler, strings.NewReader(list), app.ImportOptions{}); fault.KindOf(err) != fault.Forbidden {
			t.Errorf("a handler imports: %v", err)
		}
		if _, err := w.ImportDossiers(ctx, access.Operator("import"), strings.NewReader("code,status\nA,4\n"), app.ImportOptions{}); !fault.Is(err, "app.import_column") {
			t.Errorf("a list without its columns: %v", err)
		}
	})
}

// The made-up dossiers of several provinces and years, as a list that somebody
// exported, in both forms.
func TestImportDossiersOfEarlierYears(t *testing.T) {
	list, err := os.ReadFile("testdata/dossiers_before.csv")
	if err != nil {
		t.Fatal(err)
	}
	w := apptest.SQLite(t)
	got := importedList(t, w, string(list), false)
	t.Logf("%d read, %d created\n%s", got.Read, got.Created, refusals(got))
	if got.Read != 60 || got.Created < 50 {
		t.Errorf("%d read, %d created\n%s", got.Read, got.Created, refusals(got))
	}
	var rows [][]any
	for _, line := range strings.Split(strings.TrimSpace(string(list)), "\n")[1:] {
		if cells := strings.Split(strings.TrimSpace(line), ","); len(cells) == 15 {
			row := make([]any, len(cells))
			for i, c := range cells {
				row[i] = c
			}
			rows = append(rows, row)
		}
	}
	var sheet bytes.Buffer
	header, _, _ := strings.Cut(strings.TrimSpace(string(list)), "\r\n")
	if err := printout.Sheet(&sheet, strings.Split(header, ","), printout.SheetRows(rows)); err != nil {
		t.Fatal(err)
	}
	if again := importedList(t, w, sheet.String(), false); again.Created != 0 {
		t.Errorf("the same as a spreadsheet: %+v", again)
	}
}
