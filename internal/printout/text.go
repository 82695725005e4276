package printout

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// span is a piece of text in one cut, or a place that is left open to be filled
// in by hand.
type span struct {
	Text   string
	Bold   bool
	Italic bool
	Blank  blank
}

// blank is an open place; its kind says how long the dotted line is.
type blank int

const (
	noBlank    blank = iota
	shortBlank       // an hour, a day, a number
	midBlank         // a phone number between two labels
	restBlank        // to the end of the line
)

// words makes a plain span of a value; an empty value is an open place.
func words(value string) []span {
	if value = clean(value); value == "" {
		return []span{{Blank: midBlank}}
	}
	return []span{{Text: value}}
}

// clean brings a value into the form in which it is printed and can be read
// back: NFC, single spaces, line ends as \n, no invisible characters; what has
// no place in the basic plane, and so in the typeface, becomes U+FFFD.
func clean(text string) string {
	var b strings.Builder
	b.Grow(len(text))
	space, line := false, false
	for _, r := range norm.NFC.String(strings.ToValidUTF8(text, "\ufffd")) {
		switch {
		case r == '\n' || r == '\u2028' || r == '\u2029':
			space, line = true, true
			continue
		case unicode.IsSpace(r):
			space = true
			continue
		case unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Cs):
			continue
		case r > 0xffff:
			r = utf8.RuneError
		}
		if space && b.Len() > 0 {
			if line {
				b.WriteByte('\n')
			} else {
				b.WriteByte(' ')
			}
		}
		space, line = false, false
		b.WriteRune(r)
	}
	return b.String()
}
