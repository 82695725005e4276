package httpkit

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"regexp"
	"strconv"
	"strings"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// Assets are the files that pages load: styles, scripts, fonts, pictures. Each
// is served under an address that holds a hash of its content, for ever, and is
// compressed once when the program starts.
type Assets struct {
	prefix string
	files  map[string]*asset // by name: "css/site.css"
	served map[string]*asset // by address: "/static/css/site.0f3c….css"
}

type asset struct {
	address, kind    string
	body, gzip, zstd []byte
}

// kinds are the sorts of file that are served.
var kinds = map[string]string{
	".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml", ".woff2": "font/woff2",
	".png": "image/png", ".jpg": "image/jpeg", ".opus": "audio/ogg",
}

// cssLink is a file that a style sheet names.
var cssLink = regexp.MustCompile(`url\((\.\./[a-z0-9/_.-]+)\)`)

// NewAssets reads every file below the root of files; prefix begins their
// addresses and ends with "/". A style sheet's own links get their hashes too.
func NewAssets(files fs.FS, prefix string) (*Assets, error) {
	a := &Assets{prefix: prefix, files: map[string]*asset{}, served: map[string]*asset{}}
	var sheets []string
	err := fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		if path.Ext(name) == ".css" {
			sheets = append(sheets, name) // after the files that they name
			return nil
		}
		return a.add(files, name)
	})
	for _, name := range sheets {
		if err == nil {
			err = a.add(files, name)
		}
	}
	return a, err
}

func (a *Assets) add(files fs.FS, name string) error {
	body, err := fs.ReadFile(files, name)
	if err != nil {
		return err
	}
	ext := path.Ext(name)
	kind, ok := kinds[ext]
	if !ok {
		return fmt.Errorf("%s: files ending in %q are not served", name, ext)
	}
	if ext == ".css" {
		if body, err = a.linked(name, body); err != nil {
			return err
		}
	}
	sum := sha256.Sum256(body)
	f := &asset{address: a.prefix + strings.TrimSuffix(name, ext) + "." + hex.EncodeToString(sum[:6]) + ext, kind: kind, body: body}
	if ext == ".css" || ext == ".js" || ext == ".svg" {
		if err := f.compress(); err != nil {
			return err
		}
	}
	a.files[name], a.served[f.address] = f, f
	return nil
}

// linked replaces the links of a style sheet by hashed addresses.
func (a *Assets) linked(name string, body []byte) ([]byte, error) {
	var missing error
	out := cssLink.ReplaceAllFunc(body, func(m []byte) []byte {
		target := path.Join(path.Dir(name), string(cssLink.FindSubmatch(m)[1]))
		f, ok := a.files[target]
		if !ok {
			missing = fmt.Errorf("%s names %s, which is not there", name, target)
			return m
		}
		return []byte("url(" + f.address + ")")
	})
	return out, missing
}

func (f *asset) compress() error {
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return err
	}
	if _, err := w.Write(f.body); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	f.gzip = b.Bytes()
	z, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedBestCompression))
	if err != nil {
		return err
	}
	f.zstd = z.EncodeAll(f.body, nil)
	return z.Close()
}

// Path is the address of a file; it fails on a name that is not there, so that
// a template test finds the mistake.
func (a *Assets) Path(name string) (string, error) {
	f, ok := a.files[name]
	if !ok {
		return "", fmt.Errorf("no static file %q", name)
	}
	return f.address, nil
}

// ServeHTTP answers one file. An address whose hash is of another release is
// not found.
func (a *Assets) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f, ok := a.served[r.URL.Path]
	if !ok {
		http.NotFound(w, r)
		return
	}
	h := w.Header()
	h.Set("Content-Type", f.kind)
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	body := f.body
	if f.gzip != nil {
		h.Add("Vary", "Accept-Encoding")
		switch accepts := r.Header.Get("Accept-Encoding"); {
		case strings.Contains(accepts, "zstd"):
			h.Set("Content-Encoding", "zstd")
			body = f.zstd
		case strings.Contains(accepts, "gzip"):
			h.Set("Content-Encoding", "gzip")
			body = f.gzip
		}
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) // a client that has gone away cannot be told
	}
}
