package notify_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/motcua/motcua/internal/adapter/notify"
	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/core/notice"
)

// provider is an SMS gateway that knows a repetition by its request id.
type provider struct {
	mu      sync.Mutex
	down    int
	inbox   []notify.Delivered
	refs    map[string]string
	header  http.Header
	numbers []string
}

func (p *provider) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.header = r.Header
	if p.down > 0 {
		p.down--
		http.Error(w, "busy", http.StatusServiceUnavailable)
		return
	}
	raw, _ := io.ReadAll(r.Body)
	fields := map[string]string{}
	if r.Header.Get("Content-Type") == "application/json" {
		_ = json.Unmarshal(raw, &fields)
	} else if form, err := url.ParseQuery(string(raw)); err == nil {
		for name := range form {
			fields[name] = form.Get(name)
		}
	}
	answer := func(code, ref string) {
		_ = json.NewEncoder(w).Encode(map[string]any{"CodeResult": code, "SMSID": ref})
	}
	if fields["phone"] == "84000000000" {
		answer("99", "")
		return
	}
	ref, known := p.refs[fields["request_id"]]
	if !known {
		ref = "S" + fields["request_id"]
		p.refs[fields["request_id"]] = ref
		p.numbers = append(p.numbers, fields["phone"])
		p.inbox = append(p.inbox, notify.Delivered{Channel: notice.SMS, To: "0" + strings.TrimPrefix(fields["phone"], "84"), Text: fields["content"]})
	}
	answer("100", ref)
}

func described(url, encoding string) notify.GatewaySettings {
	return notify.GatewaySettings{
		URL: url, Encoding: encoding, Headers: map[string]string{"Authorization": "Bearer {key}"},
		Fields: map[string]string{"phone": "{phone}", "content": "{text}", "brandname": "TTHCC", "request_id": "{id}"},
		Answer: notify.GatewayAnswer{Field: "CodeResult", OK: []string{"100"}, Refused: []string{"99"}, Ref: "SMSID"},
	}
}

func gateway(t *testing.T, s notify.GatewaySettings) *notify.Gateway {
	t.Helper()
	g, err := notify.NewGateway(s, "khoa-bi-mat", nil)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func TestGatewayKeepsTheContract(t *testing.T) {
	for _, encoding := range []string{"json", "form"} {
		t.Run(encoding, func(t *testing.T) {
			contract(t, func(t *testing.T) rig {
				p := &provider{refs: map[string]string{}}
				s := httptest.NewServer(p)
				t.Cleanup(s.Close)
				return rig{gateway(t, described(s.URL, encoding)),
					func() []notify.Delivered { p.mu.Lock(); defer p.mu.Unlock(); return p.inbox },
					func(n int) { p.mu.Lock(); p.down = n; p.mu.Unlock() }}
			}, notice.SMS)
		})
	}
}

func TestGatewaySpeaksAsDescribed(t *testing.T) {
	p := &provider{refs: map[string]string{}}
	server := httptest.NewServer(p)
	defer server.Close()
	s := described(server.URL, "json")
	s.Plain = true
	g := gateway(t, s)
	ref, err := g.Send(t.Context(), app.Outgoing{ID: "a1", Channel: notice.SMS, To: "+84912000001", Text: "Đề nghị ông/bà nhận kết quả"})
	if err != nil || ref != "Sa1" || p.inbox[0].Text != "De nghi ong/ba nhan ket qua" || p.numbers[0] != "84912000001" {
		t.Errorf("Send = %q, %v; arrived %+v at %v", ref, err, p.inbox, p.numbers)
	}
	if got := p.header.Get("Authorization"); got != "Bearer khoa-bi-mat" {
		t.Errorf("Authorization %q", got)
	}
	if _, err := g.Send(t.Context(), app.Outgoing{ID: "a2", Channel: notice.SMS, To: "0000000000", Text: "x"}); fault.KindOf(err) != fault.Invalid {
		t.Errorf("a number that the gateway refuses: %v", err)
	}
	server.Close()
	if _, err := g.Send(t.Context(), app.Outgoing{ID: "a3", Channel: notice.SMS, To: "0912000001", Text: "x"}); fault.KindOf(err) != fault.Unavailable || strings.Contains(err.Error(), "khoa") {
		t.Errorf("a gateway that is gone: %v", err)
	}
}

func TestGatewayDescriptionsThatCannotWork(t *testing.T) {
	for name, change := range map[string]func(*notify.GatewaySettings){
		"no TLS to elsewhere": func(s *notify.GatewaySettings) { s.URL = "http://sms.example.vn/send" },
		"no address":          func(s *notify.GatewaySettings) { s.URL = "sms.example.vn" },
		"unknown encoding":    func(s *notify.GatewaySettings) { s.Encoding = "xml" },
		"no text":             func(s *notify.GatewaySettings) { s.Fields = map[string]string{"phone": "{phone}", "id": "{id}"} },
		"no id":               func(s *notify.GatewaySettings) { s.Fields = map[string]string{"phone": "{phone}", "content": "{text}"} },
		"no success":          func(s *notify.GatewaySettings) { s.Answer.OK = nil },
	} {
		s := described("https://sms.example.vn/send", "json")
		change(&s)
		if _, err := notify.NewGateway(s, "", nil); err == nil {
			t.Errorf("%s: the description is taken", name)
		}
	}
	path := filepath.Join(t.TempDir(), "sms.json")
	if err := os.WriteFile(path, []byte(`{"url": "https://x", "feilds": {}}`), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := notify.Open(notify.Channels{SMS: path}); err == nil || !strings.Contains(err.Error(), "feilds") {
		t.Errorf("a misspelt description: %v", err)
	}
	if senders, err := notify.Open(notify.Channels{}); err != nil || len(senders) != 0 {
		t.Errorf("nothing set up: %v, %v", senders, err)
	}
	if senders, err := notify.Open(notify.Channels{Mail: notify.MailSettings{Server: "smtps://mail.example.vn", From: "a@example.vn"}}); err != nil || senders[notice.Email] == nil || senders[notice.SMS] != nil {
		t.Errorf("e-mail alone: %v, %v", senders, err)
	}
}
