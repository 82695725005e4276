package dossier

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/ruleset"
)

// labels are the sentences of one language, of this package and of access.
func labels(t *testing.T, language string) map[string]string {
	t.Helper()
	all := map[string]string{}
	for _, file := range []string{"dossier", "access"} {
		data, err := os.ReadFile(filepath.Join("..", "..", "i18n", "messages", file+"."+language+".json"))
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(data, &all); err != nil {
			t.Fatal(err)
		}
	}
	return all
}

// docs/states.md is the table in words. It is printed by this test with -update
// and compared by it without.
func TestStatesDocument(t *testing.T) {
	path := filepath.Join("..", "..", "..", "docs", "states.md")
	want := statesDocument(t, labels(t, "vi"))
	if *update {
		if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("docs/states.md is not what the table says; run go test -update (-table +document):\n%s", diff)
	}
}

func statesDocument(t *testing.T, say map[string]string) string {
	var b strings.Builder
	word := func(key string) string {
		if say[key] == "" {
			t.Errorf("no sentence for %s", key)
		}
		return say[key]
	}
	b.WriteString(`# States of a dossier

Printed from the table in ` + "`internal/core/dossier/transition.go`" + ` by ` + "`go test ./internal/core/dossier -run TestStatesDocument -update`" + `; do not edit.
The same table draws the buttons and refuses everything else.

## The ten national statuses

| No. | Status | |
|---|---|---|
`)
	for _, s := range Statuses() {
		note := ""
		switch {
		case s == Stopped:
			note = "ended; resumed by decision only"
		case s.Ended():
			note = "ended"
		case s.Waiting():
			note = "waits for the applicant"
		}
		fmt.Fprintf(&b, "| %d | %s | %s |\n", s, word(s.Key()), note)
	}
	b.WriteString(`
## Who may do what

A status of – is a dossier that does not exist yet, or the status that the act leaves as it is. Acts of ` + "`system`" + ` are done by jobs of
the program. † is the leader's own signature: a delegation of work is not enough. ‡ may be undone by its author while it is the last
act and nothing of it has left the house.

| From | Act | To | Who | Where | Open task | Must say | Document | Ground |
|---|---|---|---|---|---|---|---|---|
`)
	for _, r := range transitions {
		b.WriteString("| " + strings.Join([]string{
			statusNumbers(r), actCell(r, word), dash(number(r.To)), strings.Join(who(r.Permit, word), ", "), placeWords[r.Place],
			taskCell(r, word), needWords(r.Needs), formName(t, r.Form), dash(string(r.Ground)),
		}, " | ") + " |\n")
	}
	b.WriteString(`
## Grounds by rule set

A dossier cites the decree in force when it was received. Articles of Decree 118/2025 are quoted only where their text is known.

| Ground | NĐ 61/2018 | NĐ 107/2021 | NĐ 118/2025 | NĐ 309/2026 |
|---|---|---|---|---|
`)
	var seen []Ground
	for _, r := range transitions {
		if slices.Contains(seen, r.Ground) || r.Ground == onInternal {
			continue
		}
		seen = append(seen, r.Ground)
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s |\n", r.Ground, r.Ground.In("nd61"), r.Ground.In("nd107"), r.Ground.In("nd118"), r.Ground.In("nd309"))
	}
	b.WriteString("\nActs on ground `internal` rest on the internal process of the agency and cite no article.\n")
	return b.String()
}

func number(s Status) string {
	if s == 0 {
		return ""
	}
	return fmt.Sprint(int(s))
}

func dash(s string) string {
	if s == "" {
		return "–"
	}
	return s
}

func statusNumbers(r Transition) string {
	all := make([]string, len(r.From))
	for i, s := range r.From {
		all[i] = dash(number(s))
	}
	text := strings.Join(all, ", ")
	switch r.Phase {
	case BeforeReception:
		text += " before reception"
	case AfterReception:
		text += " after reception"
	}
	return text
}

func actCell(r Transition, word func(string) string) string {
	mark := ""
	if r.Signs {
		mark += "†"
	}
	if r.Undo {
		mark += "‡"
	}
	return fmt.Sprintf("%s `%s`%s", word(r.Act.Key()), r.Act, mark)
}

func who(p access.Permission, word func(string) string) []string {
	holders := access.Holders(p)
	var all []string
	for _, r := range access.Roles() {
		if _, ok := holders[r]; ok {
			all = append(all, word(r.Key()))
		}
	}
	if access.May(access.System("x"), p) {
		all = append(all, "`system`")
	}
	return all
}

var placeWords = map[Place]string{
	AtReception: "receiving unit", AtAgency: "competent agency", AtTask: "unit of the task", AtEither: "receiving unit or agency",
	AtCentre: "anywhere", AtOwn: "own unit",
}

func taskCell(r Transition, word func(string) string) string {
	switch {
	case len(r.Tasks) == 0:
		return "–"
	case len(r.Tasks) == len(anyWork):
		return "any"
	}
	all := make([]string, len(r.Tasks))
	for i, k := range r.Tasks {
		all[i] = word(k.Key())
	}
	return strings.Join(all, " / ")
}

func needWords(n Need) string {
	var all []string
	for need, text := range map[Need]string{NeedReason: "reason", NeedGround: "ground", NeedDocument: "document"} {
		if n&need != 0 {
			all = append(all, text)
		}
	}
	slices.Sort(all)
	return dash(strings.Join(all, ", "))
}

// formName is the title of a slip as the newest rule set has it.
func formName(t *testing.T, id string) string {
	if id == "" {
		return "–"
	}
	set, err := ruleset.On(civil.NewDate(2026, 11, 24))
	if err != nil {
		t.Fatal(err)
	}
	f, ok := set.Form(id)
	if !ok {
		t.Errorf("no form %s", id)
	}
	return f.Name
}

// Every sentence that the package can say is there in both languages, and
// nothing is left over.
func TestMessages(t *testing.T) {
	said := map[string]bool{}
	for _, s := range append(Statuses(), 0) {
		said[s.Key()] = true
	}
	for _, a := range Acts() {
		said[a.Key()] = true
	}
	for _, k := range TaskKinds() {
		said[k.Key()] = true
	}
	for _, o := range []string{OutcomeApprove, OutcomeRefuse, OutcomeAgree, OutcomeDisagree, OutcomeOther} {
		said["dossier.outcome."+o] = true
	}
	for _, r := range access.Roles() {
		said[r.Key()] = true
	}
	for _, p := range access.Permissions() {
		said[p.Key()] = true
	}
	for _, language := range []string{"vi", "en"} {
		have := labels(t, language)
		for key := range said {
			if have[key] == "" {
				t.Errorf("%s: no sentence for %s", language, key)
			}
		}
		for key := range have {
			ours := false
			for _, group := range []string{"dossier.status.", "dossier.act.", "dossier.task.", "dossier.outcome.", "access."} {
				ours = ours || strings.HasPrefix(key, group)
			}
			if ours && !said[key] {
				t.Errorf("%s: nothing is called %s", language, key)
			}
		}
	}
}

func TestGroundsByRuleSet(t *testing.T) {
	for _, tt := range []struct {
		ground Ground
		rules  string
		want   string
	}{
		{onSupplement, "nd61", "NĐ 61/2018/NĐ-CP, Điều 19 khoản 4"},
		{onSupplement, "nd107", "NĐ 61/2018/NĐ-CP, Điều 19 khoản 4, được sửa đổi bởi NĐ 107/2021/NĐ-CP"},
		{onSupplement, "nd118", "NĐ 118/2025/NĐ-CP"},
		{onForwarding, "nd309", "NĐ 118/2025/NĐ-CP, Điều 18 khoản 2, được sửa đổi bởi NĐ 309/2026/NĐ-CP"},
		{onSlip, "nd107", "TT 01/2018/TT-VPCP"},
		{onSlip, "nd118", "TT 03/2025/TT-VPCP"},
		{onStop, "nd61", "NĐ 61/2018/NĐ-CP"},
		{onStop, "nd309", "TT 03/2025/TT-VPCP, Mẫu số 05"},
		{onDocument, "nd118", "NĐ 30/2020/NĐ-CP"},
		{onInternal, "nd118", ""},
	} {
		if got := tt.ground.In(tt.rules); got != tt.want {
			t.Errorf("%s under %s = %q, want %q", tt.ground, tt.rules, got, tt.want)
		}
	}
	// An event cites what holds for the dossier, or what the officer typed.
	s := newStage(t, monday)
	s.start = func(b *Beginning) { b.Opening.Rules = "nd61" }
	s.receive().must(receptionist, Input{Act: Forward})
	if got := s.stored[1].Ground; got != "NĐ 61/2018/NĐ-CP, Điều 18" {
		t.Errorf("ground of forwarding = %q", got)
	}
	s.must(receptionist, Input{Act: ExemptFee, LegalGround: "Luật Người cao tuổi"})
	if got := s.stored[2].Ground; got != "Luật Người cao tuổi" {
		t.Errorf("ground as typed = %q", got)
	}
}
