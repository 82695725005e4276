package printout

import (
	"bytes"
	"crypto/ed25519"
	"image"
	"image/draw"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/oned"
	"github.com/makiuchi-d/gozxing/qrcode"

	"github.com/motcua/motcua/internal/core/receiptseal"
)

// picture is a page of a PDF as an office printer would print it.
func picture(t *testing.T, pdf []byte, resolution string) image.Image {
	t.Helper()
	out := filepath.Join(t.TempDir(), "page")
	tool(t, pdf, "pdftoppm", "-png", "-r", resolution, "-f", "1", "-l", "1", "-singlefile", "FILE", out)
	data, err := os.ReadFile(out + ".png")
	if err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return img
}

// cutout is a part of a picture, in millimetres.
func cutout(img image.Image, s size, x, y, w, h float64) image.Image {
	dots := float64(img.Bounds().Dx()) / s.width
	at := image.Pt(int(x*dots), int(y*dots))
	part := image.NewRGBA(image.Rect(0, 0, int(w*dots), int(h*dots)))
	draw.Draw(part, part.Bounds(), img, at, draw.Src)
	return part
}

func scan(t *testing.T, img image.Image, reader gozxing.Reader) string {
	t.Helper()
	bitmap, err := gozxing.NewBinaryBitmapFromImage(img)
	if err != nil {
		t.Fatal(err)
	}
	result, err := reader.Decode(bitmap, map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_TRY_HARDER: true})
	if err != nil {
		t.Fatalf("the code cannot be read: %v", err)
	}
	return result.GetText()
}

// The way of a receipt: signed, printed, scanned with a phone, checked offline.
func TestReceiptVerifiesFromPaper(t *testing.T) {
	key := ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))
	r := sampleReceipt()
	claim := receiptseal.Claim{Code: "000.00.14.H36-260205-0001", Unit: "000.00.14.H36", ReceivedAt: r.ReceivedAt, DueAt: r.DueAt}
	seal, err := receiptseal.Sign(key, claim)
	if err != nil {
		t.Fatal(err)
	}
	r.Code, r.Seal = claim.Code, receiptseal.Link("https://dichvucong.lamdong.example.vn", seal)
	scanned := scan(t, cutout(picture(t, printed(t, newPrinter(t), r), "200"), a5, 0, 25, 70, 60), qrcode.NewQRCodeReader())
	got, err := receiptseal.Verify(receiptseal.Scanned(scanned), []ed25519.PublicKey{key.Public().(ed25519.PublicKey)})
	if err != nil || got.Code != claim.Code || !got.ReceivedAt.Equal(claim.ReceivedAt) || !got.DueAt.Equal(claim.DueAt) {
		t.Errorf("the paper says %+v, %v; want %+v", got, err, claim)
	}
}

// What a phone and a hand scanner read from the paper is what was printed.
func TestCodesReadBack(t *testing.T) {
	r := sampleReceipt()
	img := picture(t, printed(t, newPrinter(t), r), "200")
	if got := scan(t, cutout(img, a5, 0, 25, 70, 60), qrcode.NewQRCodeReader()); got != r.Seal {
		t.Errorf("the QR code says %q, want %q", got, r.Seal)
	}
	if got := scan(t, cutout(img, a5, 36, 30, 100, 20), oned.NewCode128Reader()); got != r.Code {
		t.Errorf("the bar code says %q, want %q", got, r.Code)
	}
}
