package agency

import "strings"

// newIdentifiers is the day on which identifiers from the top down came into
// force (QĐ 20/2020/QĐ-TTg).
const newIdentifiers = "2020-09-15"

// CodePart returns the agency part of dossier codes for an identifier on a
// day: 13 characters from the bottom up before 15 September 2020
// (000.00.12.H36; QCVN 102:2016/BTTTT), the identifier itself after (H36.12).
// False for an identifier that has no such form.
func CodePart(identifier, day string) (string, bool) {
	if !identifierForm.MatchString(identifier) {
		return "", false
	}
	if day >= newIdentifiers {
		return identifier, true
	}
	levels := strings.Split(identifier, ".")
	part := []string{"000", "00", "00", levels[0]}
	if len(levels) > len(part) {
		return "", false
	}
	for i, l := range levels[1:] {
		at := len(part) - 2 - i
		if len(l) != len(part[at]) {
			return "", false
		}
		part[at] = l
	}
	return strings.Join(part, "."), true
}

// CodePart returns the agency part of the dossier codes that the unit receives
// on a day; false when it has no identifier.
func (u Unit) CodePart(day string) (string, bool) { return CodePart(u.Identifier, day) }
