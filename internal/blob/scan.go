package blob

import (
	"bytes"
	"fmt"
	"io"
)

// markup are the beginnings of pages and scripts, in lower case.
func markup() [][]byte {
	return [][]byte{
		[]byte("<script"), []byte("<html"), []byte("<!doctype"), []byte("<?php"), []byte("<svg"), []byte("<iframe"),
	}
}

// foreign are the beginnings of everything that has no business inside a
// picture: pages, scripts, documents, archives that may follow another file.
func foreign() [][]byte {
	return append(markup(),
		[]byte("%pdf-1."), []byte("%pdf-2."), []byte("rar!\x1a\x07"), []byte("7z\xbc\xaf\x27\x1c"))
}

// contains reports whether r holds any of the lower-case tokens, in a window
// that does not grow with the file.
func contains(r io.Reader, tokens [][]byte) (bool, error) {
	overlap := 0 // a token may lie across two windows
	for _, t := range tokens {
		overlap = max(overlap, len(t)-1)
	}
	buf := make([]byte, 64<<10)
	kept := 0
	for {
		n, err := r.Read(buf[kept:])
		window := lower(buf[:kept+n], kept)
		if holdsAny(window, tokens) {
			return true, nil
		}
		if err == io.EOF {
			return false, nil
		}
		if err != nil {
			return false, fmt.Errorf("scan file: %w", err)
		}
		kept = copy(buf, window[max(0, len(window)-overlap):])
	}
}

// holdsAny reports whether b contains one of the tokens.
func holdsAny(b []byte, tokens [][]byte) bool {
	for _, t := range tokens {
		if bytes.Contains(b, t) {
			return true
		}
	}
	return false
}

// lower turns ASCII capitals after from into small letters, in place: unlike
// bytes.ToLower it leaves every other byte as it is.
func lower(b []byte, from int) []byte {
	for i := from; i < len(b); i++ {
		if 'A' <= b[i] && b[i] <= 'Z' {
			b[i] += 'a' - 'A'
		}
	}
	return b
}

// endOfZip is the signature of the record that ends a ZIP archive; it lies at
// most maxZipTail bytes before the end of the file.
const (
	endOfZip   = "PK\x05\x06"
	maxZipTail = 22 + 65535
)

// zipTail reports whether the file can also be opened as a ZIP archive: those
// are read from the end, so one can follow any other file.
func zipTail(f io.ReaderAt, size int64) (bool, error) {
	tail, err := readTail(f, size, maxZipTail)
	return bytes.Contains(tail, []byte(endOfZip)), err
}

// readTail returns the last n bytes, or all there are.
func readTail(f io.ReaderAt, size, n int64) ([]byte, error) {
	n = min(n, size)
	tail := make([]byte, n)
	if _, err := f.ReadAt(tail, size-n); err != nil && err != io.EOF {
		return nil, fmt.Errorf("read end of file: %w", err)
	}
	return tail, nil
}

// rewind goes back to the beginning.
func rewind(f io.Seeker) error {
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("rewind file: %w", err)
	}
	return nil
}
