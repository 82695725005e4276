package dossier

import "testing"

func TestParseScanName(t *testing.T) {
	for _, tt := range []struct {
		name string
		want ScanName
		ok   bool
	}{
		{"H36.01-261123-0007_2.pdf", ScanName{"H36.01-261123-0007", 2}, true},
		{"h36.01-261123-0007.PDF", ScanName{"H36.01-261123-0007", 0}, true},
		{"H36.01-261123-0007_3_001.jpg", ScanName{"H36.01-261123-0007", 3}, true},
		{"H36.01-261123-0007", ScanName{"H36.01-261123-0007", 0}, true},
		{"H36.01-261123-0007_0.pdf", ScanName{}, false},
		{"H36.01-261123-0007_hai.pdf", ScanName{}, false},
		{"H36.01-261399-0007_1.pdf", ScanName{}, false},
		{"scan0001.pdf", ScanName{}, false},
		{"", ScanName{}, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got, ok := ParseScanName(tt.name); got != tt.want || ok != tt.ok {
				t.Errorf("ParseScanName(%q) = %v, %v, want %v, %v", tt.name, got, ok, tt.want, tt.ok)
			}
		})
	}
}

func TestUnscanned(t *testing.T) {
	d := Dossier{Papers: []Paper{{ID: "a", Originals: 1}, {ID: "b", Copies: 1, Files: []File{{Hash: "x"}}}, {ID: "c"}}}
	if got := d.Unscanned(); len(got) != 1 || got[0].ID != "a" {
		t.Errorf("Unscanned = %v", got)
	}
}
