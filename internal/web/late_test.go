package web

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/dossier"
)

// A dossier comes near its day and past it, seen through the pages: the bell,
// the prepared apology, the leader's signature and the outbox.
func TestLatenessThroughThePages(t *testing.T) {
	s := newSite(t)
	got := s.receive(nil)
	d := s.act(s.one(access.Reception), got.Dossier, dossier.Input{Act: dossier.Forward})
	handler, leader := s.of(d.Agency, access.Handler), s.of(d.Agency, access.Leader)
	d = s.act(handler, d, dossier.Input{Act: dossier.ReceiveHandover})
	d = s.act(handler, d, dossier.Input{Act: dossier.Claim})
	s.Clock.Set(d.Deadline.DueOn.AddDays(-1).At(8 * 60))
	s.Drain(t)
	if works := s.Clock.Now().Weekday(); works == 0 || works == 6 {
		t.Fatalf("the test's day before %v is a %v", d.Deadline.DueOn, works)
	}
	hands := s.signIn(handler)
	hands.get("/nghiep-vu").has(`href="/nghiep-vu/thong-bao"`)
	bell := hands.get("/nghiep-vu/thong-bao").is(http.StatusOK).sound().has(d.Code, "Chưa đọc")
	id := regexp.MustCompile(`name="thong-bao" value="([^"]+)"`).FindStringSubmatch(bell.body)
	if id == nil {
		t.Fatal("no notice to mark as read")
	}
	hands.post("/nghiep-vu/thong-bao", "hanh-dong", "doc-1", "thong-bao", id[1]).is(http.StatusSeeOther)
	hands.post("/nghiep-vu/thong-bao", "hanh-dong", "doc-2").is(http.StatusSeeOther)
	if body := hands.get("/nghiep-vu/thong-bao").body; strings.Contains(body, "Chưa đọc") {
		t.Error("a notice is unread after all were read")
	}

	newDay := civil.NewDate(2026, 12, 30).String()
	where := "/nghiep-vu/xin-loi/" + d.Code
	hands.post(where, "hanh-dong", "nhap-0", "viec", "nhap", "newDay", "hôm nào", "reason", "Thiếu số liệu").is(http.StatusUnprocessableEntity).sound().has("Thiếu số liệu")
	hands.post(where, "hanh-dong", "nhap-1", "viec", "nhap", "newDay", newDay, "reason", "Chờ số liệu <b>đo đạc</b>").is(http.StatusSeeOther)
	boss := s.signIn(leader)
	page := boss.get("/nghiep-vu/xin-loi?xong=xin-loi-nhap&ho-so="+d.Code).is(http.StatusOK).sound().has(d.Code, "Chờ số liệu &lt;b&gt;đo đạc", "Ký và báo người nộp")
	version := regexp.MustCompile(`name="phien-ban" value="(\d+)"`).FindStringSubmatch(page.body)[1]
	boss.post(where, "hanh-dong", "ky-0", "viec", "ky", "phien-ban", version, "newDay", newDay, "reason", " ").is(http.StatusUnprocessableEntity).sound()
	hands.post(where, "hanh-dong", "ky-1", "viec", "ky", "phien-ban", version, "newDay", newDay, "reason", "x").is(http.StatusForbidden).sound()
	boss.post(where, "hanh-dong", "ky-2", "viec", "ky", "phien-ban", version, "newDay", newDay, "reason", "Chờ số liệu", "document", "12/PXL").is(http.StatusSeeOther)
	boss.get("/nghiep-vu/ho-so/" + d.Code + "/phieu/apology.pdf").is(http.StatusOK)
	boss.get("/nghiep-vu/ho-so/"+d.Code+"/vi-sao").is(http.StatusOK).sound().has("Hẹn lại", "30/12/2026")

	control := s.signIn(s.one(access.Control))
	out := control.get("/quan-tri/thu-di").is(http.StatusOK).sound().has(d.Code, "Xin lỗi và hẹn lại", "Chờ gửi", "chưa cấu hình")
	for _, secret := range []string{"0000123456", "Chờ số liệu"} {
		if strings.Contains(out.body, secret) {
			t.Errorf("the outbox shows %q", secret)
		}
	}
	s.Mail.Refuse("0000123456")
	s.Drain(t)
	again := control.get("/quan-tri/thu-di?loc=failed").is(http.StatusOK).sound().has("Gửi lại")
	path := regexp.MustCompile(`action="(/quan-tri/thu-di/[^"]+/gui-lai)"`).FindStringSubmatch(again.body)
	if path == nil {
		t.Fatal("nothing to send again")
	}
	control.post(path[1], "hanh-dong", "lai-1").is(http.StatusSeeOther)
	control.post(path[1], "hanh-dong", "lai-2").is(http.StatusConflict).sound()
	hands.get("/quan-tri/thu-di").is(http.StatusForbidden).sound()
}

// The forms of the calendar besides the first, and the words of a form.
func TestCalendarAndWordingForms(t *testing.T) {
	s := newSite(t)
	control := s.signIn(s.one(access.Control))
	to := control.post("/quan-tri/lich", "hanh-dong", "bo-1", "viec", "bo-ngay", "base", "1", "remove", "2026-11-24", "document", "QĐ 1", "reason", "không còn nghỉ").is(http.StatusSeeOther).header.Get("Location")
	control.get(to).is(http.StatusOK).sound().has("<del>24/11/2026")
	to = control.post("/quan-tri/lich", "hanh-dong", "dk-1", "viec", "du-kien", "base", "1", "nam", "2028", "document", "QĐ 2", "reason", "lịch dự kiến").is(http.StatusSeeOther).header.Get("Location")
	control.get(to).is(http.StatusOK).sound().has("2028")
	control.post("/quan-tri/lich", "hanh-dong", "ct-1", "viec", "chinh-thuc", "base", "1", "holidays", "", "document", "QĐ 3", "reason", "x").is(http.StatusUnprocessableEntity).sound()
	bad := `{"years":[{"year":2027,"statute":"x","days_off":[{"date":"2027-01-01","weekday":"Thứ Năm","kind":"le","name":"Tết Dương lịch"}]}]}`
	control.post("/quan-tri/lich", "hanh-dong", "ct-2", "viec", "chinh-thuc", "base", "1", "holidays", bad, "document", "QĐ 3", "reason", "x").is(http.StatusUnprocessableEntity).sound().has("01/01/2027")
	control.get("/quan-tri/lich?don-vi=" + s.Centre().Code).is(http.StatusOK).sound()
	control.get("/quan-tri/lich?nam=2050").is(http.StatusUnprocessableEntity).sound()
	control.get("/quan-tri/lich").has("01/01/2027; Thứ Sáu; nghỉ lễ; Tết Dương lịch")
	lines := "01/01/2027; Thứ Năm; nghỉ lễ; Tết Dương lịch"
	official := func(text string) []string {
		return []string{"hanh-dong", "ct-3", "viec", "chinh-thuc", "base", "1", "holidays", text, "document", "Thông báo 99/TB", "reason", "lịch nghỉ chính thức năm 2027"}
	}
	control.post("/quan-tri/lich", official(lines)...).is(http.StatusUnprocessableEntity).sound().has("01/01/2027", `href="#chinh-thuc-holidays"`, `id="chinh-thuc" open`, lines)
	control.post("/quan-tri/lich", official("hôm qua; nghỉ")...).is(http.StatusUnprocessableEntity).sound().has("Dòng 1")
	to = control.post("/quan-tri/lich", official("01/01/2027; Thứ Sáu; nghỉ lễ; Tết Dương lịch")...).is(http.StatusSeeOther).header.Get("Location")
	control.get(to).is(http.StatusOK).sound().has("Năm 2027: lịch chính thức")

	// A unit's own hours, without the province's Saturdays, and back again.
	unit := "/quan-tri/lich?don-vi=" + s.Centre().Code
	hours := func(id string, more ...string) []string {
		return append([]string{"hanh-dong", id, "viec", "gio", "base", "0", "document", "QĐ 7", "reason", "đổi giờ làm việc"}, more...)
	}
	control.post(unit, hours("g-1", "whose", "own", "am-from", "07:00", "am-to", "12:00", "pm-from", "11:30", "pm-to", "17:00", "sat", "all")...).is(http.StatusUnprocessableEntity).sound().has(`href="#gio-hours"`, "11:30-17:00")
	control.post(unit, hours("g-2", "whose", "own", "am-from", "", "am-to", "12:00", "sat", "yes", "sat-from", "x", "sat-to", "")...).is(http.StatusUnprocessableEntity).sound().has(`href="#gio-saturday"`)
	to = control.post(unit, hours("g-3", "whose", "own", "am-from", "07:00", "am-to", "11:30", "pm-from", "13:00", "pm-to", "16:30", "sat", "yes", "sat-from", "07:30", "sat-to", "11:00")...).is(http.StatusSeeOther).header.Get("Location")
	control.get(to).is(http.StatusOK).sound().has("07:00–11:30, 13:00–16:30", "07:30-11:00")
	s.signIn(s.one(access.Director)).post(to+"/ap-dung", "hanh-dong", "g-4").is(http.StatusSeeOther)
	s.Drain(t)
	control.get(unit).is(http.StatusOK).sound().has("07:00–11:30, 13:00–16:30", "Đơn vị có lịch riêng", "Thứ Bảy có tiếp nhận")
	back := hours("g-5", "whose", "all", "sat", "no")
	back[5] = "1"
	to = control.post(unit, back...).is(http.StatusSeeOther).header.Get("Location")
	control.get(to).is(http.StatusOK).sound().has("<b>07:30–11:30, 13:30–17:00</b>")

	admin := s.signIn(s.one(access.Admin))
	where := "/quan-tri/mau-phieu/receipt"
	admin.post(where, "hanh-dong", "m-1", "base", "0", "due", "Thời gian trả kết quả:", "reason", "x").is(http.StatusUnprocessableEntity).sound().has("dueAt")
	admin.post(where, "hanh-dong", "m-2", "base", "0", "papers", "Giấy tờ đã nhận gồm:", "reason", "Góp ý").is(http.StatusSeeOther)
	admin.get(where+"?xong=mau-phieu").is(http.StatusOK).sound().has("Giấy tờ đã nhận gồm:", "Đã công bố")
	admin.get("/quan-tri/mau-phieu/khong-co").is(http.StatusNotFound).sound()
	control.get("/quan-tri/mau-phieu").is(http.StatusOK).sound()
}
