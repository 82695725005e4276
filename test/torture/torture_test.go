package torture

import (
	"bufio"
	"context"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/motcua/motcua/internal/app/apptest"
	"github.com/motcua/motcua/internal/core/dossier"
	"github.com/motcua/motcua/internal/store"
	"github.com/motcua/motcua/internal/store/storetest"
	"github.com/motcua/motcua/test/verify"
)

var (
	cycles  = flag.Int("cycles", 20, "how often the program is killed")
	clients = flag.Int("clients", 32, "orders that are under way at a time")
	seed    = flag.Uint64("seed", 0, "of the moments of death; 0 takes one from the clock")
)

func TestMain(m *testing.M) {
	if url := os.Getenv(envURL); url != "" {
		if err := work(url); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	flag.Parse()
	os.Exit(m.Run())
}

// entry is one order in the client's ledger.
type entry struct {
	order string   // as sent
	facts []string // of the acknowledgement; nil = none yet
	again int      // acknowledgements after the first
}

// ledger is what the client knows, whatever happens to the program.
type ledger struct {
	t       *testing.T
	mu      sync.Mutex
	entries map[string]*entry
	unknown []string // sent and not answered, in order of sending
	codes   []string // of receptions that nobody has forwarded yet
	n       int
}

// next is another order: mostly a reception, else the forwarding of an earlier
// one.
func (l *ledger) next(rng *rand.Rand) string {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.n++
	action := fmt.Sprintf("torture-%06d", l.n)
	order := "receive " + action
	if len(l.codes) > 0 && rng.IntN(100) < 30 {
		order = "forward " + action + " " + l.codes[0]
		l.codes = l.codes[1:]
	}
	l.entries[action] = &entry{order: order}
	l.unknown = append(l.unknown, action)
	return order
}

// note takes an answer in. It must never contradict an earlier one.
func (l *ledger) note(line string) {
	words := strings.Fields(line)
	l.mu.Lock()
	defer l.mu.Unlock()
	e := l.entries[words[1]]
	switch {
	case e == nil:
		l.t.Errorf("an answer to what was never asked: %s", line)
	case words[0] == "refused":
		l.t.Errorf("%s: %s", e.order, line)
	case e.facts == nil:
		e.facts = words[2:]
		l.unknown = remove(l.unknown, words[1])
		if strings.HasPrefix(e.order, "receive") {
			l.codes = append(l.codes, words[2])
		}
	default:
		e.again++
		if strings.Join(e.facts, " ") != strings.Join(words[2:], " ") {
			l.t.Errorf("%s was answered %v, and again %v", e.order, e.facts, words[2:])
		}
	}
}

func remove(list []string, s string) []string {
	for i, x := range list {
		if x == s {
			return append(list[:i:i], list[i+1:]...)
		}
	}
	return list
}

// waiting is how many orders have no answer.
func (l *ledger) waiting() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.unknown)
}

// unanswered are the orders that the death of the program left open.
func (l *ledger) unanswered() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	var orders []string
	for _, action := range l.unknown {
		orders = append(orders, l.entries[action].order)
	}
	return orders
}

// program is one life of the program under torture.
type program struct {
	cmd     *exec.Cmd
	orders  io.WriteCloser
	answers chan string // closed at its death
}

func start(t *testing.T, url string) *program {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), envURL+"="+url)
	cmd.Stderr = os.Stderr
	orders, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	p := &program{cmd: cmd, orders: orders, answers: make(chan string, 1024)}
	go func() {
		lines := bufio.NewScanner(out)
		for lines.Scan() {
			p.answers <- lines.Text()
		}
		close(p.answers)
	}()
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	if first := <-p.answers; first != "ready" {
		t.Fatalf("the program says %q, want ready", first)
	}
	return p
}

// live gives orders until death, which comes by SIGKILL after some answers and a
// random while, and takes in what was still answered.
func (p *program) live(l *ledger, rng *rand.Rand, answers int, while time.Duration) {
	for _, order := range l.unanswered() { // the same order under the same action id
		p.give(order)
	}
	for l.waiting() < *clients {
		p.give(l.next(rng))
	}
	var death <-chan time.Time
	for got := 1; ; got++ {
		select {
		case line, alive := <-p.answers:
			if !alive {
				l.t.Errorf("the program died by itself: %v", p.cmd.Wait())
				return
			}
			l.note(line)
			p.give(l.next(rng))
			if got == answers {
				death = time.After(while)
			}
		case <-death:
			_ = p.cmd.Process.Kill()
			for line := range p.answers {
				l.note(line)
			}
			_ = p.cmd.Wait() // it was killed: its end is an error by intent
			return
		}
	}
}

func (p *program) give(order string) { _, _ = io.WriteString(p.orders, order+"\n") } // it may be dead: then nobody answers

// settle repeats what is open until everything is answered, and a sample of what
// was answered before; then the program ends by itself.
func (p *program) settle(t *testing.T, l *ledger) {
	t.Helper()
	open := l.unanswered()
	for _, order := range open {
		p.give(order)
	}
	l.mu.Lock()
	sample := 0
	for _, e := range l.entries {
		if e.facts != nil && sample < 50 {
			p.give(e.order)
			sample++
		}
	}
	l.mu.Unlock()
	for range len(open) + sample {
		l.note(<-p.answers)
	}
	if err := p.orders.Close(); err != nil {
		t.Error(err)
	}
	for line := range p.answers {
		t.Errorf("one more answer: %s", line)
	}
	if err := p.cmd.Wait(); err != nil {
		t.Errorf("the program ends with %v", err)
	}
}

func TestKilledAgainAndAgain(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) { torture(t, apptest.SQLiteURL(t, t.TempDir())) })
	t.Run("postgres", func(t *testing.T) { torture(t, apptest.PostgresURL(t)) })
}

func torture(t *testing.T, url string) {
	chance := *seed
	if chance == 0 {
		chance = uint64(time.Now().UnixNano())
	}
	t.Logf("again with: go test ./test/torture -run '%s' -args -cycles %d -seed %d", t.Name(), *cycles, chance)
	rng := rand.New(rand.NewPCG(chance, 1))
	l := &ledger{t: t, entries: map[string]*entry{}}
	deaths := 0 // with orders under way
	for range *cycles {
		p := start(t, url)
		p.live(l, rng, 5+rng.IntN(60), time.Duration(rng.IntN(120))*time.Millisecond)
		if l.waiting() > 0 {
			deaths++
		}
	}
	if deaths < *cycles/2 {
		t.Errorf("only %d of %d deaths met orders under way", deaths, *cycles)
	}
	start(t, url).settle(t, l)
	t.Logf("%d orders over %d deaths", l.n, *cycles)
	count(t, url, l)
}

// count compares the ledger with the database, by two checkers.
func count(t *testing.T, url string, l *ledger) {
	t.Helper()
	s, err := store.Open(context.Background(), url, store.Options{Ring: storetest.Ring(t)})
	if err != nil {
		t.Fatal(err)
	}
	storetest.Verify(t, s)
	receptions, codes := 0, map[string]string{}
	for action, e := range l.entries {
		if e.facts == nil {
			t.Fatalf("%s was never answered", e.order)
		}
		code, forwarded := e.facts[0], strings.HasPrefix(e.order, "forward")
		id, err := s.DossierIDByName(t.Context(), code)
		if err != nil || id == "" {
			t.Fatalf("%s, acknowledged as %v, is lost: %v", e.order, e.facts, err)
		}
		if forwarded {
			if list, err := s.DossiersByID(t.Context(), []string{id}); err != nil || list[0].Status != dossier.Processing {
				t.Errorf("%s was acknowledged and is %v, %v", e.order, list, err)
			}
			continue
		}
		receptions++
		if other := codes[code]; other != "" {
			t.Errorf("%s and %s got the same code %s", other, action, code)
		}
		codes[code] = action
	}
	stored := 0
	for after := ""; ; {
		list, err := s.AllDossiers(t.Context(), after, 500)
		if err != nil {
			t.Fatal(err)
		}
		if len(list) == 0 {
			break
		}
		stored += len(list)
		after = list[len(list)-1].ID
	}
	if stored != receptions {
		t.Errorf("%d dossiers are stored for %d receptions", stored, receptions)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	verify.Database(t, url, verify.Options{Secrets: []string{"999190000017", "0000123456"}})
}
