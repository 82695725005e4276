package dossier

import "slices"

// Act is something that somebody does to a dossier. The names are those of the
// outside contract.
type Act string

// The acts. Those that the applicant starts (withdraw, supply) are recorded by
// the officer who receives the request; those that time brings (remind,
// expire-supplement, note-silence, elapse) by a job of the program.
const (
	Receive           Act = "receive"            // tiếp nhận tại quầy
	Register          Act = "register"           // nộp trực tuyến
	Guide             Act = "guide"              // hướng dẫn hoàn thiện tại quầy
	Accept            Act = "accept"             // tiếp nhận hồ sơ đã đăng ký
	RefuseReception   Act = "refuse-reception"   // từ chối tiếp nhận
	Forward           Act = "forward"            // chuyển cơ quan giải quyết
	ReceiveHandover   Act = "receive-handover"   // xác nhận đã nhận bàn giao
	Assign            Act = "assign"             // phân công
	Claim             Act = "claim"              // nhận việc
	Release           Act = "release"            // trả việc về nhóm
	Propose           Act = "propose"            // đề xuất, trình lãnh đạo
	VerifyRecord      Act = "verify-record"      // biên bản thẩm tra, xác minh
	Consult           Act = "consult"            // lấy ý kiến
	Answer            Act = "answer"             // cho ý kiến
	NoteSilence       Act = "note-silence"       // ghi nhận quá hạn cho ý kiến
	SendBack          Act = "send-back"          // trả về bước trước
	Approve           Act = "approve"            // phê duyệt
	Number            Act = "number"             // cấp số văn bản
	Sign              Act = "sign"               // ký
	Stamp             Act = "stamp"              // đóng dấu
	IssueResult       Act = "issue-result"       // ban hành kết quả
	HandOver          Act = "hand-over"          // bàn giao kết quả về Trung tâm
	Return            Act = "return"             // trả kết quả
	TakeBack          Act = "take-back"          // thu hồi kết quả để sửa trước khi trả
	RequestSupplement Act = "request-supplement" // yêu cầu bổ sung
	Supply            Act = "supply"             // nhận bổ sung
	LapseSupplement   Act = "lapse-supplement"   // giải quyết tiếp khi không được bổ sung
	Remind            Act = "remind"             // nhắc bổ sung
	ExpireSupplement  Act = "expire-supplement"  // hết hạn bổ sung
	Refuse            Act = "refuse"             // từ chối giải quyết
	Withdraw          Act = "withdraw"           // rút hồ sơ
	Stop              Act = "stop"               // dừng giải quyết
	Resume            Act = "resume"             // tiếp tục giải quyết
	Oblige            Act = "oblige"             // thông báo nghĩa vụ tài chính
	Fulfil            Act = "fulfil"             // đã thực hiện nghĩa vụ tài chính
	Apologise         Act = "apologise"          // xin lỗi và hẹn lại
	CollectFee        Act = "collect-fee"        // thu phí, lệ phí
	ExemptFee         Act = "exempt-fee"         // miễn, giảm phí
	Correct           Act = "correct"            // sửa phiếu đã in
	ReceiveLate       Act = "receive-late"       // xác nhận tiếp nhận bù
	AttachPaper       Act = "attach-paper"       // số hóa giấy tờ
	Undo              Act = "undo"               // hoàn tác bước vừa làm
	Repair            Act = "repair"             // đề nghị xử lý sự cố
	ConfirmRepair     Act = "confirm-repair"     // xác nhận xử lý sự cố
	DeclineRepair     Act = "decline-repair"     // không đồng ý xử lý sự cố
	Elapse            Act = "elapse"             // hết giờ hẹn trong quy trình
)

// Acts lists every act of the table once, in its order.
func Acts() []Act {
	var all []Act
	for _, t := range transitions {
		if !slices.Contains(all, t.Act) {
			all = append(all, t.Act)
		}
	}
	return all
}

// Known reports whether the table has the act.
func (a Act) Known() bool {
	for i := range transitions {
		if transitions[i].Act == a {
			return true
		}
	}
	return false
}

// Key is the message key of the act's button.
func (a Act) Key() string { return "dossier.act." + string(a) }
