package web

import (
	"github.com/motcua/motcua/internal/app"
	"time"

	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/dossier"
)

// duePill is the due label of a dossier (nhãn thời hạn): always an icon and a
// word besides the colour, so that nobody has to see red to know.
type duePill struct {
	Tone string // ok, warn, late, wait or done
	Icon string
	Key  string // message key; {n} is N
	N    int
	// Elapsed is the share of the limit that has passed, 0 to 100; -1 shows no bar.
	Elapsed int
}

// pillOf says how a dossier stands against its promise at an instant. It only
// words the facts; whether a dossier is overdue is decided by the same
// comparison as in the core (civil.Judge).
func pillOf(f app.DueFacts, now time.Time) duePill {
	switch {
	case f.Status == dossier.SupplementRequired:
		return duePill{Tone: "wait", Icon: "pause", Key: "desk.due.waits_supplement", Elapsed: -1}
	case f.Status == dossier.FinancialObligation:
		return duePill{Tone: "wait", Icon: "pause", Key: "desk.due.waits_obligation", Elapsed: -1}
	case f.DueAt.IsZero():
		return duePill{Tone: "wait", Icon: "clock", Key: "desk.due.none", Elapsed: -1}
	case f.FinishedAt != nil:
		return finishedPill(f)
	case f.Status.Ended():
		return duePill{Tone: "wait", Icon: "circle-check", Key: "desk.due.ended", Elapsed: -1}
	}
	p := openPill(f, now)
	p.Elapsed = elapsed(f.StartAt, f.DueAt, now)
	return p
}

func openPill(f app.DueFacts, now time.Time) duePill {
	days := civil.DateOf(f.DueAt).Sub(civil.DateOf(now))
	late := civil.Judge(limitLike(f), f.DueAt, now) == civil.Late
	switch {
	case late && days < 0:
		return duePill{Tone: "late", Icon: "circle-alert", Key: "desk.due.late_days", N: -days}
	case late:
		return duePill{Tone: "late", Icon: "circle-alert", Key: "desk.due.late_hours", N: hours(now.Sub(f.DueAt))}
	case days == 0 && f.ByHour:
		return duePill{Tone: "warn", Icon: "hourglass", Key: "desk.due.left_hours", N: hours(f.DueAt.Sub(now))}
	case days == 0:
		return duePill{Tone: "warn", Icon: "hourglass", Key: "desk.due.today"}
	case days <= app.SoonDays:
		return duePill{Tone: "warn", Icon: "hourglass", Key: "desk.due.left_days", N: days}
	}
	return duePill{Tone: "ok", Icon: "clock", Key: "desk.due.left_days", N: days}
}

// finishedPill judges a dossier whose work has ended.
func finishedPill(f app.DueFacts) duePill {
	return verdictPill(civil.Judge(limitLike(f), f.DueAt, *f.FinishedAt))
}

// verdictPill words a judgement: early, on time or late.
func verdictPill(v civil.Punctuality) duePill {
	p := duePill{Tone: "done", Icon: "circle-check", Elapsed: -1}
	switch v {
	case civil.Early:
		p.Key = "desk.due.done_early"
	case civil.OnTime:
		p.Key = "desk.due.done_on_time"
	default:
		p.Tone, p.Icon, p.Key = "late", "circle-alert", "desk.due.done_late"
	}
	return p
}

// limitLike carries to civil.Judge the one thing that it asks of a limit.
func limitLike(f app.DueFacts) civil.Limit {
	if f.ByHour {
		return civil.Limit{Unit: civil.WorkingHours}
	}
	return civil.Limit{Unit: civil.WorkingDays}
}

// hours counts begun hours, at least one.
func hours(d time.Duration) int { return max(1, int((d+time.Hour-1)/time.Hour)) }

func elapsed(start, due, now time.Time) int {
	whole := due.Sub(start)
	if start.IsZero() || whole <= 0 {
		return -1
	}
	return int(max(0, min(100, 100*now.Sub(start)/whole)))
}
