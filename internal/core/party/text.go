package party

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/motcua/motcua/internal/core/fault"
)

// The longest texts that are taken in, in characters (Unicode code points, NFC).
const (
	MaxPersonName       = 200
	MaxOrganizationName = 500
	MaxAddress          = 500
	MaxSubject          = 2000
)

// CleanPersonName returns a person's name in normal form (NFC, single spaces):
// letters of any people, marks on letters, apostrophe, hyphen, full stop. It
// fails with party.name_missing, party.text_broken, party.text_invisible,
// party.text_long or party.name_character.
func CleanPersonName(text string) (string, error) {
	name, err := cleanLine(text, "party.name_missing", MaxPersonName)
	if err != nil {
		return "", err
	}
	marks, letters := 0, 0
	for _, r := range name {
		switch {
		case unicode.IsLetter(r):
			marks = 0
			letters++
		case unicode.Is(unicode.Mn, r) && letters > 0 && marks < 3:
			marks++ // ơ̆ and č̆ of the Highland peoples have no single code point
		case strings.ContainsRune(" '’ʼ-.", r):
			marks = 3 // a mark may not follow
		default:
			return "", fault.Field("", "party.name_character", fault.Args{"character": string(r)})
		}
	}
	if letters == 0 {
		return "", fault.Field("", "party.name_missing", nil)
	}
	return name, nil
}

// CleanOrganizationName returns an organisation's name in normal form. Digits
// and punctuation are allowed, angle brackets are not. It fails as
// CleanPersonName does.
func CleanOrganizationName(text string) (string, error) {
	name, err := cleanLine(text, "party.name_missing", MaxOrganizationName)
	if err != nil {
		return "", err
	}
	if i := strings.IndexAny(name, "<>"); i >= 0 {
		return "", fault.Field("", "party.name_character", fault.Args{"character": name[i : i+1]})
	}
	if !strings.ContainsFunc(name, unicode.IsLetter) {
		return "", fault.Field("", "party.name_missing", nil)
	}
	return name, nil
}

// CleanAddress returns an address in normal form: detail, commune, province,
// separated by commas, and before July 2025 with the district. It fails with
// party.address_missing, party.text_broken, party.text_invisible or party.text_long.
func CleanAddress(text string) (string, error) {
	return cleanLine(text, "party.address_missing", MaxAddress)
}

// CleanSubject returns what a dossier is about (trích yếu) in normal form; line
// breaks stay. An empty subject is allowed. It fails with party.text_broken,
// party.text_invisible or party.text_long.
func CleanSubject(text string) (string, error) {
	lines := strings.Split(strings.ReplaceAll(strings.TrimSpace(text), "\r\n", "\n"), "\n")
	for i, line := range lines {
		if strings.TrimSpace(line) == "" {
			lines[i] = ""
			continue
		}
		clean, err := cleanLine(line, "", MaxSubject)
		if err != nil {
			return "", err
		}
		lines[i] = clean
	}
	subject := strings.Join(lines, "\n")
	if utf8.RuneCountInString(subject) > MaxSubject {
		return "", fault.Field("", "party.text_long", fault.Args{"max": MaxSubject})
	}
	return subject, nil
}

// cleanLine returns one line of text in NFC with single spaces. Characters
// that cannot be seen are refused, not dropped: two names that look alike must
// be alike. missing is the key for an empty text.
func cleanLine(text, missing string, limit int) (string, error) {
	if !utf8.ValidString(text) || strings.ContainsRune(text, utf8.RuneError) {
		return "", fault.Field("", "party.text_broken", nil)
	}
	text = strings.TrimSpace(text)
	if text == "" {
		return "", fault.Field("", missing, nil)
	}
	// Counting first keeps normalisation from working on a text of megabytes.
	if utf8.RuneCountInString(text) > 4*limit {
		return "", fault.Field("", "party.text_long", fault.Args{"max": limit})
	}
	for _, r := range text {
		if invisible(r) {
			return "", fault.Field("", "party.text_invisible", nil)
		}
	}
	line := norm.NFC.String(strings.Join(strings.Fields(text), " "))
	if utf8.RuneCountInString(line) > limit {
		return "", fault.Field("", "party.text_long", fault.Args{"max": limit})
	}
	return line, nil
}

// invisible reports whether r shows nothing of its own or changes how its
// neighbours are shown: controls, zero-width and bidirectional marks, fillers,
// variation selectors, private and unassigned code points. Spaces are not
// meant, but tabs and line breaks inside a line are.
func invisible(r rune) bool {
	switch {
	case r == '\u034f', r == '\u115f', r == '\u1160', r == '\u2800', r == '\u3164', r == '\uffa0':
		return true
	case unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Cs, unicode.Variation_Selector):
		return true
	case unicode.In(r, unicode.Zl, unicode.Zp):
		return true
	}
	return !unicode.In(r, unicode.L, unicode.M, unicode.N, unicode.P, unicode.S, unicode.Zs)
}
