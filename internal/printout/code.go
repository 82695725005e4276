package printout

import (
	"fmt"

	"github.com/boombuler/barcode/code128"
	qrcode "github.com/skip2/go-qrcode"
)

// matrix is a machine-readable code as black and white modules.
type matrix struct {
	rows  [][]bool // true is black
	quiet int      // modules of white that belong around it
	Text  string   // what it says
}

// qr makes a QR code that still reads with 15 % of it damaged.
func qr(text string) (*matrix, error) {
	code, err := qrcode.New(text, qrcode.Medium)
	if err != nil {
		return nil, fmt.Errorf("QR code of %d characters: %w", len(text), err)
	}
	code.DisableBorder = true
	return &matrix{rows: code.Bitmap(), quiet: 4, Text: text}, nil
}

// bars makes a Code 128 bar code.
func bars(text string) (*matrix, error) {
	code, err := code128.Encode(text)
	if err != nil {
		return nil, fmt.Errorf("bar code of %q: %w", text, err)
	}
	row := make([]bool, code.Bounds().Dx())
	for x := range row {
		r, _, _, _ := code.At(x, 0).RGBA()
		row[x] = r == 0
	}
	return &matrix{rows: [][]bool{row}, quiet: 10, Text: text}, nil
}

// strip is a horizontal piece of black modules.
type strip struct{ x, y, n int }

// strips lists the black pieces of a code, row by row.
func (m *matrix) strips() []strip {
	var all []strip
	for y, row := range m.rows {
		for x := 0; x < len(row); x++ {
			if !row[x] {
				continue
			}
			from := x
			for x < len(row) && row[x] {
				x++
			}
			all = append(all, strip{from, y, x - from})
		}
	}
	return all
}
