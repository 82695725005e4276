package web

import (
	"net/http"
	"strings"
	"testing"

	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/app/apptest"
	"github.com/motcua/motcua/internal/core/access"
)

// listed collects the patterns of routes.
type listed struct{ patterns []string }

func (l *listed) Handle(pattern string, _ http.Handler) { l.patterns = append(l.patterns, pattern) }
func (l *listed) HandleFunc(pattern string, _ func(http.ResponseWriter, *http.Request)) {
	l.patterns = append(l.patterns, pattern)
}

// Whoever came with a one-time password can open no page of the desk and do
// nothing there until he has set his own.
func TestOneTimePasswordForcesItsChange(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		s := siteOf(t, w)
		saved, err := w.SaveStaff(t.Context(), s.one(access.Admin), app.StaffForm{
			Login: "moi.dv", Name: "Đặng Văn Mới", Unit: w.Centre().Code, Roles: []access.Role{access.Reception, access.Admin}, Active: true,
		})
		if err != nil {
			t.Fatal(err)
		}
		b := s.browser()
		if to := b.post("/dang-nhap", "login", "moi.dv", "password", saved.Password, "ve", "/quan-tri/nhan-su").to(); to != passwordPath {
			t.Errorf("a one-time password leads to %s", to)
		}
		var routes listed
		s.server.deskRoutes(&routes)
		held := 0
		for _, pattern := range routes.patterns {
			method, path, _ := strings.Cut(pattern, " ")
			if path == passwordPath || path == "/dang-nhap" || path == "/dang-xuat" {
				continue
			}
			path = strings.NewReplacer("{", "", "}", "").Replace(path)
			got := b.get(path)
			if method == http.MethodPost {
				got = b.post(path, "hanh-dong", "1")
			}
			if to := got.to(); to != passwordPath {
				t.Errorf("%s leads to %s", pattern, to)
			}
			held++
		}
		if held < 50 {
			t.Errorf("only %d pages were tried", held)
		}
		b.get("/thu-tuc").is(http.StatusOK) // what is open to everybody stays open
		page := b.get(passwordPath).is(http.StatusOK).sound().has("mật khẩu dùng một lần").hasNot("/nghiep-vu/tiep-nhan", "/quan-tri/nhan-su")
		if page.header.Get("Cache-Control") != "no-store" {
			t.Error("the page may be kept")
		}
		b.post(passwordPath, "current", saved.Password, "password", "một câu của tôi", "again", "một câu khác").is(http.StatusUnprocessableEntity).has("không giống nhau", "mật khẩu dùng một lần")
		b.get("/nghiep-vu").to()
		before := b.cookies[s.server.sessionCookie()]
		if to := b.post(passwordPath, "current", saved.Password, "password", "một câu của tôi", "again", "một câu của tôi").to(); !strings.HasPrefix(to, "/nghiep-vu?") {
			t.Errorf("an own password leads to %s", to)
		}
		if b.cookies[s.server.sessionCookie()] == before {
			t.Error("the session is still that of the one-time password")
		}
		b.get("/quan-tri/nhan-su").is(http.StatusOK)
		b.get(passwordPath).is(http.StatusOK).hasNot("mật khẩu dùng một lần")
		old := s.browser()
		old.cookies[s.server.sessionCookie()] = before
		old.get("/nghiep-vu").to()
	})
}
