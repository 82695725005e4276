package store_test

import (
	"path"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/store"
	"github.com/motcua/motcua/internal/store/storetest"
)

func TestBothEnginesHaveTheSameSteps(t *testing.T) {
	sqlite, postgres := store.SchemaSteps(t, "sqlite"), store.SchemaSteps(t, "postgres")
	for _, steps := range [][]string{sqlite, postgres} {
		for i := range steps {
			steps[i] = path.Base(steps[i])
		}
	}
	if diff := cmp.Diff(sqlite, postgres); diff != "" || int64(len(sqlite)) != store.SchemaVersion() {
		t.Errorf("schema steps of %d (-sqlite +postgres):\n%s", store.SchemaVersion(), diff)
	}
}

func TestChangedKindIsRebuilt(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		opt := store.Options{Ring: storetest.Ring(t), Migrate: true}
		s, err := store.Open(t.Context(), url, opt)
		if err != nil {
			t.Fatal(err)
		}
		fill(t, s)
		want := mustGet(t, s, "a")
		for _, sql := range []string{`UPDATE projection_version SET fingerprint = 'of an earlier release'`, `DROP TABLE box_thing`, `UPDATE box SET state = '{}'`} {
			if err := s.Tamper(t.Context(), sql); err != nil {
				t.Fatal(err)
			}
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		opt.Migrate = false
		if _, err := store.Open(t.Context(), url, opt); !fault.Is(err, "store.schema_older") {
			t.Errorf("Open with an earlier projection: %v, want store.schema_older", err)
		}
		var steps []string
		s = storetest.Open(t, url, store.Options{Progress: func(step string) { steps = append(steps, step) }})
		if diff := cmp.Diff(want, mustGet(t, s, "a")); diff != "" {
			t.Errorf("box after migration (-want +got):\n%s", diff)
		}
		if len(steps) == 0 {
			t.Error("the migration told of no step")
		}
		storetest.Verify(t, s)
	})
}
