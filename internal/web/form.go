package web

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/motcua/motcua/internal/core/fault"
)

// form is what a person typed, together with what is wrong with it. Every desk
// form is drawn from one, so that nothing typed is ever lost.
type form struct {
	Values url.Values
	Faults []*fault.Fault // in the order of the rule that found them
	Action string         // action id: the same until the act succeeds
}

// newForm starts an untouched form.
func newForm(action string) form { return form{Values: url.Values{}, Action: action} }

// with returns the form with the faults of err, if it carries any.
func (f form) with(err error) form {
	if ft := fault.As(err); ft != nil {
		f.Faults = append(f.Faults, ft.Each()...)
	}
	return f
}

// Get returns what was typed into a field.
func (f form) Get(name string) string { return f.Values.Get(name) }

// Has reports whether a checkbox or option with this value was chosen.
func (f form) Has(name, value string) bool {
	for _, v := range f.Values[name] {
		if v == value {
			return true
		}
	}
	return false
}

// Bad lists what is wrong with one field.
func (f form) Bad(name string) []*fault.Fault {
	var out []*fault.Fault
	for _, x := range f.Faults {
		if x.Field == name {
			out = append(out, x)
		}
	}
	return out
}

// BadUnder reports whether any field of a group is wrong, such as "owner.".
func (f form) BadUnder(prefixes ...string) bool {
	for _, x := range f.Faults {
		for _, p := range prefixes {
			if strings.HasPrefix(x.Field, p) {
				return true
			}
		}
	}
	return false
}

// control is one input with its label, its value and its messages.
type control struct {
	ID       string
	Name     string
	Label    string // message key
	Value    string
	Bad      []*fault.Fault
	Type     string
	Hint     string // message key
	Mode     string // inputmode
	Fill     string // autocomplete
	Most     int    // maxlength
	Rows     int    // textarea
	Required bool
	Focus    bool
	Class    string
	Options  []option
	Blank    string // message key of the empty option
	List     string // id of the datalist that offers values
}

// option is one choice of a select or a radio group. Text is shown as it is
// when Key is empty.
type option struct {
	Value string
	Key   string
	Text  string
}

// Input makes a control. Flags are written as in HTML: "type=tel",
// "inputmode=numeric", "maxlength=12", "hint=KEY", "required", "autofocus",
// "rows=3", "id=X", "class=X", "autocomplete=X".
func (f form) Input(name, label string, flags ...string) control {
	c := control{ID: fieldID(name), Name: name, Label: label, Value: f.Get(name), Bad: f.Bad(name), Type: "text", Fill: "off"}
	for _, flag := range flags {
		c.set(flag)
	}
	return c
}

func (c *control) set(flag string) {
	key, value, _ := strings.Cut(flag, "=")
	switch key {
	case "type":
		c.Type = value
	case "inputmode":
		c.Mode = value
	case "maxlength":
		c.Most, _ = strconv.Atoi(value)
	case "rows":
		c.Rows, _ = strconv.Atoi(value)
	case "hint":
		c.Hint = value
	case "id":
		c.ID = value
	case "class":
		c.Class = value
	case "autocomplete":
		c.Fill = value
	case "blank":
		c.Blank = value
	case "required":
		c.Required = true
	case "autofocus":
		c.Focus = true
	}
}

// Under gives the control an id of its own, where a page shows the same field
// in several forms.
func (c control) Under(prefix string) control {
	c.ID = prefix + "-" + c.ID
	return c
}

// Choose makes a select or radio group.
func (f form) Choose(name, label string, options []option, flags ...string) control {
	c := f.Input(name, label, flags...)
	c.Options = options
	if c.Value == "" && len(options) > 0 && c.Blank == "" {
		c.Value = options[0].Value
	}
	return c
}

// Described lists the ids that describe the control to a screen reader.
func (c control) Described() string {
	var ids []string
	if len(c.Bad) > 0 {
		ids = append(ids, c.ID+"-loi")
	}
	if c.Hint != "" {
		ids = append(ids, c.ID+"-y")
	}
	return strings.Join(ids, " ")
}

// fieldID turns a field name into an id that may stand in an address.
func fieldID(name string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '-', r == '_':
			return r
		}
		return '-'
	}, name)
}

// summary is one entry of the error summary above a form.
type summary struct {
	Anchor string
	Fault  *fault.Fault
}

// Summary lists every fault with the place where it can be put right; faults
// that are about no field have no anchor.
func (f form) Summary() []summary { return f.SummaryUnder("") }

// SummaryUnder is Summary for a form whose controls have the prefix in their ids.
func (f form) SummaryUnder(prefix string) []summary {
	out := make([]summary, 0, len(f.Faults))
	for _, x := range f.Faults {
		s := summary{Fault: x}
		if x.Field != "" {
			s.Anchor = fieldID(x.Field)
			if prefix != "" {
				s.Anchor = prefix + "-" + s.Anchor
			}
		}
		out = append(out, s)
	}
	return out
}
