package web

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"

	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/dossier"
	"github.com/motcua/motcua/internal/core/fault"
)

// rawKey is a message key where a sentence should stand.
var rawKey = regexp.MustCompile(`>\s*(portal|desk|admin|signin|dossier|procedure|civil|time|httpkit|notice|apology|message|wording|calendar|register|inbox|repair|scan|signing|result|publication|organisation|collect)\.[a-z_.]+[a-z]\s*<`)

// sound checks what every page must be.
func (p page) sound() page {
	p.t.Helper()
	if key := rawKey.FindString(p.body); key != "" {
		p.t.Errorf("%s shows a message key: %s", p.path, key)
	}
	if !strings.HasPrefix(p.body, "<!doctype html>") || !strings.HasSuffix(strings.TrimSpace(p.body), "</html>") {
		p.t.Errorf("%s is not one whole page", p.path)
	}
	if n := strings.Count(p.body, "<h1"); n != 1 {
		p.t.Errorf("%s has %d main headings", p.path, n)
	}
	for _, bad := range []string{"<nil>", "%!", "{{", " style=", "<script>", " onclick=", "ZgotmplZ"} {
		if strings.Contains(p.body, bad) {
			p.t.Errorf("%s contains %q", p.path, bad)
		}
	}
	return p
}

// look is one page that a person can open.
type look struct {
	template string
	role     access.Role // empty = a citizen
	path     string
	status   int // 0 = 200
	says     string
}

// Every template is drawn, in both languages, from a living centre.
func TestEveryPage(t *testing.T) {
	s := newSite(t)
	got := s.receive(nil)
	d := s.act(s.one(access.Reception), got.Dossier, dossier.Input{Act: dossier.Forward})
	s.act(s.of(d.Agency, access.Handler), d, dossier.Input{Act: dossier.ReceiveHandover})
	late := s.receive(func(f *app.ReceptionForm) {
		f.Owner.PersonalID, f.LateSlip, f.Reason, f.ReceivedAt = "999190000018", "PG-017", "Mất điện", s.Clock.Now().Add(-90*60*1e9)
	})
	storm := s.signIn(s.one(access.Control)).post("/quan-tri/lich", "hanh-dong", "bao-1", "base", "1", "date", "2026-12-15", "kind", "local",
		"name", "Phòng chống bão", "document", "Công điện 15/CĐ-UBND", "reason", "nghỉ phòng chống bão số 15").is(http.StatusSeeOther).header.Get("Location")
	admin, handler := s.one(access.Admin), s.of(d.Agency, access.Handler)
	code := "/nghiep-vu/ho-so/" + d.Code
	looks := []look{
		{"portal/home", "", "/", 0, "Bạn cần làm thủ tục gì"},
		{"portal/procedures", "", "/thu-tuc", 0, "Theo lĩnh vực"},
		{"portal/procedures", "", "/thu-tuc?q=bien+so+xe", 0, "biển số xe"},
		{"portal/procedures", "", "/thu-tuc?q=zzzzqqqq", 0, "Không tìm thấy thủ tục nào"},
		{"portal/procedure", "", "/thu-tuc/" + d.Procedure.Code, 0, "Thành phần hồ sơ"},
		{"portal/track", "", "/tra-cuu", 0, "Mã tra cứu"},
		{"portal/verify", "", "/xac-thuc", 0, "Dán nội dung mã QR"},
		{"portal/verify", "", "/xac-thuc?m=gi%E1%BA%A3", 422, "Không xác nhận được"},
		{"portal/figures", "", "/cong-khai", 0, "Theo cơ quan giải quyết"},
		{"portal/people", "", "/can-bo", 0, "Cán bộ tại quầy"},
		{"portal/guide", "", "/huong-dan", 0, "Câu hỏi thường gặp"},
		{"portal/oops", "", "/khong-co", 404, "Không tìm thấy"},
		{"signin/signin", "", "/dang-nhap", 0, "Tên đăng nhập"},
		{"desk/inbox", access.Reception, "/nghiep-vu", 0, "Việc của tôi"},
		{"desk/inbox", access.Handler, "/nghiep-vu?nhom=cho-nhan&chon=" + d.Code, 0, d.Code},
		{"desk/dossier", access.Handler, code, 0, "Tiến trình"},
		{"desk/scan", access.Reception, "/nghiep-vu/quet", 0, "Cần quét"},
		{"desk/papers", access.Handler, code + "/giay-to", 0, "Danh mục giấy tờ"},
		{"desk/draft", access.Handler, code + "/du-thao", 0, "Trình lãnh đạo"},
		{"desk/draft", access.Handler, code + "/du-thao?ket-qua=refuse", 0, "từ chối giải quyết"},
		{"desk/correct", access.Reception, code + "/correct", 0, "Sửa phiếu"},
		{"desk/receipt", access.Reception, code + "/da-tiep-nhan", 0, got.Secret},
		{"desk/reception_list", access.Reception, "/nghiep-vu/tiep-nhan", 0, "Thủ tục"},
		{"desk/reception_form", access.Reception, "/nghiep-vu/tiep-nhan/" + d.Procedure.Code, 0, "Chủ hồ sơ"},
		{"desk/handover", access.Reception, "/nghiep-vu/ban-giao", 0, "Đơn vị tôi đã gửi"},
		{"desk/search", access.Reception, "/nghiep-vu/tra-cuu?q=thu+nghiem", 0, d.Code},
		{"desk/register", access.Reception, "/nghiep-vu/so-theo-doi", 0, d.Code},
		{"desk/register", access.Director, "/nghiep-vu/so-theo-doi?tu=2026-11-30&den=2026-11-01", 422, "không trước ngày đầu"},
		{"desk/late", access.Director, "/nghiep-vu/tiep-nhan-bu", 0, late.Code},
		{"desk/overview", access.Director, "/nghiep-vu/tong-quan", 0, "Cần xử lý ngay"},
		{"desk/absence", access.Director, "/nghiep-vu/vang-mat", 0, "vắng mặt"},
		{"desk/password", access.Admin, "/nghiep-vu/mat-khau", 0, "Mật khẩu"},
		{"desk/error", access.Handler, "/nghiep-vu/ho-so/H36.01-261123-9999", 404, "H36.01-261123-9999"},
		{"admin/staff", access.Admin, "/quan-tri/nhan-su", 0, "Thêm nhân sự"},
		{"admin/staff_form", access.Admin, "/quan-tri/nhan-su/moi", 0, "Vai trò"},
		{"admin/staff_form", access.Admin, "/quan-tri/nhan-su/" + admin.ID, 0, admin.Name},
		{"admin/calendar", access.Control, "/quan-tri/lich", 0, "Công điện 15/CĐ-UBND"},
		{"admin/calendar", access.Control, "/quan-tri/lich?nam=2026", 0, "Tháng 12"},
		{"admin/revision", access.Director, storm, 0, "Áp dụng và tính lại"},
		{"desk/notices", access.Reception, "/nghiep-vu/thong-bao", 0, "thông báo chưa đọc"},
		{"desk/apologies", access.Handler, "/nghiep-vu/xin-loi", 0, "Quá hạn chưa xin lỗi"},
		{"desk/why", access.Handler, code + "/vi-sao", 0, "Tính là ngày thứ 1"},
		{"admin/outbox", access.Admin, "/quan-tri/thu-di", 0, "Nội dung được niêm phong"},
		{"admin/tokens", access.Admin, tokensPath, 0, "Cấp mã truy cập"},
		{"admin/forms", access.Admin, "/quan-tri/mau-phieu", 0, "Giấy tiếp nhận hồ sơ"},
		{"admin/wording", access.Admin, "/quan-tri/mau-phieu/receipt", 0, "Công bố phiên bản mới"},
		{"admin/processes", access.Control, processesPath, 0, "Đang áp dụng"},
		{"admin/process", access.Director, processesPath + "/" + d.Procedure.Code, 0, "Quy trình chung"},
		{"admin/process_table", access.Control, processesPath + "/" + d.Procedure.Code + "/sua", 0, "Lưu dự thảo"},
		{"admin/process_draw", access.Control, processesPath + "/" + d.Procedure.Code + "/ve", 0, "bpmn:userTask"},
		{"admin/process_rehearse", access.Control, processesPath + "/" + d.Procedure.Code + "/chay-thu", 0, "Thời hạn thử"},
		{"admin/repair", access.Control, "/quan-tri/sua-ho-so", 0, "Không có hồ sơ nào mắc kẹt"},
		{"admin/readiness", access.Control, "/quan-tri/thu-tuc", 0, "Sẵn sàng"},
		{"desk/collect", access.Reception, collectPath, 0, "hồ sơ"},
		{"admin/scan_rules", access.Control, scanRulesPath, 0, "quét"},
		{"admin/small_units", access.Admin, smallUnitsPath, 0, "đơn vị"},
		{"admin/organisation", access.Admin, organisationPath, 0, d.AgencyName},
		{"admin/reorganisation_form", access.Admin, organisationPath + "/moi", 0, "nghị quyết"},
		{"admin/decisions", access.Control, decisionsPath, 0, "Nhập quyết định"},
		{"admin/publication_form", access.Control, decisionsPath + "/moi", 0, "phụ lục"},
	}
	browsers := map[access.Role]*browser{"": s.browser()}
	drawn := map[string]bool{}
	for _, l := range looks {
		b := browsers[l.role]
		if b == nil {
			who := handler
			if l.role != access.Handler {
				who = s.one(l.role)
			}
			b = s.signIn(who)
			browsers[l.role] = b
		}
		status := l.status
		if status == 0 {
			status = http.StatusOK
		}
		b.get(l.path).is(status).sound().has(l.says, `<html lang="vi">`)
		b.get(withQuery(l.path, "lang", "en")).is(status).sound().has(`<html lang="en">`)
		b.get(withQuery(l.path, "lang", "vi"))
		drawn[l.template] = true
	}
	elsewhere := []string{
		"admin/process_publish", "admin/process_migrate", // drawn in process_test.go
		"desk/sign", "desk/sign_confirm", "desk/sign_summary", // in desk_sign_test.go
		"admin/result_templates", "admin/result_template", "admin/certificates", "admin/books", "admin/book", // in admin_result_test.go
		"admin/publication", "admin/decision", "portal/decision", // in test/browser/decision_test.go
		"admin/reorganisation", // in test/browser/organisation_test.go
	}
	for name := range s.server.pages["vi"] {
		if !drawn[name] && !slices.Contains(elsewhere, name) {
			t.Errorf("no test draws %s", name)
		}
	}
}

// What citizens are promised of the portal, asked of one living centre.
func TestPortal(t *testing.T) {
	s := newSite(t)
	for _, part := range []struct {
		name string
		ask  func(*testing.T, *site)
	}{
		{"pages are light", citizensPagesAreLight}, {"any procedure in three clicks", anyProcedureInThreeClicks},
		{"every statutory part", everyStatutoryPart}, {"error pages", errorPages},
	} {
		t.Run(part.name, func(t *testing.T) { part.ask(t, s.within(t)) })
	}
}

// A citizen's page, its styles and its scripts together stay under 100 KB
// compressed; none has a script.
func citizensPagesAreLight(t *testing.T, s *site) {
	const most = 100 << 10
	packed := func(text string) int {
		var b strings.Builder
		z, err := gzip.NewWriterLevel(&b, 5)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := z.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		return b.Len()
	}
	link := regexp.MustCompile(`(?:href|src)="(/static/[^"]+\.(?:css|js))"`)
	for _, path := range []string{"/", "/thu-tuc", "/thu-tuc?linh-vuc=Thu%E1%BA%BF", "/thu-tuc/" + s.receivable().Code, "/tra-cuu", "/xac-thuc", "/cong-khai", "/can-bo", "/huong-dan"} {
		p := s.browser().get(path).is(http.StatusOK)
		size := packed(p.body)
		for _, m := range link.FindAllStringSubmatch(p.body, -1) {
			if strings.HasSuffix(m[1], ".js") {
				t.Errorf("%s loads %s", path, m[1])
			}
			size += packed(s.browser().get(m[1]).is(http.StatusOK).body)
		}
		if size > most {
			t.Errorf("%s weighs %d bytes compressed, at most %d", path, size, most)
		}
	}
}

// From the home page any procedure is at most three clicks away: home, its
// field's list, the procedure.
func anyProcedureInThreeClicks(t *testing.T, s *site) {
	b := s.browser()
	if !strings.Contains(b.get("/").body, `href="/thu-tuc"`) {
		t.Fatal("the home page does not lead to the procedures")
	}
	ways, err := s.BrowseProcedures(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	browse := b.get("/thu-tuc").body
	fields := regexp.MustCompile(`href="(/thu-tuc\?linh-vuc=[^"]*)"`).FindAllStringSubmatch(browse, -1)
	if len(fields) != len(ways.Fields) {
		t.Errorf("%d fields are offered, there are %d", len(fields), len(ways.Fields))
	}
	slices.SortFunc(ways.Fields, func(x, y countOf) int { return y.N - x.N })
	for _, c := range []countOf{ways.Fields[0], ways.Fields[len(ways.Fields)/2]} {
		list := b.get(withQuery("/thu-tuc", "linh-vuc", c.Value)).is(http.StatusOK).body
		if n := strings.Count(list, `<li><a href="/thu-tuc/`); n != c.N {
			t.Errorf("the list of %s has %d procedures, the field has %d", c.Value, n, c.N)
		}
	}
}

// The page shows every part that the decree wants, or says that the source does
// not state it.
func everyStatutoryPart(t *testing.T, s *site) {
	res, err := s.SearchProcedures(t.Context(), queryOf(2000))
	if err != nil {
		t.Fatal(err)
	}
	open, closed := 0, 0
	for i, h := range res.Hits {
		if i%37 != 0 {
			continue
		}
		p := s.browser().get("/thu-tuc/" + h.Procedure.Code).is(http.StatusOK).sound()
		v, err := s.ProcedurePage(t.Context(), h.Procedure.Code)
		if err != nil {
			t.Fatal(err)
		}
		for _, part := range v.Parts {
			if part.Part == "name" || part.Part == "sets" {
				continue
			}
			p.has(s.server.words.T("vi", "procedure.part."+string(part.Part), nil))
			if !part.Stated && part.Part != "fee" {
				p.has(s.server.words.T("vi", "portal.unstated."+string(part.Part), nil))
			}
		}
		if len(v.Missing) > 0 {
			closed++
			p.has("chỉ để tra cứu")
		} else {
			open++
			p.hasNot("chỉ để tra cứu")
		}
		if v.FeeState == "schedule" {
			p.has("Xem mức thu").hasNot(">Miễn phí<")
		}
	}
	if open == 0 || closed == 0 {
		t.Errorf("looked at %d procedures that are received and %d that are not; want some of both", open, closed)
	}
}

func errorPages(t *testing.T, s *site) {
	b := s.browser()
	b.get("/hong").is(http.StatusInternalServerError).sound().has("Có lỗi ở phía chúng tôi", "Mã lỗi", "Thử lại").hasNot("a page breaks")
	if !strings.Contains(s.log.String(), "a page breaks") {
		t.Error("the panic is not in the log")
	}
	b.get("/thu-tuc/9.999999").is(http.StatusNotFound).sound().has("9.999999")
	b.get("/api/v1/khong-co").is(http.StatusNotFound).has(`"status":404`)
	b.get("/nghiep-vu/khong-co").is(http.StatusNotFound)
	b.site = "cross-site"
	b.post("/tra-cuu", "ma", "H36.01-261123-0001", "bi-mat", "ABCDEFGH").is(http.StatusForbidden).sound().has("gửi từ một trang khác")
	head := b.get("/").header
	if got := head.Get("Content-Security-Policy"); !strings.HasPrefix(got, "default-src 'self'") || strings.Contains(got, "unsafe") {
		t.Errorf("Content-Security-Policy = %q", got)
	}
}

func TestFaultsBecomeStatus(t *testing.T) {
	for kind, want := range map[fault.Kind]int{
		fault.Internal: 500, fault.NotFound: 404, fault.Forbidden: 403, fault.Invalid: 422, fault.Conflict: 409, fault.Unavailable: 503,
	} {
		if got := httpStatus(kind); got != want {
			t.Errorf("httpStatus(%v) = %d, want %d", kind, got, want)
		}
	}
}
