package blob

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/text/unicode/norm"

	"github.com/motcua/motcua/internal/core/fault"
)

func open(t *testing.T, maxSize int64) (*Dir, string) {
	t.Helper()
	folder := filepath.Join(t.TempDir(), "files")
	d, err := OpenDir(folder, maxSize)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	return d, folder
}

func sum(b []byte) string {
	s := sha256.Sum256(b)
	return hex.EncodeToString(s[:])
}

// files lists every file below folder, temporary ones too.
func files(t *testing.T, folder string) []string {
	t.Helper()
	var found []string
	err := filepath.Walk(folder, func(path string, info os.FileInfo, err error) error {
		if err == nil && !info.IsDir() {
			found = append(found, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestPutKeepsGoodFiles(t *testing.T) {
	d, folder := open(t, 0)
	motion := append(goodJPEG(t), []byte("\x00\x00\x00\x18ftypmp42 a short film")...)
	local := part{"word/_rels/settings.xml.rels", `<Relationship Type="http://x/relationships/attachedTemplate" Target="file:///C:\a.dotx" TargetMode="External"/>`}
	tests := []struct {
		name, file string
		bytes      []byte
		want       string
	}{
		{"PDF", "đơn.pdf", goodPDF(), typePDF},
		{"PDF in capitals", "DON.PDF", goodPDF(), typePDF},
		{"JPEG", "anh.jpeg", goodJPEG(t), typeJPEG},
		{"JPEG of a telephone", "anh.jpg", motion, typeJPEG},
		{"PNG", "anh.png", goodPNG(t), typePNG},
		{"HEIC", "anh.heic", goodHEIC(), typeHEIC},
		{"document", "don.docx", docx(t), typeDOCX},
		{"document with a template on the writer's disk", "don.docx", docx(t, local), typeDOCX},
		{"sheet", "bang.xlsx", xlsx(t), typeXLSX},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := d.Put(t.Context(), tt.file, bytes.NewReader(tt.bytes))
			if err != nil {
				t.Fatal(err)
			}
			want := Ref{Hash: sum(tt.bytes), Size: int64(len(tt.bytes)), Type: tt.want, Name: tt.file}
			if got != want {
				t.Errorf("Put = %+v, want %+v", got, want)
			}
			r, err := d.Open(t.Context(), got.Hash)
			if err != nil {
				t.Fatal(err)
			}
			defer r.Close()
			if back, err := io.ReadAll(r); err != nil || !bytes.Equal(back, tt.bytes) {
				t.Errorf("Open gives %d bytes, %v, want the %d that were put", len(back), err, len(tt.bytes))
			}
			if size, err := d.Stat(t.Context(), got.Hash); size != want.Size || err != nil {
				t.Errorf("Stat = %d, %v, want %d", size, err, want.Size)
			}
		})
	}
	if got := len(files(t, filepath.Join(folder, tempFolder))); got != 0 {
		t.Errorf("%d temporary files left, want 0", got)
	}
}

func TestPutRefusesEvilFiles(t *testing.T) {
	d, folder := open(t, 0)
	for _, u := range evil(t) {
		t.Run(u.label, func(t *testing.T) {
			_, err := d.Put(t.Context(), u.name, bytes.NewReader(u.bytes))
			f := fault.As(err)
			if f == nil || f.Key != u.key || f.Kind != fault.Invalid || f.Field != "file" {
				t.Fatalf("Put = %v, want %s", err, u.key)
			}
			if f.Args["name"] != u.name {
				t.Errorf("fault names %v, want %s", f.Args["name"], u.name)
			}
		})
	}
	if left := files(t, folder); len(left) != 0 {
		t.Errorf("refused files left %v, want nothing", left)
	}
}

// endless is a PDF that never ends.
type endless struct{ given int64 }

func (e *endless) Read(p []byte) (int, error) {
	n := 0
	if e.given == 0 {
		n = copy(p, "%PDF-1.4\n")
	}
	clear(p[n:])
	e.given += int64(len(p))
	return len(p), nil
}

func TestPutCutsAStreamAtTheLimit(t *testing.T) {
	d, folder := open(t, 0)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	in := &endless{}
	_, err := d.Put(t.Context(), "lon.pdf", io.LimitReader(in, 200<<20))
	runtime.ReadMemStats(&after)
	if !fault.Is(err, "blob.too_large") {
		t.Errorf("Put of 200 MB = %v, want blob.too_large", err)
	}
	if most := int64(DefaultMaxSize + 1<<20); in.given > most {
		t.Errorf("read %d bytes, want at most %d", in.given, most)
	}
	if grown := after.TotalAlloc - before.TotalAlloc; grown > 8<<20 {
		t.Errorf("allocated %d bytes on the way, want at most 8 MB", grown)
	}
	if left := files(t, folder); len(left) != 0 {
		t.Errorf("left %v, want nothing", left)
	}
}

func TestPutTakesExactlyTheLimit(t *testing.T) {
	pdf := goodPDF()
	for _, tt := range []struct {
		name string
		max  int64
		key  string
	}{{"as large as allowed", int64(len(pdf)), ""}, {"one byte more", int64(len(pdf)) - 1, "blob.too_large"}} {
		t.Run(tt.name, func(t *testing.T) {
			d, _ := open(t, tt.max)
			_, err := d.Put(t.Context(), "a.pdf", bytes.NewReader(pdf))
			if got := fault.Is(err, tt.key); (tt.key == "") != (err == nil) || tt.key != "" && !got {
				t.Errorf("Put = %v, want %q", err, tt.key)
			}
		})
	}
}

func TestPutEndsWithItsContextAndItsReader(t *testing.T) {
	d, folder := open(t, 0)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := d.Put(ctx, "a.pdf", &endless{}); !errors.Is(err, context.Canceled) {
		t.Errorf("Put with an ended context = %v, want context.Canceled", err)
	}
	cut := io.MultiReader(bytes.NewReader(goodPDF()), iotestErr{})
	if _, err := d.Put(t.Context(), "a.pdf", cut); !errors.Is(err, io.ErrClosedPipe) || fault.KindOf(err) != fault.Internal {
		t.Errorf("Put with a broken connection = %v, want its error", err)
	}
	if left := files(t, folder); len(left) != 0 {
		t.Errorf("left %v, want nothing", left)
	}
}

type iotestErr struct{}

func (iotestErr) Read([]byte) (int, error) { return 0, io.ErrClosedPipe }

func TestSamePutTwiceIsStoredOnce(t *testing.T) {
	d, folder := open(t, 0)
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			if _, err := d.Put(t.Context(), "a.pdf", bytes.NewReader(goodPDF())); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	if got := files(t, folder); len(got) != 1 {
		t.Errorf("stored %v, want one file", got)
	}
}

func TestCrashLeftoversAreSwept(t *testing.T) {
	d, folder := open(t, 0)
	ref, err := d.Put(t.Context(), "a.pdf", bytes.NewReader(goodPDF()))
	if err != nil {
		t.Fatal(err)
	}
	old, young := filepath.Join(folder, tempFolder, "old"), filepath.Join(folder, tempFolder, "young")
	for _, path := range []string{old, young} {
		if err := os.WriteFile(path, []byte("half"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	yesterday := time.Now().Add(-24 * time.Hour)
	if err := os.Chtimes(old, yesterday, yesterday); err != nil {
		t.Fatal(err)
	}
	again, err := OpenDir(folder, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	if _, err := os.Stat(old); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("left-over file after OpenDir: %v, want it gone", err)
	}
	if _, err := os.Stat(young); err != nil {
		t.Errorf("file still coming in after OpenDir: %v, want it there", err)
	}
	if n, err := again.Sweep(time.Now().Add(time.Minute)); n != 1 || err != nil {
		t.Errorf("Sweep = %d, %v, want 1", n, err)
	}
	if _, err := again.Stat(t.Context(), ref.Hash); err != nil {
		t.Errorf("Stat of a kept file after the sweep: %v", err)
	}
}

func TestDeleteAndUnknown(t *testing.T) {
	d, _ := open(t, 0)
	ref, err := d.Put(t.Context(), "a.pdf", bytes.NewReader(goodPDF()))
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := d.Delete(t.Context(), ref.Hash); err != nil {
			t.Errorf("Delete = %v, want no error, also the second time", err)
		}
	}
	for _, hash := range []string{ref.Hash, "", "../../etc/passwd", strings.Repeat("A", 64), strings.Repeat("/", 64)} {
		if _, err := d.Open(t.Context(), hash); !fault.Is(err, "blob.unknown") || fault.KindOf(err) != fault.NotFound {
			t.Errorf("Open(%q) = %v, want blob.unknown", hash, err)
		}
		if _, err := d.Stat(t.Context(), hash); !fault.Is(err, "blob.unknown") {
			t.Errorf("Stat(%q) = %v, want blob.unknown", hash, err)
		}
	}
}

func TestAdopt(t *testing.T) {
	d, folder := open(t, 10)
	data := []byte("a file of an older release, larger than today's limit")
	if err := d.Adopt(t.Context(), sum(data), bytes.NewReader(data)); err != nil {
		t.Fatal(err)
	}
	if size, err := d.Stat(t.Context(), sum(data)); size != int64(len(data)) || err != nil {
		t.Errorf("Stat = %d, %v, want %d", size, err, len(data))
	}
	if err := d.Adopt(t.Context(), sum(data), strings.NewReader("other")); !fault.Is(err, "blob.hash_differs") {
		t.Errorf("Adopt of other bytes = %v, want blob.hash_differs", err)
	}
	if err := d.Adopt(t.Context(), "../x", strings.NewReader("")); !fault.Is(err, "blob.hash_form") {
		t.Errorf("Adopt of a path = %v, want blob.hash_form", err)
	}
	if got := files(t, folder); len(got) != 1 {
		t.Errorf("stored %v, want one file", got)
	}
}

func TestCleanName(t *testing.T) {
	long := strings.Repeat("ắ", 200)
	tests := []struct{ name, in, want string }{
		{"plain", "đơn xin.pdf", "đơn xin.pdf"},
		{"decomposed", norm.NFD.String("đơn.pdf"), "đơn.pdf"},
		{"path upwards", "../../etc/passwd", "passwd"},
		{"path of Windows", `C:\Users\a\don.pdf`, "don.pdf"},
		{"escaped path stays text", "%2e%2e%2fx.pdf", "%2e%2e%2fx.pdf"},
		{"NUL and line breaks", "a\x00b\r\nc.pdf", "abc.pdf"},
		{"right-to-left override", "hoadon\u202efdp.exe", "hoadonfdp.exe"},
		{"zero width", "a\u200b.pdf", "a.pdf"},
		{"invalid UTF-8", "a\xff.pdf", "a.pdf"},
		{"nothing left", " .. ", "file"},
		{"empty", "", "file"},
		{"only slashes", "///", "file"},
		{"too long keeps its ending", long + ".pdf", strings.Repeat("ắ", 83) + ".pdf"},
		{"too long an ending", "a." + strings.Repeat("b", 300), "a." + strings.Repeat("b", 253)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := CleanName(tt.in); got != tt.want || len(got) > maxName {
				t.Errorf("CleanName(%q) = %q, want %q", tt.in, got, tt.want)
			}
		})
	}
}

func TestFSShowsStoredFilesOnly(t *testing.T) {
	d, folder := open(t, 0)
	sum := sha256.Sum256([]byte("one"))
	hash := hex.EncodeToString(sum[:])
	if err := d.Adopt(t.Context(), hash, strings.NewReader("one")); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, tempFolder, "half"), []byte("ha"), 0o600); err != nil {
		t.Fatal(err)
	}
	var found []string
	err := fs.WalkDir(d.FS(), ".", func(path string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			found = append(found, path)
		}
		return err
	})
	if want := place(hash); err != nil || len(found) != 1 || found[0] != want {
		t.Errorf("files = %v, %v, want %s alone", found, err, want)
	}
}
