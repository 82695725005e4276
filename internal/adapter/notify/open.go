package notify

import (
	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/core/notice"
)

// Channels are the settings of everything that messages leave by. What is empty is
// not set up: its messages are held, and the outbox says so.
type Channels struct {
	Mail MailSettings
	SMS  string // file that describes the gateway; see GatewaySettings
	Key  string // its secret
}

// Open makes the senders that are set up.
func Open(c Channels) (map[notice.Channel]app.Sender, error) {
	senders := map[notice.Channel]app.Sender{}
	if c.Mail.Server != "" {
		m, err := NewMail(c.Mail)
		if err != nil {
			return nil, err
		}
		senders[notice.Email] = m
	}
	if c.SMS != "" {
		s, err := ReadGateway(c.SMS)
		if err != nil {
			return nil, err
		}
		g, err := NewGateway(s, c.Key, nil)
		if err != nil {
			return nil, err
		}
		senders[notice.SMS] = g
	}
	return senders, nil
}
