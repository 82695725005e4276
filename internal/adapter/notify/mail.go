package notify

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	"net/mail"
	"net/smtp"
	"net/textproto"
	"net/url"
	"strings"
	"time"

	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/core/fault"
)

// MailSettings say how e-mail leaves.
type MailSettings struct {
	Server   string // smtps://host:465 (TLS), smtp://host:587 (STARTTLS); user@host signs in
	Password string
	From     string // an address, with or without a name
	Roots    *x509.CertPool
}

// Mail sends over SMTP. A server without TLS is spoken to on this machine only.
// SMTP knows no repetition: every try carries the same Message-ID, by which a
// mailbox recognises it.
type Mail struct {
	host, address string
	implicit      bool // TLS from the first byte
	local         bool
	user          string
	password      string
	from          mail.Address
	roots         *x509.CertPool
}

// sendFor bounds one try.
const sendFor = time.Minute

// NewMail reads the settings; it does not connect.
func NewMail(s MailSettings) (*Mail, error) {
	u, err := url.Parse(s.Server)
	if err != nil || u.Host == "" || u.Scheme != "smtp" && u.Scheme != "smtps" {
		return nil, errors.New("mail server: use smtps://[user@]host:465 or smtp://[user@]host:587")
	}
	from, err := mail.ParseAddress(s.From)
	if err != nil {
		return nil, fmt.Errorf("sender of e-mail %q: %w", s.From, err)
	}
	m := &Mail{host: u.Hostname(), implicit: u.Scheme == "smtps", user: u.User.Username(), password: s.Password, from: *from, roots: s.Roots}
	port := u.Port()
	if port == "" {
		port = map[bool]string{true: "465", false: "587"}[m.implicit]
	}
	m.address = net.JoinHostPort(m.host, port)
	ip := net.ParseIP(m.host)
	m.local = m.host == "localhost" || ip != nil && ip.IsLoopback()
	return m, nil
}

// Name is what the administration reads.
func (m *Mail) Name() string { return m.address }

// Send hands one message with its files to the server. It fails with
// fault.Invalid when the server will never take it for that address, and with
// fault.Unavailable when it may take it later.
func (m *Mail) Send(ctx context.Context, o app.Outgoing) (string, error) {
	if err := ctx.Err(); err != nil {
		return "", err
	}
	to, err := mail.ParseAddress(o.To)
	if err != nil || !deliverable(o) || to.Address != o.To {
		return "", fault.New(fault.Invalid, "message.address_refused", nil)
	}
	id := "<" + o.ID + "@" + m.from.Address[strings.LastIndexByte(m.from.Address, '@')+1:] + ">"
	body, err := m.compose(o, *to, id)
	if err != nil {
		return "", err
	}
	ctx, cancel := context.WithTimeout(ctx, sendFor)
	defer cancel()
	if err := m.transmit(ctx, to.Address, body); err != nil {
		return "", failed(ctx, err)
	}
	return id, nil
}

// failed tells a refusal for good (a reply of 5xx) from one for now.
func failed(ctx context.Context, err error) error {
	if errors.Is(ctx.Err(), context.Canceled) {
		return ctx.Err()
	}
	var reply *textproto.Error
	var refused refusal
	if errors.As(err, &refused) && errors.As(err, &reply) && reply.Code >= 500 {
		return fault.Wrap(err, fault.Invalid, "message.address_refused", nil)
	}
	return fault.Wrap(err, fault.Unavailable, "message.channel_down", nil)
}

// refusal marks an answer to what is sent, not to how we sign in.
type refusal struct{ error }

func (r refusal) Unwrap() error { return r.error }

func (m *Mail) transmit(ctx context.Context, to string, body []byte) error {
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", m.address)
	if err != nil {
		return err
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { conn.Close() })()
	secure := &tls.Config{ServerName: m.host, RootCAs: m.roots, MinVersion: tls.VersionTLS12}
	if m.implicit {
		conn = tls.Client(conn, secure)
	}
	c, err := smtp.NewClient(conn, m.host)
	if err != nil {
		return err
	}
	if !m.implicit {
		if can, _ := c.Extension("STARTTLS"); can {
			if err := c.StartTLS(secure); err != nil {
				return err
			}
		} else if !m.local {
			return errors.New("the mail server offers no STARTTLS")
		}
	}
	if m.user != "" {
		if err := c.Auth(smtp.PlainAuth("", m.user, m.password, m.host)); err != nil {
			return err
		}
	}
	if err := c.Mail(m.from.Address); err != nil {
		return err
	}
	if err := c.Rcpt(to); err != nil {
		return refusal{err}
	}
	w, err := c.Data()
	if err != nil {
		return refusal{err}
	}
	if _, err := w.Write(body); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return refusal{err}
	}
	_ = c.Quit() // the message has been taken
	return nil
}

// compose writes the message: text first, then the files.
func (m *Mail) compose(o app.Outgoing, to mail.Address, id string) ([]byte, error) {
	var b bytes.Buffer
	parts := multipart.NewWriter(&b)
	for _, h := range [][2]string{
		{"From", m.from.String()}, {"To", to.String()}, {"Subject", mime.QEncoding.Encode("utf-8", o.Subject)}, {"Message-ID", id},
		{"Date", time.Now().Format(time.RFC1123Z)}, {"Auto-Submitted", "auto-generated"}, {"MIME-Version", "1.0"},
		{"Content-Type", `multipart/mixed; boundary="` + parts.Boundary() + `"`},
	} {
		fmt.Fprintf(&b, "%s: %s\r\n", h[0], h[1])
	}
	b.WriteString("\r\n")
	text, err := parts.CreatePart(textproto.MIMEHeader{"Content-Type": {"text/plain; charset=utf-8"}, "Content-Transfer-Encoding": {"quoted-printable"}})
	if err != nil {
		return nil, err
	}
	q := quotedprintable.NewWriter(text)
	if _, err := io.WriteString(q, o.Text+"\r\n"); err != nil {
		return nil, err
	}
	if err := q.Close(); err != nil {
		return nil, err
	}
	for _, f := range o.Files {
		part, err := parts.CreatePart(textproto.MIMEHeader{
			"Content-Type": {f.Type}, "Content-Transfer-Encoding": {"base64"},
			"Content-Disposition": {mime.FormatMediaType("attachment", map[string]string{"filename": f.Name})},
		})
		if err != nil {
			return nil, err
		}
		if err := writeLines(part, base64.StdEncoding.EncodeToString(f.Data)); err != nil {
			return nil, err
		}
	}
	if err := parts.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// writeLines breaks an encoded file into lines as mail wants them.
func writeLines(w io.Writer, text string) error {
	const width = 76
	for len(text) > 0 {
		n := min(width, len(text))
		if _, err := io.WriteString(w, text[:n]+"\r\n"); err != nil {
			return err
		}
		text = text[n:]
	}
	return nil
}
