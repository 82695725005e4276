package dossier

import (
	"testing"
)

// documented is a dossier whose result was drafted, approved, numbered and signed
// as a document of the program's own.
func documented(t *testing.T) *stage {
	t.Helper()
	s := handled(t)
	s.must(handlerOne, Input{Act: Propose, Draft: &Draft{Template: "*/approve", Symbol: "GXN", Name: "Giấy xác nhận"}, DraftText: []byte("nội dung")})
	return s.must(leaderOne, Input{Act: Approve}).must(clerkOne, Input{Act: Number}).
		must(leaderOne, Input{Act: Sign, Authority: "KT. GIÁM ĐỐC", Post: "PHÓ GIÁM ĐỐC", Signed: &File{Hash: "s1"}})
}

// Approval, number, signature, seal and issue of a drafted document are acts of
// their own, in that order.
func TestDocumentGoesStepByStep(t *testing.T) {
	s := handled(t)
	s.must(handlerOne, Input{Act: Propose, Draft: &Draft{Symbol: "GXN"}, DraftText: []byte("nội dung")})
	if got := string(s.d.Proposal.Draft.Text); got != "sealed:nội dung" {
		t.Fatalf("the draft is kept as %q, want it sealed", got)
	}
	s.must(leaderOne, Input{Act: Approve})
	s.refused(clerkOne, Input{Act: Stamp, Signed: &File{Hash: "s"}}, "dossier.no_signed_document")
	s.must(clerkOne, Input{Act: Number})
	s.refused(leaderOne, Input{Act: Sign}, "dossier.signature_missing")
	s.must(leaderOne, Input{Act: Sign, Authority: "KT. GIÁM ĐỐC", Post: "PHÓ GIÁM ĐỐC", Signed: &File{Hash: "s1"}})
	s.refused(clerkOne, Input{Act: IssueResult}, "dossier.not_stamped")
	s.refused(clerkOne, Input{Act: Stamp}, "dossier.signature_missing")
	s.must(clerkOne, Input{Act: Stamp, Signed: &File{Hash: "s2"}})
	s.refused(clerkOne, Input{Act: Stamp, Signed: &File{Hash: "s3"}}, "dossier.stamped_already")
	s.must(clerkOne, Input{Act: IssueResult})
	r := s.d.Result
	if len(r.Files) != 1 || r.Files[0].Hash != "s2" || r.Authority != "KT. GIÁM ĐỐC" || r.Post != "PHÓ GIÁM ĐỐC" || r.StampedBy != clerkOne.Name {
		t.Errorf("issued %+v, want the stamped file and the signature block", r)
	}
	s.must(leaderOne, Input{Act: TakeBack, Reason: "Sai tên"})
	if s.d.Result != nil || len(s.d.Recalled) != 1 || s.d.Recalled[0].Files[0].Hash != "s2" {
		t.Errorf("taken back: result %v, recalled %v, want the issued one kept aside", s.d.Result, s.d.Recalled)
	}
}

// Whoever agrees with an earlier proposal hands on its document; whoever proposes
// the other outcome does not.
func TestDraftIsHandedOn(t *testing.T) {
	d := Dossier{Proposal: &Proposal{Outcome: OutcomeApprove, Draft: &Draft{Symbol: "QĐ"}}}
	if got := d.drafted(Context{}, Input{}, OutcomeApprove); got == nil || got.Symbol != "QĐ" {
		t.Errorf("drafted(approve) = %v, want the draft that is there", got)
	}
	if got := d.drafted(Context{}, Input{}, OutcomeRefuse); got != nil {
		t.Errorf("drafted(refuse) = %v, want none", got)
	}
}
