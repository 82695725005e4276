// Package civildata is the calendar that ships with the program: the official
// days off of 2018 to 2026 and a provisional year after them, proposed from
// statute, since limits received this year already reach it. The rules are in
// core/civil; an installation replaces years by publishing its own.
package civildata

import (
	"fmt"
	"io"
	"sync"

	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/data"
)

// Ref names the built-in calendar where a dossier records what it counted with.
const Ref = "default@1"

// Default is the built-in calendar; it is immutable.
var Default = sync.OnceValue(func() *civil.Calendar {
	c, err := build()
	if err != nil {
		panic(err) // the data is fixed when the program is built
	}
	return c
})

// Spec is the built-in calendar as data.
func Spec() civil.Spec { return Default().Spec() }

func build() (*civil.Calendar, error) {
	f, err := data.Open(data.Holidays)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	text, err := io.ReadAll(f)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", data.Holidays, err)
	}
	official, err := civil.ParseHolidays(text)
	if err != nil {
		return nil, err
	}
	next, err := civil.Propose(official.Years[len(official.Years)-1].Year + 1)
	if err != nil {
		return nil, err
	}
	base := civil.Spec{Week: civil.DefaultWeek(), Hours: civil.DefaultHours()}
	return civil.NewCalendar(base.Merge(official).Merge(next))
}
