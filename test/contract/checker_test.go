package contract

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"mime"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/motcua/motcua/internal/api"
	"github.com/motcua/motcua/internal/api/apitest"
	"github.com/motcua/motcua/internal/app/apptest"
)

// checker calls the interface and holds each answer to its description.
type checker struct {
	*apitest.Centre
	t       *testing.T
	paths   map[string]any
	schemas *jsonschema.Compiler
	good    map[string]bool // operations that have succeeded, as "post /dossiers"
}

func newChecker(t *testing.T, c *apitest.Centre) *checker {
	t.Helper()
	a := c.Do(t, apitest.Request{Path: "/openapi.json"})
	a.Want(t, 200, nil)
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(a.Body))
	if err != nil {
		t.Fatal(err)
	}
	k := &checker{Centre: c, t: t, schemas: jsonschema.NewCompiler(), good: map[string]bool{}}
	k.schemas.AssertFormat()
	k.schemas.DefaultDraft(jsonschema.Draft2020)
	if err := k.schemas.AddResource("openapi.json", doc); err != nil {
		t.Fatal(err)
	}
	k.paths = doc.(map[string]any)["paths"].(map[string]any)
	return k
}

// call makes a call and checks question and answer against the description.
func (k *checker) call(q apitest.Request) apitest.Answer {
	k.t.Helper()
	method := "get"
	if q.Body != nil {
		method = "post"
	}
	path, op := k.operation(method, q.Path)
	if q.Body != nil && q.Type == "" {
		body, err := json.Marshal(q.Body)
		if err != nil {
			k.t.Fatal(err)
		}
		k.valid("openapi.json#/paths/"+pointer(path)+"/"+method+"/requestBody/content/application~1json/schema", body)
	}
	a := k.Do(k.t, q)
	status := fmt.Sprint(a.Status)
	responses := op["responses"].(map[string]any)
	if responses[status] == nil {
		status = "default"
	}
	if a.Status < 300 {
		if status == "default" {
			k.t.Errorf("%s %s answers %d, which is not described", method, path, a.Status)
		}
		k.good[method+" "+path] = true
	}
	kind, _, err := mime.ParseMediaType(a.Header.Get("Content-Type"))
	if err != nil {
		k.t.Fatalf("%s %s: content type: %v", method, path, err)
	}
	described := responses[status].(map[string]any)["content"].(map[string]any)
	if described["*/*"] != nil {
		return a
	}
	if described[kind] == nil {
		k.t.Errorf("%s %s answers %s, described are %v", method, path, kind, slices.Sorted(maps.Keys(described)))
		return a
	}
	if strings.HasSuffix(kind, "json") {
		k.valid("openapi.json#/paths/"+pointer(path)+"/"+method+"/responses/"+status+"/content/"+pointer(kind)+"/schema", a.Body)
	}
	return a
}

// operation finds the described route of a path.
func (k *checker) operation(method, asked string) (string, map[string]any) {
	k.t.Helper()
	asked, _, _ = strings.Cut(asked, "?")
	for path, item := range k.paths {
		if op, ok := item.(map[string]any)[method]; ok && fits(path, asked) {
			return path, op.(map[string]any)
		}
	}
	k.t.Fatalf("%s %s is not described", method, asked)
	return "", nil
}

// fits reports whether a path is one of a described form such as /a/{b}.
func fits(form, path string) bool {
	f, p := strings.Split(form, "/"), strings.Split(path, "/")
	if len(f) != len(p) {
		return false
	}
	for i := range f {
		if f[i] != p[i] && !strings.HasPrefix(f[i], "{") {
			return false
		}
	}
	return true
}

// valid holds a JSON document to a schema of the description.
func (k *checker) valid(schema string, body []byte) {
	k.t.Helper()
	s, err := k.schemas.Compile(schema)
	if err != nil {
		k.t.Fatalf("%s: %v", schema, err)
	}
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(body))
	if err != nil {
		k.t.Fatalf("%s: %v\n%s", schema, err, body)
	}
	if err := s.Validate(v); err != nil {
		k.t.Errorf("%v\n%s", err, body)
	}
}

// pointer escapes a JSON pointer's part for an address.
func pointer(part string) string {
	return strings.NewReplacer("~", "~0", "/", "~1", "{", "%7B", "}", "%7D").Replace(part)
}

// unused lists the operations that never succeeded.
func (k *checker) unused() []string {
	var left []string
	for path, item := range k.paths {
		for method := range item.(map[string]any) {
			if name := method + " " + path; !k.good[name] {
				left = append(left, name)
			}
		}
	}
	slices.Sort(left)
	return left
}

// A checker that lets everything through would make the other tests worthless.
func TestCheckerRefusesWhatIsNotDescribed(t *testing.T) {
	k := newChecker(t, apitest.New(t, apptest.SQLite(t), api.Options{}))
	s, err := k.schemas.Compile("openapi.json#/paths/" + pointer("/dossiers/{code}") + "/get/responses/200/content/application~1json/schema")
	if err != nil {
		t.Fatal(err)
	}
	for _, body := range []string{`{}`, `{"code": 5}`, `[]`, `null`} {
		v, err := jsonschema.UnmarshalJSON(strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		if s.Validate(v) == nil {
			t.Errorf("%s passes for a dossier", body)
		}
	}
	in, err := k.schemas.Compile("openapi.json#/paths/~1dossiers/post/requestBody/content/application~1json/schema")
	if err != nil {
		t.Fatal(err)
	}
	r := map[string]any{"procedure": "1", "channel": "direct", "owner": map[string]any{"kind": "citizen", "name": "x"}}
	if err := in.Validate(r); err != nil {
		t.Errorf("a reception is refused: %v", err)
	}
	r["chanel"] = "direct"
	if in.Validate(r) == nil {
		t.Error("a misspelt field passes")
	}
}
