package access

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the matrix anew")

// The whole table as one page that people review: a change of a right is a
// change of this file.
func TestMatrix(t *testing.T) {
	var b strings.Builder
	fmt.Fprintf(&b, "%-26s", "")
	for _, r := range Roles() {
		fmt.Fprintf(&b, " %-10s", r)
	}
	b.WriteString(" system\n")
	for _, p := range Permissions() {
		fmt.Fprintf(&b, "%-26s", p)
		for _, r := range Roles() {
			fmt.Fprintf(&b, " %-10s", reached(p, Actor{ID: "x", Roles: []Role{r}, Unit: "own"}))
		}
		b.WriteString(" " + reached(p, System("job")) + "\n")
	}
	path := filepath.Join("testdata", "matrix.txt")
	if *update {
		if err := os.WriteFile(path, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), b.String()); diff != "" {
		t.Errorf("rights (-reviewed +table):\n%s", diff)
	}
}

func reached(p Permission, a Actor) string {
	switch {
	case May(a, p, "other"):
		return "everywhere"
	case May(a, p, "own"):
		return "unit"
	}
	return "-"
}

func TestNobodyWithoutARight(t *testing.T) {
	outsider := Actor{ID: "s-1", Roles: []Role{"gardener"}, Unit: "own"}
	nowhere := Actor{ID: "s-2", Roles: []Role{Handler, Leader, Reception, Clerk}}
	for _, p := range append(Permissions(), "dossier.burn") {
		for _, a := range []Actor{Public(), {}, outsider} {
			if May(a, p) || May(a, p, "own", "") || Anywhere(a, p) {
				t.Errorf("%s may %s", a.ID, p)
			}
		}
		if p != UploadFile && p != SearchEverywhere && May(nowhere, p, "") {
			t.Errorf("an actor without a unit may %s in a unit without a name", p)
		}
	}
	if forged := (Actor{ID: "s-3", Roles: []Role{"sys tem"}}); May(forged, RunClock) {
		t.Error("somebody runs the clock")
	}
}

// Work and signature are delegated apart.
func TestDelegation(t *testing.T) {
	own := Actor{ID: "s-1"}
	work := Actor{ID: "s-2", OnBehalf: "s-1"}
	signs := Actor{ID: "s-2", OnBehalf: "s-1", Signing: true}
	for _, tt := range []struct {
		name    string
		who     Actor
		forOne  bool
		maySign bool
	}{{"in his own right", own, true, true}, {"for work", work, true, false}, {"for signature too", signs, true, true}, {"somebody else", Actor{ID: "s-9", Signing: true}, false, true}} {
		if got := tt.who.Stands("s-1"); got != tt.forOne {
			t.Errorf("%s: stands for s-1 = %t", tt.name, got)
		}
		if got := tt.who.MaySign(); got != tt.maySign {
			t.Errorf("%s: may sign = %t", tt.name, got)
		}
		if tt.who.Stands("") {
			t.Errorf("%s stands for nobody", tt.name)
		}
	}
}

func TestRolesAndActors(t *testing.T) {
	for _, r := range Roles() {
		if !r.Known() || r.Key() != "access.role."+string(r) {
			t.Errorf("role %s", r)
		}
	}
	if Role("system").Known() || Public().SignedIn() || !System("x").IsSystem() || !(Actor{ID: "s"}).SignedIn() {
		t.Error("who is who")
	}
	if h := Holders(ReadDossier); h[Handler] || !h[Director] || len(h) != 10 {
		t.Errorf("holders = %v", h)
	}
	if p := ReadDossier.Key(); p != "access.permission.dossier.read" {
		t.Errorf("key = %s", p)
	}
}

func TestTokenStream(t *testing.T) {
	tok, err := ApplyToken(Token{}, TokenIssued, []byte(`{"id":"t1","name":"Cổng","role":"partner","unit":"H36","hash":"aa"}`))
	if err != nil || tok.Revoked || tok.Actor("Sở").ID != "token:t1" || !tok.Actor("Sở").Is(Partner) {
		t.Fatalf("issued: %+v, %v", tok, err)
	}
	if tok, err = ApplyToken(tok, TokenRevoked, nil); err != nil || !tok.Revoked {
		t.Errorf("revoked: %+v, %v", tok, err)
	}
	if _, err := ApplyToken(tok, "token.eaten", nil); err == nil {
		t.Error("an unknown event was applied")
	}
	if _, err := ApplyToken(tok, TokenIssued, []byte(`{`)); err == nil {
		t.Error("a broken event was applied")
	}
}
