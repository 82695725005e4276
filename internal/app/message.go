package app

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/dossier"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/core/notice"
	"github.com/motcua/motcua/internal/core/party"
	"github.com/motcua/motcua/internal/core/supervise"
	"github.com/motcua/motcua/internal/i18n"
	"github.com/motcua/motcua/internal/job"
	"github.com/motcua/motcua/internal/store"
)

// letterClass names the sealed part of messages to a dossier's key.
const letterClass = "letter"

// tell puts what an applicant has to be told into the outbox, in the transaction
// that gave rise to it. root is a new message's; it stays unused when there is
// nothing to tell.
func (a *App) tell(v *store.View, root store.Root, act dossier.Act, before, after dossier.Dossier) error {
	if said, ok := supervise.Tell(act, before, after); ok {
		return a.queue(v, root, after, said)
	}
	return nil
}

// queue writes one message of a dossier and the job that delivers it.
func (a *App) queue(v *store.View, root store.Root, d dossier.Dossier, said supervise.Telling) error {
	plain, err := v.Unseal(d.ID, sealClass, d.Private)
	if fault.Is(err, "store.erased") {
		return nil // nobody is left to be told
	}
	if err != nil {
		return err
	}
	private, err := readPrivate(plain, d)
	if err != nil {
		return err
	}
	m := notice.Message{
		ID: root.ID, Matter: said.Matter, Dossier: d.ID, Code: d.Name(), Unit: d.Unit, At: v.Now(), State: notice.Queued, Since: v.Now(),
	}
	letter := notice.Letter{Subject: vietnamese(fault.Line{Key: "message.subject", Args: fault.Args{"code": d.Name()}}), Text: vietnamese(said.Line())}
	if p, printed := d.Printed(said.Form); printed && p.Signed != nil {
		f := p.Signed.File
		m.Files = []notice.File{{Hash: f.Hash, Name: f.Name, Type: f.Type, Size: f.Size, Form: p.Form}}
		letter.Text += " " + vietnamese(fault.Line{Key: "message.text.signed", Args: fault.Args{"url": a.trackLink(d)}})
	}
	m.Channel, letter.To, m.Masked = reach(private)
	if m.Channel == notice.NoChannel {
		m.State, m.Reason = notice.Held, "message.no_address"
	}
	text, err := json.Marshal(letter)
	if err != nil {
		return err
	}
	m.Sealed = v.Seal(d.ID, letterClass, text)
	if _, err := store.Record[notice.Message](v, root, notice.MessageQueued, 1, "", m); err != nil {
		return err
	}
	if m.State == notice.Queued {
		v.Enqueue(delivery(m))
	}
	return nil
}

// vietnamese is a line as official messages say it.
func vietnamese(l fault.Line) string { return i18n.Default().Line(i18n.Vietnamese, l) }

// reach says how a dossier's people are told: by the owner's phone, else by his
// e-mail, else by those of who handed it in for him.
func reach(p dossier.Private) (channel notice.Channel, to, masked string) {
	people := []dossier.Party{p.Owner}
	if p.Submitter != nil {
		people = append(people, *p.Submitter)
	}
	for _, x := range people {
		switch {
		case x.Phone != "":
			return notice.SMS, x.Phone, party.Phone(x.Phone).Masked()
		case x.Email != "":
			return notice.Email, x.Email, party.MaskEmail(x.Email)
		}
	}
	return notice.NoChannel, "", ""
}

// delivery is the job that delivers a message. Messages of one dossier leave in
// the order in which they were written.
func delivery(m notice.Message) store.Outbox {
	payload, _ := json.Marshal(messageJob{m.ID}) // a struct of one text cannot fail
	return store.Outbox{Kind: store.MessageJob, Key: m.Dossier, Payload: payload}
}

type messageJob struct {
	Message string `json:"message"`
}

// messageTries is after how many tries a message is given up: with the usual
// waits about a working day, so that an officer can still call in time.
const messageTries = 12

// deliver hands one message to its channel and records what became of it.
func (a *App) deliver(ctx context.Context, j store.Job) error {
	var p messageJob
	if err := json.Unmarshal(j.Payload, &p); err != nil {
		return job.Permanent(err)
	}
	m, err := store.Get[notice.Message](ctx, a.store, store.MessageRoot(p.Message))
	if err != nil {
		return err
	}
	if !m.Waiting() {
		return nil // delivered before, and only the note of it was lost
	}
	sender := a.senders[m.Channel]
	if sender == nil {
		return a.settleMessage(ctx, m, notice.MessageHeld, notice.Outcome{Tries: j.Attempts, Reason: "message.channel_off"})
	}
	plain, err := a.store.Unseal(ctx, m.Dossier, letterClass, m.Sealed)
	if fault.Is(err, "store.erased") {
		return a.settleMessage(ctx, m, notice.MessageFailed, notice.Outcome{Tries: j.Attempts, Reason: "message.erased"})
	}
	if err != nil {
		return err
	}
	var letter notice.Letter
	if err := json.Unmarshal(plain, &letter); err != nil {
		return job.Permanent(fmt.Errorf("read message %s: %w", m.ID, err))
	}
	out := Outgoing{ID: m.ID, Channel: m.Channel, To: letter.To, Subject: letter.Subject, Text: letter.Text}
	for _, f := range m.Files {
		data, err := a.fileBytes(ctx, f.Hash)
		if err != nil {
			return fmt.Errorf("read file %s of message %s: %w", f.Hash, m.ID, err)
		}
		out.Files = append(out.Files, OutgoingFile{Name: f.Name, Type: f.Type, Data: data})
	}
	ref, err := sender.Send(ctx, out)
	switch {
	case err == nil:
		return a.settleMessage(ctx, m, notice.MessageSent, notice.Outcome{Tries: j.Attempts, Ref: ref})
	case fault.KindOf(err) == fault.Invalid:
		return a.settleMessage(ctx, m, notice.MessageFailed, notice.Outcome{Tries: j.Attempts, Reason: fault.As(err).Key})
	case j.Attempts >= messageTries:
		return a.settleMessage(ctx, m, notice.MessageFailed, notice.Outcome{Tries: j.Attempts, Reason: "message.gave_up"})
	}
	return err
}

// settleMessage records the outcome of a delivery. Of a message that will not
// arrive the officer who took the dossier in is told: he can call.
func (a *App) settleMessage(ctx context.Context, m notice.Message, event string, o notice.Outcome) error {
	bell := store.NoticeRoot(newID())
	w := store.Write{
		Actor: by(access.System("message")), Body: o,
		Roots: []store.Root{store.DossierRoot(m.Dossier), store.MessageRoot(m.ID), bell},
	}
	_, err := store.Do(ctx, a.store, w, func(v *store.View) (string, error) {
		now, ok := store.Load[notice.Message](v, store.MessageRoot(m.ID))
		if !ok || !now.Waiting() {
			return "", nil
		}
		out := o
		out.At = v.Now()
		if _, err := store.Record[notice.Message](v, store.MessageRoot(m.ID), event, 1, "", out); err != nil {
			return "", err
		}
		if event != notice.MessageFailed {
			return event, nil
		}
		d, _ := store.Load[dossier.Dossier](v, store.DossierRoot(m.Dossier))
		return event, post(v, bell, notice.Notice{Topic: notice.Undelivered, Code: m.Code, To: notice.To(d.Officer)})
	})
	return err
}

// OutboxQuery asks for one page of the outbox.
type OutboxQuery struct {
	State  notice.State // empty = all
	Cursor string
}

// OutboxPage is the outbox (thư đi) as the administration sees it: nothing of
// what the messages say, and addresses masked.
type OutboxPage struct {
	Channels []ChannelRow
	Counts   map[notice.State]int
	Rows     []OutboxRow
	Next     string
}

// ChannelRow says whether a channel is set up, and what stands at its other end.
type ChannelRow struct {
	Channel notice.Channel
	On      bool
	Name    string
}

// OutboxRow is one message.
type OutboxRow struct {
	notice.Message
	UnitName string
	CanRetry bool
	CanOpen  bool // the files that go with it: they name the applicant
}

// Outbox lists messages, the newest first: all of them for whoever looks after
// the whole centre, else those of the actor's unit.
func (a *App) Outbox(ctx context.Context, who access.Actor, q OutboxQuery) (OutboxPage, error) {
	unit, err := outboxOf(who)
	if err != nil {
		return OutboxPage{}, err
	}
	var page OutboxPage
	for _, c := range notice.Channels() {
		row := ChannelRow{Channel: c}
		if s := a.senders[c]; s != nil {
			row.On, row.Name = true, s.Name()
		}
		page.Channels = append(page.Channels, row)
	}
	if page.Counts, err = a.store.CountMessages(ctx, unit); err != nil {
		return page, err
	}
	after, err := store.ParseCursor(q.Cursor)
	if err != nil {
		return page, err
	}
	list, next, err := a.store.Messages(ctx, store.MessageQuery{Unit: unit, State: q.State}, after, pageSize)
	if err != nil {
		return page, err
	}
	page.Next = next.String()
	dir, today := a.directory.Load(), civil.DateOf(a.clock())
	for _, m := range list {
		_, _, refused := m.Retry(a.clock())
		page.Rows = append(page.Rows, OutboxRow{
			Message: m, UnitName: dir.unitName(m.Unit, today), CanRetry: refused == nil, CanOpen: access.May(who, access.PrintSlip, m.Unit),
		})
	}
	return page, nil
}

// outboxOf is the unit whose messages an actor sees; empty for all.
func outboxOf(who access.Actor) (string, error) {
	switch {
	case access.May(who, access.ReadOutbox):
		return "", nil
	case who.Unit != "" && access.May(who, access.ReadOutbox, who.Unit):
		return who.Unit, nil
	}
	return "", denied()
}

// RetryMessage puts a message that failed or was held into the outbox again.
func (a *App) RetryMessage(ctx context.Context, who access.Actor, actionID, id string) error {
	unit, err := outboxOf(who)
	if err != nil {
		return err
	}
	root := store.MessageRoot(id)
	seen, err := store.Get[notice.Message](ctx, a.store, root)
	if err != nil || unit != "" && seen.Unit != unit {
		return fault.New(fault.NotFound, "message.unknown", nil)
	}
	w := store.Write{Actor: by(who), Action: actionID, Body: id, Roots: []store.Root{root}}
	_, err = store.Do(ctx, a.store, w, func(v *store.View) (string, error) {
		m, ok := store.Load[notice.Message](v, root)
		if !ok {
			return "", fault.New(fault.NotFound, "message.unknown", nil)
		}
		event, o, err := m.Retry(v.Now())
		if err != nil {
			return "", err
		}
		if _, err := store.Record[notice.Message](v, root, event, 1, "", o); err != nil {
			return "", err
		}
		v.Enqueue(delivery(m))
		return m.ID, nil
	})
	return err
}

// MessagesOf lists what the applicant of a dossier was told, the newest first.
func (a *App) MessagesOf(ctx context.Context, who access.Actor, code string) ([]notice.Message, error) {
	d, err := a.readable(ctx, who, code)
	if err != nil {
		return nil, err
	}
	list, _, err := a.store.Messages(ctx, store.MessageQuery{Dossier: d.ID}, store.Cursor{}, pageSize)
	return list, err
}
