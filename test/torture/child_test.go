package torture

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"strings"
	"sync"

	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/dossier"
	"github.com/motcua/motcua/internal/seal"
	"github.com/motcua/motcua/internal/store"
	"github.com/motcua/motcua/internal/store/storetest"
)

// envURL makes this test program the one that is killed: it opens the database
// at the address and carries out what it reads.
const envURL = "MOTCUA_TORTURE_URL"

// worker is the program that is killed.
type worker struct {
	app     *app.App
	counter access.Actor
	offer   app.Receivable
	mu      sync.Mutex // of standard output: one line a write
}

// work reads one order a line and answers each when its outcome is durable. It
// ends with its input, or by being killed.
func work(url string) error {
	ctx := context.Background()
	ring, err := seal.ParseRing(storetest.RingText)
	if err != nil {
		return err
	}
	s, err := store.Open(ctx, url, store.Options{Ring: ring})
	if err != nil {
		return err
	}
	a, err := app.New(ctx, app.Deps{Store: s, TestPersons: true})
	if err != nil {
		return err
	}
	w := &worker{app: a}
	if err := w.prepare(); err != nil {
		return err
	}
	w.say("ready")
	orders := bufio.NewScanner(os.Stdin)
	var wait sync.WaitGroup
	for orders.Scan() {
		order := strings.Fields(orders.Text())
		wait.Go(func() { w.carryOut(ctx, order) })
	}
	wait.Wait()
	return s.Close()
}

// prepare chooses a counter officer and a procedure that the centre receives.
func (w *worker) prepare() error {
	centre := w.app.Centre().Code
	w.counter = w.app.People(centre, string(access.Reception))[0]
	list, err := w.app.ReceivableBy()
	if err != nil {
		return err
	}
	for _, r := range list {
		if len(r.Cases) == 1 && r.Unit == centre && r.Cases[0].Limit != nil && r.Cases[0].Limit.Unit == "ngay_lam_viec" {
			w.offer = r
			return nil
		}
	}
	return fmt.Errorf("no procedure to receive among %d", len(list))
}

// carryOut does one order: "receive ACTION" or "forward ACTION CODE".
func (w *worker) carryOut(ctx context.Context, order []string) {
	action := order[1]
	if order[0] == "forward" {
		d, err := w.app.Act(ctx, w.counter, app.ActInput{ActionID: action, Code: order[2], Input: dossier.Input{Act: dossier.Forward, Version: 1}})
		w.answer(action, err, d.Name())
		return
	}
	form := w.form()
	form.ActionID = action
	got, err := w.app.ReceiveDossier(ctx, w.counter, form)
	w.answer(action, err, got.Code, got.Secret, got.Deadline.DueOn.String())
}

func (w *worker) form() app.ReceptionForm {
	c := w.offer.Cases[0]
	f := app.ReceptionForm{
		Procedure: w.offer.Code, Case: c.ID, Channel: dossier.Direct, ReturnChannel: dossier.ReturnCounter, Sets: 1, Confirmed: true,
		Owner: app.PartyForm{Kind: "citizen", Name: "Nguyễn Thị Thử Nghiệm", PersonalID: "999190000017", Phone: "0000123456", Address: "12 Trần Phú, Đà Lạt, Lâm Đồng"},
	}
	for _, x := range w.offer.PapersOf(c) {
		f.Papers = append(f.Papers, app.PaperForm{ID: x.ID, Originals: max(x.Originals, 1), Copies: x.Copies})
	}
	return f
}

func (w *worker) answer(action string, err error, facts ...string) {
	if err != nil {
		w.say("refused", action, strings.ReplaceAll(err.Error(), "\n", " "))
		return
	}
	w.say(append([]string{"done", action}, facts...)...)
}

// say writes one line at once: what is not written was not acknowledged.
func (w *worker) say(words ...string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	_, _ = os.Stdout.WriteString(strings.Join(words, " ") + "\n") // the client is gone; nobody to tell
}
