package contract

import (
	"encoding/csv"
	"flag"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/motcua/motcua/internal/api"
	"github.com/motcua/motcua/internal/api/apitest"
	"github.com/motcua/motcua/internal/app/apptest"
	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/httpkit"
)

var update = flag.Bool("update", false, "write testdata/access.csv anew: review it like code")

const matrix = "testdata/access.csv"

// Every route of the interface, by every role, of the unit that the dossier
// concerns and of another one, answers with the status of the reviewed table. A
// route that the table does not know fails.
func TestWhoMayUseWhichRoute(t *testing.T) {
	m := &house{checker: newChecker(t, apitest.New(t, apptest.SQLite(t), api.Options{Track: httpkit.NewRate(time.Second, 1000, time.Now)}))}
	m.open()
	var got [][]string
	for _, r := range m.routes() {
		for _, unit := range []string{"own", "other"} {
			row := []string{r.method, r.path, r.name, unit}
			for _, role := range columns() {
				row = append(row, strconv.Itoa(m.try(r, unit, role)))
			}
			got = append(got, row)
		}
	}
	if *update {
		m.write(got)
	}
	want := m.read()
	for _, row := range got {
		i := slices.IndexFunc(want, func(w []string) bool { return slices.Equal(w[:4], row[:4]) })
		if i < 0 {
			t.Errorf("%v has no row in %s", row[:4], matrix)
			continue
		}
		for c, role := range columns() {
			if want[i][4+c] != row[4+c] {
				t.Errorf("%v by %s: status %s, want %s", row[:4], role, row[4+c], want[i][4+c])
			}
		}
		want = slices.Delete(want, i, i+1)
	}
	for _, row := range want {
		t.Errorf("%s knows %v, which is not tried", matrix, row[:4])
	}
	for path, item := range m.paths {
		for method := range item.(map[string]any) {
			if !slices.ContainsFunc(got, func(row []string) bool { return row[0] == strings.ToUpper(method) && row[1] == path }) {
				t.Errorf("%s %s has no row", method, path)
			}
		}
	}
}

// columns are the callers of the table: nobody known, then every role.
func columns() []access.Role { return append([]access.Role{"public"}, access.Roles()...) }

func (m *house) write(rows [][]string) {
	m.t.Helper()
	head := []string{"method", "path", "case", "unit"}
	for _, role := range columns() {
		head = append(head, string(role))
	}
	f, err := os.Create(matrix)
	if err != nil {
		m.t.Fatal(err)
	}
	w := csv.NewWriter(f)
	if err := w.WriteAll(append([][]string{head}, rows...)); err != nil {
		m.t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		m.t.Fatal(err)
	}
}

func (m *house) read() [][]string {
	m.t.Helper()
	f, err := os.Open(matrix)
	if err != nil {
		m.t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil || len(rows) < 2 {
		m.t.Fatalf("%s: %d rows, %v", matrix, len(rows), err)
	}
	return rows[1:]
}

// house holds dossiers at the points of their way that the routes need. One that
// a caller has moved is replaced before the next tries.
type house struct {
	*checker
	centre, agency, other string
	server                *httptest.Server
	at                    map[string]scene
}

// scene is a dossier at a point of its way.
type scene struct {
	code    string
	version int64
	secret  string
	file    string
	paper   string
}

// route is one row of the table: a call, on a dossier at a point of its way.
type route struct {
	method, path, name string
	point              string // empty = no dossier is needed
	request            func(s scene) apitest.Request
}

func (m *house) open() {
	m.at = map[string]scene{}
	m.server = httptest.NewServer(m.Handler)
	m.t.Cleanup(m.server.Close)
	m.centre = m.Centre.Centre().Code
	page, err := m.ProcedurePage(m.t.Context(), m.Receivable(m.t).Code)
	if err != nil {
		m.t.Fatal(err)
	}
	units, err := m.Store().Units(m.t.Context())
	if err != nil {
		m.t.Fatal(err)
	}
	for _, u := range units {
		switch {
		case u.Code == m.centre || len(m.People(u.Code, "handler")) == 0:
		case u.Name == page.AgencyName:
			m.agency = u.Code
		default:
			m.other = u.Code
		}
	}
	if m.agency == "" || m.other == "" {
		m.t.Fatal("the test centre lacks agencies")
	}
}

// token is a caller's: of the unit that the dossier concerns, or of another one.
func (m *house) token(role access.Role, unit string) string {
	m.t.Helper()
	switch {
	case role == "public":
		return ""
	case unit == "other":
		return m.Token(m.t, role, m.other)
	case role == access.Handler, role == access.Leader, role == access.Clerk:
		return m.Token(m.t, role, m.agency)
	}
	return m.Token(m.t, role, m.centre)
}

// try makes a route's call as one caller and returns the status.
func (m *house) try(r route, unit string, role access.Role) int {
	m.t.Helper()
	s := m.scene(r.point)
	q := r.request(s)
	q.Token = m.token(role, unit)
	if strings.Contains(q.Path, "{unit}") {
		asked := m.centre
		if unit == "own" && (role == access.Handler || role == access.Leader || role == access.Clerk) {
			asked = m.agency
		}
		q.Path = strings.ReplaceAll(q.Path, "{unit}", asked)
	}
	if r.path == "/events" {
		return m.peek(q)
	}
	a := m.Do(m.t, q)
	if a.Status >= 500 {
		m.t.Errorf("%s %s %s by %s: %s", r.method, r.path, r.name, role, a.Body)
	}
	if r.method == http.MethodPost && r.path != "/track" && a.Status < 300 {
		delete(m.at, r.point)
	}
	return a.Status
}

// peek is the status with which a stream begins.
func (m *house) peek(q apitest.Request) int {
	m.t.Helper()
	r, err := http.NewRequestWithContext(m.t.Context(), http.MethodGet, m.server.URL+api.Prefix+q.Path, nil)
	if err != nil {
		m.t.Fatal(err)
	}
	if q.Token != "" {
		r.Header.Set("Authorization", "Bearer "+q.Token)
	}
	a, err := m.server.Client().Do(r)
	if err != nil {
		m.t.Fatal(err)
	}
	defer a.Body.Close()
	return a.StatusCode
}

// scene is a dossier at a point, made when there is none.
func (m *house) scene(point string) scene {
	m.t.Helper()
	if s, ok := m.at[point]; ok || point == "" {
		return s
	}
	way := ways()[point]
	s := m.begin(way.reception, point == "received")
	for _, a := range way.acts {
		s = m.step(s, a.role, a.act)
	}
	m.at[point] = s
	return s
}

// begin receives a dossier, with a file where one is asked for: files are slow.
func (m *house) begin(change func(r *api.Reception), file bool) scene {
	m.t.Helper()
	counter := m.token(access.Reception, "own")
	r := apitest.Reception(m.Receivable(m.t))
	if change != nil {
		change(&r)
	}
	s := scene{paper: r.Papers[0].Name}
	if file {
		s.file = m.stage(counter, 1)
		r.Papers[0].Files = []string{s.file}
	}
	var got api.Received
	m.Do(m.t, apitest.Request{Token: counter, Path: "/dossiers", Body: r}).Want(m.t, 201, &got)
	s.code, s.version, s.secret = got.Code, got.Version, got.TrackingSecret
	return s
}

// stage uploads a file and returns its hash.
func (m *house) stage(token string, n int) string {
	m.t.Helper()
	body, form := apitest.Multipart(m.t, "tep.pdf", apitest.PDF(n), nil)
	var staged api.List[api.File]
	m.Do(m.t, apitest.Request{Token: token, Path: "/uploads", Body: body, Type: form}).Want(m.t, 201, &staged)
	return staged.Items[0].Hash
}

func (m *house) step(s scene, role access.Role, a api.Act) scene {
	m.t.Helper()
	token := m.token(role, "own")
	if a.Act == "issue-result" {
		a.Files = []string{m.stage(token, 2)}
	}
	a.Version = s.version
	var d api.Dossier
	m.Do(m.t, apitest.Request{Token: token, Path: "/dossiers/" + s.code + "/acts", Body: a}).Want(m.t, 200, &d)
	s.code, s.version = d.Code, d.Version
	return s
}

// way leads a dossier to a point.
type way struct {
	reception func(r *api.Reception)
	acts      []step
}

type step struct {
	role access.Role
	act  api.Act
}

// ways lead to every point; each goes on from the one before.
func ways() map[string]way {
	plain := []struct {
		point string
		steps []step
	}{
		{"received", nil},
		{"forwarded", []step{{access.Reception, api.Act{Act: "forward"}}}},
		{"arrived", []step{{access.Handler, api.Act{Act: "receive-handover"}}}},
		{"claimed", []step{{access.Handler, api.Act{Act: "claim"}}}},
		{"proposed", []step{{access.Handler, api.Act{Act: "propose"}}}},
		{"approved", []step{{access.Leader, api.Act{Act: "approve"}}}},
		{"numbered", []step{{access.Clerk, api.Act{Act: "number"}}}},
		{"signed", []step{{access.Leader, api.Act{Act: "sign"}}}},
		{"issued", []step{{access.Clerk, api.Act{Act: "issue-result"}}}},
		{"sent", []step{{access.Clerk, api.Act{Act: "hand-over"}}}},
		{"resolved", []step{{access.Reception, api.Act{Act: "receive-handover"}}}},
	}
	all := map[string]way{}
	var so []step
	for _, p := range plain {
		so = append(slices.Clone(so), p.steps...)
		all[p.point] = way{acts: so}
	}
	all["registered"] = way{reception: func(r *api.Reception) { r.Act = "register" }}
	all["late"] = way{reception: func(r *api.Reception) {
		r.ReceivedAt, r.LateSlip, r.Reason = "2026-11-20T10:00", "17", "Mất điện"
	}}
	all["supplement"] = way{acts: []step{{access.Reception, api.Act{Act: "request-supplement", Reason: "Thiếu", Items: []string{"p1"}}}}}
	all["refusing"] = way{acts: append(slices.Clone(all["claimed"].acts), step{access.Handler, api.Act{Act: "propose", Outcome: "refuse", Reason: "Không đủ"}})}
	all["stopped"] = way{acts: append(slices.Clone(all["arrived"].acts), step{access.Leader, api.Act{Act: "stop", Reason: "Tranh chấp", LegalGround: "Điều 6"}})}
	return all
}
