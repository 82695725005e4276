package store

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"github.com/motcua/motcua/internal/core/dossier"
)

// numbered is a result of a dossier that has a number in the register.
type numbered struct {
	dossier.Entry
	key string
}

// Shelf names a book of a unit and year.
func Shelf(unit, book string, year int) string { return unit + "|" + strconv.Itoa(year) + "|" + book }

// numberedResults lists what a dossier has in the register: its result and those
// that were taken back, whose numbers stay used.
func numberedResults(d dossier.Dossier) []numbered {
	var out []numbered
	add := func(r dossier.Result) {
		if e := r.Entry; e != nil {
			out = append(out, numbered{*e, d.ID + "|" + Shelf(e.Unit, e.Book, e.Year) + "|" + strconv.FormatInt(e.No, 10)})
		}
	}
	for _, r := range d.Recalled {
		add(r)
	}
	if d.Result != nil {
		add(*d.Result)
	}
	return out
}

// ResultBook is one book of the register of results with what stands in it.
type ResultBook struct {
	Unit, Book                    string
	Year                          int
	Count, Different, First, Last int64
}

// ResultBooks lists the books of a unit, or of all, the newest year first.
func (s *Store) ResultBooks(ctx context.Context, unit string) ([]ResultBook, error) {
	st := &statement{}
	st.add("SELECT unit, book, year, count(*), count(DISTINCT no), min(no), max(no) FROM dossier_result")
	if unit != "" {
		st.add(" WHERE unit = ").arg(unit)
	}
	st.add(" GROUP BY unit, book, year ORDER BY year DESC, unit, book")
	return Collect(ctx, s, func(scan func(dest ...any) error) (b ResultBook, err error) {
		err = scan(&b.Unit, &b.Book, &b.Year, &b.Count, &b.Different, &b.First, &b.Last)
		return b, err
	}, st.sql.String(), st.args...)
}

// RegisterPage reads dossiers of a unit's book and year by their numbers, from the
// number before on down; 0 begins at the last.
func (s *Store) RegisterPage(ctx context.Context, unit, book string, year int, before int64, n int) ([]dossier.Dossier, []int64, error) {
	type line struct {
		id string
		no int64
	}
	if before == 0 {
		before = 1 << 62
	}
	list, err := Collect(ctx, s, func(scan func(dest ...any) error) (l line, err error) {
		err = scan(&l.id, &l.no)
		return l, err
	}, `SELECT parent, no FROM dossier_result WHERE unit = $1 AND year = $2 AND book = $3 AND no < $4 ORDER BY no DESC LIMIT $5`, unit, year, book, before, n)
	if err != nil {
		return nil, nil, err
	}
	ids, numbers := make([]string, len(list)), make([]int64, len(list))
	for i, l := range list {
		ids[i], numbers[i] = l.id, l.no
	}
	all, err := s.DossiersByID(ctx, ids)
	byID := make(map[string]dossier.Dossier, len(all))
	for _, d := range all {
		byID[d.ID] = d
	}
	out := make([]dossier.Dossier, len(ids))
	for i, id := range ids {
		out[i] = byID[id]
	}
	return out, numbers, err
}

// signing are the kinds of task between a proposal and its issue; the words are
// also those of the index that ToSign reads.
const signing = "kind IN ('approve', 'number', 'sign', 'issue')"

// ToSign reads at most n dossiers that units have to decide, number, sign or
// issue, by danger.
func (s *Store) ToSign(ctx context.Context, units []string, n int) ([]dossier.Dossier, error) {
	st := &statement{}
	st.add("SELECT x.parent FROM dossier_task x WHERE x.unit IN ").in(units).add(" AND x." + signing + " ORDER BY x.start_key, x.parent LIMIT ").arg(int64(n))
	ids, err := Collect(ctx, s, scanText, st.sql.String(), st.args...)
	if err != nil {
		return nil, err
	}
	seen := map[string]bool{}
	ids = slices.DeleteFunc(ids, func(id string) bool { again := seen[id]; seen[id] = true; return again })
	return s.DossiersByID(ctx, ids)
}

// checkBooks looks for gaps and repetitions in the books of the register: as many
// numbers as there are from the first to the last. A book that began before its
// lines were kept begins later than 1.
func checkBooks(ctx context.Context, r Reader) ([]Checked, error) {
	f := Checked{ID: "I-11"}
	rows, err := r.Query(ctx, `SELECT unit, book, year, count(*), count(DISTINCT no), max(no) - min(no) + 1 FROM dossier_result GROUP BY unit, book, year ORDER BY unit, book, year`)
	if err != nil {
		return nil, err
	}
	_, err = collect(rows, func(scan func(dest ...any) error) (struct{}, error) {
		var unit, book string
		var year int
		var n, distinct, highest int64
		if err := scan(&unit, &book, &year, &n, &distinct, &highest); err != nil {
			return struct{}{}, err
		}
		f.N += n
		if n != distinct || n != highest {
			f.Violations = append(f.Violations, fmt.Sprintf("book %s of %s in %d has %d numbers, %d different, over %d", book, unit, year, n, distinct, highest))
		}
		return struct{}{}, nil
	})
	return []Checked{f}, err
}
