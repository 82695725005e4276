package storetest

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/motcua/motcua/internal/store"
)

// Environment variables of the PostgreSQL half.
const (
	envURL     = "MOTCUA_TEST_POSTGRES"    // admin URL of a server to use instead of an own one
	envRequire = "MOTCUA_REQUIRE_POSTGRES" // 1: a missing server fails the test
)

// errAbsent means that no PostgreSQL is installed here.
var errAbsent = errors.New("PostgreSQL is not installed and " + envURL + " is not set")

var (
	server = sync.OnceValues(startServer)
	serial atomic.Int64
)

// Postgres returns the address of a fresh database, cloned from a migrated
// template and dropped at the test's end. It skips or fails the test when there
// is no PostgreSQL.
func Postgres(t testing.TB) string {
	t.Helper()
	return PostgresFrom(t, store.Fingerprint(), func(string) error { return nil })
}

// PostgresFrom is Postgres with the template that fill makes of a migrated
// database. It is made once for a key, which must name all that it depends on.
func PostgresFrom(t testing.TB, key string, fill func(url string) error) string {
	t.Helper()
	admin, err := server()
	if errors.Is(err, errAbsent) && os.Getenv(envRequire) != "1" {
		t.Skip(err)
	}
	must(t, err, "start PostgreSQL")
	keepAlive()
	template, err := makeTemplate(admin, key, fill)
	must(t, err, "make the template database")
	name := fmt.Sprintf("motcua_test_%d_%d_%d", os.Getpid(), time.Now().UnixNano()%1_000_000_000, serial.Add(1))
	must(t, onServer(admin, func(ctx context.Context, c *pgx.Conn) error {
		_, err := c.Exec(ctx, `CREATE DATABASE `+name+` TEMPLATE `+template+` STRATEGY WAL_LOG`)
		return err
	}), "clone %s", template)
	t.Cleanup(func() {
		err := onServer(admin, func(ctx context.Context, c *pgx.Conn) error {
			_, err := c.Exec(ctx, `DROP DATABASE IF EXISTS `+name+` WITH (FORCE)`)
			return err
		})
		if err != nil {
			t.Errorf("drop %s: %v", name, err)
		}
	})
	return named(admin, name)
}

// PostgresEmpty is Postgres without any table.
func PostgresEmpty(t testing.TB) string {
	t.Helper()
	address := Postgres(t)
	must(t, onServer(address, func(ctx context.Context, c *pgx.Conn) error {
		_, err := c.Exec(ctx, `DROP SCHEMA public CASCADE; CREATE SCHEMA public`)
		return err
	}), "empty the database")
	return address
}

// onServer runs fn on a connection of its own, behind a lock that keeps
// templates from being cloned by two processes at once.
func onServer(address string, fn func(ctx context.Context, c *pgx.Conn) error) error {
	ctx := context.Background()
	c, err := pgx.Connect(ctx, address)
	if err != nil {
		return err
	}
	defer c.Close(ctx)
	if _, err := c.Exec(ctx, `SELECT pg_advisory_lock(7233052)`); err != nil {
		return err
	}
	return fn(ctx, c)
}

// makeTemplate makes the migrated and filled database that tests clone.
func makeTemplate(admin, key string, fill func(url string) error) (string, error) {
	name := "motcua_template_" + key
	return name, onServer(admin, func(ctx context.Context, c *pgx.Conn) error {
		var ready bool
		err := c.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM pg_database WHERE datname = $1 AND datistemplate)`, name).Scan(&ready)
		if err != nil || ready {
			return err
		}
		if _, err := c.Exec(ctx, `DROP DATABASE IF EXISTS `+name); err != nil {
			return err
		}
		if _, err := c.Exec(ctx, `CREATE DATABASE `+name+` TEMPLATE template0 ENCODING 'UTF8'`); err != nil {
			return err
		}
		s, err := store.Open(ctx, named(admin, name), store.Options{Migrate: true})
		if err != nil {
			return err
		}
		if err := s.Close(); err != nil {
			return err
		}
		if err := fill(named(admin, name)); err != nil {
			return err
		}
		_, err = c.Exec(ctx, `ALTER DATABASE `+name+` IS_TEMPLATE true`)
		return err
	})
}

// named is the address of another database of the same server.
func named(admin, name string) string {
	u, err := url.Parse(admin)
	if err != nil {
		return admin
	}
	u.Path = "/" + name
	return u.String()
}

// startServer returns the admin address of the server to test on. An own server
// is started once and shared by all test programs of this user; it ends by
// itself when no test has used it for a while.
func startServer() (string, error) {
	if address := os.Getenv(envURL); address != "" {
		return address, nil
	}
	bin := findBinaries()
	if bin == "" {
		return "", errAbsent
	}
	dir := shared()
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", err
	}
	lock, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return "", err
	}
	defer lock.Close()
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX); err != nil {
		return "", err
	}
	note := filepath.Join(dir, "address")
	if text, err := os.ReadFile(note); err == nil && reachable(string(text)) {
		keepAlive()
		return string(text), nil
	}
	address, err := launch(bin, dir)
	if err != nil {
		return "", err
	}
	if err := os.WriteFile(note, []byte(address), 0o600); err != nil {
		return "", err
	}
	return address, watch(bin, dir)
}

// shared is the folder of the own server.
func shared() string {
	return filepath.Join(os.TempDir(), fmt.Sprintf("motcua-postgres-%d", os.Getuid()))
}

// keepAlive tells the watcher of the own server that it is in use.
func keepAlive() {
	now := time.Now()
	_ = os.Chtimes(filepath.Join(shared(), "address"), now, now)
}

// watch starts a shell that stops the own server and removes its data once no
// test has asked for it for 15 minutes.
func watch(bin, dir string) error {
	script := `while [ -n "$(find "$1/address" -mmin -15 2>/dev/null)" ]; do sleep 20; done
		rm -f "$1/address"; "$2/pg_ctl" stop -D "$1/data" -m immediate; rm -rf "$1/data"`
	c := asOwner(exec.Command("/bin/sh", "-c", script, "watch", dir, bin))
	c.SysProcAttr.Credential = nil // the folder is ours, the stop works for root and for oneself
	if id := owner(); id != nil {
		script = strings.Replace(script, `"$2/pg_ctl"`, `setpriv --reuid=`+fmt.Sprint(id.Uid)+` --regid=`+fmt.Sprint(id.Gid)+` --clear-groups "$2/pg_ctl"`, 1)
		c.Args[2] = script
	}
	if err := c.Start(); err != nil {
		return err
	}
	return c.Process.Release()
}

func reachable(address string) bool {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	c, err := pgx.Connect(ctx, address)
	if err != nil {
		return false
	}
	defer c.Close(ctx)
	return c.Ping(ctx) == nil
}

// findBinaries is the folder of the newest installed server, or "".
func findBinaries() string {
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	sort.Slice(found, func(i, j int) bool { return release(found[i]) < release(found[j]) })
	if len(found) > 0 {
		return filepath.Dir(found[len(found)-1])
	}
	if path, err := exec.LookPath("initdb"); err == nil {
		return filepath.Dir(path)
	}
	return ""
}

func release(path string) int {
	n, _ := strconv.Atoi(filepath.Base(filepath.Dir(filepath.Dir(path))))
	return n
}

// launch makes a cluster in dir and starts it. It need not survive a power cut.
func launch(bin, dir string) (string, error) {
	data := filepath.Join(dir, "data")
	_ = asOwner(exec.Command(filepath.Join(bin, "pg_ctl"), "stop", "-D", data, "-m", "immediate")).Run()
	if err := os.RemoveAll(data); err != nil {
		return "", err
	}
	if err := os.Mkdir(data, 0o700); err != nil {
		return "", err
	}
	if id := owner(); id != nil {
		if err := os.Chown(data, int(id.Uid), int(id.Gid)); err != nil {
			return "", err
		}
	}
	out, err := asOwner(exec.Command(filepath.Join(bin, "initdb"), "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8",
		"--locale=C", "--no-sync")).CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("initdb: %w: %s", err, out)
	}
	port, err := freePort()
	if err != nil {
		return "", err
	}
	options := strings.Join([]string{"-p " + port, "-c listen_addresses=127.0.0.1", "-c unix_socket_directories=" + data, "-c fsync=off",
		"-c full_page_writes=off", "-c max_connections=200", "-c shared_buffers=128MB", "-c max_wal_size=2GB"}, " ")
	out, err = asOwner(exec.Command(filepath.Join(bin, "pg_ctl"), "start", "-w", "-D", data, "-l", filepath.Join(data, "log"), "-o", options)).CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("pg_ctl start: %w: %s", err, out)
	}
	return "postgres://postgres@127.0.0.1:" + port + "/postgres?sslmode=disable", nil
}

func freePort() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	_, port, err := net.SplitHostPort(l.Addr().String())
	return port, err
}

// owner is who the server runs as when the tests run as root, which PostgreSQL
// refuses to do; nil otherwise.
func owner() *syscall.Credential {
	if os.Getuid() != 0 {
		return nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		if u, err := user.Lookup(name); err == nil {
			uid, _ := strconv.Atoi(u.Uid)
			gid, _ := strconv.Atoi(u.Gid)
			return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
		}
	}
	return nil
}

// asOwner makes a command run as the owner, apart from the test's own signals.
func asOwner(c *exec.Cmd) *exec.Cmd {
	c.SysProcAttr = &syscall.SysProcAttr{Credential: owner(), Setsid: true}
	c.Dir = "/"
	return c
}
