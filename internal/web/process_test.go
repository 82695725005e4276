package web

import (
	"bytes"
	"html"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/dossier"
	"github.com/motcua/motcua/internal/core/process"
	"github.com/motcua/motcua/internal/store/storetest"
)

var (
	fieldInput  = regexp.MustCompile(`<input[^>]* name="([^"]+)"[^>]*>`)
	fieldValue  = regexp.MustCompile(` value="([^"]*)"`)
	fieldSelect = regexp.MustCompile(`(?s)<select[^>]* name="([^"]+)"[^>]*>(.*?)</select>`)
	fieldChosen = regexp.MustCompile(`<option value="([^"]*)" selected>`)
	fieldArea   = regexp.MustCompile(`(?s)<textarea[^>]* name="([^"]+)"[^>]*>(.*?)</textarea>`)
)

// formOf reads the values of the form of a class as a browser would send them.
func (p page) formOf(class string) url.Values {
	p.t.Helper()
	_, form, found := strings.Cut(p.body, `class="`+class+`"`)
	if !found {
		p.t.Fatalf("%s has no form %s", p.path, class)
	}
	form, _, _ = strings.Cut(form, "</form>")
	v := url.Values{}
	for _, m := range fieldInput.FindAllStringSubmatch(form, -1) {
		if strings.Contains(m[0], `type="checkbox"`) && !strings.Contains(m[0], " checked") {
			continue
		}
		value := ""
		if x := fieldValue.FindStringSubmatch(m[0]); x != nil {
			value = html.UnescapeString(x[1])
		}
		v.Add(m[1], value)
	}
	for _, m := range fieldSelect.FindAllStringSubmatch(form, -1) {
		value := ""
		if x := fieldChosen.FindStringSubmatch(m[2]); x != nil {
			value = x[1]
		}
		v.Set(m[1], value)
	}
	for _, m := range fieldArea.FindAllStringSubmatch(form, -1) {
		v.Set(m[1], html.UnescapeString(m[2]))
	}
	return v
}

func with(v url.Values, pairs ...string) url.Values {
	for i := 0; i < len(pairs); i += 2 {
		v.Set(pairs[i], pairs[i+1])
	}
	return v
}

// stepAt is the place of a step in the form.
func stepAt(t testing.TB, v url.Values, id string) string {
	t.Helper()
	for name, values := range v {
		if strings.HasPrefix(name, "s") && strings.HasSuffix(name, ".id") && strings.Count(name, ".") == 1 && values[0] == id {
			return strings.TrimSuffix(name, "id")
		}
	}
	t.Fatalf("the form has no step %s", id)
	return ""
}

// A process is drawn in the table without a script, submitted, checked by
// somebody else, published with its decision and shown to citizens; mistakes are
// shown in their place, and two people who edit at once see both versions.
func TestProcessFromTableToCitizens(t *testing.T) {
	s := newSite(t)
	control := s.People(s.Centre().Code, string(access.Control))
	first, second := s.signIn(control[0]), s.signIn(control[1])
	code := s.receivable().Code
	home := processesPath + "/" + code
	edit := home + "/sua"
	first.get(processesPath+"?q="+code).is(http.StatusOK).has("chọn để soạn quy trình riêng", `href="`+home+`"`)
	v := first.get(edit).is(http.StatusOK).sound().formOf("process-form")

	// Buttons change the form and keep nothing.
	v = first.postValues(edit, with(v, "viec", "them", "them-loai", "parallel", "them-sau", "handle")).is(http.StatusOK).formOf("process-form")
	for _, id := range []string{"parallel-1", "consult-1", "consult-2", "join-1"} {
		stepAt(t, v, id)
	}
	if first.get(edit).formOf("process-form").Get("ban") != "0" {
		t.Error("a button has saved something")
	}
	shown, err := s.ProcessPage(t.Context(), control[0], app.ProcessKey{Procedure: code})
	if err != nil {
		t.Fatal(err)
	}
	units := shown.Units
	ask1, ask2 := stepAt(t, v, "consult-1"), stepAt(t, v, "consult-2")
	with(v, ask1+"name", "Sở thứ nhất cho ý kiến", ask1+"unit", units[0].Name, ask1+"share", "4", ask2+"name", "Sở thứ hai cho ý kiến", ask2+"unit", units[1].Code, ask2+"share", "mười")

	// What cannot be read is refused beside its field, with what was typed.
	v = first.postValues(edit, v).is(http.StatusUnprocessableEntity).has("Hãy ghi số giờ làm việc", "mười", "Sở thứ nhất cho ý kiến").formOf("process-form")
	with(v, ask2+"share", "1000")
	first.postValues(edit, v).is(http.StatusSeeOther)
	saved := first.get(edit).is(http.StatusOK).has("Còn ", `href="#steps-consult-2"`, "Hãy giảm xuống không quá 100%")
	first.post(home+"/trinh", "hanh-dong", "t-0", "ban", "1").is(http.StatusUnprocessableEntity).has("Hãy giảm xuống không quá 100%")

	// Two people at once.
	mine, theirs := saved.formOf("process-form"), second.get(edit).formOf("process-form")
	handle := stepAt(t, mine, "handle")
	with(mine, stepAt(t, mine, "consult-2")+"share", "3,5", handle+"share", "2", "note", "Bản của người thứ nhất")
	second.postValues(edit, with(theirs, handle+"name", "Thẩm định của người thứ hai")).is(http.StatusSeeOther)
	both := first.postValues(edit, mine).is(http.StatusConflict).sound().has("Thẩm định của người thứ hai", "Lưu bản của tôi", "Bản của người thứ nhất")
	first.postValues(edit, both.formOf("process-form")).is(http.StatusSeeOther)

	draft := first.get(home+"?phien-ban=du-thao").is(http.StatusOK).sound().has("Sở thứ nhất cho ý kiến", "3,5 giờ làm việc", "<svg", "Trình kiểm tra")
	if strings.Contains(draft.body, "phải sửa") {
		t.Fatalf("the draft still has problems: %s", draft.body)
	}
	first.post(home+"/trinh", "hanh-dong", "t-1", "ban", "3").is(http.StatusSeeOther)
	first.get(home).has("Một người khác")
	first.post(home+"/kiem-tra", "hanh-dong", "k-1", "ban", "3").is(http.StatusConflict).has("phải do một người khác")
	first.get(processesPath + "?loc=submitted").has(code)
	second.get(home).has("Xác nhận đã kiểm tra")
	second.post(home+"/kiem-tra", "hanh-dong", "k-2", "ban", "3").is(http.StatusSeeOther)

	second.get(home + "/ban-hanh").is(http.StatusOK).sound().has("Quyết định phê duyệt")
	second.post(home+"/ban-hanh", "hanh-dong", "b-0", "ban", "3", "decision.signer", "Nguyễn Văn Thử").is(http.StatusUnprocessableEntity).sound().has("Nguyễn Văn Thử", `id="decision-no-loi"`, `id="decision-on-loi"`)
	second.post(home+"/ban-hanh", "hanh-dong", "b-1", "ban", "3", "decision.no", "45/QĐ-UBND", "decision.on", "2026-11-20", "decision.signer", "Nguyễn Văn Thử", "decision.basis", "own").is(http.StatusSeeOther)
	second.get(home+"?phien-ban=1").is(http.StatusOK).sound().has("45/QĐ-UBND", "Sở thứ hai cho ý kiến", "Chuyển hồ sơ đang chạy")
	s.browser().get("/thu-tuc/"+code).has("Sở thứ nhất cho ý kiến", units[1].Name, "3,5 giờ làm việc", "Nơi tiếp nhận hồ sơ")
	storetest.Verify(t, s.Store())
}

// Dossiers go over to the next version with a preview and a reason; a drawing is
// given out as a file and taken in again; one with foreign elements is refused by
// name and line.
func TestProcessMigrationDryRunAndFile(t *testing.T) {
	s := newSite(t)
	control := s.People(s.Centre().Code, string(access.Control))
	b := s.signIn(control[0])
	got := s.receive(nil)
	s.act(s.one(access.Reception), got.Dossier, dossier.Input{Act: dossier.Forward})
	k := app.ProcessKey{Procedure: got.Dossier.Procedure.Code}
	home := processesPath + "/" + k.Procedure

	file := b.get(home + "/tep").is(http.StatusOK)
	if kind := file.header.Get("Content-Type"); !strings.HasPrefix(kind, "application/xml") || !strings.Contains(file.body, "bpmn:userTask") {
		t.Fatalf("the file is %s: %.80s", kind, file.body)
	}
	b.upload(home+"/nhap", strings.Replace(file.body, "<bpmn:endEvent", `<bpmn:scriptTask id="ma" name="Chạy mã"/><bpmn:endEvent`, 1), "ban", "0").
		is(http.StatusUnprocessableEntity).sound().has("scriptTask", "dòng ", "chưa lưu gì")
	b.upload(home+"/nhap", `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>`, "ban", "0").is(http.StatusUnprocessableEntity).has("DOCTYPE")
	b.upload(home+"/nhap", strings.Repeat(" ", 6<<20), "ban", "0").is(http.StatusUnprocessableEntity).has("4 MB")
	b.post(home+"/nhap", "ban", "0").is(http.StatusUnprocessableEntity)
	b.upload(home+"/nhap", strings.Replace(file.body, `id="handle"`, `id="handle" q:note="x"`, 1), "ban", "0").is(http.StatusSeeOther)

	// The drawing board sends the same file in a field; what is refused stays on the page.
	b.get(home+"/ve").is(http.StatusOK).sound().has("bpmn-modeler", "bpmn:userTask")
	b.post(home+"/ve", "hanh-dong", "v-0", "ban", "1", "xml", strings.Replace(file.body, "<bpmn:endEvent", `<bpmn:subProcess id="con"/><bpmn:endEvent`, 1)).is(http.StatusUnprocessableEntity).sound().has("subProcess", "&lt;bpmn:subProcess")
	b.post(home+"/ve", "hanh-dong", "v-1", "ban", "0", "xml", file.body).is(http.StatusConflict).sound().has("người khác lưu", "Lưu bản của tôi")
	unfinished := strings.Replace(file.body, "<bpmn:endEvent", `<bpmn:userTask id="le" name="Bước còn lẻ"/><bpmn:endEvent`, 1)
	b.upload(home+"/nhap", unfinished, "ban", "1").is(http.StatusUnprocessableEntity)
	b.post(home+"/ve", "hanh-dong", "v-2", "ban", "1", "xml", unfinished).is(http.StatusSeeOther)
	b.get(home+"/ve").is(http.StatusOK).sound().has(`data-element="le"`, "chưa có đường ra")
	b.get(home + "/sua").is(http.StatusOK).sound().has(`href="#steps-le"`)
	b.post(home+"/ve", "hanh-dong", "v-3", "ban", "2", "xml", file.body).is(http.StatusSeeOther)
	page, err := s.ProcessPage(t.Context(), control[0], k)
	if err != nil || page.Saved != 3 || len(page.Problems) > 0 {
		t.Fatalf("after the import: %d, %+v, %v", page.Saved, page.Problems, err)
	}
	next := page.Template // the step at which the dossier stands goes, another comes in its place
	next = next.Remove("handle")
	next, id := next.Insert("receive", process.KindHandle)
	for i := range next.Steps {
		if next.Steps[i].ID == id {
			next.Steps[i].Name, next.Steps[i].Unit, next.Steps[i].Role = "Thẩm định", process.UnitAgency, string(access.Handler)
		}
	}
	s.publish(t, k, 3, next)
	preview := home + "/chuyen?phien-ban=1"
	b.get(preview).is(http.StatusOK).sound().has("Bước không còn trong phiên bản mới", got.Code, "Chưa có gì thay đổi")
	chosen := b.get(preview+"&buoc.handle="+id).is(http.StatusOK).sound().has("Thẩm định", "Chuyển 1 hồ sơ")
	if strings.Contains(chosen.body, "không chuyển được") {
		t.Errorf("a dossier still cannot go over")
	}
	b.post(home+"/chuyen", "hanh-dong", "c-0", "phien-ban", "1", "buoc.handle", id).is(http.StatusUnprocessableEntity).sound()
	b.post(home+"/chuyen", "hanh-dong", "c-1", "phien-ban", "1", "buoc.handle", id, "reason", "Thống nhất quy trình").is(http.StatusOK).sound().has("Đã chuyển 1 hồ sơ", got.Code)

	b.get(home + "/chay-thu").is(http.StatusOK).sound().has("Thời hạn thử")
	b.get(home + "/chay-thu?chay=1&ban=1&from=2026-09-01&to=2026-11-30").is(http.StatusOK).sound().has("không có hồ sơ nào")
	b.get(home+"/chay-thu?chay=1&ban=1&from=2026-09-01&to=2026-08-30&limit=x").is(http.StatusUnprocessableEntity).sound().has(`id="to-loi"`, `id="limit-loi"`)
	b.post(home+"/ngung", "hanh-dong", "n-0").is(http.StatusUnprocessableEntity).sound().has(`id="end-decision-no-loi"`)
	b.post(home+"/ngung", "hanh-dong", "n-1", "decision.no", "46/QĐ-UBND", "decision.on", "2026-11-20", "decision.signer", "Nguyễn Văn Thử", "decision.basis", "own").is(http.StatusSeeOther)
	b.get(home).has("46/QĐ-UBND")
	b.post(home+"/khac", "ban", "1").is(http.StatusNotFound)
	s.signIn(s.one(access.Reception)).get(home).is(http.StatusForbidden)
	storetest.Verify(t, s.Store())
}

// publish draws, checks and publishes a process through the use cases.
func (s *site) publish(t *testing.T, k app.ProcessKey, revision int, next process.Template) {
	t.Helper()
	ctx, control := t.Context(), s.People(s.Centre().Code, string(access.Control))
	saved, err := s.SaveProcess(ctx, control[0], app.ProcessForm{ProcessKey: k, Revision: revision, Template: next})
	act := app.ProcessAct{ProcessKey: k, Revision: saved.Revision}
	if err == nil {
		err = s.SubmitProcess(ctx, control[0], act)
	}
	if err == nil {
		err = s.ReviewProcess(ctx, control[1], act)
	}
	if err == nil {
		day := app.PublishForm{Items: []app.PublishItem{{ProcessKey: k, Revision: saved.Revision}}}
		day.Decision.No, day.Decision.Signer, day.Decision.On = "45/QĐ-UBND", "Nguyễn Văn Thử", civil.NewDate(2026, 11, 20)
		_, err = s.PublishProcess(ctx, control[1], day)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// upload sends a file with fields of name, value.
func (b *browser) upload(path, content string, pairs ...string) page {
	b.s.t.Helper()
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	for i := 0; i < len(pairs); i += 2 {
		_ = m.WriteField(pairs[i], pairs[i+1]) // a buffer takes all
	}
	part, err := m.CreateFormFile("file", "quy-trinh.bpmn")
	if err == nil {
		_, err = part.Write([]byte(content))
	}
	if err != nil || m.Close() != nil {
		b.s.t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodPost, path, &body)
	r.Header.Set("Content-Type", m.FormDataContentType())
	return b.do(r)
}
