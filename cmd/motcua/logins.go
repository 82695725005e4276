package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/config"
	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/agency"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/i18n"
)

// demoLogins is what a demo writes to its data folder, so that people and tests
// can sign in. Its people do not exist.
type demoLogins struct {
	Centre   string      `json:"centre"`
	URL      string      `json:"url"`      // where the demo answers, or answered last
	Password string      `json:"password"` // of everybody
	Logins   []demoLogin `json:"logins"`
	Tokens   []demoToken `json:"tokens"`
}

type demoLogin struct {
	Login    string   `json:"login"`
	Password string   `json:"password"`
	Name     string   `json:"name"`
	Title    string   `json:"title"`
	Roles    []string `json:"roles"`
	Unit     string   `json:"unit"`
	UnitName string   `json:"unitName"`
	First    bool     `json:"first"` // one of those that the start prints
}

type demoToken struct {
	Name  string `json:"name"`
	Role  string `json:"role"`
	Unit  string `json:"unit"`
	Token string `json:"token"`
}

// demoPassword is everybody's password where only this machine can reach the
// demo. Elsewhere one is made.
const demoPassword = "motcua-demo"

// writeLogins gives everybody the demo's password, makes the tokens once, and
// writes both to the data folder.
func writeLogins(ctx context.Context, h *house, listen string) (demoLogins, error) {
	path := filepath.Join(h.place.Data, config.DemoLogins)
	old, err := readLogins(path)
	if err != nil {
		return old, err
	}
	l := demoLogins{Centre: h.Centre().Name, Password: demoPassword, Tokens: old.Tokens}
	if !loopback(listen) {
		if l.Password = old.Password; l.Password == "" || l.Password == demoPassword {
			l.Password = strings.ToLower(rand.Text()[:16])
		}
	}
	if old.Password != l.Password {
		if err := h.SetDemoPassword(ctx, l.Password, nil); err != nil {
			return l, err
		}
	}
	people, err := h.store.People(ctx)
	if err != nil {
		return l, err
	}
	for _, p := range people {
		if !p.Disabled {
			l.Logins = append(l.Logins, demoLogin{Login: p.Login, Password: l.Password, Name: p.Name, Title: p.Title, Roles: p.Roles, Unit: p.Unit, UnitName: h.UnitName(p.Unit)})
		}
	}
	l.choose(people)
	if len(l.Tokens) == 0 {
		for _, role := range []access.Role{access.Partner, access.Import, access.Reception} {
			t, err := h.CreateToken(ctx, access.Operator("demo"), app.TokenForm{Name: "demo " + string(role), Role: role})
			if err != nil {
				return l, err
			}
			l.Tokens = append(l.Tokens, demoToken{t.Name, string(t.Role), t.Unit, t.Secret})
		}
	}
	return l, l.write(path)
}

// write replaces the file as a whole: whoever waits for it never reads half.
func (l *demoLogins) write(path string) error {
	text, err := json.MarshalIndent(l, "", "  ")
	if err != nil {
		return err
	}
	tmp := path + ".new"
	if err := os.WriteFile(tmp, append(text, '\n'), 0o600); err != nil {
		return err
	}
	return os.Rename(tmp, path)
}

func readLogins(path string) (demoLogins, error) {
	var l demoLogins
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return l, nil
	}
	if err != nil {
		return l, err
	}
	return l, json.Unmarshal(text, &l)
}

// choose marks one login for each role: those of the first counter and of the
// agency that it serves, which a dossier received there goes through.
func (l *demoLogins) choose(people []agency.Staff) {
	const firstCounter = "quay01"
	served, centre := "", ""
	for _, p := range people {
		if p.Login == firstCounter && p.Secondment != nil {
			served, centre = p.Secondment.FromUnit, p.Unit
		}
	}
	near := func(p demoLogin) int {
		switch {
		case p.Login == firstCounter:
			return 3
		case p.Unit == served:
			return 2
		case p.Unit == centre:
			return 1
		}
		return 0
	}
	var first []demoLogin
	for _, role := range access.Roles() {
		best := -1
		for i, p := range l.Logins {
			if len(p.Roles) > 0 && p.Roles[0] == string(role) && (best < 0 || near(p) > near(l.Logins[best])) {
				best = i
			}
		}
		if best >= 0 {
			l.Logins[best].First = true
			first = append(first, l.Logins[best])
		}
	}
	rest := slices.DeleteFunc(l.Logins, func(p demoLogin) bool { return p.First })
	l.Logins = append(first, rest...)
}

// ready tells where the demo is and who can sign in.
func (l *demoLogins) ready(std *stdio, h *house, address string) {
	words := i18n.Default()
	l.URL = "http://" + address
	if err := l.write(filepath.Join(h.place.Data, config.DemoLogins)); err != nil {
		h.log.Warn("the address is not in the file of logins", "error", err)
	}
	std.print("command.demo_ready", fault.Args{"centre": l.Centre, "address": l.URL, "now": h.Now().In(civil.Zone).Format("15:04 02/01/2006")})
	w := tabwriter.NewWriter(std.out, 0, 4, 2, ' ', 0)
	for _, p := range l.Logins {
		if !p.First {
			continue
		}
		roles := make([]string, len(p.Roles))
		for i, r := range p.Roles {
			roles[i] = words.T(std.lang, "command.role."+r, nil)
		}
		fmt.Fprintf(w, "  %s\t%s\t%s\t%s\n", p.Login, p.Name, strings.Join(roles, ", "), p.UnitName)
	}
	_ = w.Flush() // the terminal is gone; nobody to tell
	std.print("command.demo_password", fault.Args{"password": l.Password, "path": filepath.Join(h.place.Data, config.DemoLogins)})
}
