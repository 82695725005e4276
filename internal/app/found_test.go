package app_test

import (
	"testing"
	"time"

	"github.com/motcua/motcua/internal/app/apptest"
)

func TestFound(t *testing.T) {
	at := time.Now()
	w := apptest.SQLite(t)
	t.Logf("founded in %v", time.Since(at))
	home, err := w.Home(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d procedures, %d ready, centre %+v", home.Procedures, home.Ready, w.Centre().Name)
	if home.Procedures < 1477 || home.Ready < 300 {
		t.Errorf("Home = %d procedures, %d ready", home.Procedures, home.Ready)
	}
}
