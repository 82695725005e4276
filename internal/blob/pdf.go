package blob

import (
	"bufio"
	"bytes"
	"fmt"
	"io"

	"github.com/motcua/motcua/internal/core/fault"
)

// inspectPDF takes a document that begins and ends as one, is nothing else
// beside, and names no action that runs something on the reader's computer.
// Actions inside compressed objects are not seen here: files are served as
// downloads or in a sandbox all the same.
func inspectPDF(name string, f content, size int64) (string, error) {
	head := make([]byte, 1024)
	n, err := f.ReadAt(head, 0)
	if err != nil && err != io.EOF {
		return "", fmt.Errorf("read PDF: %w", err)
	}
	if holdsAny(lower(head[:n], 0), markup()) {
		return "", polyglot(name)
	}
	zip, err := zipTail(f, size)
	if err != nil {
		return "", err
	}
	if zip {
		return "", polyglot(name)
	}
	tail, err := readTail(f, size, 2048)
	if err != nil {
		return "", err
	}
	end := bytes.LastIndex(tail, []byte("%%EOF"))
	if end < 0 {
		return "", broken(name)
	}
	if len(bytes.Trim(tail[end+len("%%EOF"):], " \t\r\n\f\x00")) > 0 {
		return "", polyglot(name)
	}
	if err := rewind(f); err != nil {
		return "", err
	}
	active, err := activePDF(bufio.NewReaderSize(f, 64<<10))
	if err != nil {
		return "", err
	}
	if active {
		return "", fault.Field("file", "blob.pdf_active", fault.Args{"name": name})
	}
	return typePDF, nil
}

// activePDF looks for the names of actions that run programs or scripts. A name
// may spell any letter as #xx, so names are decoded before they are compared.
func activePDF(r *bufio.Reader) (bool, error) {
	for {
		_, err := r.ReadSlice('/')
		if err == bufio.ErrBufferFull {
			continue
		}
		if err == io.EOF {
			return false, nil
		}
		if err != nil {
			return false, fmt.Errorf("scan PDF: %w", err)
		}
		// Peek, since the next name may begin within these bytes.
		ahead, err := r.Peek(3 * len("JavaScript"))
		if err != nil && err != io.EOF {
			return false, fmt.Errorf("scan PDF: %w", err)
		}
		switch pdfName(ahead) {
		case "JavaScript", "Launch", "RichMedia":
			return true, nil
		}
	}
}

// pdfName decodes the name at the beginning of b, which follows a slash.
func pdfName(b []byte) string {
	var name []byte
	for i := 0; i < len(b); i++ {
		c := b[i]
		if c <= ' ' || bytes.IndexByte([]byte("/<>[](){}%"), c) >= 0 {
			break
		}
		if c == '#' && i+2 < len(b) {
			if hi, lo := hexDigit(b[i+1]), hexDigit(b[i+2]); hi >= 0 && lo >= 0 {
				c = byte(hi<<4 | lo)
				i += 2
			}
		}
		name = append(name, c)
	}
	return string(name)
}

func hexDigit(c byte) int {
	switch {
	case '0' <= c && c <= '9':
		return int(c - '0')
	case 'a' <= c && c <= 'f':
		return int(c-'a') + 10
	case 'A' <= c && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}
