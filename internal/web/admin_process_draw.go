package web

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"

	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/httpkit"
	"github.com/motcua/motcua/internal/i18n"
)

// drawBody is the drawing editor, /quan-tri/quy-trinh/{code}/ve.
type drawBody struct {
	V         app.ProcessView
	Form      form
	Path      string
	Table     string
	Back      string
	DraftPath string
	XML       string
	Revision  string
	Units     []option
	Roles     []option
	Kinds     []option
	Refused   []processRefused
	Problems  []problemLine
	Words     string // of the drawing board, as JSON
	Theirs    bool
}

func (s *Server) adminDrawProcess(w http.ResponseWriter, r *http.Request, who access.Actor) {
	s.showDrawing(w, r, who, http.StatusOK, newForm(s.newAction()), app.ImportedProcess{})
}

func (s *Server) adminDrawProcessPost(w http.ResponseWriter, r *http.Request, who access.Actor) {
	f, _, err := s.readForm(r, who)
	if err != nil {
		s.deskFail(w, r, who, err)
		return
	}
	if resumed(r) {
		s.showDrawing(w, r, who, http.StatusOK, f, app.ImportedProcess{})
		return
	}
	s.takeDrawing(r, who, &f, s.app.DrawProcess, strings.NewReader(f.Get("xml")), func(got app.ImportedProcess, status int) {
		if status != http.StatusSeeOther {
			s.showDrawing(w, r, who, status, f, got)
			return
		}
		http.Redirect(w, r, withQuery(processPath(processKey(r), "ve"), "xong", "quy-trinh"), http.StatusSeeOther)
	}, func(err error) { s.deskFail(w, r, who, err) })
}

func (s *Server) showDrawing(w http.ResponseWriter, r *http.Request, who access.Actor, status int, f form, got app.ImportedProcess) {
	v, ok := s.processToEdit(w, r, who)
	if !ok {
		return
	}
	b := drawBody{
		V: v, Form: f, Path: processPath(v.ProcessKey, "ve"), Table: processPath(v.ProcessKey, "sua"), Back: processPath(v.ProcessKey), DraftPath: withQuery(processPath(v.ProcessKey), "phien-ban", "du-thao"),
		XML: f.Get("xml"), Revision: f.Get("ban"), Refused: refusedLines(got), Theirs: status == http.StatusConflict, Words: s.boardWords(r),
	}
	if b.XML == "" {
		_, file, err := s.app.ExportProcess(r.Context(), who, v.ProcessKey, 0)
		if err != nil {
			s.deskFail(w, r, who, err)
			return
		}
		b.XML, b.Revision = string(file), strconv.Itoa(v.Saved)
		if v.Draft != nil {
			b.Problems = s.problemLines(v.Problems)
		}
	}
	if b.Theirs {
		b.Revision = strconv.Itoa(v.Saved)
	}
	for _, unit := range []string{"centre", "agency"} {
		b.Units = append(b.Units, option{Value: unit, Key: "process.unit." + unit})
	}
	for _, u := range v.Units {
		b.Units = append(b.Units, option{Value: u.Code, Text: u.Name})
	}
	for _, role := range access.Roles() {
		if role != access.Import && role != access.Partner && role != access.Admin {
			b.Roles = append(b.Roles, option{Value: string(role), Key: roleKey(role)})
		}
	}
	for _, k := range addable() {
		if k.Work() || k.Wait() {
			b.Kinds = append(b.Kinds, option{Value: string(k), Key: k.LabelKey()})
		}
	}
	s.deskPage(w, r, who, status, "admin/process_draw", text{Key: "process.page.draw"}, b)
}

// boardWords are the words of the drawing board: two of ours, and in Vietnamese
// those of bpmn-js that a person meets.
func (s *Server) boardWords(r *http.Request) string {
	words := struct {
		Task     string            `json:"task"`
		Parallel string            `json:"parallel"`
		BPMN     map[string]string `json:"bpmn"`
	}{s.say(r, "process.page.new_task", nil), s.say(r, "process.page.new_parallel", nil), map[string]string{}}
	if httpkit.Language(r) == i18n.Vietnamese {
		words.BPMN = vietnameseBoard()
	}
	text, _ := json.Marshal(words) // strings only
	return string(text)
}

func vietnameseBoard() map[string]string {
	return map[string]string{
		"Activate hand tool": "Kéo bảng vẽ", "Activate lasso tool": "Chọn một vùng", "Activate create/remove space tool": "Thêm hoặc bớt chỗ", "Activate global connect tool": "Nối",
		"Create start event": "Điểm bắt đầu", "Create end event": "Điểm kết thúc", "Create gateway": "Điểm rẽ nhánh", "Create pool/participant": "Khung quy trình",
		"Append task": "Thêm bước", "Append gateway": "Thêm điểm rẽ nhánh", "Append end event": "Thêm điểm kết thúc", "Append intermediate/boundary event": "Thêm sự kiện",
		"Add text annotation": "Thêm ghi chú", "Connect to other element": "Nối tới bước khác", "Connect using sequence/message flow or association": "Nối tới bước khác",
		"Change element": "Đổi loại", "Delete": "Xóa", "Remove": "Xóa", "Set color": "Đổi màu", "Search": "Tìm",
		"Task": "Bước", "User task": "Bước của người", "Manual task": "Bước làm tay", "Service task": "Bước của máy", "Exclusive gateway": "Rẽ nhánh", "Parallel gateway": "Song song",
		"Timer boundary event": "Hẹn giờ, dừng bước", "Timer boundary event (non-interrupting)": "Hẹn giờ, bước vẫn làm tiếp", "Sequence flow": "Đường đi", "Default flow": "Đường mặc định", "Conditional flow": "Đường có điều kiện",
	}
}
