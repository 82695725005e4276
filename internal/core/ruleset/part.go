package ruleset

import (
	"time"

	"github.com/motcua/motcua/internal/core/civil"
)

// Part is a dated piece of the framework.
type Part struct {
	ID    string
	From  civil.Date // first day of reception to which it applies
	Title string     // what it is about, as officers call it
	Ref   string     // where it stands
	// Confirmed says that the text has been read at its source or in a template
	// in use; otherwise the values are a default to be confirmed.
	Confirmed bool
}

// change is what a part sets; what it leaves empty stays as it was.
type change struct {
	name         string
	policy       civil.Policy
	within       int
	supplements  []SupplementRule
	expiry       ExpiryRule
	clock        ClockStart
	code         CodeForm
	apology      ApologyRule
	ladder       []Rung
	collect      CollectRule
	onlineAnswer int
	paperCutoff  civil.TimeOfDay
	forms        []Form
}

func take[T comparable](to *T, v T) {
	var none T
	if v != none {
		*to = v
	}
}

// apply makes the change. The slices are those of the table, which nobody
// writes to.
func (c change) apply(s *Set) {
	take(&s.Name, c.name)
	take(&s.Policy, c.policy)
	take(&s.SupplementWithin, c.within)
	take(&s.Clock, c.clock)
	take(&s.Code, c.code)
	take(&s.Apology, c.apology)
	take(&s.OnlineAnswer, c.onlineAnswer)
	take(&s.PaperCutoff, c.paperCutoff)
	if c.supplements != nil {
		s.Supplements = c.supplements
	}
	if c.expiry.Days != 0 {
		s.Expiry = c.expiry
	}
	if c.ladder != nil {
		s.Ladder = c.ladder
	}
	if c.collect.Call != 0 {
		s.Collect = c.collect
	}
	if c.forms != nil {
		s.forms = c.forms
	}
}

type part struct {
	Part
	change change
}

// parts is the whole framework, by day. Parts of one day stand in the order in
// which they apply.
var parts = []part{
	{Part{
		ID: "qd09", From: day(2015, 6, 25), Title: "Bộ phận tiếp nhận và trả kết quả của từng cơ quan",
		Ref: "QĐ 09/2015/QĐ-TTg",
	}, change{
		name: "qd09", policy: civil.Restart, within: 3,
		supplements: []SupplementRule{
			{Kind: SupplementAtReception, Most: 1},
			{Kind: SupplementAtExamination, Most: 1, Within: 3},
		},
		clock: AtReception, code: Agency13, apology: ApologyRule{Before: 1, Most: 1}, paperCutoff: 15 * 60, forms: formsUnnumbered,
	}},
	{Part{
		ID: "supplement-expiry", From: day(2015, 6, 25), Title: "Hết hạn yêu cầu bổ sung không có phản hồi",
		Ref: "Quy định nội bộ của Trung tâm; luật chuyên ngành có thể quy định khác",
	}, change{expiry: ExpiryRule{Days: 30, Remind: []int{7, 1}}}},
	{Part{
		ID: "warning-ladder", From: day(2015, 6, 25), Title: "Thang cảnh báo sắp đến hạn",
		Ref: "Quy định nội bộ của Trung tâm",
	}, change{ladder: []Rung{{Handler, 3}, {Leader, 2}, {Centre, 1}}}},
	{Part{
		ID: "uncollected", From: day(2015, 6, 25), Title: "Nhắc nhận kết quả chưa có người đến nhận",
		Ref: "Quy định nội bộ của Trung tâm",
	}, change{collect: CollectRule{Remind: []int{3, 10}, Call: 15}}},
	{Part{
		ID: "nd61", From: day(2018, 6, 21), Title: "Cơ chế một cửa, một cửa liên thông",
		Ref: "NĐ 61/2018/NĐ-CP Điều 17, 18, 19, 26", Confirmed: true,
	}, change{
		name: "nd61", policy: civil.Restart, within: 3,
		supplements: []SupplementRule{
			{Kind: SupplementAtReception, Most: 1},
			{Kind: SupplementAtExamination, Most: 1, Within: 3},
		},
		clock: AtReception, code: Agency13,
		// "At least 01 day before expiry" is read as a working day: on a day
		// off nobody gives notice.
		apology:     ApologyRule{Before: 1, Most: 1},
		paperCutoff: 15 * 60,
		forms:       formsUnnumbered,
	}},
	{Part{
		ID: "tt01", From: day(2019, 1, 6), Title: "Sáu biểu mẫu của Thông tư 01/2018",
		Ref: "TT 01/2018/TT-VPCP Điều 9, 10 và Phụ lục", Confirmed: true,
	}, change{forms: formsTT01}},
	{Part{
		ID: "nd45", From: day(2020, 5, 22), Title: "Thời hạn trả lời hồ sơ nộp trực tuyến",
		Ref: "NĐ 45/2020/NĐ-CP Điều 11",
	}, change{onlineAnswer: 8}},
	{Part{
		ID: "qd20", From: day(2020, 9, 15), Title: "Mã định danh cơ quan dạng rút gọn trong mã hồ sơ",
		Ref: "QĐ 20/2020/QĐ-TTg", Confirmed: true,
	}, change{code: AgencyShort}},
	{Part{
		ID: "nd107", From: day(2021, 12, 6), Title: "Số hóa hồ sơ; sửa đổi NĐ 61/2018",
		Ref: "NĐ 107/2021/NĐ-CP",
	}, change{name: "nd107"}},
	{Part{
		ID: "nd118", From: day(2025, 7, 1), Title: "Bộ phận Một cửa và Cổng Dịch vụ công quốc gia; tạm dừng khi yêu cầu bổ sung",
		Ref: "NĐ 118/2025/NĐ-CP",
	}, change{name: "nd118", policy: civil.Pause}},
	{Part{
		ID: "tt03", From: day(2025, 9, 15), Title: "Bảy biểu mẫu của Thông tư 03/2025",
		Ref: "TT 03/2025/TT-VPCP Phụ lục I", Confirmed: true,
	}, change{forms: formsTT03}},
	{Part{
		ID: "nd367", From: day(2025, 12, 31), Title: "Sửa đổi NĐ 118/2025",
		Ref: "NĐ 367/2025/NĐ-CP",
	}, change{}},
	{Part{
		ID: "nd309", From: day(2026, 8, 5), Title: "Tiếp nhận không phụ thuộc địa giới trong cả nước; thời hạn tính từ khi cơ quan có thẩm quyền nhận được hồ sơ",
		Ref: "NĐ 309/2026/NĐ-CP Điều 7, 8", Confirmed: true,
	}, change{name: "nd309", clock: AtArrival}},
}

func day(y int, m time.Month, d int) civil.Date { return civil.NewDate(y, m, d) }

// Parts returns every dated part, the oldest first.
func Parts() []Part {
	all := make([]Part, len(parts))
	for i, p := range parts {
		all[i] = p.Part
	}
	return all
}
