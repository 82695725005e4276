// Package data is the reference data that ships inside the program: the
// national catalogue of procedures, the names of administrative units, the
// agencies and centres of the model provinces, and name parts for invented
// people. It holds bytes only; their meaning is in core/procedure and
// core/agency. Sources and licences are named in NOTICE.
//
//	r, err := data.Open(data.Procedures)
package data

import (
	"compress/gzip"
	"embed"
	"fmt"
	"io"
)

// The files that Open knows.
const (
	Procedures  = "procedures.json"          // thủ tục hành chính, national catalogue
	Catalogue   = "procedures_catalogue.csv" // names and sectors of one province's catalogue
	Units       = "units.csv"                // đơn vị hành chính with validity
	Agencies    = "agencies.csv"             // agencies of the model provinces, two eras
	Identifiers = "identifiers.csv"          // level-1 agency identifiers (mã định danh)
	Centres     = "centres.json"             // the six model centres, from press reports
	Holidays    = "holidays.json"            // official days off 2018–2026
	Names       = "names.json"               // name parts for invented people
	Speech      = "speech.json"              // everyday words for procedures, written for this project
	Life        = "life.json"                // life events and their procedures, written for this project
	Titles      = "titles.json"              // titles of invented officers, written for this project
)

//go:embed files
var files embed.FS

// Open returns the uncompressed content of a file. The caller closes it. It
// fails for a name that is not one of the constants.
func Open(name string) (io.ReadCloser, error) {
	if f, err := files.Open("files/" + name); err == nil {
		return f, nil // our own small files are kept readable
	}
	f, err := files.Open("files/" + name + ".gz")
	if err != nil {
		return nil, fmt.Errorf("open built-in data %s: %w", name, err)
	}
	z, err := gzip.NewReader(f)
	if err != nil {
		f.Close()
		return nil, fmt.Errorf("read built-in data %s: %w", name, err)
	}
	return reader{z, f}, nil
}

// reader closes the compressed file together with the decompressor.
type reader struct {
	*gzip.Reader
	file io.Closer
}

func (r reader) Close() error {
	err := r.Reader.Close()
	if cerr := r.file.Close(); err == nil {
		err = cerr
	}
	return err
}
