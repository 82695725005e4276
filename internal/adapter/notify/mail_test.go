package notify_test

import (
	"bufio"
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"io"
	"math/big"
	"mime"
	"mime/multipart"
	"net"
	"net/mail"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/motcua/motcua/internal/adapter/notify"
	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/core/notice"
)

// post is a mail server that keeps what arrives, each Message-ID once, as a
// mailbox shows it.
type post struct {
	t      *testing.T
	listen net.Listener
	secure *tls.Config // nil: no TLS
	tls    bool        // from the first byte
	mu     sync.Mutex
	down   int    // further sessions that end at once
	refuse string // a recipient that does not exist
	seen   map[string]bool
	raw    [][]byte
	auth   []string
}

func newPost(t *testing.T) *post {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &post{t: t, listen: l, seen: map[string]bool{}}
	t.Cleanup(func() { l.Close() })
	return p
}

// run serves until the test ends.
func (p *post) run() {
	go func() {
		for {
			conn, err := p.listen.Accept()
			if err != nil {
				return
			}
			go p.session(conn)
		}
	}()
}

func (p *post) session(conn net.Conn) {
	defer func() { conn.Close() }()
	p.mu.Lock()
	broken := p.down > 0
	if broken {
		p.down--
	}
	p.mu.Unlock()
	if broken {
		return
	}
	if p.tls {
		conn = tls.Server(conn, p.secure)
	}
	r := bufio.NewReader(conn)
	say := func(line string) { fmt.Fprint(conn, line+"\r\n") }
	say("220 post")
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			return
		}
		verb := strings.ToUpper(strings.Fields(line + " x")[0])
		switch verb {
		case "EHLO":
			say("250-post")
			if p.secure != nil && !p.tls {
				say("250-STARTTLS")
			}
			say("250-AUTH PLAIN")
			say("250 8BITMIME")
		case "STARTTLS":
			say("220 go")
			conn = tls.Server(conn, p.secure)
			r = bufio.NewReader(conn)
		case "AUTH":
			plain, _ := base64.StdEncoding.DecodeString(strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(line), "AUTH PLAIN")))
			p.mu.Lock()
			p.auth = append(p.auth, strings.ReplaceAll(string(plain), "\x00", "|"))
			p.mu.Unlock()
			say("235 ok")
		case "RCPT":
			if p.refuse != "" && strings.Contains(line, p.refuse) {
				say("550 no such mailbox")
				continue
			}
			say("250 ok")
		case "DATA":
			say("354 go on")
			p.take(r)
			say("250 taken")
		case "QUIT":
			say("221 bye")
			return
		default:
			say("250 ok")
		}
	}
}

func (p *post) take(r *bufio.Reader) {
	var raw bytes.Buffer
	for {
		line, err := r.ReadString('\n')
		if err != nil || line == ".\r\n" {
			break
		}
		raw.WriteString(strings.TrimPrefix(line, "."))
	}
	m, err := mail.ReadMessage(bytes.NewReader(raw.Bytes()))
	p.mu.Lock()
	defer p.mu.Unlock()
	if err != nil {
		p.t.Errorf("what arrived is no mail: %v", err)
		return
	}
	if id := m.Header.Get("Message-ID"); !p.seen[id] {
		p.seen[id] = true
		p.raw = append(p.raw, raw.Bytes())
	}
}

// letters are the mails as a person sees them.
func (p *post) letters() []notify.Delivered {
	p.mu.Lock()
	defer p.mu.Unlock()
	var all []notify.Delivered
	for _, raw := range p.raw {
		d, _ := readMail(p.t, raw)
		all = append(all, d)
	}
	return all
}

func readMail(t *testing.T, raw []byte) (notify.Delivered, map[string][]byte) {
	t.Helper()
	m, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
	if err != nil {
		t.Fatal(err)
	}
	to, err := mail.ParseAddress(m.Header.Get("To"))
	if err != nil {
		t.Fatal(err)
	}
	d, files := notify.Delivered{Channel: notice.Email, To: to.Address, Subject: subject}, map[string][]byte{}
	_, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	parts := multipart.NewReader(m.Body, params["boundary"])
	for {
		part, err := parts.NextPart()
		if err == io.EOF {
			return d, files
		}
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(part) // quoted-printable is decoded by the reader
		if err != nil {
			t.Fatal(err)
		}
		if part.FileName() == "" {
			d.Text = strings.TrimSuffix(string(body), "\r\n")
			continue
		}
		data, err := base64.StdEncoding.DecodeString(strings.ReplaceAll(string(body), "\r\n", ""))
		if err != nil {
			t.Fatal(err)
		}
		files[part.FileName()] = data
		d.Files = append(d.Files, part.FileName())
	}
}

// sender is a mail client of the server.
func (p *post) sender(scheme string, roots *x509.CertPool) *notify.Mail {
	p.t.Helper()
	m, err := notify.NewMail(notify.MailSettings{Server: scheme + "://tbao@" + p.listen.Addr().String(), Password: "bi mat", From: "Trung tâm <tbao@example.vn>", Roots: roots})
	if err != nil {
		p.t.Fatal(err)
	}
	return m
}

func TestMailKeepsTheContract(t *testing.T) {
	contract(t, func(t *testing.T) rig {
		p := newPost(t)
		p.run()
		return rig{p.sender("smtp", nil), p.letters, func(n int) { p.mu.Lock(); p.down = n; p.mu.Unlock() }}
	}, notice.Email)
}

// The file goes along, in a letter whose words survive; a server with TLS is
// believed by its certificate alone.
func TestMailCarriesTheSignedLetter(t *testing.T) {
	for _, scheme := range []string{"smtp", "smtps"} {
		t.Run(scheme, func(t *testing.T) {
			p := newPost(t)
			p.tls = scheme == "smtps"
			var roots *x509.CertPool
			p.secure, roots = certificate(t)
			p.run()
			pdf := bytes.Repeat([]byte("%PDF-1.7 chữ ký số\x00\xff\r\n.\r\n"), 200)
			o := app.Outgoing{
				ID: "m9", Channel: notice.Email, To: "a@example.vn", Subject: "Thông báo về hồ sơ H36.01-261123-0001",
				Text: "Cơ quan giải quyết xin lỗi ông/bà.\r\n.Văn bản đã ký số kèm theo.", Files: []app.OutgoingFile{{Name: "H36.01-261123-0001-apology.pdf", Type: "application/pdf", Data: pdf}},
			}
			ref, err := p.sender(scheme, roots).Send(t.Context(), o)
			if err != nil || ref != "<m9@example.vn>" {
				t.Fatalf("Send = %q, %v", ref, err)
			}
			d, files := readMail(t, p.raw[0])
			if d.Subject != o.Subject || d.Text != o.Text || !bytes.Equal(files[o.Files[0].Name], pdf) {
				t.Errorf("arrived %+v with %d bytes, want %d", d, len(files[o.Files[0].Name]), len(pdf))
			}
			if len(p.auth) != 1 || p.auth[0] != "|tbao|bi mat" {
				t.Errorf("signed in as %q", p.auth)
			}
			if _, err := p.sender(scheme, x509.NewCertPool()).Send(t.Context(), o); fault.KindOf(err) != fault.Unavailable {
				t.Errorf("a server that nobody vouches for: %v", err)
			}
		})
	}
}

func TestMailThatIsRefused(t *testing.T) {
	p := newPost(t)
	p.refuse = "khong-co@"
	p.run()
	m := p.sender("smtp", nil)
	if _, err := m.Send(t.Context(), app.Outgoing{ID: "x", Channel: notice.Email, To: "khong-co@example.vn", Text: "x"}); fault.KindOf(err) != fault.Invalid {
		t.Errorf("a mailbox that does not exist: %v", err)
	}
	for _, to := range []string{"a@example.vn\r\nBcc: b@example.vn", "A <a@example.vn>", ""} {
		if _, err := m.Send(t.Context(), app.Outgoing{ID: "y", Channel: notice.Email, To: to, Text: "x"}); fault.KindOf(err) != fault.Invalid {
			t.Errorf("Send to %q: %v", to, err)
		}
	}
	p.listen.Close()
	if _, err := m.Send(t.Context(), app.Outgoing{ID: "z", Channel: notice.Email, To: "a@example.vn", Text: "x"}); fault.KindOf(err) != fault.Unavailable {
		t.Errorf("a server that is gone: %v", err)
	}
	for _, s := range []notify.MailSettings{{Server: "mail.example.vn", From: "a@b.vn"}, {Server: "http://mail", From: "a@b.vn"}, {Server: "smtps://mail", From: "nobody"}} {
		if _, err := notify.NewMail(s); err == nil {
			t.Errorf("NewMail(%+v) succeeded", s)
		}
	}
}

// certificate is that of a server on this machine, and who vouches for it.
func certificate(t *testing.T) (*tls.Config, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature,
	}
	der, err := x509.CreateCertificate(rand.Reader, c, c, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(parsed)
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}, roots
}
