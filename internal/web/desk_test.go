package web

import (
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/dossier"
)

func TestActs(t *testing.T) {
	s := newSite(t)
	got := s.receive(nil)
	counter := s.signIn(s.one(access.Reception))
	handler := s.of(got.Agency, access.Handler)
	desk := s.signIn(handler)
	path := dossierPath(got.Code)
	other := s.signIn(s.elsewhere(got.Agency, access.Handler))

	t.Run("an officer of another unit learns nothing", func(t *testing.T) {
		other.s = s.within(t)
		unknown := other.get(dossierPath("H36.01-261123-7777"))
		known := other.get(path).is(http.StatusNotFound).hasNot("Thử Nghiệm", got.Procedure.Name)
		if strings.ReplaceAll(known.text(), got.Code, "X") != strings.ReplaceAll(unknown.text(), "H36.01-261123-7777", "X") {
			t.Errorf("the answers differ:\n%s\n%s", known.text(), unknown.text())
		}
		other.post(path+"/claim", "phien-ban", "1").is(http.StatusNotFound)
	})

	t.Run("two officers on one dossier", func(t *testing.T) {
		counter.s = s.within(t)
		first := counter.get(path).is(http.StatusOK)
		s.Clock.Add(time.Minute)
		form := values("hanh-dong", first.field("hanh-dong"), "phien-ban", first.field("phien-ban"))
		counter.postValues(path+"/forward", form).to()
		form.Set("hanh-dong", "2")
		form.Set("reason", "Người dân đổi ý")
		counter.postValues(path+"/withdraw", form).is(http.StatusConflict).sound().has("Người dân đổi ý", "Chuyển cơ quan giải quyết", "Khi ông/bà mở", "Bây giờ")
		form.Set("hanh-dong", "2b")
		form.Set("reason", "Thiếu bản vẽ mặt bằng")
		counter.postValues(path+"/request-supplement", form).is(http.StatusConflict).sound().has("Thiếu bản vẽ mặt bằng", "không còn làm được nữa")
	})

	t.Run("a hand-over is confirmed in one press", func(t *testing.T) {
		desk.s = s.within(t)
		s.Clock.Add(time.Minute)
		list := desk.get("/nghiep-vu/ban-giao").is(http.StatusOK).has(got.Code)
		form := values("hanh-dong", list.field("hanh-dong"), "ho-so", list.field("ho-so"))
		desk.get(desk.postValues("/nghiep-vu/ban-giao", form).to()).has("Đã xác nhận nhận 1 hồ sơ")
		desk.postValues("/nghiep-vu/ban-giao", form).to() // sent twice: nothing more happens
		form.Set("hanh-dong", "3")
		desk.postValues("/nghiep-vu/ban-giao", form).is(http.StatusConflict).sound().has(got.Code)
	})

	t.Run("an act without its reason", func(t *testing.T) {
		desk.s = s.within(t)
		s.Clock.Add(time.Minute)
		page := desk.get(path)
		desk.post(path+"/claim", "hanh-dong", page.field("hanh-dong"), "phien-ban", page.field("phien-ban")).to()
		page = desk.get(path).is(http.StatusOK)
		form := values("hanh-dong", "4", "phien-ban", page.field("phien-ban"), "otherItems", "Bản vẽ móng")
		desk.postValues(path+"/request-supplement", form).is(http.StatusUnprocessableEntity).sound().has("Bản vẽ móng", `href="#request-supplement-reason"`)
		form.Set("reason", "Bản vẽ chưa có mặt bằng móng")
		s.Clock.Add(time.Minute)
		desk.postValues(path+"/request-supplement", form).to()
		desk.get(path).has("Bản vẽ chưa có mặt bằng móng", "Yêu cầu bổ sung")
		desk.post(path+"/khong-co", "phien-ban", "1").is(http.StatusNotFound)
	})

	t.Run("personal data is masked until a purpose is said", func(t *testing.T) {
		desk.s = s.within(t)
		desk.get(path).hasNot("999190000017")
		desk.post(path+"/xem-day-du", "purpose", " ").is(http.StatusUnprocessableEntity).hasNot("999190000017")
		desk.post(path+"/xem-day-du", "purpose", "Gọi cho người nộp").is(http.StatusOK).sound().has("999190000017")
	})

	t.Run("the supply form counts papers and the clock goes on", func(t *testing.T) {
		s.Clock.Add(26 * time.Hour)
		counter = s.within(t).signIn(s.one(access.Reception))
		page := counter.get(path).is(http.StatusOK)
		form := values("hanh-dong", "5", "phien-ban", page.field("phien-ban"))
		for _, x := range got.Papers {
			form.Add("giay", x.ID)
			form.Set(paperField(x.ID, "originals"), "2")
		}
		form.Set("suppliedAt", "ngày mai")
		counter.postValues(path+"/supply", form).is(http.StatusUnprocessableEntity).has("suppliedAt")
		form.Set("suppliedAt", "")
		counter.postValues(path+"/supply", form).to()
		counter.get(path).has("Nhận giấy tờ bổ sung")
	})

	t.Run("a slip is corrected", func(t *testing.T) {
		counter.s = s.within(t)
		s.Clock.Add(time.Minute)
		page := counter.get(path + "/correct").is(http.StatusOK).sound().has(`value="Nguyễn Thị Thử Nghiệm"`)
		form := values("hanh-dong", "6", "phien-ban", page.field("phien-ban"), "owner.kind", "citizen", "owner.name", "Nguyễn Thị Sửa Tên",
			"owner.personalId", "999190000017", "sets", "1", "subject", "Việc đã sửa")
		counter.postValues(path+"/correct", form).is(http.StatusUnprocessableEntity).has("Nguyễn Thị Sửa Tên")
		form.Set("reason", "Ghi sai tên")
		counter.postValues(path+"/correct", form).to()
		counter.get(path).has("Nguyễn Thị Sửa Tên", "Việc đã sửa", "Ghi sai tên")
	})
}

// elsewhere is an officer with a role in another unit.
func (s *site) elsewhere(unit string, role access.Role) access.Actor {
	s.t.Helper()
	ways, err := s.BrowseProcedures(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	for _, c := range ways.Agencies {
		if all := s.People(c.Value, string(role)); c.Value != unit && len(all) > 0 {
			return all[0]
		}
	}
	s.t.Fatalf("nobody outside %s is %s", unit, role)
	return access.Actor{}
}

func sessions(t *testing.T, s *site) {
	login := s.login(s.one(access.Reception))
	wrong := s.browser().post("/dang-nhap", "login", login, "password", "sai").is(http.StatusUnprocessableEntity).sound()
	nobody := s.browser().post("/dang-nhap", "login", "khong.co", "password", "sai").is(http.StatusUnprocessableEntity)
	if strings.ReplaceAll(wrong.body, login, "") != strings.ReplaceAll(nobody.body, "khong.co", "") {
		t.Error("a wrong password and an unknown login are answered differently")
	}
	if to := s.browser().get("/nghiep-vu/tra-cuu?q=a").to(); to != "/dang-nhap?ve=%2Fnghiep-vu%2Ftra-cuu%3Fq%3Da" {
		t.Errorf("a stranger is led to %s", to)
	}
	if to := s.browser().post("/dang-nhap", "login", login, "password", password, "ve", "//xau.example").to(); to != "/nghiep-vu" {
		t.Errorf("after signing in: %s", to)
	}

	b := s.browser()
	b.post("/dang-nhap", "login", login, "password", password).to()
	p := s.receivable()
	v := s.counterForm(b, p)
	v.Set("subject", "Gõ dở rất lâu")
	v.Set("owner.name", "Trần Văn Dở")
	v.Set("owner.personalId", "999190000074")
	s.Clock.Add(45 * time.Minute) // the session has ended meanwhile
	held := b.postValues("/nghiep-vu/tiep-nhan/"+p.Code, v).is(http.StatusUnauthorized).sound().hasNot("Gõ dở")
	again := b.post("/dang-nhap", "login", login, "password", "sai", heldPath, held.field(heldPath), heldValues, held.field(heldValues)).is(http.StatusUnprocessableEntity)
	back := b.post("/dang-nhap", "login", login, "password", password, heldPath, again.field(heldPath), heldValues, again.field(heldValues)).is(http.StatusOK).sound()
	back.has(`value="Gõ dở rất lâu"`, `value="Trần Văn Dở"`)
	if n, err := s.Search(t.Context(), s.one(access.Reception), "tran van do", ""); err != nil || len(n.Rows) != 0 {
		t.Errorf("the held form was carried out: %d dossiers, %v", len(n.Rows), err)
	}
	v.Set("hanh-dong", back.field("hanh-dong"))
	b.postValues("/nghiep-vu/tiep-nhan/"+p.Code, v).to()

	b.post("/dang-xuat").to()
	b.get("/nghiep-vu").to()
	for range 5 {
		s.browser().post("/dang-nhap", "login", login, "password", "sai")
	}
	s.browser().post("/dang-nhap", "login", login, "password", password).is(http.StatusServiceUnavailable).sound()
}

// Parts of the house that leave each other alone, on one living centre.
func TestHouse(t *testing.T) {
	s := newSite(t)
	for _, part := range []struct {
		name string
		ask  func(*testing.T, *site)
	}{
		{"receipts are verified", receiptIsVerified}, {"tracking", tracking}, {"staff", staffAdministration}, {"tokens", tokenAdministration}, {"readiness", readinessBoard},
		{"own password", passwordIsChanged}, {"late entry", lateEntryIsConfirmed}, {"sessions", sessions}, {"sign-in is rate limited", signInIsRateLimited},
	} {
		t.Run(part.name, func(t *testing.T) { part.ask(t, s.within(t)) })
	}
}

// An address that tries too often has to wait, whatever login it tries.
func signInIsRateLimited(t *testing.T, s *site) {
	for i := range 40 {
		p := s.browser().post("/dang-nhap", "login", "thu."+strconv.Itoa(i), "password", "sai")
		if p.status == http.StatusTooManyRequests {
			if p.sound().header.Get("Retry-After") == "" {
				t.Error("no Retry-After")
			}
			return
		}
	}
	t.Error("forty tries from one address were all answered")
}

func passwordIsChanged(t *testing.T, s *site) {
	who := s.one(access.Director)
	b := s.signIn(who)
	const next = "mot cau khac dai hon 25"
	b.post("/nghiep-vu/mat-khau", "current", password, "password", next, "again", next+"x").is(http.StatusUnprocessableEntity).sound().hasNot(next)
	b.post("/nghiep-vu/mat-khau", "current", "sai", "password", next, "again", next).is(http.StatusUnprocessableEntity)
	b.post("/nghiep-vu/mat-khau", "current", password, "password", "ngan", "again", "ngan").is(http.StatusUnprocessableEntity)
	if to := b.post("/nghiep-vu/mat-khau", "current", password, "password", next, "again", next).to(); !strings.HasPrefix(to, "/nghiep-vu/tong-quan") {
		t.Errorf("leads to %s", to)
	}
}

func tracking(t *testing.T, s *site) {
	got := s.receive(func(f *app.ReceptionForm) { f.Owner.PersonalID = "999190000082" })
	b := s.browser()
	b.post("/tra-cuu", "ma", "", "bi-mat", "").is(http.StatusUnprocessableEntity).sound().has("Hãy nhập mã hồ sơ")
	wrong := b.post("/tra-cuu", "ma", got.Code, "bi-mat", "AAAAAAAA").is(http.StatusNotFound).sound()
	unknown := b.post("/tra-cuu", "ma", "H36.01-261123-8888", "bi-mat", "AAAAAAAA").is(http.StatusNotFound)
	if strings.ReplaceAll(wrong.body, got.Code, "") != strings.ReplaceAll(unknown.body, "H36.01-261123-8888", "") {
		t.Error("a wrong secret and an unknown code are answered differently")
	}
	right := b.post("/tra-cuu", "ma", strings.ToLower(got.Code), "bi-mat", " "+strings.ToLower(got.Secret)).is(http.StatusOK).sound()
	right.has("Được tiếp nhận", "Vì sao ngày này?", got.Procedure.Name, "Hẹn trả kết quả")
	right.hasNot("Thử Nghiệm", "999190000082", "0000123456", "Trần Phú, Đà Lạt, Lâm", got.Secret, s.one(access.Reception).Name)
	if c := right.header.Get("Cache-Control"); c != "no-store" {
		t.Errorf("Cache-Control = %q", c)
	}

	d := s.act(s.one(access.Reception), got.Dossier, dossier.Input{Act: dossier.Forward})
	who := s.of(d.Agency, access.Handler)
	d = s.act(who, d, dossier.Input{Act: dossier.ReceiveHandover})
	d = s.act(who, d, dossier.Input{Act: dossier.Claim})
	s.act(who, d, dossier.Input{Act: dossier.RequestSupplement, Reason: "Bí mật nội bộ", Items: []string{"Bản vẽ móng"}})
	b.post("/tra-cuu", "ma", got.Code, "bi-mat", got.Secret).is(http.StatusOK).sound().
		has("Bạn cần bổ sung", "Bản vẽ móng", "Bạn bổ sung giấy tờ").hasNot(who.Name, "Bí mật nội bộ")

	for range 60 {
		if p := b.post("/tra-cuu", "ma", got.Code, "bi-mat", "BBBBBBBB"); p.status == http.StatusTooManyRequests {
			p.sound().has("quá nhiều lần")
			return
		}
	}
	t.Error("sixty guesses from one address were all answered")
}

// The QR text of a receipt is genuine, and no changed one is.
func receiptIsVerified(t *testing.T, s *site) {
	got := s.receive(nil)
	link, err := s.ReceiptLink(got.Dossier)
	if err != nil || link == "" {
		t.Fatalf("link %q, %v", link, err)
	}
	_, query, _ := strings.Cut(link, "?")
	b := s.browser()
	b.get("/xac-thuc?"+query).is(http.StatusOK).sound().has("Giấy hẹn này là thật", got.Code).hasNot("Thử Nghiệm")
	b.post("/xac-thuc", "m", link).is(http.StatusOK).has("Giấy hẹn này là thật")
	flip := byte('A')
	if link[len(link)-5] == flip {
		flip = 'B'
	}
	b.post("/xac-thuc", "m", link[:len(link)-5]+string(flip)+link[len(link)-4:]).is(http.StatusUnprocessableEntity).has("Không xác nhận được")
	b.post("/xac-thuc", "m", "").is(http.StatusUnprocessableEntity).has("Hãy dán nội dung")
}

func staffAdministration(t *testing.T, s *site) {
	admin := s.signIn(s.one(access.Admin))
	form := admin.get("/quan-tri/nhan-su/moi").is(http.StatusOK)
	v := values("hanh-dong", form.field("hanh-dong"), "name", "Trần Thị Mới", "title", "Chuyên viên", "login", "", "unit", s.Centre().Code)
	admin.postValues("/quan-tri/nhan-su/moi", v).is(http.StatusUnprocessableEntity).sound().has("Trần Thị Mới")
	v.Set("login", "moi.tran")
	v.Add("roles", string(access.Reception))
	made := admin.postValues("/quan-tri/nhan-su/moi", v).is(http.StatusOK).sound().has("Trần Thị Mới", "moi.tran")
	start := strings.Index(made.body, `num secret">`) + len(`num secret">`)
	secret, _, _ := strings.Cut(made.body[start:], "<")
	b := s.browser()
	b.post("/dang-nhap", "login", "moi.tran", "password", secret).to()
	list := admin.get("/quan-tri/nhan-su?q=moi.tran").is(http.StatusOK).has("Trần Thị Mới").body
	at := strings.Index(list, `data-open="`) + len(`data-open="`)
	path, _, _ := strings.Cut(list[at:], `"`)
	admin.post(path+"/trang-thai/tam-dung", "hanh-dong", "7").is(http.StatusNotFound)
	b.get(passwordPath).is(http.StatusOK) // an unknown word changed nothing
	admin.post(path+"/trang-thai/dung", "hanh-dong", "7").to()
	b.get("/nghiep-vu").to() // his session has ended
	s.browser().post("/dang-nhap", "login", "moi.tran", "password", secret).is(http.StatusUnprocessableEntity)
	admin.post(path+"/trang-thai/dung-lai", "hanh-dong", "8").to()
	admin.post(path+"/mat-khau", "hanh-dong", "9").is(http.StatusOK).has("moi.tran").hasNot(secret)
	v.Set("hanh-dong", "10")
	admin.postValues("/quan-tri/nhan-su/moi", v).is(http.StatusUnprocessableEntity).sound() // the login is taken
	s.signIn(s.one(access.Reception)).get("/quan-tri/nhan-su").is(http.StatusForbidden)
}

// A token is shown once, made once when its form is sent twice, and refused as
// soon as it is revoked.
func tokenAdministration(t *testing.T, s *site) {
	admin := s.signIn(s.one(access.Admin))
	admin.post(tokensPath, "hanh-dong", "70", "name", " ", "role", "partner").is(http.StatusUnprocessableEntity).sound().has("Hãy đặt tên")
	admin.post(tokensPath, "hanh-dong", "70", "name", "Cổng", "role", "").is(http.StatusUnprocessableEntity).sound()
	made := admin.post(tokensPath, "hanh-dong", "71", "name", "Cổng <b>quốc gia</b>", "role", "partner").is(http.StatusOK).sound()
	secret := regexp.MustCompile(`mc_[\w-]{43}`).FindString(made.body)
	if _, err := s.TokenActor(t.Context(), secret); err != nil {
		t.Fatalf("the token that was shown: %v", err)
	}
	admin.post(tokensPath, "hanh-dong", "71", "name", "Cổng <b>quốc gia</b>", "role", "partner").is(http.StatusConflict).sound().has("đã được cấp")
	list := admin.get(tokensPath).is(http.StatusOK).sound().has("Cổng &lt;b&gt;quốc gia", "Đang dùng được")
	if strings.Contains(list.body, secret) {
		t.Error("the list shows a secret")
	}
	path := regexp.MustCompile(`action="(/quan-tri/ket-noi/[^"]+/thu-hoi)"`).FindStringSubmatch(list.body)
	if path == nil {
		t.Fatal("nothing to revoke with")
	}
	s.signIn(s.one(access.Reception)).post(path[1], "hanh-dong", "72").is(http.StatusForbidden)
	admin.post(path[1], "hanh-dong", "72").to()
	if _, err := s.TokenActor(t.Context(), secret); err == nil {
		t.Error("a revoked token still acts")
	}
	admin.get(tokensPath).is(http.StatusOK).sound().has("Đã thu hồi")
	admin.post("/quan-tri/ket-noi/khong-co/thu-hoi", "hanh-dong", "73").is(http.StatusNotFound)
}

func readinessBoard(t *testing.T, s *site) {
	control := s.signIn(s.one(access.Control))
	for _, only := range []string{"", "missing", "unconfirmed", "ready", "khac"} {
		control.get(withQuery("/quan-tri/thu-tuc", "loc", only)).is(http.StatusOK).sound()
	}
	p := s.receivable()
	control.post("/quan-tri/thu-tuc", "hanh-dong", "11", "thu-tuc", p.Code, "phien-ban", strconv.Itoa(p.Number)).is(http.StatusUnprocessableEntity).sound()
	control.post("/quan-tri/thu-tuc", "hanh-dong", "11", "thu-tuc", p.Code, "phien-ban", strconv.Itoa(p.Number), "document", "QĐ 12/QĐ-TTPVHCC").to()
	s.signIn(s.one(access.Admin)).get("/quan-tri/thu-tuc").is(http.StatusForbidden)
}
