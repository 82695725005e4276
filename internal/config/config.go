// Package config holds the settings of a running program: one struct, filled
// from flags, then environment, then motcua.toml, then defaults, and checked as
// a whole before anything starts. It opens no database and no port.
//
//	var c struct{ Serve struct{ config.Settings } `cmd:""` }
//	parser, err := kong.New(&c, config.Sources()...)
package config

import (
	"encoding"
	"log/slog"
	"net/url"
	"strings"
	"time"
)

// Settings are those of `motcua serve`. The name of each flag, of its variable
// (MOTCUA_LISTEN) and of its key in motcua.toml is the same.
type Settings struct {
	Listen       string        `default:"127.0.0.1:8080" help:"Địa chỉ phục vụ trang và API."`
	OpsListen    string        `default:"127.0.0.1:9090" help:"Địa chỉ của /metrics, chỉ dành cho người vận hành."`
	PublicURL    string        `name:"public-url" help:"Địa chỉ công khai in trong mã QR, ví dụ https://motcua.example.vn."`
	Database     string        `help:"sqlite:ĐƯỜNG-DẪN hoặc postgres://…; mặc định là một tệp trong thư mục dữ liệu."`
	Data         string        `default:"motcua-data" help:"Thư mục dữ liệu."`
	Keys         string        `help:"Tệp vòng khóa, giống nhau trên mọi máy."`
	KeyRing      Secret        `name:"key-ring" help:"Nội dung vòng khóa, thay cho tệp."`
	TLSCert      string        `name:"tls-cert" help:"Tệp chứng thư TLS (PEM)."`
	TLSKey       string        `name:"tls-key" help:"Tệp khóa TLS (PEM)."`
	TrustedProxy []string      `help:"Địa chỉ hoặc dải của máy chủ trung chuyển đã có TLS, ví dụ 10.0.0.5/32."`
	MaxUpload    int           `default:"20" help:"Dung lượng tối đa của một tệp tải lên, tính bằng MB."`
	SessionIdle  time.Duration `default:"30m" help:"Phiên làm việc tự hết hạn sau khoảng không thao tác này."`
	LogLevel     string        `default:"info" enum:"debug,info,warn,error" help:"Mức nhật ký: debug, info, warn, error."`
	Signing      string        `help:"Khóa ký số kết quả: folder:THƯ-MỤC; để trống là không ký."`
	Mail         string        `help:"Máy chủ thư gửi tin báo: smtps://[NGƯỜI-DÙNG@]HOST:465 hoặc smtp://[NGƯỜI-DÙNG@]HOST:587; để trống là tắt."`
	MailFrom     string        `help:"Địa chỉ gửi thư, ví dụ 'Trung tâm PVHCC <tbao@example.vn>'."`
	MailPassword Secret        `help:"Mật khẩu máy chủ thư."`
	SMS          string        `name:"sms" help:"Tệp JSON mô tả cổng tin nhắn; để trống là tắt."`
	SMSKey       Secret        `name:"sms-key" help:"Khóa của cổng tin nhắn."`
	TestPersons  bool          `hidden:"" help:"Nhận số định danh 999 và số điện thoại 0000; chỉ để chạy thử."`
}

// Secret is a setting that must not be shown. It prints as stars in logs,
// dumps and errors; Reveal gives the value.
type Secret string

var (
	_ encoding.TextMarshaler = Secret("")
	_ slog.LogValuer         = Secret("")
)

// Reveal returns the value itself.
func (s Secret) Reveal() string { return string(s) }

// String returns stars, or nothing when there is no value.
func (s Secret) String() string {
	if s == "" {
		return ""
	}
	return "***"
}

// GoString keeps %#v from showing the value.
func (s Secret) GoString() string { return s.String() }

// MarshalText keeps JSON from showing the value.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// LogValue keeps slog from showing the value.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// LogValue shows every setting under its flag's name, secrets and passwords as
// stars: what a support request may quote.
func (s Settings) LogValue() slog.Value {
	return slog.GroupValue(
		slog.String("listen", s.Listen),
		slog.String("ops-listen", s.OpsListen),
		slog.String("public-url", s.PublicURL),
		slog.String("database", RedactURL(s.Database)),
		slog.String("data", s.Data),
		slog.String("keys", s.Keys),
		slog.Any("key-ring", s.KeyRing),
		slog.String("tls-cert", s.TLSCert),
		slog.String("tls-key", s.TLSKey),
		slog.String("trusted-proxy", strings.Join(s.TrustedProxy, ",")),
		slog.Int("max-upload", s.MaxUpload),
		slog.Duration("session-idle", s.SessionIdle),
		slog.String("log-level", s.LogLevel),
		slog.String("signing", s.Signing),
		slog.String("mail", RedactURL(s.Mail)),
		slog.String("mail-from", s.MailFrom),
		slog.Any("mail-password", s.MailPassword),
		slog.String("sms", s.SMS),
		slog.Any("sms-key", s.SMSKey),
		slog.Bool("test-persons", s.TestPersons),
	)
}

// RedactURL returns a database URL without its password, wherever it stands.
func RedactURL(text string) string {
	u, err := url.Parse(text)
	if err != nil {
		return "***"
	}
	q := u.Query()
	if q.Has("password") {
		q.Set("password", "xxxxx")
		u.RawQuery = q.Encode()
	}
	return u.Redacted()
}
