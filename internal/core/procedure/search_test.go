package procedure_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/motcua/motcua/internal/core/procedure"
	"github.com/motcua/motcua/internal/core/textfold"
	"github.com/motcua/motcua/internal/data"
)

// everything is the national catalogue and what a province's own adds.
func everything(t testing.TB) []procedure.Procedure {
	list := real(t)
	known := map[string]bool{}
	for _, p := range list {
		known[p.Code] = true
	}
	for _, e := range catalogue(t) {
		if !known[e.Code] {
			list = append(list, e.Procedure())
		}
	}
	return list
}

// options adds the built-in speech and life events.
func options(t testing.TB, o procedure.Options) procedure.Options {
	t.Helper()
	speech, err := data.Open(data.Speech)
	if err != nil {
		t.Fatal(err)
	}
	defer speech.Close()
	life, err := data.Open(data.Life)
	if err != nil {
		t.Fatal(err)
	}
	defer life.Close()
	if o.Speech, err = procedure.ParseSpeech(speech); err != nil {
		t.Fatal(err)
	}
	if o.Life, err = procedure.ParseLifeEvents(life); err != nil {
		t.Fatal(err)
	}
	return o
}

// TestSearchFindsWhatPeopleMean asks as people do; one of the first three hits
// must be the procedure that they mean, named by part of its name.
func TestSearchFindsWhatPeopleMean(t *testing.T) {
	x := procedure.NewIndex(everything(t), options(t, procedure.Options{}))
	tests := []struct{ ask, find string }{
		{"bien so xe", "Đổi chứng nhận đăng ký xe, biển số xe"},
		{"giay khai sinh", "đăng ký khai sinh"},
		{"giấy khai sinh", "đăng ký khai sinh"},
		{"bang lai", "giấy phép lái xe"},
		{"bằng lái xe máy", "giấy phép lái xe"},
		{"so do", "Giấy chứng nhận quyền sử dụng đất"},
		{"so hong", "Giấy chứng nhận quyền sử dụng đất"},
		{"lam so do", "Đăng ký đất đai, tài sản gắn liền với đất, cấp Giấy chứng nhận"},
		{"sang ten so do", "Đăng ký biến động quyền sử dụng đất"},
		{"tach thua", "Tách thửa hoặc hợp thửa đất"},
		{"chuyen muc dich su dung dat", "chuyển mục đích sử dụng đất"},
		{"ho khau", "Đăng ký thường trú"},
		{"tam tru", "Đăng ký tạm trú"},
		{"tach ho khau", "Tách hộ"},
		{"cccd", "Cấp thẻ căn cước"},
		{"the can cuoc", "Cấp thẻ căn cước"},
		{"vneid", "Cấp tài khoản định danh điện tử"},
		{"ly lich tu phap", "Cấp Phiếu Lý lịch tư pháp"},
		{"giay phep xay dung", "Cấp giấy phép xây dựng mới"},
		{"xay nha", "Cấp giấy phép xây dựng"},
		{"sua nha", "giấy phép xây dựng sửa chữa, cải tạo"},
		{"dang ky kinh doanh", "Đăng ký thành lập hộ kinh doanh"},
		{"mo quan", "Đăng ký thành lập hộ kinh doanh"},
		{"mo cong ty", "Đăng ký thành lập công ty"},
		{"cong ty tnhh", "Đăng ký thành lập công ty TNHH"},
		{"giai the cong ty", "Giải thể doanh nghiệp"},
		{"hop tac xa", "Đăng ký thành lập hợp tác xã"},
		{"ket hon", "đăng ký kết hôn"},
		{"dang ky ket hon nuoc ngoai", "đăng ký kết hôn có yếu tố nước ngoài"},
		{"doc than", "Giấy xác nhận tình trạng hôn nhân"},
		{"ly hon", "việc ly hôn"},
		{"chung tu", "đăng ký khai tử"},
		{"doi ten", "thay đổi, cải chính, bổ sung thông tin hộ tịch"},
		{"con nuoi", "nuôi con nuôi trong nước"},
		{"bao hiem", "Đăng ký tham gia bảo hiểm xã hội"},
		{"bhxh mot lan", "Hưởng bảo hiểm xã hội một lần"},
		{"the bao hiem y te", "Cấp thẻ bảo hiểm y tế"},
		{"mat so bao hiem", "điều chỉnh thông tin trên sổ BHXH"},
		{"thai san", "chế độ thai sản"},
		{"that nghiep", "trợ cấp thất nghiệp"},
		{"luong huu", "Hưởng lương hưu"},
		{"mai tang", "Hưởng trợ cấp mai táng"},
		{"ho ngheo", "Công nhận hộ nghèo"},
		{"khuyet tat", "Giấy xác nhận khuyết tật"},
		{"nghia vu quan su", "đăng ký nghĩa vụ quân sự"},
		{"ho chieu", "Cấp hộ chiếu phổ thông"},
		{"visa", "Cấp thị thực"},
		{"sao y", "Chứng thực bản sao từ bản chính"},
		{"di chuc", "Chứng thực di chúc"},
		{"ma so thue", "mã số thuế"},
		{"truoc ba", "Khai lệ phí trước bạ"},
		{"hoan thue", "Hoàn thuế"},
		{"pccc", "phòng cháy chữa cháy"},
		{"an toan thuc pham", "Giấy chứng nhận đủ điều kiện an toàn thực phẩm"},
		{"karaoke", "kinh doanh dịch vụ karaoke"},
		{"tau ca", "giấy chứng nhận đăng ký tàu cá"},
		{"khoan gieng", "khai thác nước dưới đất"},
		{"luat su", "Chứng chỉ hành nghề luật sư"},
		{"kinh doanh van tai", "Giấy phép kinh doanh vận tải"},
		{"tôi muốn làm giấy khai sinh cho con", "đăng ký khai sinh"},
		{"giay khai sin", "đăng ký khai sinh"},
		{"khai sihn", "đăng ký khai sinh"},
		{"dang ki ket hon", "đăng ký kết hôn"},
		{"giay phep lai xee", "Cấp lại giấy phép lái xe"},
		{"thuong tr", "Đăng ký thường trú"},
		{"1.001193", "Thủ tục đăng ký khai sinh"},
		{"1.001193.H36", "Thủ tục đăng ký khai sinh"},
		{"TB-14976", "an toàn thực phẩm"},
	}
	for _, tt := range tests {
		t.Run(tt.ask, func(t *testing.T) {
			res := x.Search(procedure.Query{Text: tt.ask, Most: 3})
			var names []string
			for _, h := range res.Hits {
				names = append(names, h.Procedure.Name)
			}
			want := textfold.Fold(tt.find)
			if !slices.ContainsFunc(names, func(n string) bool { return strings.Contains(textfold.Fold(n), want) }) {
				t.Errorf("Search(%q) = %q, want one with %q", tt.ask, names, tt.find)
			}
		})
	}
}

func TestSearchFilters(t *testing.T) {
	list := everything(t)
	ready := func(p *procedure.Procedure) bool { return p.Field == "Hộ tịch" }
	x := procedure.NewIndex(list, options(t, procedure.Options{Ready: ready}))
	all := x.Search(procedure.Query{Most: 10})
	if all.Total != len(list) || len(all.Hits) != 10 {
		t.Errorf("without a text: %d hits of %d, want 10 of %d", len(all.Hits), all.Total, len(list))
	}
	tests := []struct {
		name  string
		query procedure.Query
		ok    func(h procedure.Hit) bool
	}{
		{"field", procedure.Query{Field: "Hộ tịch"}, func(h procedure.Hit) bool { return h.Procedure.Field == "Hộ tịch" }},
		{"agency", procedure.Query{Agency: "so-tu-phap"}, func(h procedure.Hit) bool { return h.Agency == "so-tu-phap" }},
		{"level", procedure.Query{Level: procedure.Commune}, func(h procedure.Hit) bool { return h.Procedure.At(procedure.Commune) }},
		{"service", procedure.Query{Service: procedure.FullService}, func(h procedure.Hit) bool { return h.Procedure.Service == procedure.FullService }},
		{"ready", procedure.Query{Ready: true}, func(h procedure.Hit) bool { return h.Ready }},
		{"text and field", procedure.Query{Text: "kết hôn", Field: "Hộ tịch"}, func(h procedure.Hit) bool { return h.Procedure.Field == "Hộ tịch" }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.query.Most = len(list)
			res := x.Search(tt.query)
			if res.Total == 0 || res.Total == len(list) || res.Total != len(res.Hits) {
				t.Fatalf("total = %d with %d hits of %d", res.Total, len(res.Hits), len(list))
			}
			for _, h := range res.Hits {
				if !tt.ok(h) {
					t.Fatalf("%s does not pass the filter", h.Procedure.Code)
				}
			}
		})
	}
}

func TestFacetsCountHits(t *testing.T) {
	x := procedure.NewIndex(real(t), options(t, procedure.Options{}))
	res := x.Search(procedure.Query{Text: "đăng ký", Level: procedure.Commune})
	if len(res.Facets.Fields) < 2 {
		t.Fatalf("fields = %v, want several", res.Facets.Fields)
	}
	for _, f := range res.Facets.Fields[:2] {
		if got := x.Search(procedure.Query{Text: "đăng ký", Level: procedure.Commune, Field: f.Value}).Total; got != f.N {
			t.Errorf("facet %s says %d, the filter finds %d", f.Value, f.N, got)
		}
	}
}

func TestBrowse(t *testing.T) {
	list := real(t)
	x := procedure.NewIndex(list, options(t, procedure.Options{}))
	sum := 0
	for _, f := range x.Fields() {
		sum += f.N
		if got := x.Search(procedure.Query{Field: f.Value}).Total; got != f.N {
			t.Errorf("field %s has %d, its page lists %d", f.Value, f.N, got)
		}
	}
	if sum != len(list) {
		t.Errorf("the fields hold %d procedures, want all %d", sum, len(list))
	}
	for _, a := range x.Agencies() {
		if got := x.Search(procedure.Query{Agency: a.Value}).Total; got != a.N {
			t.Errorf("agency %s has %d, its page lists %d", a.Value, a.N, got)
		}
	}
	for _, e := range x.LifeEvents() {
		if e.N < 5 {
			t.Errorf("life event %s has %d procedures, want at least 5", e.Value, e.N)
		}
		if got := x.Search(procedure.Query{Life: e.Value}).Total; got != e.N {
			t.Errorf("life event %s has %d, its page lists %d", e.Value, e.N, got)
		}
	}
	if got := x.Search(procedure.Query{Life: "birth"}).Hits[0].Procedure.Name; !strings.Contains(got, "khai sinh") {
		t.Errorf("first procedure at a birth = %q, want a registration of birth", got)
	}
}

func TestAgencyByDay(t *testing.T) {
	list := real(t)
	before := procedure.NewIndex(list, options(t, procedure.Options{Day: "2019-07-05"}))
	after := procedure.NewIndex(list, options(t, procedure.Options{Day: "2026-11-24"}))
	if before.Search(procedure.Query{Agency: "so-gtvt"}).Total == 0 || after.Search(procedure.Query{Agency: "so-gtvt"}).Total != 0 {
		t.Error("Sở Giao thông vận tải must have procedures in 2019 and none in 2026")
	}
}

func TestSearchOddInput(t *testing.T) {
	x := procedure.NewIndex(real(t), options(t, procedure.Options{}))
	for _, text := range []string{"zzzzqqq", "<script>alert(1)</script>", "đ", "....", strings.Repeat("đất ", 5000), strings.Repeat("x", 100000), "1.", "\x00\xff", "' OR 1=1 --"} {
		res := x.Search(procedure.Query{Text: text, Offset: -5, Most: 5})
		if len(res.Hits) > 5 {
			t.Errorf("Search(%.20q) gave %d hits, want at most 5", text, len(res.Hits))
		}
	}
	if got := x.Search(procedure.Query{Text: "zzzzqqq"}).Total; got != 0 {
		t.Errorf("nonsense finds %d", got)
	}
	if got := procedure.NewIndex(nil, procedure.Options{}).Search(procedure.Query{Text: "khai sinh", Life: "birth"}).Total; got != 0 {
		t.Errorf("an empty index finds %d", got)
	}
}

func BenchmarkSearch(b *testing.B) {
	x := procedure.NewIndex(everything(b), options(b, procedure.Options{}))
	for _, text := range []string{"bien so xe", "giay khai sihn", "đăng ký thành lập công ty trách nhiệm hữu hạn một thành viên", "dat"} {
		b.Run(text, func(b *testing.B) {
			for b.Loop() {
				x.Search(procedure.Query{Text: text})
			}
		})
	}
}

func BenchmarkNewIndex(b *testing.B) {
	list := everything(b)
	o := options(b, procedure.Options{})
	for b.Loop() {
		procedure.NewIndex(list, o)
	}
}
