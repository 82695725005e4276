package blob

import (
	"archive/zip"
	"bytes"
	"cmp"
	"encoding/binary"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	"github.com/motcua/motcua/internal/core/fault"
)

// What an office document may unpack to. Sheets compress well, so the ratio
// only counts from maxQuiet bytes on.
const (
	maxEntries   = 5000
	maxDirectory = 1 << 20   // bytes of the list of entries
	maxUnpacked  = 200 << 20 // bytes
	maxQuiet     = 10 << 20
	maxRatio     = 100
)

// inspectOffice takes a Word or Excel document without macros. Any other
// archive is refused, whatever its name.
func inspectOffice(name string, f content, size int64) (string, error) {
	if err := plainArchive(name, f, size); err != nil {
		return "", err
	}
	z, err := zip.NewReader(f, size)
	if err != nil {
		return "", broken(name)
	}
	if err := modest(name, z.File, size); err != nil {
		return "", err
	}
	mediaType, err := officeType(name, z)
	if err != nil {
		return "", err
	}
	for _, entry := range z.File {
		if err := inspectPart(name, entry); err != nil {
			return "", err
		}
	}
	return mediaType, nil
}

// plainArchive checks the frame before the list of entries is read into memory:
// nothing before the first entry, nothing behind the end record, a short list.
func plainArchive(name string, f io.ReaderAt, size int64) error {
	tail, err := readTail(f, size, maxZipTail)
	if err != nil {
		return err
	}
	end := bytes.LastIndex(tail, []byte(endOfZip))
	if end < 0 || len(tail)-end < 22 {
		return broken(name)
	}
	record := tail[end:]
	listSize := int64(binary.LittleEndian.Uint32(record[12:]))
	listAt := int64(binary.LittleEndian.Uint32(record[16:]))
	comment := int(binary.LittleEndian.Uint16(record[20:]))
	switch {
	case len(record) != 22+comment, listAt+listSize != size-int64(len(record)):
		return polyglot(name)
	case listSize > maxDirectory:
		return bomb(name)
	}
	return nil
}

// modest fails with blob.archive_bomb when the entries claim too much, or share
// the same bytes (the trick of archives that unpack to more than they can hold).
func modest(name string, entries []*zip.File, size int64) error {
	if len(entries) > maxEntries {
		return bomb(name)
	}
	var unpacked uint64
	type span struct{ from, to int64 }
	spans := make([]span, 0, len(entries))
	for _, e := range entries {
		if e.Flags&1 != 0 { // encrypted
			return fault.Field("file", "blob.encrypted", fault.Args{"name": name})
		}
		if e.UncompressedSize64 > maxUnpacked || e.CompressedSize64 > uint64(size) {
			return bomb(name)
		}
		unpacked += e.UncompressedSize64
		from, err := e.DataOffset()
		if err != nil {
			return broken(name)
		}
		spans = append(spans, span{from, from + int64(e.CompressedSize64)})
	}
	if unpacked > maxUnpacked || unpacked > maxQuiet && unpacked > maxRatio*uint64(size) {
		return bomb(name)
	}
	slices.SortFunc(spans, func(a, b span) int { return cmp.Compare(a.from, b.from) })
	for i := 1; i < len(spans); i++ {
		if spans[i].from < spans[i-1].to {
			return bomb(name)
		}
	}
	return nil
}

// officeType reads from the list of parts whether this is a document or a sheet.
func officeType(name string, z *zip.Reader) (string, error) {
	refused := fault.Field("file", "blob.type_refused", fault.Args{"name": name})
	list, err := z.Open("[Content_Types].xml")
	if err != nil {
		return "", refused
	}
	defer list.Close()
	text, err := io.ReadAll(io.LimitReader(list, 1<<20))
	if err != nil {
		return "", broken(name)
	}
	switch {
	case bytes.Contains(text, []byte("macroEnabled")), bytes.Contains(text, []byte("vbaProject")):
		return "", macro(name)
	case bytes.Contains(text, []byte("wordprocessingml.document.main+xml")):
		return typeDOCX, nil
	case bytes.Contains(text, []byte("spreadsheetml.sheet.main+xml")):
		return typeXLSX, nil
	}
	return "", refused
}

// inspectPart unpacks one entry into nothing, which proves its declared size
// and checksum, and looks for what would run or fetch something when opened.
func inspectPart(name string, entry *zip.File) error {
	part := strings.ToLower(strings.ReplaceAll(entry.Name, `\`, "/"))
	base := path.Base(part)
	switch {
	case strings.HasPrefix(part, "/") || slices.Contains(strings.Split(part, "/"), ".."):
		return broken(name)
	case strings.Contains(base, "vbaproject"), strings.Contains(part, "macrosheets/"), strings.Contains(part, "activex/"):
		return macro(name)
	case strings.HasPrefix(base, "oleobject"):
		return macro(name)
	}
	r, err := entry.Open()
	if err != nil {
		return broken(name)
	}
	defer r.Close()
	if path.Ext(part) == ".rels" {
		fetches, err := fetchesTemplate(r)
		if err != nil {
			return broken(name)
		}
		if fetches {
			return macro(name)
		}
	}
	// A field or link that starts a program. The rest of a list of relations,
	// like every other part, is unpacked to its end.
	found, err := contains(r, [][]byte{[]byte("ddeauto"), []byte("<ddelink")})
	if err != nil {
		return broken(name)
	}
	if found {
		return macro(name)
	}
	return nil
}

// fetchesTemplate reports whether a list of relations loads a template from
// another machine, which may bring macros. A template on the writer's own disk
// is common and harmless.
func fetchesTemplate(r io.Reader) (bool, error) {
	text, err := io.ReadAll(io.LimitReader(r, 1<<20))
	if err != nil {
		return false, fmt.Errorf("read relations: %w", err)
	}
	text = lower(text, 0)
	remote := [][]byte{[]byte(`target="http`), []byte(`target="\\`), []byte(`target="file://///`), []byte(`target="ftp`)}
	return bytes.Contains(text, []byte("relationships/attachedtemplate")) && holdsAny(text, remote), nil
}

func bomb(name string) error {
	return fault.Field("file", "blob.archive_bomb", fault.Args{"name": name, "max": maxUnpacked >> 20})
}

func macro(name string) error {
	return fault.Field("file", "blob.macro", fault.Args{"name": name})
}
