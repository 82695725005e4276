package printout

import (
	"crypto/sha256"
	"encoding/base64"
	"strings"
	"testing"
)

func pageOf(t *testing.T, p *Printer, d Document) string {
	t.Helper()
	html, err := p.HTML(d)
	if err != nil {
		t.Fatal(err)
	}
	return string(html)
}

// A page brings everything with it and asks for nothing else.
func TestPageStandsAlone(t *testing.T) {
	p := newPrinter(t)
	for name, d := range samples() {
		html := pageOf(t, p, d)
		for _, foreign := range []string{"<script", "<link", "<img", " src=", "url(", "style=\"", "@import"} {
			if strings.Contains(html, foreign) {
				t.Errorf("%s: the page has %q", name, foreign)
			}
		}
		_, rest, _ := strings.Cut(html, "<style>")
		css, _, _ := strings.Cut(rest, "</style>")
		sum := sha256.Sum256([]byte(css))
		if hash := base64.StdEncoding.EncodeToString(sum[:]); !strings.Contains(ContentPolicy(), "'sha256-"+hash+"'") {
			t.Errorf("%s: the content policy does not allow the page's own style sheet", name)
		}
	}
}

func TestPageShowsMarkupAsText(t *testing.T) {
	const evil = `</p><script>alert("1")</script><b onclick='x'>{{.}}`
	p := newPrinter(t)
	for name, d := range samples() {
		html := pageOf(t, p, withSeal(changed(d, func(string) string { return evil }, same, 1)))
		if strings.Contains(html, "<script") || strings.Contains(html, "<b ") {
			t.Errorf("%s: markup in a field became markup of the page", name)
		}
		if !strings.Contains(html, "{{.}}") {
			t.Errorf("%s: a field was taken for a template", name)
		}
	}
}
