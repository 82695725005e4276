package api_test

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"strings"
	"testing"

	"github.com/motcua/motcua/internal/api"
	"github.com/motcua/motcua/internal/api/apitest"
	"github.com/motcua/motcua/internal/core/access"
)

// counting counts what is read of a body.
type counting struct {
	io.Reader
	n int64
}

func (c *counting) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	c.n += int64(n)
	return n, err
}

// endless gives bytes of a PDF that never ends.
type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	return len(p), nil
}

const boundary = "ranh-gioi"

// fileBody is a multipart body of one file that holds r.
func fileBody(name string, r io.Reader) io.Reader {
	head := "--" + boundary + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"" + name + "\"\r\n\r\n"
	return io.MultiReader(strings.NewReader(head), r, strings.NewReader("\r\n--"+boundary+"--\r\n"))
}

// A file of 200 MB is refused when little more than what is allowed has been
// read, and unread when its size is announced.
func TestUploadOf200MB(t *testing.T) {
	c := centre(t, api.Options{})
	token := c.Token(t, access.Handler, "")
	const size = 200 << 20
	for _, path := range []string{"/uploads", "/dossiers/H36.01-261123-0001/papers"} {
		body := &counting{Reader: fileBody("to.pdf", io.MultiReader(bytes.NewReader(apitest.PDF(1)), io.LimitReader(endless{}, size)))}
		c.Do(t, apitest.Request{Token: token, Path: path, Body: body, Type: "multipart/form-data; boundary=" + boundary}).Refused(t, 422, "blob.too_large", "file")
		if body.n > 22<<20 {
			t.Errorf("%s: %d bytes were read", path, body.n)
		}
	}
	small := centre(t, api.Options{Upload: 1 << 20})
	token = small.Token(t, access.Handler, "")
	body := &counting{Reader: fileBody("to.pdf", io.MultiReader(bytes.NewReader(apitest.PDF(1)), io.LimitReader(endless{}, size)))}
	small.Do(t, apitest.Request{Token: token, Path: "/uploads", Body: body, Type: "multipart/form-data; boundary=" + boundary}).Refused(t, 413, "api.too_large")
	if body.n > 2<<20 {
		t.Errorf("%d bytes were read", body.n)
	}
	announced := strings.Repeat(" ", 2<<20) // a string: its length is known
	small.Do(t, apitest.Request{Token: token, Path: "/uploads", Body: announced, Type: "multipart/form-data; boundary=" + boundary}).Refused(t, 413, "api.too_large")
}

func TestBadUploads(t *testing.T) {
	c := centre(t, api.Options{})
	token := c.Token(t, access.Handler, "")
	multi := "multipart/form-data; boundary=" + boundary
	body := func(name, content string) io.Reader { return fileBody(name, strings.NewReader(content)) }
	for _, tt := range []struct {
		name   string
		body   io.Reader
		form   string
		status int
		key    string
	}{
		{"a program as PDF", body("don.pdf", "MZ\x90\x00\x03\x00\x00\x00"), multi, 422, "blob.type_refused"},
		{"a page as picture", body("anh.jpg", "<html><script>alert(1)</script></html>"), multi, 422, "blob.type_refused"},
		{"a PDF as picture", body("anh.jpg", string(apitest.PDF(1))), multi, 422, "blob.type_differs"},
		{"nothing", body("don.pdf", ""), multi, 422, "blob.empty"},
		{"no file", strings.NewReader("--" + boundary + "--\r\n"), multi, 422, "dossier.file_missing"},
		{"JSON", strings.NewReader(`{"file":"x"}`), "application/json", 415, "api.content_type"},
		{"no boundary", strings.NewReader("x"), "multipart/form-data", 415, "api.content_type"},
		{"cut off", strings.NewReader("--" + boundary + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.pdf\"\r\n\r\n%PDF-1.4"), multi, 400, "api.multipart"},
		{"a value of 2,000 bytes", strings.NewReader("--" + boundary + "\r\nContent-Disposition: form-data; name=\"paper\"\r\n\r\n" + strings.Repeat("x", 2000) + "\r\n--" + boundary + "--\r\n"), multi, 422, "api.field.long"},
		{"too many parts", strings.NewReader(strings.Repeat("--"+boundary+"\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\n1\r\n", 60) + "--" + boundary + "--\r\n"), multi, 422, "dossier.too_many"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c.Do(t, apitest.Request{Token: token, Path: "/uploads", Body: tt.body, Type: tt.form}).Refused(t, tt.status, tt.key)
		})
	}
	c.Do(t, apitest.Request{Token: c.Token(t, access.Director, ""), Path: "/uploads", Body: body("don.pdf", string(apitest.PDF(1))), Type: multi}).Refused(t, 403, "access.denied")
}

// A file goes up, is named in a reception by its hash, and comes down under its
// own name.
func TestFilesUpAndDown(t *testing.T) {
	c := centre(t, api.Options{})
	token := c.Token(t, access.Reception, "")
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for i, name := range []string{"Đơn đề nghị.pdf", "ban-ve.pdf"} {
		h := textproto.MIMEHeader{"Content-Disposition": {`form-data; name="file"; filename="` + name + `"`}}
		part, err := w.CreatePart(h)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := part.Write(apitest.PDF(i)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	up := apitest.Request{Token: token, Path: "/uploads", Body: b.String(), Type: w.FormDataContentType(), Key: "tai-1"}
	var staged, again api.List[api.File]
	c.Do(t, up).Want(t, 201, &staged)
	c.Do(t, up).Want(t, 201, &again)
	if len(staged.Items) != 2 || staged.Items[0].Type != "application/pdf" || staged.Items[0] != again.Items[0] || staged.Items[1] != again.Items[1] {
		t.Fatalf("staged %+v, again %+v", staged.Items, again.Items)
	}
	other := up
	other.Body, other.Type = apitest.Multipart(t, "khac.pdf", apitest.PDF(9), nil)
	c.Do(t, other).Refused(t, 409, "store.action_reused")

	got := received(t, c, func(r *api.Reception) { r.Papers[0].Files = []string{staged.Items[0].Hash} })
	a := c.Do(t, apitest.Request{Token: token, Path: "/dossiers/" + got.Code + "/files/" + staged.Items[0].Hash})
	a.Want(t, 200, nil)
	if !bytes.Equal(a.Body, apitest.PDF(0)) || a.Header.Get("Content-Type") != "application/pdf" ||
		!strings.HasPrefix(a.Header.Get("Content-Disposition"), "attachment; filename*=utf-8''%C4%90%C6%A1n") {
		t.Errorf("came down as %q, %v", a.Body, a.Header)
	}
	c.Do(t, apitest.Request{Token: token, Path: "/dossiers/" + got.Code + "/files/" + staged.Items[1].Hash}).Refused(t, 404, "blob.unknown")

	var d, d2 api.Dossier
	scan := apitest.Request{Token: token, Path: "/dossiers/" + got.Code + "/papers", Key: "quet-1"}
	scan.Body, scan.Type = apitest.Multipart(t, "quet.pdf", apitest.PDF(5), map[string]string{"paper": d1(t, c, token, got.Code)})
	c.Do(t, scan).Want(t, 200, &d)
	c.Do(t, scan).Want(t, 200, &d2)
	if len(d.Papers[0].Files) != 2 || d.Version != got.Version+1 || d2.Version != d.Version {
		t.Errorf("papers %+v, versions %d and %d", d.Papers[0], d.Version, d2.Version)
	}
	stale := scan
	stale.Key = ""
	stale.Body, stale.Type = apitest.Multipart(t, "quet.pdf", apitest.PDF(6), map[string]string{"paper": d.Papers[0].Name, "version": "0"})
	c.Do(t, stale).Refused(t, 409, "dossier.changed_meanwhile")
	stale.Body, stale.Type = apitest.Multipart(t, "quet.pdf", apitest.PDF(6), map[string]string{"paper": "p99", "version": "x"})
	c.Do(t, stale).Refused(t, 422, "api.field.integer", "version")
	stale.Body, stale.Type = apitest.Multipart(t, "quet.pdf", apitest.PDF(6), map[string]string{"paper": "p99"})
	c.Do(t, stale).Refused(t, 422, "dossier.paper_unknown", "paper")
}

// d1 is the name of a dossier's first paper.
func d1(t *testing.T, c *apitest.Centre, token, code string) string {
	t.Helper()
	var d api.Dossier
	c.Do(t, apitest.Request{Token: token, Path: "/dossiers/" + code}).Want(t, 200, &d)
	return d.Papers[0].Name
}

func TestReceiptSlip(t *testing.T) {
	c := centre(t, api.Options{})
	got := received(t, c, nil)
	token := c.Token(t, access.Reception, "")
	for _, form := range []string{"receipt.pdf", "receipt"} {
		a := c.Do(t, apitest.Request{Token: token, Path: "/dossiers/" + got.Code + "/slips/" + form, Header: http.Header{"Accept": {"application/pdf"}}})
		a.Want(t, 200, nil)
		if !bytes.HasPrefix(a.Body, []byte("%PDF")) || a.Header.Get("Content-Type") != "application/pdf" || !strings.HasPrefix(a.Header.Get("Content-Disposition"), "inline") {
			t.Errorf("%s: %d bytes, %v", form, len(a.Body), a.Header)
		}
	}
	if got.ReceiptURL != "/api/v1/dossiers/"+got.Code+"/slips/receipt.pdf" {
		t.Errorf("receiptUrl %q", got.ReceiptURL)
	}
}
