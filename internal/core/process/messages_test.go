package process

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// Every key that the package can give has a sentence in both languages, with
// the same placeholders, and no sentence is left over.
func TestMessages(t *testing.T) {
	used := map[string]bool{}
	for _, k := range append(WorkKinds(), KindStart, KindEnd, KindBranch, KindParallel, KindWaitApplicant, KindWaitPayment, KindTimer) {
		used[k.LabelKey()] = true
	}
	used["process.unit."+UnitCentre], used["process.unit."+UnitAgency] = true, true
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	guards, err := filepath.Glob(filepath.Join("..", "..", "guard", "*.go")) // its sentences are in the same catalogue
	if err != nil || len(guards) == 0 {
		t.Fatal("package guard not found", err)
	}
	files = append(files, guards...)
	literal := regexp.MustCompile(`"process\.[a-z_.]*[a-z_]"`)
	for _, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		for _, key := range literal.FindAllString(string(source), -1) {
			used[strings.Trim(key, `"`)] = true
		}
	}
	placeholders := map[string]string{}
	for _, lang := range []string{"vi", "en"} {
		data, err := os.ReadFile(filepath.Join("..", "..", "i18n", "messages", "process."+lang+".json"))
		if err != nil {
			t.Fatal(err)
		}
		var sentences map[string]string
		if err := json.Unmarshal(data, &sentences); err != nil {
			t.Fatal(err)
		}
		for key := range used {
			if sentences[key] == "" {
				t.Errorf("%s: no sentence for %s", lang, key)
			}
		}
		for key, sentence := range sentences {
			if !used[key] {
				t.Errorf("%s: nobody says %s", lang, key)
			}
			names := regexp.MustCompile(`\{[a-z]+\}`).FindAllString(sentence, -1)
			seen := map[string]bool{}
			for _, name := range names {
				seen[name] = true
			}
			if lang == "vi" {
				b, _ := json.Marshal(seen)
				placeholders[key] = string(b)
			} else if b, _ := json.Marshal(seen); placeholders[key] != string(b) {
				t.Errorf("%s: placeholders %s, in Vietnamese %s", key, b, placeholders[key])
			}
		}
	}
}
