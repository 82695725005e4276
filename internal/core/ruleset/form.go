package ruleset

import "slices"

// Form is a statutory form (biểu mẫu) or another slip of the centre, as it is
// printed under a set.
type Form struct {
	ID     string // what it is for; the same in every set
	Number string // Mẫu số, "01"; empty when the set gives it none
	Name   string // its title on paper
	Ref    string // the document that issued it; empty for the centre's own slips
}

// The forms by what they are for. Numbers shifted when TT 03/2025 put the stop
// notice in, so code never names a form by its number.
const (
	Receipt           = "receipt"
	SupplementRequest = "supplementRequest"
	Refusal           = "refusal"
	Apology           = "apology"
	StopNotice        = "stopNotice"
	ControlSlip       = "controlSlip"
	Register          = "register"

	ReturnReceipt   = "returnReceipt"   // applicant signs for the result
	DossierHandover = "dossierHandover" // centre to agency
	Handover        = "handover"        // result from agency to centre
	Transfer        = "transfer"        // between the agencies of an inter-agency procedure
	FeeReceipt      = "feeReceipt"
	ScanSheet       = "scanSheet" // bar codes for the scanner
	Result          = "result"    // the document that answers an application
)

const (
	refTT01 = "TT 01/2018/TT-VPCP"
	refTT03 = "TT 03/2025/TT-VPCP"
)

// formsUnnumbered are the names in use before TT 01/2018 and of slips that no
// set numbers.
var formsUnnumbered = []Form{
	{ID: Receipt, Name: "Giấy tiếp nhận hồ sơ và hẹn trả kết quả"},
	{ID: SupplementRequest, Name: "Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ"},
	{ID: Refusal, Name: "Phiếu từ chối tiếp nhận giải quyết hồ sơ"},
	{ID: Apology, Name: "Phiếu xin lỗi và hẹn lại ngày trả kết quả"},
	{ID: StopNotice, Name: "Thông báo dừng giải quyết hồ sơ"},
	{ID: ControlSlip, Name: "Phiếu kiểm soát quá trình giải quyết hồ sơ"},
	{ID: Register, Name: "Sổ theo dõi hồ sơ"},
	{ID: ReturnReceipt, Name: "Giấy biên nhận trả kết quả"},
	{ID: DossierHandover, Name: "Giấy bàn giao hồ sơ"},
	{ID: Handover, Name: "Phiếu bàn giao kết quả giải quyết thủ tục hành chính"},
	{ID: Transfer, Name: "Phiếu chuyển xử lý"},
	{ID: FeeReceipt, Name: "Biên lai thu tiền phí, lệ phí"},
	{ID: ScanSheet, Name: "Phiếu mã vạch số hóa hồ sơ"},
	{ID: Result, Name: "Kết quả giải quyết thủ tục hành chính"},
}

// formsTT01 are the six of TT 01/2018/TT-VPCP.
var formsTT01 = []Form{
	{Receipt, "01", "Giấy tiếp nhận hồ sơ và hẹn trả kết quả", refTT01},
	{SupplementRequest, "02", "Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ", refTT01},
	{Refusal, "03", "Phiếu từ chối tiếp nhận giải quyết hồ sơ", refTT01},
	{Apology, "04", "Phiếu xin lỗi và hẹn lại ngày trả kết quả", refTT01},
	{ControlSlip, "05", "Phiếu kiểm soát quá trình giải quyết hồ sơ", refTT01},
	{Register, "06", "Sổ theo dõi hồ sơ", refTT01},
}

// formsTT03 are the seven of TT 03/2025/TT-VPCP, Phụ lục I.
var formsTT03 = []Form{
	{Receipt, "01", "Giấy tiếp nhận hồ sơ và hẹn trả kết quả", refTT03},
	{SupplementRequest, "02", "Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ", refTT03},
	{Refusal, "03", "Phiếu từ chối tiếp nhận giải quyết hồ sơ", refTT03},
	{Apology, "04", "Văn bản xin lỗi và đề nghị gia hạn thời gian giải quyết", refTT03},
	{StopNotice, "05", "Thông báo dừng giải quyết hồ sơ", refTT03},
	{ControlSlip, "06", "Phiếu kiểm soát quá trình giải quyết hồ sơ", refTT03},
	{Register, "07", "Sổ theo dõi hồ sơ", refTT03},
}

// Form returns how a form is printed under the set. A form that the set does
// not number comes with its usual name; ok is false for an unknown id.
func (s Set) Form(id string) (f Form, ok bool) {
	for _, list := range [][]Form{s.forms, formsUnnumbered} {
		if i := slices.IndexFunc(list, func(f Form) bool { return f.ID == id }); i >= 0 {
			return list[i], true
		}
	}
	return Form{}, false
}

// Forms returns the numbered forms of the set in the order of their numbers.
func (s Set) Forms() []Form {
	return slices.DeleteFunc(slices.Clone(s.forms), func(f Form) bool { return f.Number == "" })
}
