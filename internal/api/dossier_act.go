package api

import (
	"context"
	"net/http"

	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/core/dossier"
	"github.com/motcua/motcua/internal/core/fee"
)

// Act is one act on a dossier. Which parts an act reads is said at each; the
// dossier's acts tell what each must carry.
type Act struct {
	Act         string `json:"act" maxLength:"40"`
	Version     int64  `json:"version" minimum:"0"`
	Task        string `json:"task,omitempty" maxLength:"60"`
	Reason      string `json:"reason,omitempty"`
	LegalGround string `json:"legalGround,omitempty"`
	Document    string `json:"document,omitempty"`

	Staff      string    `json:"staff,omitempty" maxLength:"60"`
	Items      []string  `json:"items,omitempty"`
	Leader     string    `json:"leader,omitempty"`
	DueOn      string    `json:"dueOn,omitempty"`
	Papers     []PaperIn `json:"papers,omitempty"`
	Files      []string  `json:"files,omitempty"`
	Paper      string    `json:"paper,omitempty" maxLength:"60"`
	Outcome    string    `json:"outcome,omitempty" maxLength:"40"`
	Title      string    `json:"title,omitempty"`
	Receipt    string    `json:"receipt,omitempty"`
	Method     string    `json:"method,omitempty"`
	Amount     int64     `json:"amount,omitempty"`
	Receiver   string    `json:"receiver,omitempty"`
	Checked    string    `json:"checked,omitempty"`
	Proxy      bool      `json:"proxy,omitempty"`
	Owner      *Person   `json:"owner,omitempty"`
	Subject    *string   `json:"subject,omitempty"`
	Sets       int       `json:"sets,omitempty"`
	SuppliedAt string    `json:"suppliedAt,omitempty"`
	Units      []string  `json:"units,omitempty"`
	StopClock  bool      `json:"stopClock,omitempty"`
	Verified   *Verified `json:"verified,omitempty"`
	HeldAt     string    `json:"heldAt,omitempty"`
	Second     bool      `json:"second,omitempty"`
	Step       string    `json:"step,omitempty" maxLength:"60"`

	FeeLines      []string `json:"feeLines,omitempty"`
	Payment       *Payment `json:"payment,omitempty"`
	AtOnce        bool     `json:"atOnce,omitempty"`
	ReturnChannel string   `json:"returnChannel,omitempty" enum:"counter,post,electronic"`
}

// Verified is what was found where a verification took place.
type Verified struct {
	Where        string   `json:"where"`
	Participants []string `json:"participants"`
	Content      string   `json:"content"`
}

type actIn struct {
	Repeatable
	Code string `path:"code" maxLength:"60"`
	Body Act
}

func (s *server) acts() {
	register(s, s.operation("actOnDossier", http.MethodPost, "/dossiers/{code}/acts", "dossiers"), s.act)
}

func (s *server) act(ctx context.Context, in *actIn) (*answer[Dossier], error) {
	if dossier.Act(in.Body.Act) == dossier.Accept {
		return s.accept(ctx, in)
	}
	req, err := in.input()
	if err != nil {
		return nil, s.fail(ctx, err)
	}
	d, err := s.app.Act(ctx, actor(ctx), req)
	return s.acted(ctx, d, err)
}

// acted answers an act with the dossier as the act left it.
func (s *server) acted(ctx context.Context, d dossier.Dossier, err error) (*answer[Dossier], error) {
	if err != nil {
		return nil, s.fail(ctx, err)
	}
	v, err := s.app.Acted(ctx, actor(ctx), d)
	if err != nil {
		return nil, s.fail(ctx, err)
	}
	return &answer[Dossier]{s.dossier(ctx, v)}, nil
}

// accept receives a dossier that was registered or guided: an act on it for the
// caller, a reception for the rules.
func (s *server) accept(ctx context.Context, in *actIn) (*answer[Dossier], error) {
	b := in.Body
	form := app.ReceptionForm{
		ActionID: in.Key, Act: dossier.Accept, Ref: in.Code, Version: b.Version, ReturnChannel: dossier.ReturnChannel(b.ReturnChannel),
		Papers: paperForms(b.Papers), Sets: b.Sets, FeeLines: b.FeeLines, Payment: b.Payment.of(), AtOnce: b.AtOnce, Reason: b.Reason, Confirmed: true,
	}
	if b.Subject != nil {
		form.Subject = *b.Subject
	}
	got, err := s.app.ReceiveDossier(ctx, actor(ctx), form)
	return s.acted(ctx, got.Dossier, err)
}

// input reads the act as the use case takes it.
func (in *actIn) input() (app.ActInput, error) {
	b := in.Body
	dueOn, dueErr := date("dueOn", b.DueOn)
	supplied, suppliedErr := moment("suppliedAt", b.SuppliedAt)
	held, heldErr := moment("heldAt", b.HeldAt)
	req := app.ActInput{
		ActionID: in.Key, Code: in.Code, FileRefs: b.Files, Papers: paperForms(b.Papers), Owner: b.Owner.form(), Subject: b.Subject,
		Input: dossier.Input{
			Act: dossier.Act(b.Act), Task: b.Task, Version: b.Version, Reason: b.Reason, LegalGround: b.LegalGround, Document: b.Document,
			Staff: b.Staff, Items: b.Items, Leader: b.Leader, DueOn: dueOn, Paper: b.Paper, Outcome: b.Outcome, Title: b.Title,
			Receipt: b.Receipt, Method: b.Method, Amount: fee.VND(b.Amount), Receiver: b.Receiver, Checked: b.Checked, Proxy: b.Proxy,
			Sets: b.Sets, SuppliedAt: supplied, Units: b.Units, StopClock: b.StopClock, HeldAt: held, Second: b.Second, Step: b.Step,
		},
	}
	if v := b.Verified; v != nil {
		req.Verified = &dossier.Verification{Where: v.Where, Participants: v.Participants, Content: v.Content}
	}
	return req, together(dueErr, suppliedErr, heldErr)
}
