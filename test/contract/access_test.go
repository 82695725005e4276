package contract

import (
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/motcua/motcua/internal/api"
	"github.com/motcua/motcua/internal/api/apitest"
	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/app/apptest"
	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/dossier"
	"github.com/motcua/motcua/internal/httpkit"
)

// Every call of the interface and every act, by every role, from the centre, the
// agency and elsewhere, answers as the reviewed table says. A call or an act
// that the table does not know fails.
func TestWhoMayUseTheInterface(t *testing.T) {
	h := &house{checker: newChecker(t, apitest.New(t, apptest.SQLite(t, rubberStamps), api.Options{Track: httpkit.NewRate(time.Second, 1000, time.Now)}))}
	h.open()
	calls, acts := readTable(t, "interface"), readTable(t, "acts")
	for _, r := range h.calls() {
		h.hold(calls, calls, r.method+" "+r.path, r.name, r)
	}
	for _, r := range h.acts() {
		h.hold(acts, calls, r.name, r.point, r)
	}
	unchecked(t, calls)
	unchecked(t, acts)
	for path, item := range h.paths {
		for method := range item.(map[string]any) {
			if key := strings.ToUpper(method) + " " + path; calls[key] == nil && key != "POST /dossiers/{code}/acts" {
				t.Errorf("%s has no line in %s", key, table)
			}
		}
	}
	for _, act := range dossier.Acts() {
		if !slices.ContainsFunc(slices.Collect(maps.Keys(acts)), func(name string) bool { return strings.Fields(name)[0] == string(act) }) {
			t.Errorf("%s has no line in %s", act, table)
		}
	}
}

// hold tries a call or an act as everybody and holds the answers to its line.
// Who may not learns that it is not his (403); where he may not know the dossier
// either, he gets the answer that one gets for a code that was never given.
func (h *house) hold(rights, calls map[string]*right, name, detail string, r route) {
	h.t.Helper()
	line := rights[name+" "+detail]
	if line == nil {
		line = rights[name]
	}
	if line == nil {
		h.t.Errorf("%s (%s) has no line in %s", name, detail, table)
		return
	}
	line.checked = true
	if got := h.try(r, "", "", http.StatusUnauthorized); line.open == (got == http.StatusUnauthorized) {
		h.t.Errorf("%s (%s) without a token: status %d", name, detail, got)
	}
	reads := calls["GET /dossiers/{code}"]
	done := false
	for _, place := range places {
		for _, role := range access.Roles() {
			want := 0 // let in
			switch {
			case line.open, line.lets(place, role):
			case strings.HasPrefix(r.path, "/dossiers/{code}") && !reads.lets(seenFrom(r.point, place), role):
				if want = h.call(r, place, role, scene{code: "H61.01-200101-0001", file: strings.Repeat("0", 64)}); want != http.StatusForbidden {
					want = http.StatusNotFound
				}
			case r.name == ofUnit && role != access.Admin:
				want = http.StatusNotFound
			default:
				want = http.StatusForbidden
			}
			got := h.try(r, place, role, want)
			in := got != http.StatusUnauthorized && got != http.StatusForbidden && got != http.StatusNotFound
			if want == 0 && !in || want != 0 && got != want {
				h.t.Errorf("%s (%s) by %s of %s: status %d, want %d (0: let in)", name, detail, role, place, got, want)
			}
			done = done || got < 300
		}
	}
	if !done && slices.ContainsFunc(places[:], func(p string) bool {
		return slices.ContainsFunc(access.Roles(), func(r access.Role) bool { return line.lets(p, r) })
	}) {
		h.t.Errorf("%s (%s) succeeded for nobody: the test does not try it", name, detail)
	}
}

// seenFrom is the place of somebody as the dossier makes it: a unit that is asked
// for its opinion takes part as an agency does.
func seenFrom(point, place string) string {
	if point == "consulted" && place == "elsewhere" {
		return "agency"
	}
	return place
}

// house holds dossiers at the points of their way that the routes need. One that
// a caller has moved is replaced before the next tries.
type house struct {
	*checker
	units     map[string]string // place → unit
	procedure app.Receivable
	server    *httptest.Server
	at        map[string]scene
}

// scene is a dossier at a point of its way.
type scene struct {
	code    string
	version int64
	secret  string
	file    string
	paper   string
}

// route is one call, on a dossier at a point of its way. Of an act, the name is
// the act's.
type route struct {
	method, path, name string
	point              string // empty = no dossier is needed
	request            func(s scene) apitest.Request
}

func (h *house) open() {
	h.at = map[string]scene{}
	h.server = httptest.NewServer(h.Handler)
	h.t.Cleanup(h.server.Close)
	h.procedure, h.units = unitsOf(h.t, h.World)
}

// unitsOf are a procedure with the centre that receives it, the agency that is
// competent for it and another one.
func unitsOf(t *testing.T, w *apptest.World) (app.Receivable, map[string]string) {
	t.Helper()
	p, agency := costly(t, w)
	all, err := w.Store().Units(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	units := map[string]string{"centre": w.Centre().Code}
	for _, u := range all {
		switch {
		case u.Code == units["centre"] || len(w.People(u.Code, "handler")) == 0:
		case u.Name == agency:
			units["agency"] = u.Code
		default:
			units["elsewhere"] = u.Code
		}
	}
	if len(units) != len(places) {
		t.Fatalf("the test centre lacks agencies: %v", units)
	}
	return p, units
}

// token is a caller's.
func (h *house) token(role access.Role, place string) string {
	h.t.Helper()
	if role == "" {
		return ""
	}
	return h.Token(h.t, role, h.units[place])
}

// try makes a call as one caller, on the dossier that it is for, and returns the
// status. A dossier that moved is replaced.
func (h *house) try(r route, place string, role access.Role, want int) int {
	h.t.Helper()
	s := h.scene(r.point)
	if want == 0 && role != "" && (r.name == "issue-result" || r.name == "attach-paper") {
		s.file = h.stage(h.token(role, place), 3)
	}
	got := h.call(r, place, role, s)
	if r.method == http.MethodPost && r.path != "/track" && got < 300 {
		delete(h.at, r.point)
	}
	return got
}

func (h *house) call(r route, place string, role access.Role, s scene) int {
	h.t.Helper()
	q := r.request(s)
	q.Token = h.token(role, place)
	if r.path == "/events" {
		return h.peek(q)
	}
	a := h.Do(h.t, q)
	if a.Status >= 500 {
		h.t.Errorf("%s %s %s by %s: %s", r.method, r.path, r.name, role, a.Body)
	}
	if a.Status >= 300 {
		h.t.Logf("%s %s %s by %s of %s: %d %s", r.method, r.path, r.name, role, place, a.Status, a.Body)
	}
	return a.Status
}

// peek is the status with which a stream begins.
func (h *house) peek(q apitest.Request) int {
	h.t.Helper()
	r, err := http.NewRequestWithContext(h.t.Context(), http.MethodGet, h.server.URL+api.Prefix+q.Path, nil)
	if err != nil {
		h.t.Fatal(err)
	}
	if q.Token != "" {
		r.Header.Set("Authorization", "Bearer "+q.Token)
	}
	a, err := h.server.Client().Do(r)
	if err != nil {
		h.t.Fatal(err)
	}
	defer a.Body.Close()
	return a.StatusCode
}
