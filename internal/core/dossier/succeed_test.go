package dossier

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/fault"
)

// merged is a change by which so-moi continues so-thu and so-khac.
func merged(id string) Successors {
	return Successors{
		Change: id, Document: "12/NQ-HĐND",
		Heir: func(code string) (string, string, bool) {
			return "so-moi", "Sở Mới", slices.Contains([]string{"so-thu", "so-khac"}, code)
		},
		Works: func(staff, unit string) bool { return staff != "s-elsewhere" },
	}
}

func TestDossierGoesOnWithItsSuccessor(t *testing.T) {
	s := handled(t)
	s.must(handlerOne, Input{Act: Consult, Reason: "Hỏi", Units: []string{"so-khac"}, DueOn: day("2026-11-04")})
	was := s.d
	e, ok := Succeed(s.d, s.context(controller), merged("a"))
	if !ok {
		t.Fatal("the dossier does not follow")
	}
	s.keep(e)
	if s.d.Agency != "so-moi" || s.d.AgencyName != "Sở Mới" || s.d.Unit != was.Unit {
		t.Errorf("lies with %s (%s), received by %s", s.d.Agency, s.d.AgencyName, s.d.Unit)
	}
	for _, task := range s.d.Tasks {
		if task.Unit != "so-moi" {
			t.Errorf("task %s lies in %s", task.Kind, task.Unit)
		}
	}
	if s.d.Consulted[0].Unit != "so-moi" {
		t.Errorf("the opinion is asked of %s", s.d.Consulted[0].Unit)
	}
	if diff := cmp.Diff(was.Deadline, s.d.Deadline); diff != "" || s.d.Code != was.Code || s.d.Status != was.Status {
		t.Errorf("promise, code or status moved:\n%s", diff)
	}
	if got := s.d.Successions; len(got) != 1 || got[0].Was.AgencyName != was.AgencyName || got[0].Version != s.d.Version {
		t.Errorf("successions = %+v", got)
	}
	if _, again := Succeed(s.d, s.context(controller), merged("a")); again {
		t.Error("the same change takes it over twice")
	}
	heir := handlerOne
	heir.Unit = "so-moi"
	if err := s.try(heir, Input{Act: Answer, Outcome: OutcomeAgree, Reason: "Đồng ý"}); err != nil {
		t.Errorf("an officer of the successor cannot go on: %v", err)
	}
}

func TestSuccessionIsTakenBack(t *testing.T) {
	s := handled(t)
	before := encoded(t, s.d.seat())
	e, _ := Succeed(s.d, s.context(controller), merged("a"))
	s.keep(e)
	e, err := Recede(s.d, s.context(controller), "a")
	if err != nil {
		t.Fatal(err)
	}
	s.keep(e)
	if diff := cmp.Diff(string(before), string(encoded(t, s.d.seat()))); diff != "" || len(s.d.Successions) != 0 {
		t.Errorf("taken back (-before +after):\n%s", diff)
	}
	s.must(handlerOne, Input{Act: Propose})

	s = handled(t)
	e, _ = Succeed(s.d, s.context(controller), merged("a"))
	s.keep(e)
	heir := handlerOne
	heir.Unit = "so-moi"
	s.must(heir, Input{Act: Propose})
	if _, err := Recede(s.d, s.context(controller), "a"); !fault.Is(err, "dossier.succession_used") {
		t.Errorf("taken back under the successor's work: %v", err)
	}
}

func TestTaskOfOneWhoWentElsewhereFallsToThePool(t *testing.T) {
	s := handled(t)
	e, _ := Succeed(s.d, s.context(controller), func() Successors {
		m := merged("a")
		m.Works = func(string, string) bool { return false }
		return m
	}())
	s.keep(e)
	if !s.d.Tasks[0].Pool() {
		t.Errorf("task is held by %s", s.d.Tasks[0].Holder)
	}
}

func TestEndedDossierKeepsTheUnitOfItsTime(t *testing.T) {
	s := handled(t)
	s.must(receptionist, full(Withdraw, 0))
	if _, ok := Succeed(s.d, s.context(controller), merged("a")); ok {
		t.Error("an ended dossier follows")
	}
	reader := access.Actor{ID: "s-new", Roles: []access.Role{access.Handler}, Unit: "so-moi"}
	if Readable(s.d, reader) {
		t.Error("a stranger reads it")
	}
	reader.Continues = []string{"so-thu"}
	if !Readable(s.d, reader) {
		t.Error("whoever continues the unit cannot read its archive")
	}
}
