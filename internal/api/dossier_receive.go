package api

import (
	"context"
	"net/http"

	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/dossier"
)

// Reception is a dossier as it is handed in.
type Reception struct {
	Act           string    `json:"act,omitempty" enum:"receive,register,guide,refuse-reception"`
	Procedure     string    `json:"procedure"`
	Case          string    `json:"case,omitempty"`
	Channel       string    `json:"channel" enum:"direct,online,post"`
	Unit          string    `json:"unit,omitempty"`
	Owner         Person    `json:"owner"`
	Submitter     *Person   `json:"submitter,omitempty"`
	Papers        []PaperIn `json:"papers,omitempty"`
	Sets          int       `json:"sets,omitempty"`
	Subject       string    `json:"subject,omitempty"`
	ReturnChannel string    `json:"returnChannel,omitempty" enum:"counter,post,electronic"`
	FeeLines      []string  `json:"feeLines,omitempty"`
	Payment       *Payment  `json:"payment,omitempty"`
	AtOnce        bool      `json:"atOnce,omitempty"`
	ReceivedAt    string    `json:"receivedAt,omitempty"`
	LateSlip      string    `json:"lateSlip,omitempty"`
	Reason        string    `json:"reason,omitempty"`
	LegalGround   string    `json:"legalGround,omitempty"`
	Items         []string  `json:"items,omitempty"`
	Confirmed     *bool     `json:"confirmed,omitempty"`
}

// Received answers a reception.
type Received struct {
	Code string `json:"code"`
	Status
	Version int64 `json:"version"`
	Promise
	Fee            Fee    `json:"fee"`
	TrackingSecret string `json:"trackingSecret"`
	ReceiptURL     string `json:"receiptUrl,omitempty"`
}

func (s *server) receptions() {
	register(s, created(s.operation("receiveDossier", http.MethodPost, "/dossiers", "dossiers")), s.receive)
}

type receiveIn struct {
	Repeatable
	Body Reception
}

func (s *server) receive(ctx context.Context, in *receiveIn) (*answer[Received], error) {
	who := actor(ctx)
	b := in.Body
	receivedAt, err := moment("receivedAt", b.ReceivedAt)
	if err != nil {
		return nil, s.fail(ctx, err)
	}
	form := app.ReceptionForm{
		ActionID: in.Key, Act: begins(who, b), Procedure: b.Procedure, Case: b.Case, Channel: dossier.Channel(b.Channel), Unit: b.Unit,
		ReturnChannel: returnChannel(b.ReturnChannel), Owner: *b.Owner.form(), Submitter: b.Submitter.form(), Papers: paperForms(b.Papers),
		Sets: b.Sets, Subject: b.Subject, FeeLines: b.FeeLines, Payment: b.Payment.of(), AtOnce: b.AtOnce, ReceivedAt: receivedAt,
		LateSlip: b.LateSlip, Reason: b.Reason, LegalGround: b.LegalGround, Items: b.Items,
		// A program that says nothing has decided already; an officer's program
		// that wants the warning sends confirmed: false first.
		Confirmed: b.Confirmed == nil || *b.Confirmed,
	}
	got, err := s.app.ReceiveDossier(ctx, who, form)
	if err != nil {
		return nil, s.fail(ctx, err)
	}
	d := got.Dossier
	out := Received{
		Code: d.Name(), Status: s.status(ctx, d.Status), Version: d.Version, Promise: s.promise(ctx, d), Fee: feeOf(d.Fee), TrackingSecret: got.Secret,
	}
	if d.Received() {
		out.ReceiptURL = receiptURL(d)
	}
	return &answer[Received]{out}, nil
}

func receiptURL(d dossier.Dossier) string {
	return Prefix + "/dossiers/" + d.Name() + "/slips/receipt.pdf"
}

// begins is the act by which a dossier begins. What a partner sends in from
// online is registered, and an officer accepts it; an officer's own online entry
// is received.
func begins(who access.Actor, b Reception) dossier.Act {
	switch {
	case b.Act != "":
		return dossier.Act(b.Act)
	case dossier.Channel(b.Channel) == dossier.Online && who.Is(access.Partner):
		return dossier.Register
	}
	return dossier.Receive
}

// returnChannel is the counter unless something else is asked for.
func returnChannel(text string) dossier.ReturnChannel {
	if text == "" {
		return dossier.ReturnCounter
	}
	return dossier.ReturnChannel(text)
}
