package api

import (
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/motcua/motcua/internal/app/apptest"
	"github.com/motcua/motcua/internal/i18n"
)

var update = flag.Bool("update", false, "write openapi.yaml anew")

// The committed description is what the program serves: whoever changes the
// interface sees it in the review.
func TestOpenAPISnapshot(t *testing.T) {
	s := newServer(apptest.SQLite(t).App, i18n.Default(), Options{})
	got, err := s.api.OpenAPI().YAML()
	if err != nil {
		t.Fatal(err)
	}
	const file = "openapi.yaml"
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != string(want) {
		t.Errorf("the interface differs from %s from line %d on; go test ./internal/api -run Snapshot -update writes it anew", file, firstDifference(string(got), string(want)))
	}
}

func firstDifference(a, b string) int {
	x, y := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range min(len(x), len(y)) {
		if x[i] != y[i] {
			return i + 1
		}
	}
	return min(len(x), len(y)) + 1
}

func TestEverythingIsDescribed(t *testing.T) {
	words := i18n.Default()
	s := newServer(apptest.SQLite(t).App, words, Options{})
	o := s.api.OpenAPI()
	ops := operations(o)
	if len(ops) < 14 {
		t.Fatalf("%d operations", len(ops))
	}
	for _, op := range ops {
		if !words.Has("api.op." + op.OperationID) {
			t.Errorf("%s has no summary", op.OperationID)
		}
		for _, tag := range op.Tags {
			if !words.Has("api.docs.tag." + tag) {
				t.Errorf("the tag %s has no name", tag)
			}
		}
		for _, p := range op.Parameters {
			if p.Description == "" {
				t.Errorf("%s: the parameter %s is not described", op.OperationID, p.Name)
			}
		}
	}
	for name, schema := range o.Components.Schemas.Map() {
		for property := range schema.Properties {
			if sentenceOf(words, i18n.Vietnamese, name, property) == "" {
				t.Errorf("%s.%s is not described", name, property)
			}
		}
	}
	if closed := o.Components.Schemas.Map()["Reception"].AdditionalProperties; closed != false {
		t.Errorf("requests take fields that nobody reads: %v", closed)
	}
	if o.Components.Schemas.Map()["Dossier"].AdditionalProperties != nil {
		t.Error("answers are closed to additions")
	}
}
