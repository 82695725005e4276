package printout

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/motcua/motcua/internal/core/ruleset"
)

// changed is a deep copy of a document in which every text, time and list went
// through a change. What the program itself says stays: form and wording.
func changed(d Document, text func(string) string, when func(time.Time) time.Time, times int) Document {
	var walk func(from, into reflect.Value)
	walk = func(from, into reflect.Value) {
		switch v := from.Interface().(type) {
		case time.Time:
			into.Set(reflect.ValueOf(when(v)))
			return
		case ruleset.Form, Wording:
			into.Set(from)
			return
		}
		switch from.Kind() {
		case reflect.String:
			into.SetString(text(from.String()))
		case reflect.Struct:
			for i := range from.NumField() {
				if from.Type().Field(i).IsExported() {
					walk(from.Field(i), into.Field(i))
				}
			}
		case reflect.Slice:
			out := reflect.MakeSlice(from.Type(), 0, from.Len()*times)
			for range times {
				for i := range from.Len() {
					item := reflect.New(from.Type().Elem()).Elem()
					walk(from.Index(i), item)
					out = reflect.Append(out, item)
				}
			}
			into.Set(out)
		default:
			into.Set(from)
		}
	}
	from := reflect.ValueOf(d)
	into := reflect.New(from.Type()).Elem()
	walk(from, into)
	return into.Interface().(Document)
}

func same[T any](v T) T { return v }

// Every form with every field empty, very long, without a place to break it, and
// with many lines: pages break cleanly and nothing overlaps.
func TestExtremesBreakPagesCleanly(t *testing.T) {
	p := newPrinter(t)
	never := func(time.Time) time.Time { return time.Time{} }
	extremes := map[string]func(Document) Document{
		"empty":           func(d Document) Document { return changed(d, func(string) string { return "" }, never, 0) },
		"empty in lists":  func(d Document) Document { return changed(d, func(string) string { return "" }, never, 1) },
		"300 characters":  func(d Document) Document { return changed(d, func(string) string { return longText(300) }, same, 1) },
		"3000 characters": func(d Document) Document { return changed(d, func(string) string { return longText(3000) }, same, 1) },
		"one word of 500": func(d Document) Document {
			return changed(d, func(string) string { return strings.Repeat("Ợ", 500) }, same, 1)
		},
		"lines": func(d Document) Document {
			return changed(d, func(s string) string { return strings.ReplaceAll(s, " ", "\n") }, same, 1)
		},
		"60 times": func(d Document) Document { return changed(d, same, same, 60) },
	}
	for name, d := range samples() {
		for what, change := range extremes {
			t.Run(name+"/"+what, func(t *testing.T) {
				e := change(d)
				if what == "3000 characters" || what == "300 characters" || what == "one word of 500" {
					e = withSeal(e)
				}
				checkPages(t, p, e)
				if _, err := p.HTML(e); err != nil {
					t.Error(err)
				}
			})
		}
	}
}

// withSeal gives a receipt or result a seal that a QR code can hold.
func withSeal(d Document) Document {
	switch r := d.(type) {
	case Receipt:
		r.Seal = sampleSeal
		return r
	case ResultDocument:
		r.Seal = sampleSeal
		return r
	}
	return d
}

func TestSealThatNoCodeHolds(t *testing.T) {
	r := sampleReceipt()
	r.Seal = strings.Repeat("x", 5000)
	if pdf, err := newPrinter(t).PDF(r); err == nil {
		t.Errorf("a seal of 5,000 characters gives a file of %d bytes", len(pdf))
	}
}
