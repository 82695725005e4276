package notice

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/motcua/motcua/internal/core/fault"
)

// Matter is why an applicant is written to. The sentences are under "message."
// and the matter.
type Matter string

// The matters of messages.
const (
	ResultEarly       Matter = "resultEarly"       // có kết quả trước hạn
	ResultReady       Matter = "resultReady"       // có kết quả
	DueLater          Matter = "dueLater"          // ngày hẹn lùi do lịch làm việc thay đổi
	SupplementAsked   Matter = "supplementAsked"   // yêu cầu bổ sung
	SupplementBy      Matter = "supplementBy"      // yêu cầu bổ sung, trả lời trước một ngày
	SupplementRemind  Matter = "supplementRemind"  // nhắc bổ sung
	SupplementExpired Matter = "supplementExpired" // hết hạn bổ sung
	ObligationTold    Matter = "obligationTold"    // thông báo nghĩa vụ tài chính
	Apology           Matter = "apology"           // xin lỗi và hẹn lại
	Uncollected       Matter = "uncollected"       // nhắc nhận kết quả
	ReceptionRefused  Matter = "receptionRefused"  // từ chối tiếp nhận
	HandlingStopped   Matter = "handlingStopped"   // dừng giải quyết
)

// Matters lists every matter.
func Matters() []Matter {
	return []Matter{ResultEarly, ResultReady, DueLater, SupplementAsked, SupplementBy, SupplementRemind, SupplementExpired, ObligationTold, Apology, Uncollected, ReceptionRefused, HandlingStopped}
}

// Key is the message key of the matter's name, as lists show it.
func (m Matter) Key() string { return "message.matter." + string(m) }

// Text is the message key of what the applicant reads.
func (m Matter) Text() string { return "message.text." + string(m) }

// Channel is the way by which a message leaves (kênh gửi).
type Channel string

// The channels. NoChannel marks an applicant who left neither phone nor e-mail:
// somebody has to tell him when he comes or calls.
const (
	SMS       Channel = "sms"   // tin nhắn
	Email     Channel = "email" // thư điện tử
	NoChannel Channel = "none"  // không có địa chỉ liên hệ
)

// Channels lists the channels that a message can leave by.
func Channels() []Channel { return []Channel{SMS, Email} }

// Key is the message key of the channel's name.
func (c Channel) Key() string { return "message.channel." + string(c) }

// State is how far a message is on its way.
type State string

// The states. A message is Queued until it is Sent, given up as Failed, or Held
// because its channel is not set up; each can be queued again by a person.
const (
	Queued State = "queued" // chờ gửi
	Sent   State = "sent"   // đã gửi
	Failed State = "failed" // không gửi được
	Held   State = "held"   // tạm giữ
)

// States lists the states in the order in which pages show them.
func States() []State { return []State{Queued, Failed, Held, Sent} }

// Key is the message key of the state's name.
func (s State) Key() string { return "message.state." + string(s) }

// Message is one message to an applicant (tin báo), from the transaction that
// gave rise to it to its delivery. Address and text are sealed under the
// dossier's key; what stands in clear names nobody.
type Message struct {
	ID      string    `json:"id"`
	Matter  Matter    `json:"matter"`
	Dossier string    `json:"dossier"` // id of the dossier, whose key seals it
	Code    string    `json:"code"`    // as people know the dossier
	Unit    string    `json:"unit"`    // unit whose officers follow it up
	Channel Channel   `json:"channel"`
	Masked  string    `json:"masked,omitempty"` // address as pages show it
	Sealed  []byte    `json:"sealed"`           // a Letter
	Files   []File    `json:"files,omitempty"`  // that go with it
	At      time.Time `json:"at"`

	State  State     `json:"state"`
	Since  time.Time `json:"since"`         // when the state began
	Ref    string    `json:"ref,omitempty"` // what the outside calls it
	Tries  int       `json:"tries,omitempty"`
	Reason string    `json:"reason,omitempty"` // why it failed or is held: a message key
}

// File is a signed document of the dossier that goes with a message (tệp đính
// kèm). Its name holds the dossier's code and nobody's name.
type File struct {
	Hash string `json:"hash"`
	Name string `json:"name"`
	Type string `json:"type"`
	Size int64  `json:"size"`
	Form string `json:"form"` // of which slip: a form of core/ruleset
}

// Letter is the sealed part of a message.
type Letter struct {
	To      string `json:"to"`
	Subject string `json:"subject,omitempty"`
	Text    string `json:"text"`
}

// The events of a message's stream.
const (
	MessageQueued   = "message.queued"
	MessageSent     = "message.sent"
	MessageFailed   = "message.failed"
	MessageHeld     = "message.held"
	MessageRequeued = "message.requeued"
)

// Outcome is the payload of every event after the first.
type Outcome struct {
	At     time.Time `json:"at"`
	Ref    string    `json:"ref,omitempty"`
	Tries  int       `json:"tries,omitempty"`
	Reason string    `json:"reason,omitempty"`
}

var afterEvent = map[string]State{
	MessageSent: Sent, MessageFailed: Failed, MessageHeld: Held, MessageRequeued: Queued,
}

// ApplyMessage folds one event of a message's stream.
func ApplyMessage(m Message, eventType string, payload []byte) (Message, error) {
	if eventType == MessageQueued {
		err := json.Unmarshal(payload, &m)
		return m, err
	}
	state, known := afterEvent[eventType]
	if !known {
		return m, fmt.Errorf("event %s of a message is unknown to this release", eventType)
	}
	var o Outcome
	if err := json.Unmarshal(payload, &o); err != nil {
		return m, err
	}
	m.State, m.Since, m.Ref, m.Reason = state, o.At, o.Ref, o.Reason
	if o.Tries > 0 {
		m.Tries = o.Tries
	}
	return m, nil
}

// Waiting reports whether the message is still to be delivered; a repeated
// attempt finds that it is not.
func (m Message) Waiting() bool { return m.State == Queued }

// Retry answers a person's wish to send a message again. It fails with
// fault.Conflict while the message is on its way or has arrived.
func (m Message) Retry(now time.Time) (eventType string, payload Outcome, err error) {
	if m.State != Failed && m.State != Held || m.Channel == NoChannel {
		return "", Outcome{}, fault.New(fault.Conflict, "message.no_retry", fault.Args{"code": m.Code})
	}
	return MessageRequeued, Outcome{At: now}, nil
}
