package web

import (
	"html"
	"net/http"
	"testing"

	"github.com/motcua/motcua/internal/core/access"
)

func TestSavedViews(t *testing.T) {
	s := newSite(t)
	b := s.signIn(s.one(access.Reception))
	page := b.get("/nghiep-vu?nhom=qua-han&kenh=online&thu-tuc=dat+dai&buoc=receive").is(http.StatusOK).sound().has("Bộ lọc đã lưu")
	form := values("hanh-dong", "bo-loc-1", "xem", html.UnescapeString(page.field("xem")), "name", " ")
	b.postValues(viewsPath, form).is(http.StatusUnprocessableEntity).sound().has("Hãy đặt tên cho bộ lọc")
	form.Set("name", "Đất đai trực tuyến")
	to := b.postValues(viewsPath, form).to()
	if want := "/nghiep-vu?buoc=receive&kenh=online&nhom=qua-han&thu-tuc=dat+dai"; to != want {
		t.Errorf("the view leads to %s, want %s", to, want)
	}
	b.get(to).is(http.StatusOK).has("Đất đai trực tuyến", `value="dat dai"`)
	form = values("hanh-dong", "bo-loc-2", "xem", html.UnescapeString(page.field("xem")), "bo", "Đất đai trực tuyến")
	b.get(b.postValues(viewsPath, form).to()).hasNot("Đất đai trực tuyến")
	b.postValues(viewsPath, values("hanh-dong", "bo-loc-3", "bo", "Không có")).is(http.StatusNotFound)
}
