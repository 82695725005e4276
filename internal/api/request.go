package api

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/validation"

	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/fault"
)

// mostJSON is the longest JSON body, in bytes.
const mostJSON = 1 << 20

// readJSON reads a body strictly: text is UTF-8, nothing follows the value. What
// it says of a broken one is a token like those of sayInTokens.
func readJSON(data []byte, v any) error {
	if !utf8.Valid(data) {
		return errors.New("api.utf8")
	}
	err := json.Unmarshal(data, v)
	var syntax *json.SyntaxError
	switch {
	case errors.As(err, &syntax):
		return fmt.Errorf("api.json|%d", syntax.Offset)
	case err != nil:
		return errors.New("api.json|0")
	}
	return nil
}

// sayInTokens makes the framework's validation say message keys instead of
// English sentences, with what they are about behind a bar.
func sayInTokens() {
	validation.MsgUnexpectedProperty = "api.field.unexpected"
	validation.MsgExpectedRequiredProperty = "api.field.required|%s"
	validation.MsgExpectedBoolean = "api.field.boolean"
	validation.MsgExpectedInteger = "api.field.integer"
	validation.MsgExpectedNumber = "api.field.integer" // there is no other number
	validation.MsgExpectedString = "api.field.string"
	validation.MsgExpectedArray = "api.field.array"
	validation.MsgExpectedObject = "api.field.object"
	validation.MsgExpectedOneOf = "api.field.one_of|%s"
	validation.MsgExpectedMinimumNumber = "api.field.least|%v"
	validation.MsgExpectedMaximumNumber = "api.field.most|%v"
	validation.MsgExpectedMaxLength = "api.field.long|%d"
}

// reread takes a refusal of the framework apart: the field as our own faults
// name it, the message key and its argument.
func reread(d *huma.ErrorDetail) (field, key string, args fault.Args) {
	key, what, _ := strings.Cut(d.Message, "|")
	if d.Message == "unknown query parameter" {
		key = "api.field.unexpected"
	}
	if !strings.HasPrefix(key, "api.") {
		key = "api.field.wrong"
	}
	field = d.Location
	for _, place := range []string{"body", "query", "header", "path"} {
		if rest, ok := strings.CutPrefix(field, place); ok && (rest == "" || rest[0] == '.' || rest[0] == '[') {
			field = strings.TrimPrefix(rest, ".")
			break
		}
	}
	if key == "api.field.required" {
		field = strings.TrimPrefix(field+"."+what, ".")
	}
	return field, key, fault.Args{"what": what}
}

// moment reads an instant; without an offset it is Vietnamese time. The empty
// text is the zero time.
func moment(field, text string) (time.Time, error) {
	if strings.TrimSpace(text) == "" {
		return time.Time{}, nil
	}
	t, err := civil.ParseInstant(text)
	return t, named(field, err)
}

// date reads a civil date; the empty text is no date.
func date(field, text string) (civil.Date, error) {
	if strings.TrimSpace(text) == "" {
		return civil.Date{}, nil
	}
	d, err := civil.ParseDate(text)
	return d, named(field, err)
}

// named gives a fault the field that it is about.
func named(field string, err error) error {
	f := fault.As(err)
	if f == nil {
		return err
	}
	about := *f
	about.Field = field
	return &about
}

// together makes one fault of the wrong fields of several checks.
func together(errs ...error) error {
	var all []*fault.Fault
	for _, err := range errs {
		if err == nil {
			continue
		}
		f := fault.As(err)
		if f == nil {
			return err
		}
		all = append(all, f)
	}
	return fault.Join(all...)
}

// Repeatable is the part of every request that changes something: a key under
// which a repetition is recognised.
type Repeatable struct {
	Key string `header:"Idempotency-Key" maxLength:"200"`
}
