// Package telemetry is what operators look at: logs that hide personal numbers,
// metrics, and the two health pages. It knows nothing of dossiers.
//
//	log := telemetry.NewLog(os.Stderr, slog.LevelInfo)
//	log.Info("signed in", "phone", "0912345678") // shows 0912***678
package telemetry

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"strings"
)

// NewLog returns a log of one JSON object a line. Personal numbers and phones
// are masked wherever they stand, in messages, values and errors; values under
// names such as "password" or "token" are never written.
func NewLog(w io.Writer, level slog.Leveler) *slog.Logger {
	return slog.New(slog.NewJSONHandler(w, &slog.HandlerOptions{Level: level, ReplaceAttr: maskAttr}))
}

// maskAttr is the last look at every attribute before it is written.
func maskAttr(_ []string, a slog.Attr) slog.Attr {
	if confidential(a.Key) {
		return slog.String(a.Key, "***")
	}
	switch a.Value.Kind() {
	case slog.KindString:
		return slog.String(a.Key, Mask(a.Value.String()))
	case slog.KindAny:
		switch v := a.Value.Any().(type) {
		case *slog.Source, slog.Level:
			return a
		case error:
			return slog.String(a.Key, Mask(v.Error()))
		case fmt.Stringer:
			return slog.String(a.Key, Mask(v.String()))
		case []byte:
			return slog.String(a.Key, Mask(string(v)))
		default:
			return maskJSON(a)
		}
	}
	return a
}

// maskJSON writes a structured value as the JSON it would become, masked; as
// itself when there is nothing to mask.
func maskJSON(a slog.Attr) slog.Attr {
	text, err := json.Marshal(a.Value.Any())
	if err != nil {
		return slog.String(a.Key, "unprintable value")
	}
	if masked := Mask(string(text)); masked != string(text) {
		return slog.String(a.Key, masked)
	}
	return a
}

// confidential reports whether values of this name are secrets.
func confidential(key string) bool {
	key = strings.ToLower(key)
	for _, part := range []string{"password", "passwd", "secret", "token", "cookie", "authorization", "apikey", "api_key"} {
		if strings.Contains(key, part) {
			return true
		}
	}
	return false
}

// Mask replaces the middle of every 12-digit number and every phone number in
// text by stars: 079*****1234, 0912***678, +84912***678. Longer and shorter
// numbers, parts of identifiers and decimal fractions stay.
func Mask(text string) string {
	var b strings.Builder
	done := 0
	for i := 0; i < len(text); {
		if !digit(text[i]) {
			i++
			continue
		}
		end := i
		for end < len(text) && digit(text[end]) {
			end++
		}
		if keepHead, keepTail := personal(text, i, end); keepHead > 0 {
			b.WriteString(text[done : i+keepHead])
			b.WriteString(strings.Repeat("*", end-i-keepHead-keepTail))
			done = end - keepTail
		}
		i = end
	}
	if done == 0 {
		return text
	}
	b.WriteString(text[done:])
	return b.String()
}

// personal says how many digits of text[from:end], a run of digits, stay at its
// head and tail; 0 when the run is not a personal number.
func personal(text string, from, end int) (head, tail int) {
	if from > 0 && letter(text[from-1]) || end < len(text) && letter(text[end]) {
		return 0, 0
	}
	// The groups of a UUID and the fraction of a decimal number are not people.
	if from > 1 && (text[from-1] == '-' && alphanumeric(text[from-2]) || text[from-1] == '.' && digit(text[from-2])) {
		return 0, 0
	}
	run := text[from:end]
	international := from > 0 && text[from-1] == '+'
	switch {
	case len(run) == 12 && !international:
		return 3, 4
	case (len(run) == 10 || len(run) == 11) && run[0] == '0':
		return 4, 3
	case strings.HasPrefix(run, "84") && (len(run) == 11 || international && len(run) == 12):
		return 5, 3
	}
	return 0, 0
}

func digit(c byte) bool        { return '0' <= c && c <= '9' }
func letter(c byte) bool       { return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c == '_' }
func alphanumeric(c byte) bool { return digit(c) || letter(c) }
