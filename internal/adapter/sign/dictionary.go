package sign

import (
	"bytes"
	"strings"
	"time"
	"unicode/utf16"

	"github.com/motcua/motcua/internal/core/civil"
)

// maxDictionary bounds how far the keys of a signature may stand from its place.
const maxDictionary = 16 << 10

// readDictionary returns the strings of the dictionary that holds a signature:
// the one around place, whose signature ends at gapEnd. It understands just
// enough of PDF: names, strings and nesting, without recursion.
func readDictionary(file []byte, place, gapEnd int) map[string]string {
	from := bytes.LastIndex(file[max(0, place-maxDictionary):place], []byte("obj"))
	if from < 0 {
		return nil
	}
	from += max(0, place-maxDictionary) + len("obj")
	tail := file[gapEnd:min(len(file), gapEnd+maxDictionary)]
	if end := bytes.Index(tail, []byte("endobj")); end >= 0 {
		tail = tail[:end]
	}
	gap := bytes.Index(file[from:gapEnd], []byte("/Contents"))
	if gap < 0 {
		return nil
	}
	l := lexer{text: append(bytes.Clone(file[from:from+gap]), tail...), found: map[string]string{}}
	l.run()
	return l.found
}

// lexer walks over the text of a dictionary.
type lexer struct {
	text  []byte
	at    int
	depth int
	key   string // name that was read last on the first level
	found map[string]string
}

func (l *lexer) run() {
	for l.at < len(l.text) {
		switch c := l.text[l.at]; {
		case c == '(':
			l.value(l.literal())
		case c == '<' && l.next() == '<':
			l.depth++
			l.at += 2
		case c == '>' && l.next() == '>':
			l.depth--
			l.at += 2
		case c == '<':
			l.value(l.hexadecimal())
		case c == '[':
			l.depth++
			l.at++
		case c == ']':
			l.depth--
			l.at++
		case c == '/':
			name := l.name()
			if l.depth == 1 {
				l.key = name
			}
		default:
			l.at++
		}
	}
}

func (l *lexer) next() byte {
	if l.at+1 < len(l.text) {
		return l.text[l.at+1]
	}
	return 0
}

// value keeps a string under the key before it.
func (l *lexer) value(text string) {
	if l.depth == 1 && l.key != "" {
		l.found[l.key] = text
		l.key = ""
	}
}

func (l *lexer) name() string {
	from := l.at + 1
	for l.at++; l.at < len(l.text) && !strings.ContainsRune("()<>[]{}/% \t\r\n\f\x00", rune(l.text[l.at])); l.at++ {
	}
	return string(l.text[from:l.at])
}

// literal reads a string in parentheses.
func (l *lexer) literal() string {
	var raw []byte
	open := 0
	for ; l.at < len(l.text); l.at++ {
		switch c := l.text[l.at]; c {
		case '(':
			if open++; open == 1 {
				continue
			}
		case ')':
			if open--; open == 0 {
				l.at++
				return pdfText(raw)
			}
		case '\\':
			raw = l.escape(raw)
			continue
		}
		raw = append(raw, l.text[l.at])
	}
	return pdfText(raw)
}

// escape reads what follows a backslash and leaves at on its last byte.
func (l *lexer) escape(raw []byte) []byte {
	l.at++
	if l.at >= len(l.text) {
		return raw
	}
	c := l.text[l.at]
	if i := strings.IndexByte("nrtbf", c); i >= 0 {
		return append(raw, "\n\r\t\b\f"[i])
	}
	if c < '0' || c > '7' {
		return append(raw, c)
	}
	n := 0
	for i := 0; i < 3 && l.at < len(l.text) && l.text[l.at] >= '0' && l.text[l.at] <= '7'; i++ {
		n = n*8 + int(l.text[l.at]-'0')
		l.at++
	}
	l.at--
	return append(raw, byte(n))
}

// hexadecimal reads a string in angle brackets.
func (l *lexer) hexadecimal() string {
	var raw []byte
	half, have := byte(0), false
	for l.at++; l.at < len(l.text) && l.text[l.at] != '>'; l.at++ {
		i := strings.IndexByte("0123456789abcdef", l.text[l.at]|0x20)
		if i < 0 {
			continue
		}
		if have {
			raw = append(raw, half<<4|byte(i))
		}
		half, have = byte(i), !have
	}
	l.at++
	return pdfText(raw)
}

// pdfText decodes a text string: UTF-16 with its mark, UTF-8 with its mark, or
// bytes as they are.
func pdfText(raw []byte) string {
	switch {
	case bytes.HasPrefix(raw, []byte{0xfe, 0xff}):
		units := make([]uint16, 0, len(raw)/2)
		for i := 2; i+1 < len(raw); i += 2 {
			units = append(units, uint16(raw[i])<<8|uint16(raw[i+1]))
		}
		return string(utf16.Decode(units))
	case bytes.HasPrefix(raw, []byte{0xef, 0xbb, 0xbf}):
		return string(raw[3:])
	}
	return string(raw)
}

// pdfTime reads a date of PDF, "D:20260205081500+07'00'"; zero when it is none.
func pdfTime(text string) time.Time {
	text = strings.TrimSuffix(strings.ReplaceAll(strings.TrimPrefix(text, "D:"), "'", ""), "'")
	for _, layout := range []string{"20060102150405-0700", "20060102150405Z", "20060102150405Z0700"} {
		if t, err := time.Parse(layout, text); err == nil {
			return t.In(civil.Zone)
		}
	}
	return time.Time{}
}
