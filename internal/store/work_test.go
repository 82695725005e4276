package store_test

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/motcua/motcua/internal/store"
	"github.com/motcua/motcua/internal/store/storetest"
)

var (
	someWork = store.WorkQuery{Holders: []string{"me", "absent"}, Pools: []string{"so|handler", "so|leader"}, Unit: "so"}
	bounds   = store.WorkBounds{Now: time.UnixMicro(5_000), Soon: time.UnixMicro(9_000)}
)

// Every group of work is listed and counted by indexes, whatever else there is:
// no table is read from end to end, and only the beginnings of parts are sorted.
func TestWorkIsReadByIndexes(t *testing.T) {
	s := storetest.Open(t, "sqlite:"+filepath.Join(t.TempDir(), "w.db"), store.Options{})
	for _, tab := range store.WorkTabs {
		for _, after := range []store.Cursor{{}, {Key: 7, ID: "d"}} {
			list, count, err := s.Plans(t.Context(), someWork, tab, bounds, after)
			if err != nil {
				t.Fatal(err)
			}
			before := ""
			for _, line := range append(list, count...) {
				if strings.HasPrefix(line, "SCAN x") || strings.HasPrefix(line, "SCAN dossier") {
					t.Errorf("group %d reads a whole table: %s", tab, line)
				}
				if strings.HasPrefix(line, "SEARCH x") && !strings.Contains(line, "INDEX dossier") {
					t.Errorf("group %d is searched without an index of its own: %s", tab, line)
				}
				if strings.Contains(line, "TEMP B-TREE") && strings.HasPrefix(before, "SEARCH x") {
					t.Errorf("group %d is sorted before its beginning is taken:\n%s", tab, strings.Join(list, "\n"))
				}
				before = line
			}
		}
	}
}

// A search by name reads the rows of none of the dossiers that carry one.
func TestNamesAreFoundByIndexes(t *testing.T) {
	s := storetest.Open(t, "sqlite:"+filepath.Join(t.TempDir(), "n.db"), store.Options{})
	for _, unit := range []string{"", "so"} {
		plan, err := s.NamedPlan(t.Context(), unit, []string{"an", "binh"})
		if err != nil || !strings.HasPrefix(plan[0], "SEARCH d USING COVERING INDEX") {
			t.Errorf("within unit %q: %s, %v", unit, strings.Join(plan, "; "), err)
		}
	}
}

// What has piled up is counted only so far.
func TestCountingWorkEnds(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		for parent, of := range map[string]string{"d1": `'me', ''`, "d2": `'', 'so|handler'`} {
			err := s.Tamper(t.Context(), `INSERT INTO dossier_task (parent, id, kind, unit, holder, pool, due_key, start_key, channel, timed)
				WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 700)
				SELECT '`+parent+`', CAST(i AS text), 'handle', 'so', `+of+`, i, i, 'direct', (1 = 1) FROM n`)
			if err != nil {
				t.Fatal(err)
			}
		}
		got, err := s.CountWork(t.Context(), someWork, bounds, store.MostCounted, store.WorkTabs...)
		if want := (store.WorkCounts{Mine: 700, Pool: 700, Overdue: store.MostCounted}); err != nil || got != want {
			t.Errorf("counted %+v, %v, want %+v", got, err, want)
		}
		if err := s.Tamper(t.Context(), `DELETE FROM dossier_task`); err != nil {
			t.Fatal(err)
		}
	})
}
