// Package blob keeps the files of dossiers by the SHA-256 of their bytes: the
// same file is stored once, and a stored file never changes. It takes in only
// the kinds of file that officers can look at safely, and decides by content,
// never by what the name claims. It does not know to which dossier a file
// belongs, nor who may read it.
//
//	ref, err := files.Put(ctx, "don.pdf", body)
//	r, err := files.Open(ctx, ref.Hash)
package blob

import (
	"context"
	"io"
	"path"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Ref says which file was stored.
type Ref struct {
	Hash string // SHA-256 of the bytes, 64 lower-case hexadecimal digits
	Size int64  // bytes
	Type string // media type found in the content, such as "application/pdf"
	Name string // the uploader's name for it, cleaned; never used as a path
}

// Content is an open file; whoever opened it closes it.
type Content interface {
	io.ReadSeekCloser
}

// Store keeps files. A call may be repeated: putting the same bytes again and
// deleting what is gone both succeed.
type Store interface {
	// Put takes in an uploaded file and returns once it is durable. A file
	// that is not allowed is a fault of kind Invalid on the field "file".
	Put(ctx context.Context, name string, r io.Reader) (Ref, error)
	// Adopt takes in a file that was stored before, from a backup: whatever its
	// kind, as long as its bytes have this hash.
	Adopt(ctx context.Context, hash string, r io.Reader) error
	// Open fails with a fault of kind NotFound when there is no such file.
	Open(ctx context.Context, hash string) (Content, error)
	// Stat returns the size in bytes, or a fault of kind NotFound.
	Stat(ctx context.Context, hash string) (int64, error)
	// Delete removes a file for good.
	Delete(ctx context.Context, hash string) error
}

// maxName is the longest name that is kept, in bytes: what file systems take,
// so that a downloaded file can be saved under it.
const maxName = 255

// CleanName returns what is kept of the name that a client gave a file: the last
// element of a path, NFC, without control, zero-width and bidirectional
// characters, at most 255 bytes with its extension kept. It is shown and
// offered for download, and nothing else.
func CleanName(name string) string {
	name = norm.NFC.String(strings.ToValidUTF8(name, ""))
	name = path.Base(strings.ReplaceAll(name, `\`, "/"))
	name = strings.Map(func(r rune) rune {
		if unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Zl, unicode.Zp) || r == utf8.RuneError {
			return -1
		}
		if unicode.IsSpace(r) {
			return ' '
		}
		return r
	}, name)
	name = strings.Trim(name, " .")
	if name == "" || name == "/" {
		return "file"
	}
	if len(name) <= maxName {
		return name
	}
	ext := path.Ext(name)
	if len(ext) > 10 {
		ext = ""
	}
	stem := name[:maxName-len(ext)]
	for !utf8.ValidString(stem) {
		stem = stem[:len(stem)-1]
	}
	return strings.TrimRight(stem, " .") + ext
}

// validHash reports whether text has the form of a SHA-256 in lower-case
// hexadecimal. Only such a text ever becomes part of a path.
func validHash(text string) bool {
	if len(text) != 64 {
		return false
	}
	for _, c := range []byte(text) {
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}
