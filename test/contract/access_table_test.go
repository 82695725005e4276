package contract

import (
	"bufio"
	"os"
	"strings"
	"testing"

	"github.com/motcua/motcua/internal/core/access"
)

// table is the reviewed answer to "who may use what?", testdata/access.txt. A
// person writes it; no test does.
const table = "testdata/access.txt"

// places are where somebody works, seen from the dossier, in the table's order.
var places = [...]string{"centre", "agency", "elsewhere"}

// letters stand for the roles in the table.
var letters = map[rune]access.Role{
	'R': access.Reception, 'H': access.Handler, 'L': access.Leader, 'C': access.Clerk, 'D': access.Director, 'K': access.Control,
	'S': access.Supervisor, 'I': access.Inspector, 'A': access.Admin, 'M': access.Import, 'P': access.Partner,
}

// right is one line of the table.
type right struct {
	open    bool // needs no session and no token
	may     map[string]map[access.Role]bool
	checked bool // a test has held the program to it
}

func (r *right) lets(place string, role access.Role) bool { return r.may[place][role] }

// readTable reads one part of the table: pages, interface or acts.
func readTable(t *testing.T, part string) map[string]*right {
	t.Helper()
	f, err := os.Open(table)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rights := map[string]*right{}
	here := ""
	lines := bufio.NewScanner(f)
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(lines.Text())
		if strings.HasPrefix(line, "[") {
			here = strings.Trim(line, "[]")
		}
		if line == "" || strings.HasPrefix(line, "#") || strings.HasPrefix(line, "[") || here != part {
			continue
		}
		cells := strings.Fields(line)
		if len(cells) < 5 {
			t.Fatalf("%s:%d: a name and four cells, not %q", table, n, line)
		}
		at := len(cells) - 4
		name := strings.Join(cells[:at], " ")
		if rights[name] != nil {
			t.Fatalf("%s:%d: %s stands twice", table, n, name)
		}
		r := &right{open: cells[at] == "yes", may: map[string]map[access.Role]bool{}}
		for i, place := range places {
			r.may[place] = rolesOf(t, n, cells[at+1+i])
		}
		rights[name] = r
	}
	if err := lines.Err(); err != nil || len(rights) == 0 {
		t.Fatalf("%s has no part %s: %v", table, part, err)
	}
	return rights
}

// rolesOf reads a cell: letters, "-" for nobody, "*" for everybody, "*-A" for
// everybody but A.
func rolesOf(t *testing.T, line int, cell string) map[access.Role]bool {
	t.Helper()
	all := map[access.Role]bool{}
	for _, role := range access.Roles() {
		all[role] = strings.HasPrefix(cell, "*")
	}
	for _, letter := range strings.Trim(cell, "*-") {
		role, ok := letters[letter]
		if !ok {
			t.Fatalf("%s:%d: %c is no role", table, line, letter)
		}
		all[role] = !all[role]
	}
	return all
}

// unchecked fails for every line that no test has looked at.
func unchecked(t *testing.T, rights map[string]*right) {
	t.Helper()
	for name, r := range rights {
		if !r.checked {
			t.Errorf("%s knows %s, which the program does not have or the test does not try", table, name)
		}
	}
}
