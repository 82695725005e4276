package web

import (
	"fmt"
	"html/template"
	"strconv"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/core/fee"
	"github.com/motcua/motcua/internal/httpkit"
	"github.com/motcua/motcua/internal/i18n"
)

// text is a message with its arguments, for what a page says about itself.
type text struct {
	Key  string
	Args fault.Args
}

// funcs are the functions of the templates in one language.
func funcs(words *i18n.Catalogue, language string, icons map[string]template.HTML, assets *httpkit.Assets) template.FuncMap {
	return template.FuncMap{
		"lang": func() string { return language },
		// t says a message; arguments follow as name and value.
		"t": func(key string, pairs ...any) (string, error) {
			args, err := pairsOf(pairs)
			return words.T(language, key, args), err
		},
		"say":      func(t text) string { return words.T(language, t.Key, t.Args) },
		"line":     func(l fault.Line) string { return words.Line(language, l) },
		"fault":    func(f *fault.Fault) string { return words.Fault(language, f) },
		"money":    func(v any) (string, error) { n, err := amountOf(v); return i18n.Money(language, n), err },
		"number":   func(n int) string { return i18n.Number(language, int64(n)) },
		"badge":    func(n int) string { return upTo(n, app.MostBadge) },
		"tabcount": func(n int) string { return upTo(n, app.MostCounted) },
		"percent":  func(perMille int) string { return i18n.Percent(language, perMille) },
		"size":     func(bytes int64) string { return i18n.Size(language, bytes) },
		"date":     func(v any) (string, error) { return dateOf(language, v) },
		"longdate": func(v any) (string, error) { at, err := instantOf(v); return words.LongDate(language, at), err },
		"datetime": func(v any) (string, error) { at, err := instantOf(v); return i18n.Datetime(language, at), err },
		"clock":    func(t civil.TimeOfDay) string { return t.String() },
		"rfc3339": func(v any) (string, error) {
			at, err := instantOf(v)
			return at.In(civil.Zone).Format(time.RFC3339), err
		},
		"icon": func(name string) (template.HTML, error) {
			drawing, ok := icons[name]
			if !ok {
				return "", fmt.Errorf("no icon %q", name)
			}
			return drawing, nil
		},
		"capital": capital,
		"static":  assets.Path,
	}
}

// upTo writes a number that was counted up to most.
func upTo(n, most int) string {
	if n >= most {
		return strconv.Itoa(most-1) + "+"
	}
	return strconv.Itoa(n)
}

// pairsOf makes arguments of name, value, name, value.
func pairsOf(pairs []any) (fault.Args, error) {
	if len(pairs)%2 != 0 {
		return nil, fmt.Errorf("%d arguments: they come as name and value", len(pairs))
	}
	args := fault.Args{}
	for i := 0; i < len(pairs); i += 2 {
		name, ok := pairs[i].(string)
		if !ok {
			return nil, fmt.Errorf("argument %d is no name", i)
		}
		args[name] = pairs[i+1]
	}
	return args, nil
}

// instantOf takes an instant or a day from a template.
func instantOf(v any) (time.Time, error) {
	switch v := v.(type) {
	case time.Time:
		return v, nil
	case *time.Time:
		if v == nil {
			return time.Time{}, nil
		}
		return *v, nil
	case civil.Date:
		if v.IsZero() {
			return time.Time{}, nil
		}
		return v.At(0), nil
	}
	return time.Time{}, fmt.Errorf("%T is no instant", v)
}

// dateOf also takes a day as stored, YYYY-MM-DD; what is no day is shown as it is.
func dateOf(language string, v any) (string, error) {
	if stored, ok := v.(string); ok {
		d, err := civil.ParseDate(stored)
		if err != nil {
			return stored, nil
		}
		v = d
	}
	at, err := instantOf(v)
	return i18n.Date(language, at), err
}

// capital begins a text with a capital letter, for addresses and mottos that
// their source states in the middle of a sentence.
func capital(s string) string {
	if s == "" {
		return ""
	}
	first, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(first)) + s[n:]
}

// amountOf takes whole đồng from a template.
func amountOf(v any) (int64, error) {
	switch v := v.(type) {
	case fee.VND:
		return int64(v), nil
	case int64:
		return v, nil
	case int:
		return int64(v), nil
	}
	return 0, fmt.Errorf("%T is no amount", v)
}
