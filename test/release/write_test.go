package release

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/motcua/motcua/internal/app/apptest"
	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/dossier"
	"github.com/motcua/motcua/internal/data"
	"github.com/motcua/motcua/internal/store/storetest"
)

var write = flag.String("write", "", "version of the release that is about to leave: add its databases to testdata")

// sparse: a stored centre has one procedure in so many, to be small.
const sparse = 30

// TestWriteRelease makes the files of a release; without -write it has nothing to
// do.
func TestWriteRelease(t *testing.T) {
	if *write == "" {
		t.Skip("only with -args -write VERSION")
	}
	for engine, url := range map[string]string{"sqlite": "sqlite:" + filepath.Join(t.TempDir(), "centre.db"), "postgres": storetest.PostgresEmpty(t)} {
		base := filepath.Join("testdata", *write+"."+engine)
		if _, err := os.Stat(base + ".json"); err == nil {
			t.Fatalf("%s is released already", *write)
		}
		f := apptest.Founding()
		f.Procedures, f.Communes = bytes.NewReader(catalogue(t)), 1
		w := apptest.FoundAt(t, url, f)
		promised, err := json.MarshalIndent(tell(t, w), "", "  ")
		if err != nil {
			t.Fatal(err)
		}
		storetest.Verify(t, w.Store())
		var b bytes.Buffer
		if err := w.Store().Backup(t.Context(), &b, os.DirFS(filepath.Join(w.Dir, "files"))); err != nil {
			t.Fatal(err)
		}
		for name, text := range map[string][]byte{base + ".motcua": b.Bytes(), base + ".json": append(promised, '\n')} {
			if err := os.WriteFile(name, text, 0o644); err != nil {
				t.Fatal(err)
			}
			t.Logf("%s: %d bytes", name, len(text))
		}
	}
}

// tell gives the centre dossiers of every kind of status and returns what their
// applicants were promised.
func tell(t *testing.T, w *apptest.World) []promise {
	t.Helper()
	var all []promise
	begin := func() (*story, string) {
		w.Clock.Add(10 * time.Minute)
		s := &story{t: t, w: w, counter: w.People(w.Centre().Code, string(access.Reception))[0]}
		return s, s.receive("999190000017")
	}
	end := func(s *story, secret string) {
		all = append(all, promise{s.Code, secret, s.Deadline.DueOn.String(), s.Status})
	}
	s, secret := begin()
	end(s, secret)

	s, secret = begin()
	s.handled()
	end(s, secret)

	s, secret = begin()
	s.handled()
	s.act(s.of(access.Handler), dossier.Input{Act: dossier.RequestSupplement, Reason: "Thiếu bản sao", Items: []string{"Bản sao giấy khai sinh"}})
	end(s, secret)

	s, secret = begin()
	s.handled()
	s.resolved()
	end(s, secret)

	s, secret = begin()
	s.handled()
	s.resolved()
	s.returned()
	end(s, secret)
	return all
}

// catalogue is a part of the built-in one.
func catalogue(t *testing.T) []byte {
	t.Helper()
	r, err := data.Open(data.Procedures)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	var all struct {
		Procedures []json.RawMessage `json:"procedures"`
	}
	if err := json.NewDecoder(r).Decode(&all); err != nil {
		t.Fatal(err)
	}
	few := all
	few.Procedures = nil
	for i := 0; i < len(all.Procedures); i += sparse {
		few.Procedures = append(few.Procedures, all.Procedures[i])
	}
	text, err := json.Marshal(few)
	if err != nil {
		t.Fatal(err)
	}
	return text
}
