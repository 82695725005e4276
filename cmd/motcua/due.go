package main

import (
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/alecthomas/kong"

	"github.com/motcua/motcua/internal/civildata"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/core/ruleset"
	"github.com/motcua/motcua/internal/i18n"
)

// dueCmd computes a promised day and says why.
type dueCmd struct {
	Received   string   `required:"" placeholder:"INSTANT" help:"Lúc tiếp nhận, ví dụ 2026-11-23T09:00; không ghi múi giờ là giờ Việt Nam."`
	Limit      dueLimit `required:"" placeholder:"LIMIT" help:"Thời hạn: “5 ngày làm việc”, “8 giờ làm việc”, “20 ngày”, “24 giờ”, “6 tháng”, “trả ngay”, “trong ngày”."`
	Supplement []string `sep:"none" placeholder:"FROM..TO" help:"Một lần chờ bổ sung: lúc yêu cầu..lúc nhận, theo ngày hoặc thời điểm; bỏ trống vế sau nếu còn chờ. Ghi được nhiều lần."`
	Policy     string   `placeholder:"restart|pause" help:"Khi bổ sung: restart tính lại từ đầu, pause tạm dừng. Mặc định theo bộ quy định."`
	Rules      string   `placeholder:"NAME" help:"Bộ quy định: nd61, nd107, nd118, nd309. Mặc định là bộ có hiệu lực khi tiếp nhận."`
	Calendar   string   `placeholder:"FILE" help:"Tệp ngày nghỉ theo mẫu holidays.json. Mặc định là các năm có sẵn."`
	Hours      string   `placeholder:"HOURS" help:"Giờ làm việc, ví dụ 07:30-11:30,13:30-17:00."`
	Saturday   string   `placeholder:"HOURS" help:"Giờ tiếp nhận sáng Thứ Bảy; ngày này không tính vào thời hạn."`
	Cutoff     string   `placeholder:"HH:MM" help:"Giờ riêng của thủ tục trả trong ngày; nhận sau giờ này thì trả ngày làm việc sau."`
	Arrived    string   `placeholder:"INSTANT" help:"Lúc cơ quan có thẩm quyền nhận được hồ sơ nộp ở nơi khác; thời hạn tính từ lúc này."`
	Elsewhere  bool     `help:"Hồ sơ nộp ở nơi khác và cơ quan có thẩm quyền chưa nhận được."`
	JSON       bool     `help:"In một tài liệu JSON."`
}

// dueLimit takes "-1 ngày" for a value, so that the refusal can say what is
// wrong with it.
type dueLimit string

// Decode implements kong.MapperValue.
func (l *dueLimit) Decode(ctx *kong.DecodeContext) error {
	token := ctx.Scan.Pop()
	if token.IsEOL() {
		return fmt.Errorf("expected a time limit")
	}
	*l = dueLimit(token.String())
	return nil
}

// Run implements the command.
func (c *dueCmd) Run(std *stdio) error {
	cal, err := c.calendar()
	if err != nil {
		return err
	}
	in, rules, err := c.input(cal)
	if err != nil {
		return err
	}
	d, err := civil.Due(cal, in)
	if err != nil {
		return err
	}
	explanation := strings.Join(i18n.Default().Lines(std.lang, d.Lines()), "\n")
	if c.JSON {
		return std.document(newDueDocument(std.lang, d, rules, explanation))
	}
	fmt.Fprintln(std.out, explanation)
	return nil
}

// calendar is the built-in one, or that of the file, with the hours asked for.
func (c *dueCmd) calendar() (*civil.Calendar, error) {
	cal := civildata.Default()
	if c.Calendar != "" {
		text, err := readFile(c.Calendar)
		if err != nil {
			return nil, err
		}
		years, err := civil.ParseHolidays(text)
		if err != nil {
			return nil, err
		}
		years.Week, years.Hours = civil.DefaultWeek(), civil.DefaultHours()
		if cal, err = civil.NewCalendar(years); err != nil {
			return nil, err
		}
	}
	var own civil.Own
	var err error
	if c.Hours != "" {
		if own.Hours, err = civil.ParseHours(c.Hours); err != nil {
			return nil, err
		}
	}
	if c.Saturday != "" {
		saturday, err := civil.ParseInterval(c.Saturday)
		if err != nil {
			return nil, err
		}
		own.Saturday = &saturday
	}
	return cal.Derive(own)
}

// maxCalendarFile keeps a wrong path, such as that of a video, out of memory.
const maxCalendarFile = 16 << 20

func readFile(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fault.Wrap(err, fault.NotFound, "command.file_unreadable", fault.Args{"path": path})
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxCalendarFile))
	if err != nil {
		return nil, fault.Wrap(err, fault.NotFound, "command.file_unreadable", fault.Args{"path": path})
	}
	return text, nil
}

// input reads what the promise depends on, and the rules that it is counted by.
func (c *dueCmd) input(cal *civil.Calendar) (civil.DueInput, ruleset.Set, error) {
	var in civil.DueInput
	limit, limitErr := civil.ParseLimit(string(c.Limit))
	received, receivedErr := dayOrInstant(cal, c.Received, time.Time{})
	if err := fault.Join(fault.As(receivedErr), fault.As(limitErr)); err != nil {
		return in, ruleset.Set{}, err
	}
	rules, err := c.rules(civil.DateOf(received))
	if err != nil {
		return in, rules, err
	}
	in = civil.DueInput{ReceivedAt: received, Limit: limit, Policy: rules.Policy, EndOfDay: rules.EndOfDay, Elsewhere: c.Elsewhere || c.Arrived != ""}
	if c.Policy != "" {
		in.Policy = civil.Policy(c.Policy)
	}
	if c.Cutoff != "" {
		if in.SameDayCutoff, err = civil.ParseTimeOfDay(c.Cutoff); err != nil {
			return in, rules, err
		}
	}
	if c.Arrived != "" {
		arrived, err := dayOrInstant(cal, c.Arrived, received)
		if err != nil {
			return in, rules, err
		}
		in.ArrivedAt = &arrived
	}
	in.Stops, err = supplements(cal, c.Supplement, received)
	return in, rules, err
}

func (c *dueCmd) rules(received civil.Date) (ruleset.Set, error) {
	if c.Rules != "" {
		return ruleset.ByName(strings.ToLower(c.Rules))
	}
	return ruleset.On(received)
}

// supplements reads FROM..TO, in the order in which they happened.
func supplements(cal *civil.Calendar, texts []string, after time.Time) ([]civil.Stop, error) {
	var all []civil.Stop
	for i, text := range texts {
		field := "supplement." + strconv.Itoa(i)
		asked, supplied, ok := strings.Cut(text, "..")
		if !ok {
			return nil, fault.Field(field, "civil.supplement_form", fault.Args{"text": text})
		}
		s := civil.Stop{Kind: civil.StopSupplement}
		var err error
		if s.FromAt, err = dayOrInstant(cal, asked, after); err != nil {
			return nil, err
		}
		after = s.FromAt
		if strings.TrimSpace(supplied) != "" {
			if s.ToAt, err = dayOrInstant(cal, supplied, after); err != nil {
				return nil, err
			}
			after = s.ToAt
		}
		all = append(all, s)
	}
	return all, nil
}

// dayOrInstant reads an instant, or a day, which means its opening time; on the
// day of what went before it means that moment at the earliest.
func dayOrInstant(cal *civil.Calendar, text string, after time.Time) (time.Time, error) {
	day, err := civil.ParseDate(strings.TrimSpace(text))
	if err != nil {
		return civil.ParseInstant(text)
	}
	at := cal.Opening(day)
	if day == civil.DateOf(after) && at.Before(after) {
		at = after
	}
	return at, nil
}

// dueDocument is the answer of --json.
type dueDocument struct {
	ReceivedAt  time.Time    `json:"receivedAt"`
	ArrivedAt   *time.Time   `json:"arrivedAt,omitempty"`
	StartAt     *time.Time   `json:"startAt"`
	Limit       civil.Limit  `json:"limit"`
	Rules       string       `json:"rules"`
	Policy      civil.Policy `json:"policy"`
	DueOn       civil.Date   `json:"dueOn"`
	DueAt       *time.Time   `json:"dueAt"`
	Provisional bool         `json:"provisional,omitempty"`
	Waits       civil.Wait   `json:"waits,omitempty"`
	Reason      string       `json:"reason,omitempty"` // why there is no due day
	Segments    []dueSegment `json:"segments"`
	Explanation string       `json:"explanation"`
}

type dueSegment struct {
	StartAt   time.Time    `json:"startAt"`
	Limit     civil.Limit  `json:"limit"`
	Restarted bool         `json:"restarted,omitempty"`
	Used      int          `json:"used,omitempty"` // before the pause: days, or minutes of limits in hours
	Counted   []civil.Date `json:"counted"`
	Skipped   []dueSkipped `json:"skipped"`
	DueOn     civil.Date   `json:"dueOn"`
	DueAt     time.Time    `json:"dueAt"`
}

type dueSkipped struct {
	Date   civil.Date `json:"date"`
	Reason string     `json:"reason"`
}

func newDueDocument(lang string, d civil.Derivation, rules ruleset.Set, explanation string) dueDocument {
	doc := dueDocument{
		ReceivedAt: d.ReceivedAt, ArrivedAt: optional(d.ArrivedAt), StartAt: optional(d.StartAt), Limit: d.Limit,
		Rules: rules.Name, Policy: d.Policy, DueOn: d.DueOn, DueAt: optional(d.DueAt),
		Provisional: d.Provisional, Waits: d.Waits, Segments: []dueSegment{}, Explanation: explanation,
	}
	words := i18n.Default()
	if line, ok := d.WaitLine(); ok {
		doc.Reason = words.Line(lang, line)
	}
	for _, s := range d.Segments {
		seg := dueSegment{
			StartAt: s.StartAt, Limit: s.Limit, Restarted: s.Restarted, Used: s.Used,
			Counted: s.Counted, Skipped: []dueSkipped{}, DueOn: s.DueOn, DueAt: s.DueAt,
		}
		for _, day := range s.Skipped {
			seg.Skipped = append(seg.Skipped, dueSkipped{Date: day.Date, Reason: words.Line(lang, day.Line())})
		}
		doc.Segments = append(doc.Segments, seg)
	}
	return doc
}

func optional(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}
