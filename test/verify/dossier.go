package verify

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"sort"
	"strconv"
	"strings"
	"time"
)

// change is what this checker reads of a dossier's event.
type change struct {
	Status  int    `json:"status"`
	Code    string `json:"code"`
	Private []byte `json:"private"`
	Opening *struct {
		At     time.Time `json:"at"`
		System string    `json:"previousSystem"`
	} `json:"opening"`
	Fee *struct {
		Total     int64      `json:"total"`
		SettledAt *time.Time `json:"settledAt"`
	} `json:"fee"`
	Opened []task   `json:"opened"`
	Closed []string `json:"closed"`
	Held   *struct {
		Task  string `json:"task"`
		Staff string `json:"staff"`
	} `json:"held"`
	Seat *struct {
		Tasks []task `json:"tasks"`
	} `json:"seat"`
	Undone *struct {
		Before struct {
			Status int    `json:"status"`
			Tasks  []task `json:"tasks"`
		} `json:"before"`
	} `json:"undone"`
}

type task struct {
	ID     string `json:"id"`
	Unit   string `json:"unit"`
	Role   string `json:"role"`
	Holder string `json:"holder"`
}

// moves are the ways between the ten statuses that the law knows, 0 being
// before the dossier exists: from → to. An act that is taken back leads to the
// status before it and is no move.
var moves = map[int][]int{
	0: {1, 2, 3, 5},
	1: {2, 3, 6, 7},          // registered online
	2: {4, 5, 7, 8, 9, 10},   // received; decided on the spot it ends at once
	3: {},                    // not received
	4: {5, 6, 7, 8, 9},       // in process
	5: {2, 3, 4, 6, 7, 8},    // papers are asked for
	6: {1, 2, 3, 4, 5, 7, 8}, // money is asked for
	7: {},                    // withdrawn
	8: {2, 4},                // stopped, taken up again by decision
	9: {4, 10},               // result at hand; taken back for its faults
}

// story is one dossier as its events tell it.
type story struct {
	id      string
	status  int
	code    string
	owed    bool
	private bool
	tasks   []task
}

// dossiers follows every dossier through its events and compares the end with
// the row that lists are made from.
func (c *checker) dossiers(ctx context.Context) error {
	moved, paid, held := c.finding("only legal moves"), c.finding("the fee is settled before the return"), c.finding("one holder per open task")
	rows := c.finding("rows of dossiers are those of the journal")
	stored, err := c.storedDossiers(ctx)
	if err != nil {
		return err
	}
	tasks, err := c.storedTasks(ctx)
	if err != nil {
		return err
	}
	var s story
	finish := func() {
		if s.id == "" {
			return
		}
		rows.Checked++
		want := fmt.Sprintf("%d %s", s.status, s.code)
		if got := stored[s.id]; got != want {
			rows.violated("dossier %s: row %q, journal %q", s.id, got, want)
		}
		delete(stored, s.id)
		s.checkHolders(held, tasks[s.id])
		delete(tasks, s.id)
	}
	err = c.each(ctx, `SELECT stream, type, payload FROM journal WHERE stream LIKE 'dossier/%' ORDER BY stream, version`, func(scan func(...any) error) error {
		var stream, kind, payload string
		if err := scan(&stream, &kind, &payload); err != nil {
			return err
		}
		if id := strings.TrimPrefix(stream, "dossier/"); id != s.id {
			finish()
			s = story{id: id}
		}
		var ch change
		if err := json.Unmarshal([]byte(payload), &ch); err != nil {
			return fmt.Errorf("%s: %w", stream, err)
		}
		moved.Checked++
		if ch.Status != 0 && ch.Status != s.status && !slices.Contains(moves[s.status], ch.Status) {
			moved.violated("dossier %s: %s moves from status %d to %d", s.id, kind, s.status, ch.Status)
		}
		s.take(ch)
		if s.status == 10 {
			paid.Checked++
			if s.owed {
				paid.violated("dossier %s is returned with its fee open", s.id)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	finish()
	for id := range stored {
		rows.violated("dossier %s has a row and no events", id)
	}
	for id := range tasks {
		held.violated("tasks of %s belong to no dossier", id)
	}
	return nil
}

// take adds one event to the story.
func (s *story) take(ch change) {
	if ch.Status != 0 {
		s.status = ch.Status
	}
	if ch.Code != "" {
		s.code = ch.Code
	}
	if ch.Fee != nil {
		s.owed = ch.Fee.Total > 0 && ch.Fee.SettledAt == nil
	}
	s.private = s.private || len(ch.Private) > 0
	s.tasks = append(s.tasks, ch.Opened...)
	if ch.Held != nil {
		for i := range s.tasks {
			if s.tasks[i].ID == ch.Held.Task {
				s.tasks[i].Holder = ch.Held.Staff
			}
		}
	}
	if ch.Seat != nil { // tasks go over to other units
		for i := range s.tasks {
			for _, to := range ch.Seat.Tasks {
				if s.tasks[i].ID == to.ID {
					s.tasks[i].Unit, s.tasks[i].Holder = to.Unit, to.Holder
				}
			}
		}
	}
	s.tasks = slices.DeleteFunc(s.tasks, func(t task) bool { return slices.Contains(ch.Closed, t.ID) })
	s.undo(ch)
}

// undo goes back to how it was before the act that is taken back.
func (s *story) undo(ch change) {
	if ch.Undone != nil {
		s.status, s.tasks = ch.Undone.Before.Status, slices.Clone(ch.Undone.Before.Tasks)
	}
}

// checkHolders wants one holder for each open task, a person or a pool, and for
// each dossier that somebody has to work on a task or a wait.
func (s *story) checkHolders(f *Finding, rows []string) {
	var want []string
	for _, t := range s.tasks {
		f.Checked++
		pool := ""
		if t.Holder == "" {
			pool = t.Unit + "|" + t.Role
		}
		if t.Unit == "" || t.Role == "" {
			f.violated("dossier %s: task %s belongs to no unit or role", s.id, t.ID)
		}
		want = append(want, t.ID+" "+t.Holder+" "+pool)
	}
	sort.Strings(want)
	sort.Strings(rows)
	if !slices.Equal(want, rows) {
		f.violated("dossier %s: open tasks are %v, the inboxes show %v", s.id, want, rows)
	}
	switch s.status {
	case 2, 4, 9: // received, in process, result at the counter: somebody's turn
		if len(s.tasks) == 0 {
			f.violated("dossier %s: status %d and nobody holds it", s.id, s.status)
		}
	case 3, 7, 8, 10:
		if len(s.tasks) > 0 {
			f.violated("dossier %s: ended with %d open tasks", s.id, len(s.tasks))
		}
	}
}

func (c *checker) storedDossiers(ctx context.Context) (map[string]string, error) {
	stored := map[string]string{}
	err := c.each(ctx, `SELECT id, status, COALESCE(code, '') FROM dossier`, func(scan func(...any) error) error {
		var id, code string
		var status int
		err := scan(&id, &status, &code)
		stored[id] = fmt.Sprintf("%d %s", status, code)
		return err
	})
	return stored, err
}

func (c *checker) storedTasks(ctx context.Context) (map[string][]string, error) {
	stored := map[string][]string{}
	err := c.each(ctx, `SELECT parent, id, holder, pool FROM dossier_task`, func(scan func(...any) error) error {
		var parent, id, holder, pool string
		err := scan(&parent, &id, &holder, &pool)
		stored[parent] = append(stored[parent], id+" "+holder+" "+pool)
		return err
	})
	return stored, err
}

// tasks: the rows of inboxes name a person or a pool, never both, never none.
func (c *checker) tasks(ctx context.Context) error {
	f := c.finding("one holder per open task")
	n, err := c.number(ctx, `SELECT count(*) FROM dossier_task WHERE (holder = '') = (pool = '')`)
	if err == nil && n > 0 {
		f.violated("%d rows of inboxes name both a person and a pool, or neither", n)
	}
	return err
}

var codeForm = regexp.MustCompile(`^(.+)-(\d{6})-(\d{4,})$`)

// vietnam is the zone of the day in a code.
var vietnam = time.FixedZone("+07:00", 7*60*60)

// codes: read from the journal, each once, without gap per issuer and day, with
// the day of reception, and no further than the counter stands. Codes that came
// from a system before this one are only unique; ours of their issuer and day
// begin after the highest of them, or stood there before.
func (c *checker) codes(ctx context.Context) error {
	f := c.finding("codes are unique and without gaps")
	numbers, foreign := map[string][]int{}, map[string]int{}
	seen := map[string]bool{}
	err := c.each(ctx, `SELECT payload FROM journal WHERE stream LIKE 'dossier/%' AND payload LIKE '%"code":"%'`, func(scan func(...any) error) error {
		var payload string
		if err := scan(&payload); err != nil {
			return err
		}
		var ch change
		if err := json.Unmarshal([]byte(payload), &ch); err != nil || ch.Code == "" {
			return err // another object's code
		}
		f.Checked++
		if seen[ch.Code] {
			f.violated("code %s was given twice", ch.Code)
		}
		seen[ch.Code] = true
		m := codeForm.FindStringSubmatch(ch.Code)
		if ch.Opening != nil && ch.Opening.System != "" {
			if m == nil {
				return nil
			}
			n, err := strconv.Atoi(m[3])
			foreign[m[1]+"-"+m[2]] = max(foreign[m[1]+"-"+m[2]], n)
			return err
		}
		if m == nil {
			f.violated("code %s has another form", ch.Code)
			return nil
		}
		if ch.Opening != nil && !ch.Opening.At.IsZero() && ch.Opening.At.In(vietnam).Format("060102") != m[2] {
			f.violated("code %s was given on %s", ch.Code, ch.Opening.At.In(vietnam).Format(time.DateOnly))
		}
		n, err := strconv.Atoi(m[3])
		numbers[m[1]+"-"+m[2]] = append(numbers[m[1]+"-"+m[2]], n)
		return err
	})
	if err != nil {
		return err
	}
	for day, list := range numbers {
		sort.Ints(list)
		next := foreign[day] + 1
		for _, n := range list {
			if n <= foreign[day] {
				continue
			}
			if n != next {
				f.violated("codes of %s: number %d in place %d", day, n, next)
				break
			}
			next++
		}
	}
	return nil
}
