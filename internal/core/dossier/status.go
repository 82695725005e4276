package dossier

// Status is one of the ten national dossier statuses (trạng thái hồ sơ), with
// the numbers of the National Public Service Portal.
type Status int

// The ten statuses. Zero means that the dossier does not exist yet.
const (
	Registered          Status = 1  // Mới đăng ký
	Accepted            Status = 2  // Được tiếp nhận
	NotAccepted         Status = 3  // Không được tiếp nhận
	Processing          Status = 4  // Đang xử lý
	SupplementRequired  Status = 5  // Yêu cầu bổ sung giấy tờ
	FinancialObligation Status = 6  // Yêu cầu thực hiện nghĩa vụ tài chính
	Withdrawn           Status = 7  // Công dân yêu cầu rút hồ sơ
	Stopped             Status = 8  // Dừng xử lý
	Resolved            Status = 9  // Đã xử lý xong
	Returned            Status = 10 // Đã trả kết quả
)

// Statuses lists the ten statuses in their national order.
func Statuses() []Status {
	all := make([]Status, 0, 10)
	for s := Registered; s <= Returned; s++ {
		all = append(all, s)
	}
	return all
}

// Known reports whether s is one of the ten.
func (s Status) Known() bool { return s >= Registered && s <= Returned }

// Key is the message key of the status's legal label.
func (s Status) Key() string { return "dossier.status." + statusNames[s] }

// String is the status's name in logs and documents.
func (s Status) String() string { return statusNames[s] }

// Ended reports whether nothing more is done: refused at reception, withdrawn,
// stopped or returned. A stopped dossier can still be resumed by decision.
func (s Status) Ended() bool {
	return s == NotAccepted || s == Withdrawn || s == Stopped || s == Returned
}

// Waiting reports whether the dossier waits for the applicant.
func (s Status) Waiting() bool { return s == SupplementRequired || s == FinancialObligation }

var statusNames = [...]string{
	"none", "registered", "accepted", "not_accepted", "processing", "supplement_required",
	"financial_obligation", "withdrawn", "stopped", "resolved", "returned",
}
