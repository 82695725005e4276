package web

import (
	"net/http"
	"strings"
	"testing"

	"github.com/motcua/motcua/internal/app/apptest"
	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/dossier"
	"github.com/motcua/motcua/internal/core/ruleset"
)

// The printed forms of the centre: which test has its words letter by letter is
// printout.TestFormsPrintWhatTheyAreGiven, under whose numbers it stands
// TestNumberAndNameFollowTheRuleSet, that an edited wording keeps its fields
// printout.TestWordingThatBreaksAFormIsRefused. Here each is reached by a button of
// a page that people use, as PDF and as a page that a browser prints, and says of
// its dossier what the form has to say. Phiếu chuyển xử lý needs several agencies:
// app.checkTransfers prints one for each.
// The fee receipt is not here: no procedure of the test centre has a fee.
func TestFormsAreReachedByAButton(t *testing.T) {
	s := newSite(t)
	whole, refused, stopped := s.returned(), s.refusedAfterExamination(), s.stoppedByDecision()
	for _, tt := range []struct {
		form string
		of   dossier.Dossier
		says []string
	}{
		{ruleset.Receipt, whole, []string{"Mẫu số 01", "Mã hồ sơ", "Thời gian nhận hồ sơ", "Đăng ký nhận kết quả tại", "NGƯỜI TIẾP NHẬN HỒ SƠ"}},
		{ruleset.SupplementRequest, whole, []string{"Mẫu số 02", "Bản vẽ", "Thiếu bản vẽ"}},
		{ruleset.Refusal, refused, []string{"Mẫu số 03", "Không đủ điều kiện", "Luật Thử Điều 4"}},
		{ruleset.Apology, whole, []string{"Mẫu số 04", "12/PXL", "Chờ số liệu", "xin lỗi"}},
		{ruleset.StopNotice, stopped, []string{"Mẫu số 05", "Đang tranh chấp", "Luật Thử Điều 3"}},
		{ruleset.ControlSlip, whole, []string{"Mẫu số 06", "Giao", "Nhận"}},
		{ruleset.ReturnReceipt, whole, []string{"Nguyễn Thị Thử Nghiệm"}},
		{ruleset.DossierHandover, whole, []string{whole.UnitName, whole.AgencyName}},
		{ruleset.Handover, whole, []string{whole.AgencyName}},
	} {
		t.Run(tt.form, func(t *testing.T) {
			s := s.within(t)
			counter := s.signIn(s.one(access.Reception))
			page := counter.get(dossierPath(tt.of.Code)).is(http.StatusOK)
			pdf, html := dossierPath(tt.of.Code, "phieu", tt.form+".pdf"), dossierPath(tt.of.Code, "phieu", tt.form+".html")
			for _, link := range []string{pdf, html} {
				if !strings.Contains(page.body, `href="`+link+`"`) {
					t.Fatalf("no button leads to %s", link)
				}
			}
			paper := strings.Join(strings.Fields(apptest.PDFText(t, []byte(counter.get(pdf).is(http.StatusOK).body))), " ")
			web := strings.Join(strings.Fields(counter.get(html).is(http.StatusOK).text()), " ")
			for _, want := range append(tt.says, tt.of.Code) {
				if !strings.Contains(strings.ToUpper(paper), strings.ToUpper(want)) {
					t.Errorf("the paper does not say %q: %s", want, paper)
				}
				if !strings.Contains(strings.ToUpper(web), strings.ToUpper(want)) {
					t.Errorf("the page does not say %q: %s", want, web)
				}
			}
			if got := s.signIn(s.one(access.Admin)).get("/quan-tri/mau-phieu/" + tt.form); got.status != http.StatusOK {
				t.Errorf("its words cannot be edited: status %d", got.status)
			}
		})
	}
	counter := s.signIn(s.one(access.Reception))
	book := counter.get("/nghiep-vu/so-theo-doi").is(http.StatusOK).has("so-theo-doi.pdf", "so-theo-doi.html", "so-theo-doi.xlsx")
	if !strings.Contains(book.body, whole.Code) {
		t.Error("the register does not list the dossier")
	}
	counter.get("/nghiep-vu/so-theo-doi.html").is(http.StatusOK).has("Mẫu số 07", whole.Code, "Hẹn trả kết quả", "Ký nhận", "Ghi chú")
	counter.get(dossierPath(whole.Code, "phieu", "khong-co.html")).is(http.StatusNotFound)
}

// atWork is a dossier that its agency's handler has.
func (s *site) atWork() (d dossier.Dossier, handler, leader access.Actor) {
	s.t.Helper()
	d = s.act(s.one(access.Reception), s.receive(nil).Dossier, dossier.Input{Act: dossier.Forward})
	handler, leader = s.of(d.Agency, access.Handler), s.of(d.Agency, access.Leader)
	d = s.act(handler, d, dossier.Input{Act: dossier.ReceiveHandover})
	return s.act(handler, d, dossier.Input{Act: dossier.Claim}), handler, leader
}

// returned is a dossier that had everything that can happen on a straight way.
func (s *site) returned() dossier.Dossier {
	s.t.Helper()
	d, handler, leader := s.atWork()
	counter, clerk := s.one(access.Reception), s.of(d.Agency, access.Clerk)
	d = s.act(handler, d, dossier.Input{Act: dossier.RequestSupplement, Reason: "Thiếu bản vẽ", Items: []string{"Bản vẽ"}})
	d = s.act(counter, d, dossier.Input{Act: dossier.Supply})
	day := d.Deadline.DueOn.AddDays(7)
	for day.Weekday() == 0 || day.Weekday() == 6 {
		day = day.AddDays(1)
	}
	d = s.act(leader, d, dossier.Input{Act: dossier.Apologise, Reason: "Chờ số liệu", DueOn: day, Document: "12/PXL"})
	file, err := s.Stage(s.t.Context(), clerk, "ket-qua.pdf", strings.NewReader(smallPDF))
	if err != nil {
		s.t.Fatal(err)
	}
	d = s.act(handler, d, dossier.Input{Act: dossier.Propose, Outcome: dossier.OutcomeApprove})
	d = s.act(leader, d, dossier.Input{Act: dossier.Approve})
	d = s.act(clerk, d, dossier.Input{Act: dossier.Number})
	d = s.act(leader, d, dossier.Input{Act: dossier.Sign})
	d = s.act(clerk, d, dossier.Input{Act: dossier.IssueResult}, file.Hash)
	d = s.act(clerk, d, dossier.Input{Act: dossier.HandOver})
	d = s.act(counter, d, dossier.Input{Act: dossier.ReceiveHandover})
	return s.act(counter, d, dossier.Input{Act: dossier.Return, Receiver: "Nguyễn Thị Thử Nghiệm", Checked: "Căn cước"})
}

func (s *site) refusedAfterExamination() dossier.Dossier {
	s.t.Helper()
	d, handler, leader := s.atWork()
	d = s.act(handler, d, dossier.Input{Act: dossier.Propose, Outcome: dossier.OutcomeRefuse, Reason: "Không đủ điều kiện"})
	return s.act(leader, d, dossier.Input{Act: dossier.Refuse, Reason: "Không đủ điều kiện", LegalGround: "Luật Thử Điều 4"})
}

func (s *site) stoppedByDecision() dossier.Dossier {
	s.t.Helper()
	d, _, leader := s.atWork()
	return s.act(leader, d, dossier.Input{Act: dossier.Stop, Reason: "Đang tranh chấp", LegalGround: "Luật Thử Điều 3"})
}
