package agency

import (
	"fmt"
	"strings"
	"testing"

	"github.com/motcua/motcua/internal/core/fault"
)

func TestSavedViews(t *testing.T) {
	var v SavedViews
	v, err := v.With(SavedView{Name: "  Quá  hạn ", Query: "nhom=qua-han"})
	if err != nil || len(v.List) != 1 || v.List[0].Name != "Quá hạn" {
		t.Fatalf("With = %+v, %v", v, err)
	}
	again, err := v.With(SavedView{Name: "quá hạn", Query: "nhom=cho-nhan"})
	if err != nil || len(again.List) != 1 || again.List[0].Query != "nhom=cho-nhan" || v.List[0].Query != "nhom=qua-han" {
		t.Errorf("a view of the same name is replaced, and the earlier state stays: %+v, %+v, %v", again, v, err)
	}
	for name, want := range map[string]string{"": "inbox.view_name", strings.Repeat("ă", 61): "inbox.view_name"} {
		if _, err := v.With(SavedView{Name: name}); !fault.Is(err, want) {
			t.Errorf("With(%q) = %v, want %s", name, err, want)
		}
	}
	if _, err := v.With(SavedView{Name: "dài", Query: strings.Repeat("x", 501)}); !fault.Is(err, "inbox.view_query") {
		t.Errorf("a long query: %v", err)
	}
	for i := range 19 {
		if v, err = v.With(SavedView{Name: fmt.Sprint("lọc ", i)}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := v.With(SavedView{Name: "một nữa"}); !fault.Is(err, "inbox.views_many") {
		t.Errorf("the 21st view: %v", err)
	}
	v, err = v.Without("QUÁ HẠN")
	if err != nil || len(v.List) != 19 {
		t.Errorf("Without = %d left, %v", len(v.List), err)
	}
	if _, err := v.Without("QUÁ HẠN"); !fault.Is(err, "inbox.view_unknown") {
		t.Errorf("dropped twice: %v", err)
	}
}
