package arch

import (
	"encoding/json"
	"go/ast"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"
)

// catalogue reads all sentences of a language, and which file each is in.
func catalogue(t *testing.T, language string) (sentences, files map[string]string) {
	t.Helper()
	sentences, files = map[string]string{}, map[string]string{}
	for _, path := range glob(t, "internal/i18n/messages", "*."+language+".json") {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		var one map[string]string
		if err := json.Unmarshal(text, &one); err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		for key, sentence := range one {
			if other, twice := files[key]; twice {
				t.Errorf("%s is in %s and in %s", key, other, filepath.Base(path))
			}
			sentences[key], files[key] = sentence, filepath.Base(path)
		}
	}
	if len(sentences) == 0 {
		t.Fatalf("no sentences in %s", language)
	}
	return sentences, files
}

func TestCataloguesAgree(t *testing.T) {
	vi, _ := catalogue(t, "vi")
	en, _ := catalogue(t, "en")
	placeholder := regexp.MustCompile(`\{[a-zA-Z]+\}`)
	slots := func(s string) []string {
		all := placeholder.FindAllString(s, -1)
		slices.Sort(all)
		return slices.Compact(all)
	}
	for key, sentence := range vi {
		if !norm.NFC.IsNormalString(sentence) {
			t.Errorf("%s: the Vietnamese sentence is not NFC", key)
		}
		if strings.TrimSpace(sentence) == "" {
			t.Errorf("%s: the Vietnamese sentence is empty", key)
		}
		other, ok := en[key]
		if !ok {
			t.Errorf("%s is not in English", key)
			continue
		}
		if a, b := slots(sentence), slots(other); !slices.Equal(a, b) {
			t.Errorf("%s: placeholders %v in Vietnamese, %v in English", key, a, b)
		}
	}
	for key := range en {
		if _, ok := vi[key]; !ok {
			t.Errorf("%s is not in Vietnamese", key)
		}
	}
}

// Every fault that the code can make has a sentence in both languages.
func TestEveryFaultHasASentence(t *testing.T) {
	vi, _ := catalogue(t, "vi")
	en, _ := catalogue(t, "en")
	place := map[string]int{"New": 1, "Field": 1, "Wrap": 2} // which argument is the key
	found := 0
	for _, p := range allPackages(t) {
		for _, s := range sources(t, p) {
			ast.Inspect(s.file, func(n ast.Node) bool {
				call, ok := n.(*ast.CallExpr)
				if !ok {
					return true
				}
				from, name := selector(call.Fun)
				i, ok := place[name]
				if from != "fault" || !ok || i >= len(call.Args) {
					return true
				}
				lit, ok := call.Args[i].(*ast.BasicLit)
				if !ok || lit.Kind != token.STRING {
					return true
				}
				key, err := strconv.Unquote(lit.Value)
				if err != nil {
					t.Fatal(err)
				}
				found++
				if vi[key] == "" || en[key] == "" {
					t.Errorf("%s: %q has no sentence in internal/i18n/messages in both languages", s.at(n), key)
				}
				return true
			})
		}
	}
	if found == 0 {
		t.Error("no faults found in the code: this test looks in the wrong place")
	}
}
