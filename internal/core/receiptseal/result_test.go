package receiptseal

import (
	"crypto/ed25519"
	"testing"
	"time"

	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/fault"
)

func TestResultSeal(t *testing.T) {
	public, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	keys := []ed25519.PublicKey{public}
	want := ResultClaim{Code: "H36.01-260205-0001", Number: "12/GXN-STC", On: time.Date(2026, 2, 5, 8, 15, 0, 0, civil.Zone)}
	text, err := SignResult(private, want)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := VerifyResult(text, keys); err != nil || got != want {
		t.Errorf("VerifyResult = %+v, %v, want %+v", got, err, want)
	}
	receipt, err := Sign(private, Claim{Code: want.Code, Unit: want.Number, ReceivedAt: want.On})
	if err != nil {
		t.Fatal(err)
	}
	for name, bad := range map[string]string{"a receipt's seal": receipt, "cut": text[:len(text)-4], "nothing": "", "a line end": text + "\n"} {
		if _, err := VerifyResult(bad, keys); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s: %v, want Invalid", name, err)
		}
	}
	if _, err := Verify(text, keys); fault.KindOf(err) != fault.Invalid {
		t.Errorf("a result's seal passes as a receipt's: %v", err)
	}
	changed := []byte(text)
	changed[20] ^= 1
	if _, err := VerifyResult(string(changed), keys); fault.KindOf(err) != fault.Invalid {
		t.Errorf("changed: %v, want Invalid", err)
	}
	if _, err := SignResult(private, ResultClaim{Code: "x"}); fault.KindOf(err) != fault.Invalid {
		t.Errorf("without number: %v, want Invalid", err)
	}
}
