package printout

import (
	"fmt"
	"time"

	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/fee"
	"github.com/motcua/motcua/internal/core/ruleset"
)

// The samples are invented: identity numbers begin with 999, phones with 0000.

func at(text string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04", text, civil.Zone)
	if err != nil {
		panic(err)
	}
	return t
}

// sampleHead is the letterhead of a form as the rules of its day have it.
func sampleHead(id string) Letterhead {
	day := at("2026-02-05 08:15")
	set, err := ruleset.On(civil.DateOf(day))
	if err != nil {
		panic(err)
	}
	form, ok := set.Form(id)
	if !ok {
		panic("no form " + id)
	}
	return Letterhead{
		Form:     form,
		Superior: "UBND tỉnh Lâm Đồng",
		Agency:   "Trung tâm Phục vụ hành chính công",
		Number:   "142/GTN",
		Place:    "Đà Lạt",
		At:       day,
	}
}

func samplePerson() Person {
	return Person{
		Name: "Y Krông Niê Kđăm", Address: "Buôn Păng Tiêng, xã Lạc Dương, tỉnh Lâm Đồng",
		Phone: "0000 123 456", Email: "ykrong.niekdam@example.vn", Identity: "999075001234",
	}
}

func samplePapers() []Paper {
	return []Paper{
		{Name: "Đơn đề nghị cấp giấy phép xây dựng nhà ở riêng lẻ theo Mẫu số 01", Originals: 1},
		{Name: "Bản sao giấy tờ chứng minh quyền sử dụng đất", Certified: 1, Note: "Đối chiếu bản chính tại quầy"},
		{Name: "Bản vẽ thiết kế xây dựng", Originals: 2, Copies: 1},
	}
}

const sampleCode = "H36.01-260205-0001"

const sampleSeal = "https://dichvucong.lamdong.example.vn/xac-thuc?m=AbCdEfGhIjKlMnOpQrStUvWxYz0123456789-_AbCdEfGhIjKlMnOpQrStUvWxYz0123456789-_AbCdEfGhIjKlMnOpQrStUvWxYz0123456789-_AbCdEfGhIjKlMnOpQrStUvW"

func sampleReceipt() Receipt {
	return Receipt{
		Letterhead: sampleHead(ruleset.Receipt),
		Code:       sampleCode, Secret: "K7QM-2XPD", Seal: sampleSeal,
		Book: "01", Serial: "0142",
		Unit: sampleCentre, Owner: samplePerson(), Submitter: "Lê Thị Ngọc Huyền",
		Subject: sampleSubject,
		Papers:  samplePapers(), Sets: 1, Limit: "15 ngày làm việc",
		ReceivedAt: at("2026-02-05 08:15"), DueAt: at("2026-03-05 08:15"),
		ReturnAt: "Quầy 05, Trung tâm Phục vụ hành chính công", Hotline: "0000 1022",
		Fees:      []fee.Line{{Name: "Lệ phí cấp giấy phép xây dựng", Amount: 75_000}},
		FeeMethod: "Tiền mặt", Officer: "Nguyễn Thị Thu Thủy",
	}
}

// samples are all forms, filled in, by the name of their golden file.
func samples() map[string]Document {
	return map[string]Document{
		"receipt":           sampleReceipt(),
		"supplementRequest": sampleSupplement(),
		"refusal":           sampleRefusal(),
		"apology":           sampleApology(),
		"stopNotice":        sampleStop(),
		"controlSlip":       sampleControl(),
		"register":          sampleRegister(5),
		"returnReceipt":     sampleReturn(),
		"dossierHandover":   DossierHandover{sampleHead(ruleset.DossierHandover), sampleCentre, "Sở Xây dựng", "Nguyễn Thị Thu Thủy", "", at("2026-02-05 10:30"), sampleItems()},
		"handover":          Handover{sampleHead(ruleset.Handover), "Sở Xây dựng", sampleCentre, "Trần Văn Bảo", "Nguyễn Thị Thu Thủy", at("2026-02-27 16:00"), sampleItems()},
		"transfer":          sampleTransfer(),
		"scanSheet":         ScanSheet{sampleHead(ruleset.ScanSheet), sampleCode, samplePapers()},
		"feeReceipt":        sampleFeeReceipt(),
		"result":            sampleResult(),
	}
}

const sampleCentre = "Trung tâm Phục vụ hành chính công tỉnh Lâm Đồng"

const sampleSubject = "Cấp giấy phép xây dựng mới đối với công trình nhà ở riêng lẻ"

func sampleSupplement() SupplementRequest {
	return SupplementRequest{
		Letterhead: sampleHead(ruleset.SupplementRequest), Code: sampleCode, Owner: samplePerson(), Subject: sampleSubject,
		Demands: []string{"Bổ sung chữ ký của tất cả người cùng sử dụng đất vào đơn đề nghị", "Bản vẽ mặt bằng móng phải ghi tỷ lệ"},
		Papers:  samplePapers()[1:], Reason: "Đơn chưa có chữ ký của người đồng sử dụng đất; bản vẽ chưa ghi tỷ lệ.",
		Ground: "Điều 95 Luật Xây dựng 50/2014/QH13", Until: at("2026-03-12 17:00"), Portal: "https://dichvucong.example.vn",
		Contact: "bà Nguyễn Thị Thu Thủy", ContactPhone: "0000 111 222", Officer: "Nguyễn Thị Thu Thủy", OfficerSignedAt: at("2026-02-05 08:15"),
	}
}

func sampleRefusal() Refusal {
	return Refusal{
		Letterhead: sampleHead(ruleset.Refusal), Code: sampleCode, SubmittedAt: at("2026-02-04 21:05"), Unit: sampleCentre,
		Owner: samplePerson(), Subject: sampleSubject,
		Reason: "Thửa đất nằm trong khu vực đã có thông báo thu hồi đất; việc cấp giấy phép thuộc thẩm quyền của Ủy ban nhân dân xã.",
		Ground: "Điều 102 Luật Xây dựng 50/2014/QH13", Contact: "ông Trần Văn Bảo", ContactPhone: "0000 333 444", Officer: "Trần Văn Bảo",
	}
}

func sampleApology() Apology {
	return Apology{
		Letterhead: sampleHead(ruleset.Apology), Agency: "Sở Xây dựng", Code: sampleCode, Owner: samplePerson(), Subject: sampleSubject,
		ReceivedAt: at("2026-02-05 08:15"), DueAt: at("2026-03-05 08:15"), NewDueAt: at("2026-03-12 08:15"),
		Reason:  "phải chờ ý kiến thẩm duyệt về phòng cháy và chữa cháy.",
		Extends: true, Signatory: Signatory{Authority: "KT. GIÁM ĐỐC", Post: "PHÓ GIÁM ĐỐC", Name: "Phạm Quốc Đạt", SignedAt: at("2026-03-04 16:20")},
	}
}

func sampleStop() StopNotice {
	return StopNotice{
		Letterhead: sampleHead(ruleset.StopNotice), Agency: "Sở Xây dựng", Code: sampleCode, Owner: samplePerson(), Subject: sampleSubject,
		ReceivedAt: at("2026-02-05 08:15"), StoppedAt: at("2026-02-20 09:00"),
		Reason: "Chủ hồ sơ không bổ sung giấy tờ trong thời hạn đã thông báo.", Ground: "Nghị định 118/2025/NĐ-CP",
		TakeBackAt: "Quầy 05, " + sampleCentre, Signatory: Signatory{Name: "Phạm Quốc Đạt"},
	}
}

func sampleControl() ControlSlip {
	return ControlSlip{
		Letterhead: sampleHead(ruleset.ControlSlip), Book: "01", Serial: "0142", Code: sampleCode, Owner: samplePerson().Name,
		ReceivedAt: at("2026-02-05 08:15"), DueAt: at("2026-03-05 08:15"), Agency: "Sở Xây dựng",
		With: []string{"Công an tỉnh", "Sở Nông nghiệp và Môi trường"},
		Moves: []Move{
			{From: sampleCentre, To: "Sở Xây dựng", Giver: "Nguyễn Thị Thu Thủy", Taker: "Trần Văn Bảo",
				GivenAt: at("2026-02-05 10:30"), TakenAt: at("2026-02-05 14:05"), Judged: true, Verdict: civil.OnTime},
			{From: "Sở Xây dựng", To: "Công an tỉnh", Giver: "Trần Văn Bảo", Taker: "K’ Brôi",
				GivenAt: at("2026-02-06 09:00"), TakenAt: at("2026-02-10 15:40"), Judged: true, Verdict: civil.Late, Note: "Chờ bản vẽ"},
			{From: "Công an tỉnh", To: "Sở Xây dựng", Giver: "K’ Brôi", Taker: "Trần Văn Bảo",
				GivenAt: at("2026-02-11 08:00"), TakenAt: at("2026-02-11 08:20"), Judged: true, Verdict: civil.Early},
			{From: "Sở Xây dựng", To: sampleCentre, GivenAt: at("2026-02-27 16:00")},
		},
	}
}

func sampleRegister(n int) Register {
	r := Register{
		Letterhead: sampleHead(ruleset.Register), Field: "Xây dựng", From: at("2026-02-01 00:00"), To: at("2026-02-28 00:00"),
		Book: "01", Agencies: true, Keeper: "Nguyễn Thị Thu Thủy", Signatory: Signatory{Post: "GIÁM ĐỐC", Name: "Đặng Hữu Phước"},
	}
	for i := range n {
		row := RegisterRow{
			Code: fmt.Sprintf("H36.01-260205-%04d", i+1), Subject: sampleSubject, Sets: 1, Owner: samplePerson().Name,
			Address: samplePerson().Address, Phone: samplePerson().Phone, ReceivedAt: at("2026-02-05 08:15"), DueAt: at("2026-03-05 08:15"),
			Agency: "Sở Xây dựng", SentAt: at("2026-02-05 10:30"),
		}
		if i%2 == 0 {
			row.GotAt, row.ReturnedAt, row.ReturnedBy = at("2026-02-27 16:00"), at("2026-03-02 09:10"), "Tại quầy"
		}
		if i%5 == 4 {
			row.Note = "Đã xin lỗi, hẹn lại 12/03/2026"
		}
		r.Rows = append(r.Rows, row)
	}
	return r
}

func sampleReturn() ReturnReceipt {
	return ReturnReceipt{
		Letterhead: sampleHead(ruleset.ReturnReceipt), Code: sampleCode, Procedure: sampleSubject, Owner: samplePerson().Name,
		Giver: Contact{Name: "Nguyễn Thị Thu Thủy", Phone: "0000 111 222"},
		Taker: Contact{Name: "Lê Thị Ngọc Huyền", Phone: "0000 654 321", Identity: "999180005678"},
		Results: []Result{
			{"Giấy phép xây dựng", "87/GPXD", "Giấy phép xây dựng nhà ở riêng lẻ tại xã Lạc Dương"},
			{"Bản vẽ đã đóng dấu", "", "02 bộ bản vẽ thiết kế xây dựng"},
		},
		Collected: []Paper{{Name: "Giấy tiếp nhận hồ sơ và hẹn trả kết quả", Originals: 1}}, ReturnedAt: at("2026-03-02 09:10"),
		Note: "Nhận thay theo giấy ủy quyền ngày 27/02/2026",
	}
}

func sampleItems() []HandoverItem {
	return []HandoverItem{
		{Code: sampleCode, Subject: sampleSubject, Owner: samplePerson().Name, Address: samplePerson().Address, Papers: samplePapers(),
			ReceivedAt: at("2026-02-05 08:15"), DueAt: at("2026-03-05 08:15"), Result: "Giấy phép xây dựng số 87/GPXD", Fee: true},
		{Code: "H36.01-260205-0002", Subject: "Cấp phép sửa chữa, cải tạo công trình", Owner: "Công ty TNHH Một thành viên Hoa Lan",
			Address: "12 đường Trần Phú, phường Xuân Hương - Đà Lạt", Papers: samplePapers()[:1],
			ReceivedAt: at("2026-02-05 09:40"), DueAt: at("2026-02-26 09:40"), Result: "Văn bản trả lời số 152/SXD", ByPost: true},
	}
}

func sampleTransfer() Transfer {
	return Transfer{
		Letterhead: sampleHead(ruleset.Transfer), Code: sampleCode, From: "Sở Xây dựng", To: "Công an tỉnh Lâm Đồng", Owner: samplePerson().Name,
		Subject: sampleSubject, ReceivedAt: at("2026-02-05 08:15"), DueAt: at("2026-03-05 08:15"), AnswerBy: at("2026-02-13 08:15"),
		Request: "Cho ý kiến về thẩm duyệt thiết kế phòng cháy và chữa cháy", Papers: samplePapers(), Giver: "Trần Văn Bảo", Taker: "K’ Brôi",
	}
}

func sampleFeeReceipt() FeeReceipt {
	return FeeReceipt{
		Letterhead: sampleHead(ruleset.FeeReceipt), Template: "01BLP2-001", Receipt: fee.ReceiptNumber{Letters: "AA", Year: 2026, Serial: 123},
		TaxCode: "9999999999", Address: "36 Trần Phú, Đà Lạt", Payer: samplePerson().Name, PayerAt: samplePerson().Address, Code: sampleCode,
		Lines: []fee.Line{
			{Name: "Lệ phí cấp giấy phép xây dựng", Kind: "le_phi", Amount: 75_000},
			{Name: "Phí thẩm định thiết kế", Kind: "phi", Amount: 1_250_000},
		},
		Method: "Chuyển khoản", Collector: "Hoàng Thị Minh Nguyệt",
	}
}
