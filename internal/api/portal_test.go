package api_test

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/motcua/motcua/internal/api"
	"github.com/motcua/motcua/internal/api/apitest"
	"github.com/motcua/motcua/internal/core/access"
)

// Paging through the catalogue gives every procedure once.
func TestProceduresPageByPage(t *testing.T) {
	c := centre(t, api.Options{})
	seen := map[string]bool{}
	pages := 0
	for cursor := ""; ; pages++ {
		var page api.List[api.ProcedureItem]
		c.Do(t, apitest.Request{Path: "/procedures?limit=200&cursor=" + url.QueryEscape(cursor)}).Want(t, 200, &page)
		for _, p := range page.Items {
			if seen[p.Code] {
				t.Errorf("%s comes twice", p.Code)
			}
			seen[p.Code] = true
		}
		if page.NextCursor == nil {
			break
		}
		cursor = *page.NextCursor
	}
	if len(seen) < 1477 || pages < 7 {
		t.Errorf("%d procedures on %d pages", len(seen), pages+1)
	}
}

func TestProceduresAreFoundAndFiltered(t *testing.T) {
	c := centre(t, api.Options{})
	list := func(query string) []api.ProcedureItem {
		var page api.List[api.ProcedureItem]
		c.Do(t, apitest.Request{Path: "/procedures?" + query}).Want(t, 200, &page)
		return page.Items
	}
	if found := list("q=giay+khai+sinh&limit=5"); len(found) == 0 || !strings.Contains(strings.ToLower(found[0].Name), "khai sinh") {
		t.Errorf("giay khai sinh finds %+v", found)
	}
	p := c.Receivable(t)
	for _, tt := range []struct {
		query string
		fits  func(api.ProcedureItem) bool
	}{
		{"field=" + url.QueryEscape(p.Field), func(x api.ProcedureItem) bool { return x.Field == p.Field }},
		{"level=xa", func(x api.ProcedureItem) bool { return slices.Contains(x.Levels, "xa") }},
		{"service=full", func(x api.ProcedureItem) bool { return x.Service == "full" }},
		{"ready=true", func(x api.ProcedureItem) bool { return x.Ready }},
		{"agency=so-xay-dung", func(x api.ProcedureItem) bool { return x.Agency == "so-xay-dung" }},
	} {
		found := list(tt.query)
		if len(found) == 0 {
			t.Errorf("%s finds nothing", tt.query)
		}
		for _, x := range found {
			if !tt.fits(x) {
				t.Errorf("%s finds %+v", tt.query, x)
			}
		}
	}
}

// One procedure tells everything that its reception needs.
func TestProcedureTellsWhatAReceptionNeeds(t *testing.T) {
	c := centre(t, api.Options{})
	want := c.Receivable(t)
	var p api.Procedure
	c.Do(t, apitest.Request{Path: "/procedures/" + want.Code}).Want(t, 200, &p)
	if !p.Ready || len(p.Missing) != 0 || p.State != "in_force" || p.AgencyName == "" || len(p.Cases) != 1 || len(p.Cases[0].Limits) == 0 || p.Cases[0].Limits[0].Limit == "" {
		t.Errorf("procedure %+v", p)
	}
	r := api.Reception{Procedure: p.Code, Case: p.Cases[0].ID, Channel: "direct", Owner: apitest.Reception(want).Owner}
	for _, name := range p.Cases[0].Required {
		r.Papers = append(r.Papers, api.PaperIn{Name: name, Originals: 1})
	}
	for _, f := range p.Fees {
		if f.Collectable && slices.Contains(f.Channels, "direct") {
			r.FeeLines = append(r.FeeLines, f.ID)
		}
	}
	var got api.Received
	c.Do(t, apitest.Request{Token: c.Token(t, access.Reception, ""), Path: "/dossiers", Body: r}).Want(t, 201, &got)
	var total int64
	for _, l := range got.Fee.Lines {
		total += l.Amount
	}
	if len(got.Fee.Lines) != len(r.FeeLines) || total != got.Fee.Total {
		t.Errorf("fee %+v for %v", got.Fee, r.FeeLines)
	}
	var none api.Procedure
	c.Do(t, apitest.Request{Path: "/procedures/" + notReady(t, c)}).Want(t, 200, &none)
	if none.Ready || len(none.Missing) == 0 || strings.HasPrefix(none.Missing[0], "procedure.") {
		t.Errorf("not ready: %+v", none.Missing)
	}
}

// Tracking tells where a dossier is and nothing about a person.
func TestTrackTellsNothingPersonal(t *testing.T) {
	c := centre(t, api.Options{})
	got := received(t, c, nil)
	a := c.Do(t, apitest.Request{Path: "/track", Body: api.Tracking{Code: " " + strings.ToLower(got.Code), Secret: strings.ToLower(got.TrackingSecret)}})
	var seen api.Tracked
	a.Want(t, 200, &seen)
	if seen.Code != got.Code || seen.Status.Status != 2 || seen.StatusLabel != "Được tiếp nhận" || seen.DueOn == nil || seen.Unit == "" || seen.Next == "" || seen.Explanation == "" {
		t.Errorf("tracked %+v", seen)
	}
	for _, word := range []string{"Thử Nghiệm", "99919", "Trần Phú", got.TrackingSecret} {
		if strings.Contains(string(a.Body), word) {
			t.Errorf("tracking tells %q", word)
		}
	}
	c.Do(t, apitest.Request{Path: "/track", Body: api.Tracking{Code: got.Code, Secret: "AAAAAAAA"}}).Refused(t, 404, "track.not_found")
	c.Do(t, apitest.Request{Path: "/track", Body: api.Tracking{Code: "H36.01-261123-9999", Secret: got.TrackingSecret}}).Refused(t, 404, "track.not_found")
}
