package config

import (
	"net"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/motcua/motcua/internal/core/fault"
)

// DemoLogins is the file in the data folder to which a demo writes its logins.
const DemoLogins = "logins.json"

// Production checks everything that `motcua serve` must not start with, and
// returns one fault of kind Invalid that holds all problems, each about the flag
// of its name; nil when there is none. It reads which files exist, no more.
func (s Settings) Production() error {
	return fault.Join(
		s.checkListen(),
		s.checkOpsListen(),
		s.checkPublicURL(),
		s.checkDatabase(),
		s.checkData(),
		s.checkDemo(),
		s.checkKeys(),
		s.checkTLS(),
		s.checkProxies(),
		s.checkMaxUpload(),
		s.checkSessionIdle(),
	)
}

// TLS reports whether the program itself speaks HTTPS.
func (s Settings) TLS() bool { return s.TLSCert != "" && s.TLSKey != "" }

// Proxies returns the machines whose X-Forwarded-… headers are believed. An
// address alone is that one machine.
func (s Settings) Proxies() ([]netip.Prefix, error) {
	var all []netip.Prefix
	for _, text := range s.TrustedProxy {
		p, err := netip.ParsePrefix(text)
		if err != nil {
			a, err := netip.ParseAddr(text)
			if err != nil {
				return nil, fault.Field("trusted-proxy", "config.proxy_form", fault.Args{"value": text})
			}
			p = netip.PrefixFrom(a, a.BitLen())
		}
		all = append(all, p)
	}
	return all, nil
}

func (s Settings) checkListen() *fault.Fault {
	loopback, ok := isLoopback(s.Listen)
	if !ok {
		return fault.Field("listen", "config.listen_form", fault.Args{"value": s.Listen})
	}
	if !loopback && !s.TLS() && len(s.TrustedProxy) == 0 {
		return fault.Field("listen", "config.listen_plain", fault.Args{"value": s.Listen})
	}
	return nil
}

func (s Settings) checkOpsListen() *fault.Fault {
	loopback, ok := isLoopback(s.OpsListen)
	if !ok {
		return fault.Field("ops-listen", "config.listen_form", fault.Args{"value": s.OpsListen})
	}
	if !loopback {
		return fault.Field("ops-listen", "config.ops_public", fault.Args{"value": s.OpsListen})
	}
	if s.OpsListen == s.Listen {
		return fault.Field("ops-listen", "config.ops_same", nil)
	}
	return nil
}

// checkPublicURL wants the address that receipts print: without it a citizen's
// QR code leads nowhere.
func (s Settings) checkPublicURL() *fault.Fault {
	if s.PublicURL == "" {
		return fault.Field("public-url", "config.public_url_missing", nil)
	}
	u, err := url.Parse(s.PublicURL)
	if err != nil || u.Scheme != "https" || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return fault.Field("public-url", "config.public_url_form", fault.Args{"value": s.PublicURL})
	}
	return nil
}

func (s Settings) checkDatabase() *fault.Fault {
	switch {
	case s.Database == "", strings.HasPrefix(s.Database, "sqlite:") && len(s.Database) > len("sqlite:"):
		return nil
	case strings.HasPrefix(s.Database, "postgres://"), strings.HasPrefix(s.Database, "postgresql://"):
	default:
		return fault.Field("database", "config.database_form", nil)
	}
	u, err := url.Parse(s.Database)
	if err != nil {
		return fault.Field("database", "config.database_form", nil)
	}
	host := u.Hostname()
	local := host == "" || host == "localhost" || strings.HasPrefix(host, "/")
	if ip, err := netip.ParseAddr(host); err == nil && ip.IsLoopback() {
		local = true
	}
	// Anything weaker than verify-… can be read or taken over on the way.
	if mode := u.Query().Get("sslmode"); !local && mode != "verify-full" && mode != "verify-ca" {
		return fault.Field("database", "config.database_plain", fault.Args{"host": host})
	}
	return nil
}

func (s Settings) checkData() *fault.Fault {
	if s.Data == "" {
		return fault.Field("data", "config.data_missing", nil)
	}
	info, err := os.Stat(s.Data)
	switch {
	case err != nil:
		return fault.Field("data", "config.data_unreadable", fault.Args{"path": s.Data})
	case !info.IsDir():
		return fault.Field("data", "config.data_no_folder", fault.Args{"path": s.Data})
	case info.Mode().Perm()&0o002 != 0:
		return fault.Field("data", "config.data_open", fault.Args{"path": s.Data})
	}
	return nil
}

// checkDemo finds what a demo leaves: logins that stand in a file, or people who
// do not exist.
func (s Settings) checkDemo() *fault.Fault {
	var logins, persons *fault.Fault
	if path := filepath.Join(s.Data, DemoLogins); s.Data != "" {
		if _, err := os.Stat(path); err == nil {
			logins = fault.Field("data", "config.demo_logins", fault.Args{"path": path})
		}
	}
	if s.TestPersons {
		persons = fault.Field("test-persons", "config.test_persons", nil)
	}
	return fault.As(fault.Join(logins, persons))
}

func (s Settings) checkKeys() *fault.Fault {
	switch {
	case s.Keys != "" && s.KeyRing != "":
		return fault.Field("keys", "config.keys_both", nil)
	case s.KeyRing != "":
		return nil
	case s.Keys == "":
		return fault.Field("keys", "config.keys_missing", nil)
	}
	return privateFile("keys", s.Keys)
}

func (s Settings) checkTLS() *fault.Fault {
	if (s.TLSCert == "") != (s.TLSKey == "") {
		return fault.Field("tls-cert", "config.tls_pair", nil)
	}
	if s.TLSCert == "" {
		return nil
	}
	if _, err := os.Stat(s.TLSCert); err != nil {
		return fault.Field("tls-cert", "config.file_unreadable", fault.Args{"path": s.TLSCert})
	}
	return privateFile("tls-key", s.TLSKey)
}

func (s Settings) checkProxies() *fault.Fault {
	prefixes, err := s.Proxies()
	if err != nil {
		return fault.As(err)
	}
	for _, p := range prefixes {
		if p.Bits() == 0 {
			return fault.Field("trusted-proxy", "config.proxy_everyone", nil)
		}
	}
	return nil
}

func (s Settings) checkMaxUpload() *fault.Fault {
	const least, most = 1, 500
	if s.MaxUpload < least || s.MaxUpload > most {
		return fault.Field("max-upload", "config.upload_range", fault.Args{"min": least, "max": most})
	}
	return nil
}

func (s Settings) checkSessionIdle() *fault.Fault {
	const least, most = 5 * time.Minute, 12 * time.Hour
	if s.SessionIdle < least || s.SessionIdle > most {
		return fault.Field("session-idle", "config.session_range", fault.Args{"min": int(least.Minutes()), "max": int(most.Hours())})
	}
	return nil
}

// privateFile wants a file that exists and that only its owner can read.
func privateFile(field, path string) *fault.Fault {
	info, err := os.Stat(path)
	if err != nil || info.IsDir() {
		return fault.Field(field, "config.file_unreadable", fault.Args{"path": path})
	}
	if info.Mode().Perm()&0o077 != 0 {
		return fault.Field(field, "config.file_open", fault.Args{"path": path})
	}
	return nil
}

// isLoopback reports whether an address host:port can be reached from this
// machine only; ok is false when it is no such address. An empty host means
// every interface.
func isLoopback(address string) (loopback, ok bool) {
	host, port, err := net.SplitHostPort(address)
	if err != nil || port == "" {
		return false, false
	}
	if host == "localhost" {
		return true, true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.IsLoopback(), true
}
