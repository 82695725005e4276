package browser

import (
	"net"
	"net/http"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/motcua/motcua/internal/app/apptest"
	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/store/storetest"
	"github.com/motcua/motcua/test/program"
)

// process is the released program serving a demo at one address, killed and
// started again by the test.
type process struct {
	t    *testing.T
	url  string
	args []string
	cmd  *exec.Cmd
}

// serveProcess prepares the program for the test centre of a database; everybody
// has the demo's password.
func serveProcess(t *testing.T, database string) *process {
	t.Helper()
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := free.Addr().String()
	if err := free.Close(); err != nil {
		t.Fatal(err)
	}
	return &process{t: t, url: "http://" + address, args: []string{
		"--database", database, "--data", t.TempDir(), "--key-ring", storetest.RingText,
	}}
}

// start starts the program with its clock at an instant and waits for its pages.
func (p *process) start(now string) {
	p.t.Helper()
	args := append([]string{"demo", "--listen", p.url[len("http://"):], "--ops-listen", "", "--per-day", "0", "--now", now}, p.args...)
	p.cmd = exec.Command(program.Build(p.t), args...)
	p.cmd.Stderr = os.Stderr
	if err := p.cmd.Start(); err != nil {
		p.t.Fatal(err)
	}
	cmd := p.cmd
	p.t.Cleanup(func() { _ = cmd.Process.Kill() })
	for end := time.Now().Add(2 * patience); time.Now().Before(end); time.Sleep(25 * time.Millisecond) {
		resp, err := http.Get(p.url + "/readyz")
		if err != nil {
			continue
		}
		_ = resp.Body.Close()
		if resp.StatusCode == http.StatusOK {
			return
		}
	}
	p.t.Fatal("the program never served a page")
}

// kill is kill -9.
func (p *process) kill() {
	p.t.Helper()
	if err := p.cmd.Process.Kill(); err != nil {
		p.t.Fatal(err)
	}
	_ = p.cmd.Wait() // it was killed: its end is an error by intent
}

// verify asks the program itself whether everything holds.
func (p *process) verify() {
	p.t.Helper()
	out, err := exec.Command(program.Build(p.t), append([]string{"verify", "--json"}, p.args...)...).CombinedOutput()
	if err != nil {
		p.t.Errorf("verify after kill -9: %v\n%s", err, out)
	}
}

// The program dies by kill -9 while an officer fills the form, and again after it
// has acknowledged the receipt: the form is sent to the one that follows as if
// nothing had been, and the citizen's receipt is there.
func TestKilledAtTheCounter(t *testing.T) {
	chromium(t)
	for engine, url := range map[string]func(*testing.T) string{
		"sqlite":   func(t *testing.T) string { return apptest.SQLiteURL(t, t.TempDir()) },
		"postgres": func(t *testing.T) string { return apptest.PostgresURL(t) },
	} {
		t.Run(engine, func(t *testing.T) {
			browser := start(t)
			w := apptest.SQLite(t) // only to choose who receives what: both centres are founded alike
			h := &house{World: w, t: t}
			login, offer := h.login(h.one(access.Reception)), h.receivable()
			p := serveProcess(t, url(t))
			h.url = p.url

			p.start("2026-11-24T09:00")
			counter := h.person(browser).signInAs(login, "motcua-demo")
			counter.goTo("/nghiep-vu/tiep-nhan/" + offer.Code)
			counter.until("document.activeElement.id === 'the'")
			counter.scan(card)
			counter.until("document.querySelector(\"[name='owner.name']\").value !== ''")
			p.kill()

			p.start("2026-11-24T09:05")
			counter.click("[data-primary]")
			counter.says("Mã tra cứu")
			code, secret := counter.acknowledged()
			p.kill()
			p.verify()

			p.start("2026-11-24T09:10")
			citizen := h.person(browser)
			citizen.track(code, secret)
			citizen.says("Được tiếp nhận")
			counter.goTo("/nghiep-vu/ho-so/" + code)
			counter.says("Nguyễn Thị Thử Nghiệm")
			p.kill()
			p.verify()
		})
	}
}
