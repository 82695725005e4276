package dossier

import (
	"strconv"
	"strings"
)

// ScanName is what the name of a scanned file says: which dossier it belongs to
// and which paper of its list it shows, from 1; 0 = not said.
type ScanName struct {
	Code  string
	Paper int
}

// ParseScanName reads a name that a scanner writes from the bar code of a
// dossier's sheet: the code, and after an underscore the paper's place in the
// list, such as "H36.01-261123-0007_2.pdf". A further part, such as a page count
// of the scanner, is ignored. ok is false when the name begins with no code.
func ParseScanName(name string) (n ScanName, ok bool) {
	if i := strings.LastIndexByte(name, '.'); i > strings.LastIndexByte(name, '-') {
		name = name[:i]
	}
	parts := strings.Split(name, "_")
	code := strings.ToUpper(strings.TrimSpace(parts[0]))
	if _, err := ParseCode(code); err != nil {
		return ScanName{}, false
	}
	n.Code = code
	if len(parts) > 1 {
		place, err := strconv.Atoi(strings.TrimSpace(parts[1]))
		if err != nil || place < 1 {
			return ScanName{}, false
		}
		n.Paper = place
	}
	return n, true
}

// Unscanned lists the papers that were handed in on paper and have no file yet.
func (d Dossier) Unscanned() []Paper {
	var lacking []Paper
	for _, p := range d.Papers {
		if len(p.Files) == 0 && p.Originals+p.Certified+p.Copies > 0 {
			lacking = append(lacking, p)
		}
	}
	return lacking
}
