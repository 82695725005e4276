package main

import (
	"testing"

	"github.com/motcua/motcua/internal/app/apptest"
	"github.com/motcua/motcua/internal/core/fault"
)

func TestBenchLeavesOtherDataAlone(t *testing.T) {
	w := apptest.SQLite(t)
	if err := ownData(t.Context(), w.Store()); !fault.Is(err, "bench.other_data") {
		t.Errorf("measuring on other data: %v", err)
	}
}
