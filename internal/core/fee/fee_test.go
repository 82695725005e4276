package fee

import "testing"

func TestDigits(t *testing.T) {
	for v, want := range map[VND]string{
		0: "0 đồng", 5: "5 đồng", 999: "999 đồng", 1_000: "1.000 đồng", 75_000: "75.000 đồng",
		1_250_000: "1.250.000 đồng", -1: "-1 đồng", -999: "-999 đồng", -12_345: "-12.345 đồng",
	} {
		if got := v.String(); got != want {
			t.Errorf("VND(%d).String() = %q, want %q", int64(v), got, want)
		}
	}
}

func TestSum(t *testing.T) {
	if got := Sum(nil); got != 0 {
		t.Errorf("Sum of no lines = %d", got)
	}
	if got := Sum([]Line{{Amount: 75_000}, {Amount: 0}, {Amount: 1_250_000}}); got != 1_325_000 {
		t.Errorf("Sum = %d, want 1325000", got)
	}
}
