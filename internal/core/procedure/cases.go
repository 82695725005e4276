package procedure

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/motcua/motcua/internal/core/textfold"
)

// What the portal publishes as headings between papers is of three sorts.
const (
	noHeading    = iota
	caseHeading  // "Trường hợp …", "Đối với …", "Nộp trực tuyến": wanted in that case only
	groupHeading // "Giấy tờ phải xuất trình:": a title, wanted in every case
	noteHeading  // "Lưu ý:": remarks, not papers
)

// bullet is a list mark in front of a heading: "*", "(1.3)", "a)", "iii.", "2)".
var bullet = regexp.MustCompile(`^(?:[-*+•–]+|\(?[0-9]+(?:\.[0-9]+)*[.)]+|[0-9]+(?:\.[0-9]+)*\.?\s|\(?(?:[a-zđ]|[ivx]+|\*)[.)]+)\s*`)

func trimHeading(h string) string {
	for {
		rest := bullet.ReplaceAllString(h, "")
		if rest == h || rest == "" {
			return strings.TrimRight(h, " :;")
		}
		h = rest
	}
}

func headingKind(h string) int {
	words := textfold.Words(trimHeading(h))
	begins := func(w ...string) bool { return len(words) >= len(w) && slices.Equal(words[:len(w)], w) }
	switch {
	case len(words) == 0:
		return noHeading
	case begins("luu", "y"), begins("ghi", "chu"):
		return noteHeading
	case begins("truong", "hop"), begins("doi", "voi"), begins("nop", "truc"), begins("nop", "theo", "phuong", "thuc"):
		return caseHeading
	case strings.Contains(strings.Join(words, " "), "uy quyen"):
		return caseHeading // papers of somebody who acts for another
	default:
		return groupHeading
	}
}

// buildCases makes the cases of a procedure: one per case heading, each with
// the papers that belong to all, and one per limit where the source gives
// several for one channel.
func buildCases(p *Procedure, headings map[string]string, limit *Limit, variants []Limit) []Case {
	var common []string
	var names []string
	for _, x := range p.Papers {
		h, own := headings[x.ID]
		switch {
		case !own:
			common = append(common, x.ID)
		case !slices.Contains(names, h):
			names = append(names, h)
		}
	}
	var cases []Case
	if len(names) == 0 || len(common) > 0 {
		cases = append(cases, Case{ID: "c0", Papers: common})
	}
	for i, name := range names {
		c := Case{ID: "c" + strconv.Itoa(i+1), Name: name}
		for _, x := range p.Papers {
			if h, own := headings[x.ID]; !own || h == name {
				c.Papers = append(c.Papers, x.ID)
			}
		}
		cases = append(cases, c)
	}
	return withLimits(cases, p.Channels, limit, variants)
}

// withLimits gives the cases their limits. Where every channel has one limit,
// a case gets them all; where a channel has several, each becomes a case of
// its own with the condition that the source notes.
func withLimits(cases []Case, channels []Channel, limit *Limit, variants []Limit) []Case {
	options := limitOptions(channels, limit, variants)
	if len(options) == 0 {
		ways := wayLimits(channels, limit)
		for i := range cases {
			cases[i].Limit, cases[i].Limits = limit, ways
		}
		return cases
	}
	var all []Case
	for _, c := range cases {
		for i, o := range options {
			next := c
			next.Limit, next.LimitFor = &o.limit, o.note
			if i > 0 {
				next.ID = c.ID + "-t" + strconv.Itoa(i+1)
			}
			all = append(all, next)
		}
	}
	return all
}

type limitOption struct {
	limit Limit
	note  string
}

// limitOptions returns the limits among which the condition of a dossier
// decides; none when every channel has at most one.
func limitOptions(channels []Channel, limit *Limit, variants []Limit) []limitOption {
	byWay := map[Way][]Limit{}
	stated := map[Limit]bool{}
	var options []limitOption
	add := func(l Limit, note string) {
		i := slices.IndexFunc(options, func(o limitOption) bool { return o.limit == l })
		if i < 0 {
			options = append(options, limitOption{l, note})
		} else if options[i].note == "" {
			options[i].note = note
		}
	}
	if limit != nil {
		add(*limit, "")
		stated[*limit] = true
	}
	several := false
	for _, c := range channels {
		if c.Limit == nil {
			continue
		}
		add(*c.Limit, c.Note)
		stated[*c.Limit] = true
		if !slices.Contains(byWay[c.By], *c.Limit) {
			byWay[c.By] = append(byWay[c.By], *c.Limit)
		}
		several = several || len(byWay[c.By]) > 1
	}
	for _, v := range variants {
		several = several || !stated[v]
		add(v, "")
	}
	if !several {
		return nil
	}
	return options
}

// wayLimits returns the limits of channels that differ from the general one.
func wayLimits(channels []Channel, limit *Limit) []WayLimit {
	var list []WayLimit
	for _, c := range channels {
		if c.Limit == nil || limit != nil && *limit == *c.Limit ||
			slices.ContainsFunc(list, func(l WayLimit) bool { return l.By == c.By }) {
			continue
		}
		list = append(list, WayLimit{By: c.By, Limit: *c.Limit})
	}
	return list
}
