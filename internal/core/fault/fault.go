// Package fault gives errors a kind and a message key, so that the edges (web,
// api, command line) can say once, in the reader's language, what is wrong and
// what to do. It holds no sentences: those are in the message catalogues.
//
//	return fault.New(fault.Conflict, "dossier.changed_meanwhile", nil)
//	return fault.Field("owner.personalId", "party.id_length", fault.Args{"n": 11})
package fault

import (
	"errors"
	"fmt"
	"strings"
)

// Kind says what sort of failure an error is; each maps to one HTTP status.
type Kind int

// The six kinds. An error without a kind is Internal and its text is not shown.
const (
	Internal    Kind = iota // 500: our mistake
	NotFound                // 404: does not exist, or the caller may not know
	Forbidden               // 403: known to the caller, but not his to do
	Invalid                 // 422: the input is wrong; Field names where
	Conflict                // 409: somebody was faster, or the state does not allow it
	Unavailable             // 503: something outside does not answer; try again
)

func (k Kind) String() string {
	switch k {
	case NotFound:
		return "not_found"
	case Forbidden:
		return "forbidden"
	case Invalid:
		return "invalid"
	case Conflict:
		return "conflict"
	case Unavailable:
		return "unavailable"
	default:
		return "internal"
	}
}

// Args are the values that a message's placeholders take.
type Args map[string]any

// Line is a sentence as message key and arguments, for what is said to people
// and is no error.
type Line struct {
	Key  string `json:"key"`
	Args Args   `json:"args,omitempty"`
}

// Fault is an error with a kind, a message key and the field it is about.
type Fault struct {
	Kind  Kind
	Key   string // message key, such as "dossier.changed_meanwhile"
	Field string // input field, such as "owner.personalId"; empty when not about one
	Args  Args
	More  []*Fault // further faults of the same input, each about its own field
	cause error
}

// New returns a fault of kind k whose sentence is under key.
func New(k Kind, key string, args Args) *Fault { return &Fault{Kind: k, Key: key, Args: args} }

// Field returns an Invalid fault about one input field.
func Field(field, key string, args Args) *Fault {
	return &Fault{Kind: Invalid, Key: key, Field: field, Args: args}
}

// Wrap gives cause a kind and a key; errors.Is and errors.As see the cause.
func Wrap(cause error, k Kind, key string, args Args) *Fault {
	return &Fault{Kind: k, Key: key, Args: args, cause: cause}
}

// Join makes one Invalid fault of many; nil when there are none. Nil members
// are left out, so a validator can append without looking.
func Join(faults ...*Fault) error {
	var all []*Fault
	for _, f := range faults {
		if f != nil {
			all = append(all, f.Each()...)
		}
	}
	switch len(all) {
	case 0:
		return nil
	case 1:
		return all[0]
	}
	first := *all[0]
	first.More = all[1:]
	return &first
}

// Each returns the fault and its further ones as single faults.
func (f *Fault) Each() []*Fault {
	single := *f
	single.More = nil
	return append([]*Fault{&single}, f.More...)
}

// Error is for logs, not for people.
func (f *Fault) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s", f.Kind, f.Key)
	if f.Field != "" {
		fmt.Fprintf(&b, " (%s)", f.Field)
	}
	if len(f.Args) > 0 {
		fmt.Fprintf(&b, " %v", map[string]any(f.Args))
	}
	for _, m := range f.More {
		fmt.Fprintf(&b, "; %s (%s)", m.Key, m.Field)
	}
	if f.cause != nil {
		fmt.Fprintf(&b, ": %v", f.cause)
	}
	return b.String()
}

// Unwrap returns the cause, if there is one.
func (f *Fault) Unwrap() error { return f.cause }

// As returns the fault inside err, or nil.
func As(err error) *Fault {
	var f *Fault
	if errors.As(err, &f) {
		return f
	}
	return nil
}

// KindOf returns the kind of err; Internal when it has none.
func KindOf(err error) Kind {
	if f := As(err); f != nil {
		return f.Kind
	}
	return Internal
}

// Is reports whether err carries the message key.
func Is(err error, key string) bool {
	f := As(err)
	return f != nil && f.Key == key
}
