package api

import (
	"context"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/core/dossier"
	"github.com/motcua/motcua/internal/core/fault"
)

// Bounds of a multipart body.
const (
	mostParts = 50
	mostValue = 1000 // bytes of a part that is no file
)

// received is what a multipart body held.
type received struct {
	files  []app.StagedFile
	values map[string]string
}

// take stores the files of a multipart body, part by part as it comes in, and
// reads its other values; the framework would keep all of it first. A body that
// says that it is too large is not read at all.
func (s *server) take(ctx context.Context) (received, error) {
	got := received{values: map[string]string{}}
	c, ok := ctx.Value(callerKey{}).(caller)
	if !ok || c.request.ContentLength > s.upload {
		return got, s.tooLarge(ctx, s.upload)
	}
	c.request.Body = http.MaxBytesReader(c.writer, c.request.Body, s.upload)
	parts, err := c.request.MultipartReader()
	if err != nil {
		return got, s.refusal(ctx, http.StatusUnsupportedMediaType, "api.content_type", fault.Args{"want": "multipart/form-data"})
	}
	for n := 0; ; n++ {
		part, err := parts.NextPart()
		switch {
		case errors.Is(err, io.EOF):
			return got, nil
		case err != nil:
			return got, s.broken(ctx, err)
		case n >= mostParts:
			return got, fault.Field("file", "dossier.too_many", fault.Args{"n": n, "most": mostParts})
		}
		if err := s.takePart(ctx, part, &got); err != nil {
			return got, err
		}
	}
}

func (s *server) takePart(ctx context.Context, part *multipart.Part, got *received) error {
	name := part.FormName()
	if name != "file" {
		value, err := io.ReadAll(io.LimitReader(part, mostValue+1))
		if err != nil {
			return s.broken(ctx, err)
		}
		if len(value) > mostValue {
			return fault.Field(name, "api.field.long", fault.Args{"what": strconv.Itoa(mostValue)})
		}
		got.values[name] = string(value)
		return nil
	}
	file, err := s.app.Stage(ctx, actor(ctx), part.FileName(), part)
	if err != nil {
		if fault.As(err) == nil && !errors.As(err, new(*http.MaxBytesError)) && errors.Is(err, io.ErrUnexpectedEOF) {
			return s.broken(ctx, err)
		}
		return err
	}
	got.files = append(got.files, file)
	return nil
}

// broken is a body that ended early or is no multipart body; one that is too
// long stays that.
func (s *server) broken(ctx context.Context, err error) error {
	var long *http.MaxBytesError
	if errors.As(err, &long) {
		return s.tooLarge(ctx, long.Limit)
	}
	return s.refusal(ctx, http.StatusBadRequest, "api.multipart", nil)
}

// multipartBody describes a multipart body for openapi.json.
func multipartBody(properties map[string]*huma.Schema, required ...string) *huma.RequestBody {
	properties["file"] = &huma.Schema{Type: huma.TypeArray, Items: &huma.Schema{Type: huma.TypeString, Format: "binary"}}
	return &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{"multipart/form-data": {
		Schema: &huma.Schema{Type: huma.TypeObject, Properties: properties, Required: append(required, "file")},
	}}}
}

type uploadIn struct{ Repeatable }

type attachIn struct {
	Repeatable
	Code string `path:"code" maxLength:"60"`
}

func (s *server) files() {
	register(s, created(s.operation("upload", http.MethodPost, "/uploads", "files")), s.stage)
	register(s, s.operation("attachPaper", http.MethodPost, "/dossiers/{code}/papers", "files"), s.attach)
	get := s.operation("getFile", http.MethodGet, "/dossiers/{code}/files/{hash}", "files")
	get.Responses = binary("*/*")
	register(s, get, s.file)

	// Said afterwards: a body that the framework knows of, it reads itself.
	paths := s.api.OpenAPI().Paths
	paths["/uploads"].Post.RequestBody = multipartBody(map[string]*huma.Schema{})
	paths["/dossiers/{code}/papers"].Post.RequestBody = multipartBody(map[string]*huma.Schema{
		"paper": {Type: huma.TypeString}, "version": {Type: huma.TypeInteger}, "task": {Type: huma.TypeString},
	}, "paper")
}

func (s *server) stage(ctx context.Context, in *uploadIn) (*answer[List[File]], error) {
	got, err := s.take(ctx)
	if err != nil {
		return nil, s.fail(ctx, err)
	}
	if len(got.files) == 0 {
		return nil, s.fail(ctx, fault.Field("file", "dossier.file_missing", nil))
	}
	staged, err := s.app.Uploaded(ctx, actor(ctx), in.Key, got.files)
	if err != nil {
		return nil, s.fail(ctx, err)
	}
	var items []File
	for _, f := range staged {
		items = append(items, File(f))
	}
	return &answer[List[File]]{list(items, "")}, nil
}

// attach stores scans and attaches them to one paper. Without a version it is
// meant for the dossier as it stands: a scan says nothing that another officer
// could have changed meanwhile.
func (s *server) attach(ctx context.Context, in *attachIn) (*answer[Dossier], error) {
	got, err := s.take(ctx)
	if err != nil {
		return nil, s.fail(ctx, err)
	}
	act := app.ActInput{ActionID: in.Key, Code: in.Code, Input: dossier.Input{Act: dossier.AttachPaper, Paper: got.values["paper"], Task: got.values["task"]}}
	for _, f := range got.files {
		act.FileRefs = append(act.FileRefs, f.Hash)
	}
	if act.Version, err = version(got.values["version"]); err != nil {
		return nil, s.fail(ctx, err)
	}
	d, err := s.app.Act(ctx, actor(ctx), act)
	return s.acted(ctx, d, err)
}

// anyVersion is later than that of every dossier.
const anyVersion = 1 << 53

func version(text string) (int64, error) {
	if text == "" {
		return anyVersion, nil
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 0 {
		return 0, fault.Field("version", "api.field.integer", nil)
	}
	return n, nil
}

type fileIn struct {
	Code string `path:"code" maxLength:"60"`
	Hash string `path:"hash" maxLength:"64"`
}

// file hands out a file of a dossier, to be saved rather than shown.
func (s *server) file(ctx context.Context, in *fileIn) (*huma.StreamResponse, error) {
	f, err := s.app.File(ctx, actor(ctx), in.Code, in.Hash)
	if err != nil {
		return nil, s.fail(ctx, err)
	}
	return &huma.StreamResponse{Body: func(c huma.Context) {
		defer f.Body.Close()
		c.SetHeader("Content-Type", f.Type)
		c.SetHeader("Content-Length", strconv.FormatInt(f.Size, 10))
		c.SetHeader("Content-Disposition", disposition("attachment", f.Name))
		c.SetStatus(http.StatusOK)
		_, _ = io.Copy(c.BodyWriter(), f.Body) // a caller who hangs up has enough
	}}, nil
}

// disposition names a file for the caller; names beyond ASCII go by RFC 8187.
func disposition(kind, name string) string {
	if d := mime.FormatMediaType(kind, map[string]string{"filename": name}); d != "" {
		return d
	}
	return kind + "; filename*=UTF-8''" + url.PathEscape(name)
}

// binary describes an answer that is no JSON.
func binary(contentType string) map[string]*huma.Response {
	return map[string]*huma.Response{"200": {
		Description: contentType, Content: map[string]*huma.MediaType{contentType: {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}},
	}}
}
