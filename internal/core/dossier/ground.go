package dossier

import "strings"

// Ground names the place of the law that a row of the table rests on. Its text
// depends on the rule set of the dossier, since each decree has its own
// articles.
type Ground string

// The grounds.
const (
	onReception  Ground = "reception"  // receive, guide, refuse at reception
	onCode       Ground = "code"       // code and receipt
	onOnline     Ground = "online"     // dossiers that come in online
	onAtOnce     Ground = "atOnce"     // decided on the spot
	onForwarding Ground = "forwarding" // hand-over to the agency
	onArrival    Ground = "arrival"    // the agency confirms
	onAssignment Ground = "assignment" // who handles
	onHandling   Ground = "handling"   // examine and propose
	onVerifying  Ground = "verifying"  // thẩm tra, xác minh
	onSupplement Ground = "supplement" // request at examination
	onConsulting Ground = "consulting" // lấy ý kiến
	onRefusal    Ground = "refusal"    // refusal after examination
	onLateness   Ground = "lateness"   // apology and re-appointment
	onReturn     Ground = "return"     // return of the result
	onFault      Ground = "fault"      // an error of the agency is mended at its cost
	onFee        Ground = "fee"        // fees at the centre
	onExemption  Ground = "exemption"  // exemption from fees
	onDocument   Ground = "document"   // number, signature, issue
	onApplicant  Ground = "applicant"  // rights of the applicant: withdrawal
	onStop       Ground = "stop"       // stop and resume
	onSlip       Ground = "slip"       // forms and their correction
	onObligation Ground = "obligation" // financial obligation
	onInternal   Ground = "internal"   // the internal process of the agency
)

// decree is one family of rule sets: the texts that it cites for each ground,
// and the decree as a whole for grounds whose article is not known for certain.
type decree struct {
	whole string
	at    map[Ground]string
}

// everyDecree holds what does not change with the one-stop decree.
var everyDecree = map[Ground]string{
	onExemption: "Luật Phí và lệ phí 97/2015/QH13, Điều 10",
	onDocument:  "NĐ 30/2020/NĐ-CP",
}

var nd61 = decree{whole: "NĐ 61/2018/NĐ-CP", at: map[Ground]string{
	onReception:  "NĐ 61/2018/NĐ-CP, Điều 17 khoản 1",
	onOnline:     "NĐ 61/2018/NĐ-CP, Điều 17 khoản 2",
	onCode:       "NĐ 61/2018/NĐ-CP, Điều 17 khoản 2, 3",
	onAtOnce:     "NĐ 61/2018/NĐ-CP, Điều 17 khoản 4, 5",
	onForwarding: "NĐ 61/2018/NĐ-CP, Điều 18",
	onArrival:    "NĐ 61/2018/NĐ-CP, Điều 18",
	onAssignment: "NĐ 61/2018/NĐ-CP, Điều 19 khoản 1",
	onHandling:   "NĐ 61/2018/NĐ-CP, Điều 19 khoản 2",
	onVerifying:  "NĐ 61/2018/NĐ-CP, Điều 19 khoản 3",
	onSupplement: "NĐ 61/2018/NĐ-CP, Điều 19 khoản 4",
	onConsulting: "NĐ 61/2018/NĐ-CP, Điều 19 khoản 5",
	onRefusal:    "NĐ 61/2018/NĐ-CP, Điều 19 khoản 8",
	onLateness:   "NĐ 61/2018/NĐ-CP, Điều 19 khoản 9",
	onReturn:     "NĐ 61/2018/NĐ-CP, Điều 20",
	onFault:      "NĐ 61/2018/NĐ-CP, Điều 21 khoản 1",
	onFee:        "NĐ 61/2018/NĐ-CP, Điều 22",
	onObligation: "NĐ 61/2018/NĐ-CP, Điều 22",
	onApplicant:  "NĐ 61/2018/NĐ-CP, Điều 6",
	onSlip:       "TT 01/2018/TT-VPCP",
}}

// The articles of Decree 118 are not quoted: only those that Decree 309 amends
// are known word for word.
var nd118 = decree{whole: "NĐ 118/2025/NĐ-CP", at: map[Ground]string{
	onStop: "TT 03/2025/TT-VPCP, Mẫu số 05",
	onSlip: "TT 03/2025/TT-VPCP",
}}

const amended = ", được sửa đổi bởi NĐ 309/2026/NĐ-CP"

var nd309 = decree{whole: "NĐ 118/2025/NĐ-CP" + amended, at: map[Ground]string{
	onOnline:     "NĐ 118/2025/NĐ-CP, Điều 17 khoản 2 điểm a" + amended,
	onForwarding: "NĐ 118/2025/NĐ-CP, Điều 18 khoản 2" + amended,
	onArrival:    "NĐ 118/2025/NĐ-CP, Điều 17 khoản 3" + amended,
	onStop:       "TT 03/2025/TT-VPCP, Mẫu số 05",
	onSlip:       "TT 03/2025/TT-VPCP",
}}

// In is the text of the ground under a rule set, by the set's short name.
func (g Ground) In(rules string) string {
	if text := everyDecree[g]; text != "" {
		return text
	}
	if g == onInternal {
		return ""
	}
	d := nd61
	switch rules {
	case "nd118":
		d = nd118
	case "nd309":
		d = nd309
	}
	text := d.at[g]
	if text == "" {
		text = d.whole
	}
	if rules == "nd107" && strings.HasPrefix(text, nd61.whole) {
		text += ", được sửa đổi bởi NĐ 107/2021/NĐ-CP"
	}
	return text
}
