package web

import (
	"net/http"
	"strings"
	"testing"

	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/core/access"
)

// The viewer shows PDF in a frame that can load nothing; anything else about a
// file stays an attachment in a sandbox, and other units see none of it.
func TestPapersViewer(t *testing.T) {
	s := newSite(t)
	who := s.one(access.Reception)
	staged, err := s.Stage(t.Context(), who, "don-de-nghi.pdf", strings.NewReader(smallPDF))
	if err != nil {
		t.Fatal(err)
	}
	got := s.receive(func(f *app.ReceptionForm) { f.Papers[0].Files = []app.StagedFile{staged} })
	counter := s.signIn(who)
	counter.get(dossierPath(got.Code)).is(http.StatusOK).sound().has("Xem giấy tờ", "Tin đã gửi cho người nộp", "Người và cơ quan tham gia")
	viewer := counter.get(dossierPath(got.Code, "giay-to")).is(http.StatusOK).sound().has("Tệp 1/1", "don-de-nghi.pdf", "<iframe", got.Papers[0].Name)
	file := "/nghiep-vu/tep/" + staged.Hash + "?ho-so=" + got.Code
	if !strings.Contains(viewer.body, "xem=1") {
		t.Errorf("the frame does not ask for the file to be shown")
	}
	for path, want := range map[string][2]string{
		file:            {"attachment", "default-src 'none'; sandbox"},
		file + "&xem=1": {"inline", "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'"},
	} {
		h := counter.get(path).is(http.StatusOK).header
		if !strings.HasPrefix(h.Get("Content-Disposition"), want[0]) || h.Get("Content-Security-Policy") != want[1] || h.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: %v", path, h)
		}
	}
	other := s.signIn(s.elsewhere(got.Agency, access.Handler))
	other.get(dossierPath(got.Code, "giay-to")).is(http.StatusNotFound).hasNot("don-de-nghi")
	other.get(file + "&xem=1").is(http.StatusNotFound)
}
