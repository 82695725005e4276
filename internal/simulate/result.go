package simulate

import (
	"bytes"
	"fmt"

	"github.com/motcua/motcua/internal/core/dossier"
)

// resultPDF is the result document of a simulated dossier: one page that says so.
func resultPDF(d dossier.Dossier) string {
	lines := []string{"KET QUA MO PHONG / SIMULATED RESULT", d.Name()}
	var page bytes.Buffer
	for i, l := range lines {
		fmt.Fprintf(&page, "BT /F1 %d Tf 60 %d Td (%s) Tj ET\n", 18-4*min(i, 1), 760-34*i, l)
	}
	objects := []string{
		"<< /Type /Catalog /Pages 2 0 R >>",
		"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
		fmt.Sprintf("<< /Length %d >>\nstream\n%sendstream", page.Len(), page.String()),
		"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
	}
	var b bytes.Buffer
	b.WriteString("%PDF-1.4\n")
	var at []int
	for i, o := range objects {
		at = append(at, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	table := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, offset := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", offset)
	}
	fmt.Fprintf(&b, "trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, table)
	return b.String()
}
