package procedure

import (
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/core/textfold"
)

// CatalogueEntry is one line of a province's own catalogue (danh mục thủ tục
// hành chính của tỉnh): it names sector and agency, and no limit or paper.
type CatalogueEntry struct {
	LocalID  string  `json:"localId"`
	Name     string  `json:"name"`
	Sector   string  `json:"sector"` // lĩnh vực
	Levels   []Level `json:"levels,omitzero"`
	Agency   string  `json:"agency,omitzero"`   // key of the agency, era of three tiers
	Agencies string  `json:"agencies,omitzero"` // as published
	Code     string  `json:"code,omitzero"`     // national code, where the name is the same
}

var catalogueColumns = []string{"local_id", "name", "field", "levels", "agency_key", "agencies_as_published", "national_code_by_name"}

// ParseCatalogue reads a catalogue in CSV with a head line. Columns may stand
// in any order and further ones are ignored; good lines are returned, each
// fault of a bad line is a Rejection. err is fault.Invalid when a needed column
// is missing or the file is not CSV.
func ParseCatalogue(r io.Reader) ([]CatalogueEntry, []Rejection, error) {
	rows := csv.NewReader(r)
	rows.FieldsPerRecord = -1
	head, err := rows.Read()
	if err != nil {
		return nil, nil, fault.Wrap(err, fault.Invalid, "procedure.file_csv", fault.Args{"line": 1})
	}
	column := map[string]int{}
	for i, h := range head {
		column[strings.TrimPrefix(strings.TrimSpace(h), "\ufeff")] = i
	}
	for _, name := range catalogueColumns[:3] {
		if _, ok := column[name]; !ok {
			return nil, nil, fault.New(fault.Invalid, "procedure.column_missing", fault.Args{"column": name})
		}
	}
	var list []CatalogueEntry
	var rejected []Rejection
	seen := map[string]bool{}
	for {
		row, err := rows.Read()
		if errors.Is(err, io.EOF) {
			return list, rejected, nil
		}
		if err != nil {
			at := 0
			if p, ok := errors.AsType[*csv.ParseError](err); ok {
				at = p.Line
			}
			return nil, nil, fault.Wrap(err, fault.Invalid, "procedure.file_csv", fault.Args{"line": at})
		}
		line, _ := rows.FieldPos(0)
		get := func(name string) string {
			if i, ok := column[name]; ok && i < len(row) {
				return row[i]
			}
			return ""
		}
		e, bad := parseEntry(get, line, seen)
		if len(bad) > 0 {
			rejected = append(rejected, bad...)
			continue
		}
		seen[e.LocalID] = true
		list = append(list, e)
	}
}

func parseEntry(get func(string) string, line int, seen map[string]bool) (CatalogueEntry, []Rejection) {
	r := &reader{record: "#" + strconv.Itoa(line)}
	e := CatalogueEntry{LocalID: textfold.Clean(get("local_id"))}
	if e.LocalID != "" {
		r.record = shorten(e.LocalID)
	}
	e.Name = r.text("name", get("name"), maxName)
	e.Sector = r.text("field", get("field"), maxName)
	e.Agency = r.text("agency_key", get("agency_key"), 100)
	e.Agencies = r.text("agencies_as_published", get("agencies_as_published"), maxText)
	e.Code = textfold.Clean(get("national_code_by_name"))
	switch {
	case e.LocalID == "":
		r.reject("local_id", "procedure.code_missing", nil)
	case len(e.LocalID) > 40:
		r.reject("local_id", "procedure.code_form", fault.Args{"code": shorten(e.LocalID)})
	case seen[e.LocalID]:
		r.reject("local_id", "procedure.code_repeated", fault.Args{"code": e.LocalID})
	}
	if e.Name == "" {
		r.reject("name", "procedure.name_missing", nil)
	}
	if e.Code != "" && !codeForm.MatchString(e.Code) {
		r.reject("national_code_by_name", "procedure.code_form", fault.Args{"code": shorten(e.Code)})
	}
	for s := range strings.SplitSeq(get("levels"), "|") {
		l := Level(strings.TrimSpace(s))
		switch {
		case l == "":
		case !l.Known():
			r.reject("levels", "procedure.level_unknown", fault.Args{"level": shorten(textfold.Clean(s))})
		case !slices.Contains(e.Levels, l):
			e.Levels = append(e.Levels, l)
		}
	}
	return e, r.bad
}

// Sectors maps national codes to the sector names of a province's catalogue.
// The first line with a code counts.
func Sectors(list []CatalogueEntry) map[string]string {
	sectors := map[string]string{}
	for _, e := range list {
		if e.Code != "" && e.Sector != "" && sectors[e.Code] == "" {
			sectors[e.Code] = e.Sector
		}
	}
	return sectors
}

// Procedure makes the entry a procedure that can be found and read; without
// limit and papers it gives no receipt. Its code is its local id.
func (e CatalogueEntry) Procedure() Procedure {
	return Procedure{
		Code: e.LocalID, LocalID: e.LocalID, Name: e.Name, Field: e.Sector, Sector: e.Sector, Levels: slices.Clone(e.Levels),
		ExecutingAgency: e.Agencies, Agency2019: e.Agency, Detail: Listed, Cases: []Case{{ID: "c0"}}, Version: Version{Number: 1},
	}
}
