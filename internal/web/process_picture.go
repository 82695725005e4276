package web

import (
	"net/http"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/process"
)

// processPicture is a process as a drawing and, in the same order, as a table.
type processPicture struct {
	process.Picture
	Box     string // viewBox
	Figures []figureView
	Lines   []lineView
	Rows    []stepRow
}

type figureView struct {
	process.Figure
	Class      string
	MidX, MidY int
	R          int
	Diamond    string
	Words      []wordLine
	Mark       string
}

// wordLine is one line of a name inside or below its figure.
type wordLine struct {
	X, Y int
	Text string
}

type lineView struct {
	process.Line
	Path string
}

// stepRow is one step in the words of its page.
type stepRow struct {
	No       int
	Name     string
	KindKey  string
	UnitKey  string // relative units
	UnitName string
	RoleKey  string
	Time     text
	Work     bool
	Next     []nextStep
	Wait     text // timers
	On       string
}

type nextStep struct {
	No      int
	Name    string
	When    string
	Default bool
}

// processPicture words a template. Steps are numbered in their order, so that
// ways can name them.
func (s *Server) processPicture(r *http.Request, t process.Template) processPicture {
	t = t.InOrder()
	no, names := map[string]int{}, map[string]string{}
	for i, step := range t.Steps {
		no[step.ID], names[step.ID] = i+1, s.stepName(r, step)
	}
	p := processPicture{Picture: process.Draw(t)}
	p.Box = strings.Join([]string{strconv.Itoa(p.X), strconv.Itoa(p.Y), strconv.Itoa(p.W), strconv.Itoa(p.H)}, " ")
	for _, f := range p.Picture.Figures {
		p.Figures = append(p.Figures, figureOf(f, names[f.ID]))
	}
	for _, l := range p.Picture.Lines {
		v := lineView{Line: l}
		for i, at := range l.Points {
			v.Path += string("ML"[min(i, 1)]) + strconv.Itoa(at[0]) + " " + strconv.Itoa(at[1])
		}
		p.Lines = append(p.Lines, v)
	}
	for _, step := range t.Steps {
		row := stepRow{No: no[step.ID], Name: names[step.ID], KindKey: step.Kind.LabelKey(), Work: step.Kind.Work()}
		if row.Work {
			row.UnitKey, row.UnitName = s.stepUnit(step.Unit)
			row.Time = stepTime(step.Kind, step.Share)
			if access.Role(step.Role).Known() {
				row.RoleKey = roleKey(access.Role(step.Role))
			}
		}
		if step.Kind == process.KindTimer {
			row.Wait, row.On = workTime(step.After), names[step.On]
		}
		for _, f := range t.Out(step.ID) {
			row.Next = append(row.Next, nextStep{no[f.To], names[f.To], f.When, f.Default})
		}
		p.Rows = append(p.Rows, row)
	}
	return p
}

// stepName is how a step is called: its own name, else that of its kind.
func (s *Server) stepName(r *http.Request, step process.Step) string {
	if step.Name != "" {
		return step.Name
	}
	return s.say(r, step.Kind.LabelKey(), nil)
}

// stepUnit names the unit of a step: relative ones by a message key.
func (s *Server) stepUnit(unit string) (key, name string) {
	switch unit {
	case "":
		return "process.page.no_unit", ""
	case process.UnitCentre, process.UnitAgency:
		return "process.unit." + unit, ""
	}
	return "", s.app.StepUnitName(unit)
}

// Measures of the words in a drawing, in its points.
const (
	wordWidth  = 17 // characters of a line in a figure of 100 points
	wordHeight = 14
	mostWords  = 4
)

func figureOf(f process.Figure, name string) figureView {
	v := figureView{Figure: f, MidX: f.X + f.W/2, MidY: f.Y + f.H/2, R: min(f.W, f.H) / 2}
	switch f.Kind {
	case process.KindStart, process.KindEnd, process.KindTimer:
		v.Class = string(f.Kind)
	case process.KindBranch, process.KindParallel:
		v.Class, v.Mark = "gate", map[process.Kind]string{process.KindBranch: "×", process.KindParallel: "+"}[f.Kind]
		v.Diamond = strings.Join([]string{
			strconv.Itoa(v.MidX) + "," + strconv.Itoa(f.Y), strconv.Itoa(f.X+f.W) + "," + strconv.Itoa(v.MidY),
			strconv.Itoa(v.MidX) + "," + strconv.Itoa(f.Y+f.H), strconv.Itoa(f.X) + "," + strconv.Itoa(v.MidY),
		}, " ")
		name = f.Name // a gateway without a name of its own says nothing
	default:
		v.Class = "task"
		if f.Kind.Wait() {
			v.Class = "wait"
		}
	}
	lines := wrap(name, wordWidth*max(f.W, 100)/100, mostWords)
	y := v.MidY - (len(lines)-1)*wordHeight/2 + 4
	if v.Class != "task" && v.Class != "wait" {
		y = f.Y + f.H + wordHeight
	}
	for i, text := range lines {
		v.Words = append(v.Words, wordLine{v.MidX, y + i*wordHeight, text})
	}
	return v
}

// wrap breaks a name into lines; what does not fit ends in an ellipsis.
func wrap(name string, width, most int) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(name) {
		if line != "" && utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) > width {
			lines, line = append(lines, line), ""
		}
		if line != "" {
			line += " "
		}
		line += word
	}
	if line != "" {
		lines = append(lines, line)
	}
	if len(lines) > most {
		lines = append(lines[:most-1], lines[most-1]+"…")
	}
	return lines
}
