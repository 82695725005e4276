package web

import (
	"net/http"
	"time"

	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/dossier"
	"github.com/motcua/motcua/internal/core/notice"
)

// partsBody says who works on a dossier: open tasks, opinions that were asked
// for, records of verification, and the time that each agency took.
type partsBody struct {
	Tasks    []taskLine
	Opinions []opinionLine
	Records  []recordLine
	Times    []timeLine
}

type taskLine struct {
	dossier.Task
	Lead    bool // of the competent agency
	Overdue bool
}

type opinionLine struct {
	dossier.Consulted
	Tone, Icon, Key string
	At              time.Time
	Links           []fileLink
}

type recordLine struct {
	dossier.Record
	Links []fileLink
}

// timeLine is the working time of one agency, in hours and minutes.
type timeLine struct {
	dossier.UnitTime
	HeldFor, AllowedFor, OverFor spent
}

type spent struct{ H, M int }

func minutes(n int) spent { return spent{n / 60, n % 60} }

func partsOf(v app.DossierView, now time.Time) *partsBody {
	b := &partsBody{}
	for _, t := range v.Tasks {
		b.Tasks = append(b.Tasks, taskLine{Task: t, Lead: t.Unit == v.Agency, Overdue: !t.DueAt.IsZero() && t.DueAt.Before(now)})
	}
	for _, c := range v.Consulted {
		b.Opinions = append(b.Opinions, opinionOf(v.Name(), c, now))
	}
	for _, r := range v.Records {
		b.Records = append(b.Records, recordLine{Record: r, Links: fileLinks(v.Name(), r.Files)})
	}
	for _, t := range v.Times {
		b.Times = append(b.Times, timeLine{UnitTime: t, HeldFor: minutes(t.Held), AllowedFor: minutes(t.Allowed), OverFor: minutes(t.Over)})
	}
	return b
}

// opinionOf words what became of a question: an answer, noted silence, or still
// open, in time or not.
func opinionOf(code string, c dossier.Consulted, now time.Time) opinionLine {
	l := opinionLine{Consulted: c, Links: fileLinks(code, c.Files)}
	switch {
	case c.AnsweredAt != nil:
		l.Tone, l.Icon, l.Key, l.At = "ok", "check", "desk.opinion."+c.Outcome, *c.AnsweredAt
	case c.SilentAt != nil:
		l.Tone, l.Icon, l.Key, l.At = "late", "circle-x", "inbox.opinion.silent", *c.SilentAt
	case !c.DueAt.IsZero() && c.DueAt.Before(now):
		l.Tone, l.Icon, l.Key = "late", "circle-alert", "inbox.opinion.late"
	default:
		l.Tone, l.Icon, l.Key = "wait", "hourglass", "inbox.opinion.open"
	}
	return l
}

// messageLine is one message that left for the applicant.
type messageLine struct {
	notice.Message
	Tone, Icon string
}

func (s *Server) messageLines(r *http.Request, who access.Actor, code string) ([]messageLine, error) {
	list, err := s.app.MessagesOf(r.Context(), who, code)
	if err != nil {
		return nil, err
	}
	var out []messageLine
	for _, m := range list {
		l := messageLine{Message: m}
		l.Tone, l.Icon = messageLook(m.State)
		out = append(out, l)
	}
	return out, nil
}
