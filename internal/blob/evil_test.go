package blob

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"
	"strings"
	"testing"
)

// Builders of good files; the evil ones are made from them.

func goodPDF() []byte {
	return []byte("%PDF-1.4\n1 0 obj\n<< /Type /Catalog /OpenAction [2 0 R /Fit] >>\nendobj\ntrailer\n<< /Root 1 0 R >>\nstartxref\n9\n%%EOF\n")
}

func picture() image.Image {
	img := image.NewGray(image.Rect(0, 0, 40, 30))
	for x := range 40 {
		img.SetGray(x, x%30, color.Gray{Y: uint8(6 * x)})
	}
	return img
}

func goodJPEG(t *testing.T) []byte {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, picture(), nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func goodPNG(t *testing.T) []byte {
	var b bytes.Buffer
	if err := png.Encode(&b, picture()); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func goodHEIC() []byte {
	return append([]byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic"), make([]byte, 500)...)
}

type part struct{ name, text string }

func archive(t *testing.T, parts ...part) []byte {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, p := range parts {
		f, err := w.Create(p.name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(f, p.text); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func types(main string) part {
	return part{"[Content_Types].xml", `<?xml version="1.0"?><Types><Override ContentType="application/vnd.openxmlformats-officedocument.` + main + `"/></Types>`}
}

func docx(t *testing.T, more ...part) []byte {
	parts := []part{types("wordprocessingml.document.main+xml"), {"_rels/.rels", "<Relationships/>"}, {"word/document.xml", "<w:document>Đơn</w:document>"}}
	return archive(t, append(parts, more...)...)
}

func xlsx(t *testing.T, more ...part) []byte {
	parts := []part{types("spreadsheetml.sheet.main+xml"), {"xl/workbook.xml", "<workbook/>"}}
	return archive(t, append(parts, more...)...)
}

// hugePNG claims width × height pixels in a few bytes.
func hugePNG(width, height uint32) []byte {
	chunk := func(kind string, data []byte) []byte {
		b := binary.BigEndian.AppendUint32(nil, uint32(len(data)))
		body := append([]byte(kind), data...)
		return binary.BigEndian.AppendUint32(append(b, body...), crc32.ChecksumIEEE(body))
	}
	header := binary.BigEndian.AppendUint32(nil, width)
	header = binary.BigEndian.AppendUint32(header, height)
	header = append(header, 8, 2, 0, 0, 0)
	b := []byte("\x89PNG\r\n\x1a\n")
	b = append(b, chunk("IHDR", header)...)
	return append(b, chunk("IEND", nil)...)
}

// lyingDocx is a document with an entry that declares a few bytes and unpacks
// to many.
func lyingDocx(t *testing.T) []byte {
	var packed bytes.Buffer
	w, err := flate.NewWriter(&packed, flate.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(make([]byte, 30<<20)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	f, err := z.Create("[Content_Types].xml")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(f, types("wordprocessingml.document.main+xml").text); err != nil {
		t.Fatal(err)
	}
	raw, err := z.CreateRaw(&zip.FileHeader{
		Name: "word/document.xml", Method: zip.Deflate,
		CompressedSize64: uint64(packed.Len()), UncompressedSize64: 100,
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := raw.Write(packed.Bytes()); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// overlapping lets every entry of the list point at the first one's bytes.
func overlapping(t *testing.T) []byte {
	b := docx(t)
	list := bytes.Index(b, []byte("PK\x01\x02"))
	for at := list; at >= 0 && at+46 <= len(b) && string(b[at:at+4]) == "PK\x01\x02"; {
		n := func(i int) int { return int(binary.LittleEndian.Uint16(b[at+i:])) }
		binary.LittleEndian.PutUint32(b[at+42:], 0)
		at += 46 + n(28) + n(30) + n(32)
	}
	return b
}

type upload struct {
	label, name string
	bytes       []byte
	key         string
}

// evil is every file that must be refused, with the fault that says why.
func evil(t *testing.T) []upload {
	jpg, pic, doc := goodJPEG(t), goodPNG(t), docx(t)
	jar := archive(t, part{"META-INF/MANIFEST.MF", "Main-Class: X"})
	join := func(parts ...[]byte) []byte { return bytes.Join(parts, nil) }
	all := pages()
	all = append(all,
		upload{"empty", "a.pdf", nil, "blob.empty"},
		upload{"program named PDF", "a.pdf", []byte("MZ\x90\x00" + strings.Repeat("\x00", 200)), "blob.type_refused"},
		upload{"text", "a.txt", []byte("xin chào"), "blob.type_refused"},
		upload{"GIF", "a.gif", []byte("GIF89a" + strings.Repeat("\x00", 50)), "blob.type_refused"},
		upload{"picture named PDF", "a.pdf", jpg, "blob.type_differs"},
		upload{"PDF named picture", "a.jpg", goodPDF(), "blob.type_differs"},
		upload{"PDF named page", "a.html", goodPDF(), "blob.type_differs"},
		upload{"no ending", "don", goodPDF(), "blob.type_differs"},
		upload{"document named sheet", "a.xlsx", doc, "blob.type_differs"},
		upload{"PDF with rubbish before", "a.pdf", join([]byte("\n\n"), goodPDF()), "blob.type_refused"},
		upload{"truncated PDF", "a.pdf", goodPDF()[:60], "blob.broken"},
		upload{"PDF and page", "a.pdf", join([]byte("%PDF-1.4\n<HTML><script>alert(1)</script>"), goodPDF()), "blob.polyglot"},
		upload{"PDF and trailing page", "a.pdf", join(goodPDF(), []byte("<html>")), "blob.polyglot"},
		upload{"PDF and archive", "a.pdf", join(goodPDF(), jar), "blob.polyglot"},
		upload{"PDF with script", "a.pdf", bytes.Replace(goodPDF(), []byte("/Fit"), []byte("/S /JavaScript"), 1), "blob.pdf_active"},
		upload{"PDF with hidden script", "a.pdf", bytes.Replace(goodPDF(), []byte("/Fit"), []byte("/S/J#61vaScr#69pt(x)"), 1), "blob.pdf_active"},
		upload{"PDF that starts a program", "a.pdf", bytes.Replace(goodPDF(), []byte("/Fit"), []byte("/S /Launch"), 1), "blob.pdf_active"},
		upload{"JPEG and archive", "a.jpg", join(jpg, jar), "blob.polyglot"},
		upload{"JPEG and script", "a.jpg", join(jpg, []byte("<?php system(1);")), "blob.polyglot"},
		upload{"JPEG and PDF", "a.jpg", join(jpg, make([]byte, sniffed), goodPDF()), "blob.polyglot"},
		upload{"truncated JPEG", "a.jpg", jpg[:len(jpg)-10], "blob.broken"},
		upload{"JPEG of three bytes", "a.jpg", jpg[:3], "blob.broken"},
		upload{"PNG and archive", "a.png", join(pic, jar), "blob.polyglot"},
		upload{"PNG and rubbish", "a.png", join(pic, []byte("x")), "blob.polyglot"},
		upload{"truncated PNG", "a.png", pic[:len(pic)-4], "blob.broken"},
		upload{"picture of 65,500 by 65,500", "a.png", hugePNG(65500, 65500), "blob.picture_too_large"},
		upload{"HEIC and page", "a.heic", join(goodHEIC(), []byte("<ScRiPt>")), "blob.polyglot"},
	)
	return append(all, evilArchives(t, jar, join)...)
}

// pages are what a browser would run, under innocent names.
func pages() []upload {
	texts := []string{
		`<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`,
		`<!DOCTYPE html><script>alert(1)</script>`,
		`<?xml version="1.0"?><?xml-stylesheet type="text/xsl" href="#a"?><a/>`,
		`<html xmlns="http://www.w3.org/1999/xhtml"><body onload="alert(1)"/></html>`,
		"MIME-Version: 1.0\r\nContent-Type: multipart/related; type=\"text/html\"\r\n\r\n<html>",
	}
	var all []upload
	for i, text := range texts {
		for _, ext := range []string{".jpg", ".pdf", ".svg", ".html"} {
			all = append(all, upload{fmt.Sprintf("page %d as %s", i, ext), "a" + ext, []byte(text), "blob.type_refused"})
		}
	}
	return all
}

func evilArchives(t *testing.T, jar []byte, join func(...[]byte) []byte) []upload {
	doc := docx(t)
	many := make([]part, maxEntries)
	for i := range many {
		many[i] = part{fmt.Sprintf("w/%d", i), ""}
	}
	manyMore := make([]part, 30000)
	for i := range manyMore {
		manyMore[i] = part{fmt.Sprintf("w/%d", i), ""}
	}
	remote := `<Relationship Type="http://x/relationships/attachedTemplate" Target="https://example.vn/a.dotm" TargetMode="External"/>`
	return []upload{
		{"archive named document", "a.docx", jar, "blob.type_refused"},
		{"archive", "a.zip", jar, "blob.type_refused"},
		{"macros named plain", "a.docx", archive(t, part{"[Content_Types].xml", `application/vnd.ms-word.document.macroEnabled.main+xml`}), "blob.macro"},
		{"macros in a part", "a.docx", docx(t, part{"word/vbaProject.bin", "x"}), "blob.macro"},
		{"old macro sheet", "a.xlsx", xlsx(t, part{"xl/macrosheets/sheet1.xml", "x"}), "blob.macro"},
		{"packaged object", "a.docx", docx(t, part{"word/embeddings/oleObject1.bin", "x"}), "blob.macro"},
		{"DDE in a document", "a.docx", docx(t, part{"word/footer.xml", "<w:instrText>DDEAUTO cmd</w:instrText>"}), "blob.macro"},
		{"DDE in a sheet", "a.xlsx", xlsx(t, part{"xl/externalLinks/l.xml", `<ddeLink ddeService="cmd">`}), "blob.macro"},
		{"template from elsewhere", "a.docx", docx(t, part{"word/_rels/settings.xml.rels", remote}), "blob.macro"},
		{"path out of the archive", "a.docx", docx(t, part{"../../x", "x"}), "blob.broken"},
		{"too many entries", "a.docx", docx(t, many...), "blob.archive_bomb"},
		{"list of entries too long", "a.docx", docx(t, manyMore...), "blob.archive_bomb"},
		{"a thousand to one", "a.docx", docx(t, part{"word/big.xml", strings.Repeat("0", 30<<20)}), "blob.archive_bomb"},
		{"declares less than it unpacks", "a.docx", lyingDocx(t), "blob.broken"},
		{"entries share bytes", "a.docx", overlapping(t), "blob.archive_bomb"},
		{"something before the archive", "a.docx", join([]byte("PK\x03\x04 <script>"), doc), "blob.polyglot"},
		{"something behind the archive", "a.docx", join(doc, []byte("%PDF-1.4")), "blob.polyglot"},
		{"truncated", "a.docx", doc[:len(doc)-30], "blob.broken"},
	}
}
