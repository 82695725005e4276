// Package notice is what the program tells people of its own accord: notices to
// officers (thông báo), which stay in the house, and messages to applicants
// (tin báo), which leave it over a channel. Neither decides anything: a rule
// elsewhere says that somebody has to be told, and this is the record of it.
//
// A notice holds a message key and arguments, never a sentence, and nothing that
// concerns a person; what a message says to an applicant is sealed.
package notice

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Topic is what a notice to officers is about. The sentence is under
// "notice." and the topic.
type Topic string

// The topics of notices.
const (
	DueSoon       Topic = "dueSoon"          // sắp đến hạn
	DueToday      Topic = "dueToday"         // đến hạn hôm nay
	Unexcused     Topic = "overdueUnexcused" // quá hạn mà chưa xin lỗi
	ApologyWanted Topic = "apologyWanted"    // cần thông báo và xin lỗi
	ApologyBroken Topic = "apologyBroken"    // quá ngày hẹn lại
	ApologySigned Topic = "apologySigned"    // cơ quan đã ký văn bản xin lỗi
	Undelivered   Topic = "undelivered"      // không gửi được tin cho người nộp
	CallApplicant Topic = "callApplicant"    // kết quả chưa có người nhận, cần gọi điện
	CalendarDone  Topic = "calendarDone"     // đã tính lại hạn theo lịch mới
)

// Topics lists every topic.
func Topics() []Topic {
	return []Topic{DueSoon, DueToday, Unexcused, ApologyWanted, ApologyBroken, ApologySigned, Undelivered, CallApplicant, CalendarDone}
}

// Key is the message key of the topic's sentence.
func (t Topic) Key() string { return "notice." + string(t) }

// Notice is one thing told to one or more officers.
type Notice struct {
	ID    string            `json:"id"`
	Topic Topic             `json:"topic"`
	Code  string            `json:"code,omitempty"` // dossier that it is about
	Args  map[string]string `json:"args,omitempty"` // of the sentence; no personal data
	At    time.Time         `json:"at"`
	To    []Reader          `json:"to"`
}

// Reader is one officer who was told, and when he read it.
type Reader struct {
	Staff  string     `json:"staff"`
	ReadAt *time.Time `json:"readAt,omitempty"`
}

// The events of a notice's stream.
const (
	Posted = "notice.posted"
	Read   = "notice.read"
)

// Seen is the payload of Read.
type Seen struct {
	Staff string    `json:"staff"`
	At    time.Time `json:"at"`
}

// To makes the readers of a notice, each once. Jobs and tokens, whose ids have a
// colon, read nothing.
func To(staff ...string) []Reader {
	var all []Reader
	for _, id := range staff {
		if id != "" && !strings.Contains(id, ":") && !slices.ContainsFunc(all, func(r Reader) bool { return r.Staff == id }) {
			all = append(all, Reader{Staff: id})
		}
	}
	return all
}

// Unread reports whether an officer was told and has not read it.
func (n Notice) Unread(staff string) bool {
	return slices.ContainsFunc(n.To, func(r Reader) bool { return r.Staff == staff && r.ReadAt == nil })
}

// Apply folds one event of a notice's stream.
func Apply(n Notice, eventType string, payload []byte) (Notice, error) {
	switch eventType {
	case Posted:
		err := json.Unmarshal(payload, &n)
		return n, err
	case Read:
		var seen Seen
		if err := json.Unmarshal(payload, &seen); err != nil {
			return n, err
		}
		n.To = slices.Clone(n.To)
		for i := range n.To {
			if n.To[i].Staff == seen.Staff && n.To[i].ReadAt == nil {
				n.To[i].ReadAt = &seen.At
			}
		}
		return n, nil
	}
	return n, fmt.Errorf("event %s of a notice is unknown to this release", eventType)
}
