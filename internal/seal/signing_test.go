package seal

import "testing"

func TestSigningKeys(t *testing.T) {
	old := NewRingText("a")
	one, err := ParseRing(old)
	if err != nil {
		t.Fatal(err)
	}
	two, err := ParseRing(NewRingText("b") + old)
	if err != nil {
		t.Fatal(err)
	}
	first, err := one.SigningKeys("receipt")
	if err != nil {
		t.Fatal(err)
	}
	both, err := two.SigningKeys("receipt")
	if err != nil {
		t.Fatal(err)
	}
	if len(first) != 1 || len(both) != 2 || !both[1].Equal(first[0]) || both[0].Equal(first[0]) {
		t.Errorf("a new key of the ring must sign, the old one must still verify")
	}
	other, err := one.SigningKeys("checkpoint")
	if err != nil || other[0].Equal(first[0]) {
		t.Errorf("keys of two purposes are the same, %v", err)
	}
}
