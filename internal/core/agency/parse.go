package agency

import (
	"encoding/csv"
	"errors"
	"io"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/core/textfold"
)

// maxName bounds a name in characters.
const maxName = 2000

// Rejection says why a record was not taken in.
type Rejection struct {
	Record string // its id, or "#line" when it has none
	Field  string // the column
	Key    string // message key of the reason
	Args   fault.Args
}

// ParseUnits reads administrative units in the format of units.csv. Good lines
// are returned; each fault of a bad line is a Rejection. err is fault.Invalid
// when the file is not CSV or lacks a column.
func ParseUnits(r io.Reader) ([]Unit, []Rejection, error) {
	return parse(r, []string{"uid", "code", "level", "type", "name", "full_name", "parent_uid", "province_code", "valid_from", "valid_to"}, func(l *line) Unit {
		u := Unit{
			ID: l.id("uid"), Key: l.need("code"), Name: l.need("name"), FullName: l.need("full_name"),
			Level: Level(l.get("level")), Kind: Area, Form: l.get("type"), Parent: l.get("parent_uid"), Province: l.get("province_code"),
			ValidFrom: l.day("valid_from"), ValidTo: l.day("valid_to"), Former: l.get("former_units"), Basis: l.get("basis"),
		}
		u.Code = u.Key
		for _, column := range []string{"valid_from_precision", "valid_to_precision"} {
			switch l.get(column) {
			case "release", "bound", "unknown":
				u.Bounded = true
			}
		}
		l.period(u)
		return u
	})
}

// ParseAgencies reads agencies in the format of agencies.csv, like ParseUnits.
func ParseAgencies(r io.Reader) ([]Unit, []Rejection, error) {
	return parse(r, []string{"uid", "province_code", "valid_from", "valid_to", "key", "name", "full_name", "kind"}, func(l *line) Unit {
		u := Unit{
			ID: l.id("uid"), Key: l.need("key"), Name: l.need("name"), FullName: l.need("full_name"), Level: Province,
			Kind: Kind(l.get("kind")), Province: l.need("province_code"), ValidFrom: l.day("valid_from"), ValidTo: l.day("valid_to"),
			Identifier: l.get("identifier_official"), Basis: l.get("evidence"), Note: l.get("note"),
		}
		if u.Identifier == "" {
			u.Identifier = l.get("identifier_local")
			u.Local = u.Identifier != ""
		}
		if u.Identifier != "" && !identifierForm.MatchString(u.Identifier) {
			l.reject("identifier_local", "agency.identifier_form", fault.Args{"identifier": u.Identifier})
		}
		u.Code = u.Key
		if u.Identifier != "" && !u.Local {
			u.Code = u.Identifier
		}
		for f := range strings.SplitSeq(l.get("fields"), "|") {
			if f = strings.TrimSpace(f); f != "" {
				u.Fields = append(u.Fields, f)
			}
		}
		if u.Kind != Committee {
			u.Parent = strings.TrimSuffix(u.ID, u.Key) + "ubnd-tinh"
		}
		if u.Kind == Area {
			u.Kind = ""
		}
		l.period(u)
		return u
	})
}

// line is one line of a CSV and what is wrong with it.
type line struct {
	column map[string]int
	row    []string
	record string
	seen   map[string]bool
	bad    []Rejection
}

func (l *line) reject(field, key string, args fault.Args) {
	l.bad = append(l.bad, Rejection{Record: l.record, Field: field, Key: key, Args: args})
}

func (l *line) get(column string) string {
	i, ok := l.column[column]
	if !ok || i >= len(l.row) {
		return ""
	}
	s := textfold.Clean(l.row[i])
	if n := utf8.RuneCountInString(s); n > 20*maxName || n > maxName && strings.HasSuffix(column, "name") {
		l.reject(column, "agency.too_long", fault.Args{"n": n, "most": maxName})
	}
	return s
}

func (l *line) need(column string) string {
	s := l.get(column)
	if s == "" {
		l.reject(column, "agency.value_missing", fault.Args{"column": column})
	}
	return s
}

func (l *line) id(column string) string {
	id := l.get(column)
	if id != "" {
		l.record = id
	}
	switch {
	case id == "":
		l.reject(column, "agency.value_missing", fault.Args{"column": column})
	case l.seen[id]:
		l.reject(column, "agency.id_repeated", fault.Args{"id": id})
	}
	return id
}

func (l *line) day(column string) string {
	s := l.get(column)
	if s == "" {
		return ""
	}
	if _, err := time.Parse(time.DateOnly, s); err != nil {
		l.reject(column, "agency.day_form", fault.Args{"day": s})
	}
	return s
}

// period checks what depends on several columns.
func (l *line) period(u Unit) {
	if !u.Level.Known() {
		l.reject("level", "agency.level_unknown", fault.Args{"level": string(u.Level)})
	}
	if !u.Kind.Known() {
		l.reject("kind", "agency.kind_unknown", fault.Args{"kind": string(u.Kind)})
	}
	if u.ValidFrom != "" && u.ValidTo != "" && u.ValidTo < u.ValidFrom {
		l.reject("valid_to", "agency.period_backwards", fault.Args{"from": ShowDay(u.ValidFrom), "to": ShowDay(u.ValidTo)})
	}
}

// codeForm is what the code of a unit may look like: a number of the statistics
// office, an identifier, or a key.
var codeForm = regexp.MustCompile(`^[0-9A-Za-z][0-9A-Za-z.-]{0,39}$`)

var identifierForm = regexp.MustCompile(`^[A-Z][0-9]{2}(\.[0-9A-Z]{2,3})*$`)

// ParseStaff reads people in CSV: login, name, title, unit (its code), roles
// (separated by |), phone, disabled (yes or empty). Ids are given where people
// are taken in.
func ParseStaff(r io.Reader) ([]Staff, []Rejection, error) {
	return parse(r, []string{"login", "name", "unit", "roles"}, func(l *line) Staff {
		p := Staff{
			Login: strings.ToLower(l.id("login")), Name: l.need("name"), Title: l.get("title"), Unit: l.need("unit"), Phone: l.get("phone"),
			Disabled: l.get("disabled") != "",
		}
		for role := range strings.SplitSeq(l.get("roles"), "|") {
			if role = strings.TrimSpace(role); role != "" {
				p.Roles = append(p.Roles, role)
			}
		}
		return p
	})
}

func parse[T any](r io.Reader, columns []string, read func(*line) T) ([]T, []Rejection, error) {
	rows := csv.NewReader(r)
	rows.FieldsPerRecord = -1
	head, err := rows.Read()
	if err != nil {
		return nil, nil, fault.Wrap(err, fault.Invalid, "agency.file_csv", fault.Args{"line": 1})
	}
	column := map[string]int{}
	for i, h := range head {
		column[strings.TrimPrefix(strings.TrimSpace(h), "\ufeff")] = i
	}
	for _, name := range columns {
		if _, ok := column[name]; !ok {
			return nil, nil, fault.New(fault.Invalid, "agency.column_missing", fault.Args{"column": name})
		}
	}
	var list []T
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
			return nil, nil, fault.Wrap(err, fault.Invalid, "agency.file_csv", fault.Args{"line": at})
		}
		n, _ := rows.FieldPos(0)
		l := &line{column: column, row: row, record: "#" + strconv.Itoa(n), seen: seen}
		one := read(l)
		if len(l.bad) > 0 {
			rejected = append(rejected, l.bad...)
			continue
		}
		seen[l.record] = true
		list = append(list, one)
	}
}
