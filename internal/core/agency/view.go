package agency

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/motcua/motcua/internal/core/fault"
)

// SavedView is a way of looking at a list that an officer has named (bộ lọc đã
// lưu): the query of its address, without anything about a person.
type SavedView struct {
	Name  string `json:"name"`
	Query string `json:"query"`
}

// SavedViews are those of one officer, in the order in which he saved them.
type SavedViews struct {
	Staff string      `json:"staff"`
	List  []SavedView `json:"list"`
}

// Bounds of what one officer can save.
const (
	mostViews     = 20
	mostViewName  = 60
	mostViewQuery = 500
)

// With adds a view, or replaces the one of the same name.
func (v SavedViews) With(view SavedView) (SavedViews, error) {
	view.Name = strings.Join(strings.Fields(view.Name), " ")
	n := utf8.RuneCountInString(view.Name)
	if n == 0 || n > mostViewName {
		return v, fault.Field("name", "inbox.view_name", fault.Args{"most": mostViewName})
	}
	if len(view.Query) > mostViewQuery {
		return v, fault.Field("name", "inbox.view_query", nil)
	}
	next := SavedViews{Staff: v.Staff, List: slices.Clone(v.List)}
	if at := v.at(view.Name); at >= 0 {
		next.List[at] = view
		return next, nil
	}
	if len(v.List) >= mostViews {
		return v, fault.Field("name", "inbox.views_many", fault.Args{"most": mostViews})
	}
	next.List = append(next.List, view)
	return next, nil
}

// Without drops a view; it fails with fault.NotFound when there is none.
func (v SavedViews) Without(name string) (SavedViews, error) {
	at := v.at(name)
	if at < 0 {
		return v, fault.New(fault.NotFound, "inbox.view_unknown", nil)
	}
	return SavedViews{Staff: v.Staff, List: slices.Delete(slices.Clone(v.List), at, at+1)}, nil
}

func (v SavedViews) at(name string) int {
	return slices.IndexFunc(v.List, func(x SavedView) bool { return strings.EqualFold(x.Name, name) })
}
