package web

import (
	"errors"
	"github.com/motcua/motcua/internal/app"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/fault"
)

// Limits of one form. A file that is too large is read past, so that the fields
// behind it are not lost.
const (
	mostFields    = 2 << 20   // all text of a form, bytes
	mostUploads   = 40        // files in one form
	mostPassed    = 512 << 20 // bytes of refused files that are read past
	mostFileBytes = 50 << 20  // one file
)

// stagedRef is a file that an earlier attempt has already stored: a form that
// is shown again carries it along.
type stagedRef struct {
	app.StagedFile
	Value string // as the hidden field carries it
}

// encodeStaged writes a staged file into a hidden field. The use case knows by
// hash and uploader whether it is real; size and name are for the eye.
func encodeStaged(f app.StagedFile) string {
	return f.Hash + " " + strconv.FormatInt(f.Size, 10) + " " + f.Name
}

func stagedIn(f form, field string) []stagedRef {
	var out []stagedRef
	for _, text := range f.Values[field] {
		parts := strings.SplitN(text, " ", 3)
		if len(parts) != 3 {
			continue
		}
		size, err := strconv.ParseInt(parts[1], 10, 64)
		if err != nil {
			continue
		}
		out = append(out, stagedRef{StagedFile: app.StagedFile{Hash: parts[0], Size: size, Name: parts[2]}, Value: text})
	}
	return out
}

func stagedFiles(refs []stagedRef) []app.StagedFile {
	var out []app.StagedFile
	for _, r := range refs {
		out = append(out, r.StagedFile)
	}
	return out
}

func stagedHashes(refs []stagedRef) []string {
	var out []string
	for _, r := range refs {
		out = append(out, r.Hash)
	}
	return out
}

// readForm reads a posted form in one pass: text into values, files straight
// into the staging area. It returns what was wrong with the files apart, so
// that the page can show them beside their fields.
func (s *Server) readForm(r *http.Request, who access.Actor) (form, []*fault.Fault, error) {
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if kind != "multipart/form-data" {
		r.Body = http.MaxBytesReader(nil, r.Body, mostFields)
		if err := r.ParseForm(); err != nil {
			return form{}, nil, fault.Wrap(err, fault.Invalid, "desk.form_unreadable", nil)
		}
		return s.formOf(r.PostForm), nil, nil
	}
	reader, err := r.MultipartReader()
	if err != nil {
		return form{}, nil, fault.Wrap(err, fault.Invalid, "desk.form_unreadable", nil)
	}
	u := upload{server: s, request: r, who: who, values: url.Values{}, fields: mostFields, passed: mostPassed}
	if err := u.all(reader); err != nil {
		return form{}, nil, err
	}
	return s.formOf(u.values), u.faults, nil
}

func (s *Server) formOf(values url.Values) form {
	f := form{Values: values, Action: values.Get("hanh-dong")}
	if f.Action == "" {
		f.Action = s.newAction()
	}
	return f
}

// upload reads the parts of one multipart form.
type upload struct {
	server  *Server
	request *http.Request
	who     access.Actor
	values  url.Values
	faults  []*fault.Fault
	fields  int64 // bytes of text that are still allowed
	passed  int64 // bytes of refused files that may still be read past
	files   int
}

func (u *upload) all(reader *multipart.Reader) error {
	for {
		part, err := reader.NextPart()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fault.Wrap(err, fault.Invalid, "desk.form_unreadable", nil)
		}
		if part.FileName() == "" {
			err = u.text(part)
		} else {
			err = u.file(part)
		}
		if err != nil {
			return err
		}
	}
}

func (u *upload) text(part *multipart.Part) error {
	body, err := io.ReadAll(io.LimitReader(part, u.fields+1))
	if err != nil || int64(len(body)) > u.fields {
		return fault.Wrap(err, fault.Invalid, "desk.form_unreadable", nil)
	}
	u.fields -= int64(len(body))
	u.values.Add(part.FormName(), string(body))
	return nil
}

func (u *upload) file(part *multipart.Part) error {
	body := &counted{from: io.LimitReader(part, mostFileBytes+1)}
	u.files++
	var staged app.StagedFile
	var err error
	switch {
	case u.files > mostUploads:
		err = fault.Field("", "desk.files.many", fault.Args{"most": mostUploads})
	case u.who.SignedIn():
		staged, err = u.server.app.Stage(u.request.Context(), u.who, part.FileName(), body)
	}
	if body.n > mostFileBytes {
		err = fault.Field("", "desk.files.large", fault.Args{"name": part.FileName(), "most": mostFileBytes >> 20})
	}
	if err == nil {
		if staged.Hash != "" {
			u.values.Add(part.FormName(), encodeStaged(staged))
		}
		return nil
	}
	faults := onField(strings.TrimSuffix(part.FormName(), ".files"), err)
	if faults == nil {
		return err
	}
	u.faults = append(u.faults, faults...)
	n, _ := io.Copy(io.Discard, io.LimitReader(part, u.passed))
	u.passed -= n
	return nil
}

// counted counts what was read.
type counted struct {
	from io.Reader
	n    int64
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.from.Read(p)
	c.n += int64(n)
	return n, err
}
