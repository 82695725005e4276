package blob

import (
	"bytes"
	"io"
	"path"
	"slices"
	"strings"

	"github.com/gabriel-vasile/mimetype"

	"github.com/motcua/motcua/internal/core/fault"
)

// sniffed is how many bytes at the beginning decide the kind of a file.
const sniffed = 3072

// The media types that are taken in.
const (
	typePDF  = "application/pdf"
	typeJPEG = "image/jpeg"
	typePNG  = "image/png"
	typeHEIC = "image/heic"
	typeDOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	typeXLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
)

// extensions lists which endings of a name agree with a type.
func extensions(mediaType string) []string {
	switch mediaType {
	case typePDF:
		return []string{".pdf"}
	case typeJPEG:
		return []string{".jpg", ".jpeg", ".jfif"}
	case typePNG:
		return []string{".png"}
	case typeHEIC:
		return []string{".heic", ".heif"}
	case typeDOCX:
		return []string{".docx"}
	case typeXLSX:
		return []string{".xlsx"}
	}
	return nil
}

// Accept lists the endings of the names that are taken in, for the accept
// attribute of a file input and for the API's description.
func Accept() []string {
	var all []string
	for _, t := range []string{typePDF, typeJPEG, typePNG, typeHEIC, typeDOCX, typeXLSX} {
		all = append(all, extensions(t)...)
	}
	return all
}

// content is a complete temporary file.
type content interface {
	io.Reader
	io.ReaderAt
	io.Seeker
}

// rule looks at a complete file whose beginning it matched, and returns its type.
type rule struct {
	inspect func(name string, f content, size int64) (mediaType string, err error)
}

// ruleFor finds the rule for a file by its first bytes. It fails with
// blob.empty or blob.type_refused.
func ruleFor(name string, head []byte) (rule, error) {
	if len(head) == 0 {
		return rule{}, fault.Field("file", "blob.empty", fault.Args{"name": name})
	}
	found := mimetype.Detect(head)
	switch {
	case found.Is(typePDF) && bytes.HasPrefix(head, []byte("%PDF-")):
		return rule{inspectPDF}, nil
	case found.Is(typeJPEG):
		return rule{inspectJPEG}, nil
	case found.Is(typePNG):
		return rule{inspectPNG}, nil
	case found.Is(typeHEIC), found.Is("image/heif"):
		return rule{inspectHEIC}, nil
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		return rule{inspectOffice}, nil
	}
	return rule{}, fault.Field("file", "blob.type_refused", fault.Args{"name": name})
}

// agrees fails with blob.type_differs when the name ends in another kind's way:
// a file that says it is something else deceives whoever opens it.
func agrees(name, mediaType string) error {
	allowed := extensions(mediaType)
	if slices.Contains(allowed, strings.ToLower(path.Ext(name))) {
		return nil
	}
	return fault.Field("file", "blob.type_differs", fault.Args{"name": name, "want": allowed[0]})
}

// broken says that a file is damaged or not what its beginning promised.
func broken(name string) error {
	return fault.Field("file", "blob.broken", fault.Args{"name": name})
}

// polyglot says that a file is two kinds of file at once.
func polyglot(name string) error {
	return fault.Field("file", "blob.polyglot", fault.Args{"name": name})
}
