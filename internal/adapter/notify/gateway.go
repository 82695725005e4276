package notify

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/core/fault"
)

// GatewaySettings describe an SMS gateway over HTTP (cổng tin nhắn thương hiệu).
// Providers differ in the names of fields and in how they say that all is well;
// which holds for one is in its contract, so all of it is data:
//
//	{"url": "https://sms.example.vn/send", "encoding": "json",
//	 "headers": {"Authorization": "Bearer {key}"},
//	 "fields": {"phone": "{phone}", "content": "{text}", "brandname": "TTHCC", "request_id": "{id}"},
//	 "plain": true,
//	 "answer": {"field": "code", "ok": ["100"], "refused": ["99"], "ref": "sms_id"}}
//
// In values {phone} is the number as 84…, {local} as 0…, {text} the message, {id}
// the same for every try, {key} the secret.
type GatewaySettings struct {
	URL      string            `json:"url"`
	Encoding string            `json:"encoding"` // json or form
	Headers  map[string]string `json:"headers"`
	Fields   map[string]string `json:"fields"`
	Plain    bool              `json:"plain"` // without diacritics: 160 characters in one SMS instead of 70
	Answer   GatewayAnswer     `json:"answer"`
}

// GatewayAnswer is how a gateway answers. Without Field a status of 2xx is
// success and 400 or 422 a refusal.
type GatewayAnswer struct {
	Field   string   `json:"field"`
	OK      []string `json:"ok"`
	Refused []string `json:"refused"` // values for numbers that will never be reached
	Ref     string   `json:"ref"`
}

// ReadGateway reads the description from a file.
func ReadGateway(path string) (GatewaySettings, error) {
	var s GatewaySettings
	raw, err := os.ReadFile(path)
	if err != nil {
		return s, fmt.Errorf("description of the SMS gateway: %w", err)
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	if err := d.Decode(&s); err != nil {
		return s, fmt.Errorf("description of the SMS gateway %s: %w", path, err)
	}
	return s, nil
}

// Gateway sends SMS over HTTP.
type Gateway struct {
	s      GatewaySettings
	key    string
	host   string
	client *http.Client
}

// NewGateway checks a description. Without TLS only this machine is spoken to.
// client may be nil.
func NewGateway(s GatewaySettings, key string, client *http.Client) (*Gateway, error) {
	u, err := url.Parse(s.URL)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return nil, errors.New(`SMS gateway: "url" has to be an address with https://`)
	}
	if host := u.Hostname(); u.Scheme == "http" && host != "localhost" && host != "127.0.0.1" && host != "::1" {
		return nil, errors.New(`SMS gateway: "url" without TLS is for this machine only`)
	}
	if s.Encoding != "json" && s.Encoding != "form" {
		return nil, errors.New(`SMS gateway: "encoding" is json or form`)
	}
	carries := func(hole string) bool {
		for _, v := range s.Fields {
			if strings.Contains(v, hole) {
				return true
			}
		}
		return false
	}
	if !carries("{text}") || !carries("{phone}") && !carries("{local}") || !carries("{id}") {
		return nil, errors.New(`SMS gateway: "fields" need {text}, {phone} or {local}, and {id}, by which a repetition is known`)
	}
	if s.Answer.Field != "" && len(s.Answer.OK) == 0 {
		return nil, errors.New(`SMS gateway: "answer" names a field and no value that means success`)
	}
	if client == nil {
		client = &http.Client{Timeout: 30 * time.Second}
	}
	return &Gateway{s, key, u.Host, client}, nil
}

// Name is what the administration reads.
func (g *Gateway) Name() string { return g.host }

// Send hands one message to the gateway. Files stay where they are: the text says
// where to read them.
func (g *Gateway) Send(ctx context.Context, o app.Outgoing) (string, error) {
	if err := ctx.Err(); err != nil {
		return "", err
	}
	if !deliverable(o) {
		return "", fault.New(fault.Invalid, "message.address_refused", nil)
	}
	request, err := g.request(ctx, o)
	if err != nil {
		return "", err
	}
	answer, err := g.client.Do(request)
	if err != nil {
		if errors.Is(ctx.Err(), context.Canceled) {
			return "", ctx.Err()
		}
		return "", down(errors.New("the SMS gateway does not answer")) // the cause may quote the address with its secret
	}
	defer answer.Body.Close()
	const most = 1 << 16
	raw, err := io.ReadAll(io.LimitReader(answer.Body, most))
	if err != nil {
		return "", down(err)
	}
	return g.read(answer.StatusCode, raw, o.ID)
}

func down(err error) error { return fault.Wrap(err, fault.Unavailable, "message.channel_down", nil) }

func (g *Gateway) request(ctx context.Context, o app.Outgoing) (*http.Request, error) {
	text := o.Text
	if g.s.Plain {
		text = withoutMarks(text)
	}
	local := "0" + strings.TrimPrefix(strings.TrimPrefix(strings.TrimPrefix(o.To, "+"), "84"), "0")
	fill := strings.NewReplacer("{phone}", "84"+local[1:], "{local}", local, "{text}", text, "{id}", o.ID, "{key}", g.key)
	var body []byte
	kind := "application/json"
	if g.s.Encoding == "form" {
		kind = "application/x-www-form-urlencoded"
		form := url.Values{}
		for name, v := range g.s.Fields {
			form.Set(name, fill.Replace(v))
		}
		body = []byte(form.Encode())
	} else {
		fields := map[string]string{}
		for name, v := range g.s.Fields {
			fields[name] = fill.Replace(v)
		}
		var err error
		if body, err = json.Marshal(fields); err != nil {
			return nil, err
		}
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, g.s.URL, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", kind)
	for name, v := range g.s.Headers {
		r.Header.Set(name, fill.Replace(v))
	}
	return r, nil
}

// read says what an answer means.
func (g *Gateway) read(status int, raw []byte, id string) (string, error) {
	var fields map[string]any
	_ = json.Unmarshal(raw, &fields) // an answer that is no JSON has no fields
	value := func(name string) string {
		if v, ok := fields[name]; ok && name != "" {
			return fmt.Sprint(v)
		}
		return ""
	}
	a := g.s.Answer
	said := value(a.Field)
	switch {
	case a.Field != "" && slices.Contains(a.Refused, said), a.Field == "" && (status == http.StatusBadRequest || status == http.StatusUnprocessableEntity):
		return "", fault.New(fault.Invalid, "message.address_refused", nil)
	case status >= 300, a.Field != "" && !slices.Contains(a.OK, said):
		return "", down(fmt.Errorf("the SMS gateway answers %d %q", status, said))
	}
	if ref := value(a.Ref); ref != "" {
		return ref, nil
	}
	return id, nil
}

// withoutMarks takes the diacritics off, keeping the case.
func withoutMarks(text string) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(text) {
		switch {
		case unicode.Is(unicode.Mn, r):
		case r == 'đ':
			b.WriteByte('d')
		case r == 'Đ':
			b.WriteByte('D')
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}
