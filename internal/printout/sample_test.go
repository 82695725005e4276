package printout

import (
	"time"

	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/fee"
)

// The samples are invented: identity numbers begin with 999, phones with 0000.

func at(text string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04", text, civil.Zone)
	if err != nil {
		panic(err)
	}
	return t
}

func sampleHead(number, name string) Letterhead {
	return Letterhead{
		Form:     Form{Number: number, Name: name},
		Superior: "UBND tỉnh Lâm Đồng",
		Agency:   "Trung tâm Phục vụ hành chính công",
		Number:   "142/GTN",
		Place:    "Đà Lạt",
		At:       at("2026-02-05 08:15"),
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
		Letterhead: sampleHead("01", "Giấy tiếp nhận hồ sơ và hẹn trả kết quả"),
		Code:       sampleCode, Secret: "K7QM-2XPD", Seal: sampleSeal,
		Book: "01", Serial: "0142",
		Unit: "Trung tâm Phục vụ hành chính công tỉnh Lâm Đồng", Owner: samplePerson(), Submitter: "Lê Thị Ngọc Huyền",
		Subject: "Cấp giấy phép xây dựng mới đối với công trình nhà ở riêng lẻ",
		Papers:  samplePapers(), Sets: 1, Limit: "15 ngày làm việc",
		ReceivedAt: at("2026-02-05 08:15"), DueAt: at("2026-03-05 08:15"),
		ReturnAt: "Quầy 05, Trung tâm Phục vụ hành chính công", Hotline: "0000 1022",
		Fees:      []fee.Line{{Name: "Lệ phí cấp giấy phép xây dựng", Amount: 75_000}},
		FeeMethod: "Tiền mặt", Officer: "Nguyễn Thị Thu Thủy",
	}
}
