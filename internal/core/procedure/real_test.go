package procedure_test

import (
	"testing"

	"github.com/motcua/motcua/internal/core/procedure"
	"github.com/motcua/motcua/internal/data"
)

// real is the catalogue that ships with the program.
func real(t testing.TB) []procedure.Procedure {
	t.Helper()
	f, err := data.Open(data.Procedures)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	list, rejected, err := procedure.Parse(f)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rejected {
		t.Errorf("rejected %s %s: %s %v", r.Record, r.Field, r.Key, r.Args)
	}
	return list
}

func catalogue(t testing.TB) []procedure.CatalogueEntry {
	t.Helper()
	f, err := data.Open(data.Catalogue)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	list, rejected, err := procedure.ParseCatalogue(f)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rejected {
		t.Errorf("rejected %s %s: %s %v", r.Record, r.Field, r.Key, r.Args)
	}
	return list
}

func TestRealCatalogue(t *testing.T) {
	list := real(t)
	if got, want := len(list), 1477; got != want {
		t.Errorf("procedures = %d, want %d", got, want)
	}
	count := map[procedure.Detail]int{}
	cases, withoutLimit := 0, 0
	for i := range list {
		p := &list[i]
		count[p.Detail]++
		cases += len(p.Cases)
		if len(p.Cases) == 0 {
			t.Errorf("%s has no case", p.Code)
		}
		ids := map[string]bool{}
		for _, c := range p.Cases {
			if ids[c.ID] {
				t.Errorf("%s has case %s twice", p.Code, c.ID)
			}
			ids[c.ID] = true
			if got := len(p.PapersOf(c)); got != len(c.Papers) {
				t.Errorf("%s case %s has %d papers, want %d", p.Code, c.ID, got, len(c.Papers))
			}
			if !c.HasLimit() {
				withoutLimit++
			}
		}
		for _, x := range p.Papers {
			if x.Originals > 19 {
				t.Errorf("%s asks for %d originals of %s", p.Code, x.Originals, x.ID)
			}
		}
	}
	if count[procedure.Full] != 912 || count[procedure.Partial] != 484 || count[procedure.Listed] != 81 {
		t.Errorf("detail = %v, want 912 full, 484 partial, 81 index", count)
	}
	t.Logf("%d cases, %d of them without a limit", cases, withoutLimit)
	if entries := catalogue(t); len(entries) != 1790 {
		t.Errorf("catalogue lines = %d, want 1790", len(entries))
	}
}
