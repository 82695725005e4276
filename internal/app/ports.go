package app

import (
	"context"

	"github.com/motcua/motcua/internal/core/notice"
)

// Sender delivers messages to applicants over one channel (cổng gửi tin). What is
// not set up has no Sender: its messages are held and say so.
type Sender interface {
	// Name is what the administration calls the channel's other end.
	Name() string
	// Send hands one message to the outside and returns what the outside calls
	// it. Send may be called again with the same ID after an unknown outcome:
	// the other end then delivers once.
	//
	// It fails with fault.Invalid when the message can never be delivered, such
	// as to a number that does not exist; any other error is tried again.
	Send(ctx context.Context, m Outgoing) (ref string, err error)
}

// Outgoing is a message as it leaves.
type Outgoing struct {
	ID      string // the same for every try
	Channel notice.Channel
	To      string // phone or e-mail address, in full
	Subject string // of an e-mail
	Text    string
}
