package config

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/alecthomas/kong"
	"github.com/google/go-cmp/cmp"

	"github.com/motcua/motcua/internal/core/fault"
)

// program stands for the command line that uses the settings.
type program struct {
	Serve struct {
		Settings
		Config kong.ConfigFlag
	} `cmd:""`
}

// load parses args in an empty working folder that holds motcua.toml with text.
func load(t *testing.T, text string, args ...string) (Settings, error) {
	t.Helper()
	t.Chdir(t.TempDir())
	if text != "" {
		if err := os.WriteFile(File, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var p program
	parser, err := kong.New(&p, append(Sources(), kong.Exit(func(int) {}))...)
	if err != nil {
		return Settings{}, err
	}
	_, err = parser.Parse(append([]string{"serve"}, args...))
	return p.Serve.Settings, err
}

func TestOrderOfSources(t *testing.T) {
	const file = "listen = \"file:1\"\ndata = \"from-file\"\nmax-upload = 30\ntrusted-proxy = [\"10.0.0.1\", \"10.0.0.2\"]\nsession-idle = \"1h\"\n"
	t.Setenv("MOTCUA_LISTEN", "env:2")
	t.Setenv("MOTCUA_PUBLIC_URL", "https://env.example.vn")
	secret := filepath.Join(t.TempDir(), "ring")
	if err := os.WriteFile(secret, []byte("the ring\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("MOTCUA_KEY_RING_FILE", secret)
	got, err := load(t, file, "--public-url", "https://flag.example.vn")
	if err != nil {
		t.Fatal(err)
	}
	want := Settings{
		Listen:       "env:2",                   // variable before file
		PublicURL:    "https://flag.example.vn", // flag before variable
		Data:         "from-file",               // file before default
		OpsListen:    "127.0.0.1:9090",          // default
		KeyRing:      "the ring",                // file of a secret, without its line end
		MaxUpload:    30,
		SessionIdle:  time.Hour,
		TrustedProxy: []string{"10.0.0.1", "10.0.0.2"},
		LogLevel:     "info",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("settings (-want +got):\n%s", diff)
	}
}

func TestSourcesRefuse(t *testing.T) {
	t.Run("unknown key in the file", func(t *testing.T) {
		if _, err := load(t, "lisen = \":80\"\n"); err == nil || !strings.Contains(err.Error(), "lisen") {
			t.Errorf("error = %v, want one that names lisen", err)
		}
	})
	t.Run("broken file", func(t *testing.T) {
		if _, err := load(t, "listen = \n"); err == nil {
			t.Error("no error for a broken settings file")
		}
	})
	t.Run("table instead of value", func(t *testing.T) {
		if _, err := load(t, "[listen]\na = 1\n"); err == nil {
			t.Error("no error for a table")
		}
	})
	t.Run("secret given twice", func(t *testing.T) {
		t.Setenv("MOTCUA_KEY_RING", "a")
		t.Setenv("MOTCUA_KEY_RING_FILE", "/b")
		if _, err := load(t, ""); err == nil || !strings.Contains(err.Error(), "MOTCUA_KEY_RING_FILE") {
			t.Errorf("error = %v, want one that names the variables", err)
		}
	})
	t.Run("file of a secret is missing", func(t *testing.T) {
		t.Setenv("MOTCUA_KEY_RING_FILE", "/nowhere/ring")
		if _, err := load(t, ""); err == nil {
			t.Error("no error for a missing file")
		}
	})
}

// sound are settings that production accepts.
func sound(t *testing.T) Settings {
	folder := t.TempDir()
	for _, name := range []string{"keys", "cert", "key"} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return Settings{
		Listen: "0.0.0.0:443", OpsListen: "127.0.0.1:9090", PublicURL: "https://motcua.example.vn", Data: folder,
		Keys: filepath.Join(folder, "keys"), TLSCert: filepath.Join(folder, "cert"), TLSKey: filepath.Join(folder, "key"),
		MaxUpload: 20, SessionIdle: 30 * time.Minute, LogLevel: "info",
	}
}

func TestProductionAcceptsSoundSettings(t *testing.T) {
	tests := []struct {
		name   string
		change func(*Settings)
	}{
		{"own TLS", func(*Settings) {}},
		{"behind a proxy", func(s *Settings) { s.TLSCert, s.TLSKey, s.TrustedProxy = "", "", []string{"10.0.0.5", "fd00::/64"} }},
		{"loopback without TLS", func(s *Settings) { s.TLSCert, s.TLSKey, s.Listen = "", "", "[::1]:8080" }},
		{"ring from the environment", func(s *Settings) { s.Keys, s.KeyRing = "", "ring" }},
		{"local PostgreSQL", func(s *Settings) { s.Database = "postgres://a@127.0.0.1/motcua?sslmode=disable" }},
		{"verified PostgreSQL", func(s *Settings) { s.Database = "postgres://a@db.example.vn/motcua?sslmode=verify-full" }},
		{"SQLite", func(s *Settings) { s.Database = "sqlite:/srv/motcua.db" }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := sound(t)
			tt.change(&s)
			if err := s.Production(); err != nil {
				t.Errorf("Production() = %v, want nil", err)
			}
		})
	}
}

func TestProductionRefusesEachProblem(t *testing.T) {
	tests := []struct {
		key    string
		change func(*Settings)
	}{
		{"config.listen_form", func(s *Settings) { s.Listen = "8080" }},
		{"config.listen_plain", func(s *Settings) { s.TLSCert, s.TLSKey = "", "" }},
		{"config.listen_plain", func(s *Settings) { s.TLSCert, s.TLSKey, s.Listen = "", "", ":8080" }},
		{"config.ops_public", func(s *Settings) { s.OpsListen = ":9090" }},
		{"config.ops_same", func(s *Settings) { s.Listen, s.OpsListen = "127.0.0.1:1", "127.0.0.1:1" }},
		{"config.public_url_missing", func(s *Settings) { s.PublicURL = "" }},
		{"config.public_url_form", func(s *Settings) { s.PublicURL = "http://motcua.example.vn" }},
		{"config.database_form", func(s *Settings) { s.Database = "mysql://a" }},
		{"config.database_form", func(s *Settings) { s.Database = "sqlite:" }},
		{"config.database_plain", func(s *Settings) { s.Database = "postgres://a@db.example.vn/motcua?sslmode=disable" }},
		{"config.database_plain", func(s *Settings) { s.Database = "postgres://a@10.0.0.9/motcua" }},
		{"config.data_missing", func(s *Settings) { s.Data = "" }},
		{"config.data_unreadable", func(s *Settings) { s.Data += "/nowhere" }},
		{"config.data_no_folder", func(s *Settings) { s.Data = s.Keys }},
		{"config.keys_missing", func(s *Settings) { s.Keys = "" }},
		{"config.keys_both", func(s *Settings) { s.KeyRing = "ring" }},
		{"config.file_unreadable", func(s *Settings) { s.Keys += ".gone" }},
		{"config.file_open", func(s *Settings) { _ = os.Chmod(s.Keys, 0o644) }},
		{"config.file_open", func(s *Settings) { _ = os.Chmod(s.TLSKey, 0o644) }},
		{"config.data_open", func(s *Settings) { _ = os.Chmod(s.Data, 0o777) }},
		{"config.tls_pair", func(s *Settings) { s.TLSKey = ""; s.TrustedProxy = []string{"10.0.0.5"} }},
		{"config.proxy_form", func(s *Settings) { s.TrustedProxy = []string{"proxy.example.vn"} }},
		{"config.proxy_everyone", func(s *Settings) { s.TrustedProxy = []string{"0.0.0.0/0"} }},
		{"config.upload_range", func(s *Settings) { s.MaxUpload = 0 }},
		{"config.session_range", func(s *Settings) { s.SessionIdle = 24 * time.Hour }},
		{"config.test_persons", func(s *Settings) { s.TestPersons = true }},
		{"config.demo_logins", func(s *Settings) { _ = os.WriteFile(filepath.Join(s.Data, DemoLogins), nil, 0o600) }},
	}
	for _, tt := range tests {
		t.Run(tt.key, func(t *testing.T) {
			s := sound(t)
			tt.change(&s)
			f := fault.As(s.Production())
			if f == nil || f.Key != tt.key || f.Kind != fault.Invalid || f.Field == "" || len(f.More) > 0 {
				t.Errorf("Production() = %v, want %s alone", f, tt.key)
			}
		})
	}
}

func TestProductionListsAllProblemsAtOnce(t *testing.T) {
	f := fault.As(Settings{Listen: ":8080", TestPersons: true}.Production())
	if f == nil {
		t.Fatal("Production() of nothing = nil")
	}
	var got []string
	for _, each := range f.Each() {
		got = append(got, each.Key)
	}
	want := []string{
		"config.listen_plain", "config.listen_form", "config.public_url_missing", "config.data_missing",
		"config.test_persons", "config.keys_missing", "config.upload_range", "config.session_range",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
}

func TestSecretsAreNotShown(t *testing.T) {
	s := sound(t)
	s.KeyRing = "tell-nobody"
	s.Database = "postgres://a:tell-nobody@db.example.vn/motcua?password=tell-nobody"
	var log strings.Builder
	slog.New(slog.NewJSONHandler(&log, nil)).Info("start", "settings", s)
	text, err := json.Marshal(s.KeyRing)
	if err != nil {
		t.Fatal(err)
	}
	for _, shown := range []string{log.String(), string(text), fmt.Sprintf("%v %+v %#v %s", s.KeyRing, s.KeyRing, s.KeyRing, s.KeyRing)} {
		if strings.Contains(shown, "tell-nobody") {
			t.Errorf("shows the secret: %s", shown)
		}
	}
	if !strings.Contains(log.String(), "db.example.vn") {
		t.Errorf("log = %s, want it to name the database's host", log.String())
	}
	if s.KeyRing.Reveal() != "tell-nobody" {
		t.Error("Reveal() does not give the value")
	}
	if got := RedactURL("postgres://a:tell-nobody@[::1"); strings.Contains(got, "tell-nobody") {
		t.Errorf("RedactURL of a broken URL shows %q", got)
	}
}
