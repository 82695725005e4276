package app_test

import (
	"encoding/json"
	"fmt"
	"regexp"
	"sort"
	"strings"

	"github.com/google/go-cmp/cmp"

	"github.com/motcua/motcua/internal/core/journal"
)

// checkJournals compares what the story wrote on both engines, event by event.
func (g *saga) checkJournals() {
	var texts [2][]string
	for i, s := range g.w.on {
		events, err := s.Store().Events(g.t.Context(), s.mark, 1<<20)
		if err != nil {
			g.t.Fatal(err)
		}
		texts[i] = s.retell(events)
		s.mark += int64(len(events))
		g.checkTold(s, i, events)
	}
	if diff := cmp.Diff(texts[0], texts[1]); diff != "" {
		g.t.Fatalf("the journals differ (-sqlite +postgres):\n%s", diff)
	}
	lines := 0
	for _, c := range g.cases {
		lines += c.lines
	}
	if n := countWith(texts[0], "dossier/"); n != lines {
		g.t.Fatalf("%d events of dossiers, the sheets have %d lines", n, lines)
	}
}

func countWith(all []string, prefix string) int {
	n := 0
	for _, s := range all {
		if strings.HasPrefix(s, prefix) {
			n++
		}
	}
	return n
}

// checkTold compares the messages to applicants with the sheets.
func (g *saga) checkTold(s *stageOf, i int, events []journal.Event) {
	told := map[string]int{}
	for _, e := range events {
		var m struct {
			Dossier string `json:"dossier"`
		}
		if e.Type == "message.queued" && json.Unmarshal(e.Payload, &m) == nil {
			told[m.Dossier]++
		}
	}
	for n, c := range g.cases {
		if told[c.d[i].ID] != len(c.told) {
			g.t.Fatalf("%s: case %d was written to %d times, the sheet says %v", s.engine, n+1, told[c.d[i].ID], c.told)
		}
	}
}

var uuid = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}`)

// sealedFields are encrypted and differ each time.
var sealedFields = map[string]bool{"private": true, "text": true, "sealed": true, "receiver": true}

// retell is a story's part of the journal without what chance made: ids are
// numbered as they come, sealed texts left out.
func (s *stageOf) retell(events []journal.Event) []string {
	seen := map[string]string{}
	plain := func(text string) string {
		return uuid.ReplaceAllStringFunc(text, func(id string) string {
			if name, ok := s.names[id]; ok {
				return name
			}
			if seen[id] == "" {
				seen[id] = fmt.Sprint("id-", len(seen)+1)
			}
			return seen[id]
		})
	}
	var clean func(v any) any
	clean = func(v any) any {
		switch v := v.(type) {
		case map[string]any:
			keys := make([]string, 0, len(v))
			for k := range v {
				keys = append(keys, k)
			}
			sort.Strings(keys)
			for _, k := range keys {
				if sealedFields[k] {
					v[k] = "sealed"
				} else {
					v[k] = clean(v[k])
				}
			}
		case []any:
			staff := len(v) > 0
			for i := range v {
				v[i] = clean(v[i])
				text, ok := v[i].(string)
				staff = staff && ok && s.known(text)
			}
			if staff { // a set of people, ordered by ids that chance made
				sort.Slice(v, func(i, j int) bool { return v[i].(string) < v[j].(string) })
			}
		case string:
			return plain(v)
		}
		return v
	}
	var out []string
	for _, e := range events {
		var payload any
		if err := json.Unmarshal(e.Payload, &payload); err != nil {
			payload = string(e.Payload)
		}
		text, err := json.Marshal(clean(payload))
		if err != nil {
			panic(err)
		}
		out = append(out, fmt.Sprintf("%s v%d %s.%d at %d by %s for %s as %s in %s, %q, action %s: %s", plain(e.Stream), e.Version, e.Type, e.TypeVersion, e.At.UnixMicro(),
			plain(e.Actor.Principal), plain(e.Actor.OnBehalf), e.Actor.Role, e.Actor.Unit, e.Ground, plain(e.Action), text))
	}
	return out
}

func (s *stageOf) known(name string) bool {
	for _, n := range s.names {
		if n == name {
			return true
		}
	}
	return false
}
