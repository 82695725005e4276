package app

import (
	"context"
	"io"
	"time"

	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/dossier"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/store"
)

// stagedFor is how long an upload waits for its form.
const stagedFor = 24 * time.Hour

// Stage stores an uploaded file until a form attaches it. What officers must
// not open is refused by content: fault.Invalid on the field file.
func (a *App) Stage(ctx context.Context, who access.Actor, name string, body io.Reader) (StagedFile, error) {
	if !access.Anywhere(who, access.UploadFile) {
		return StagedFile{}, fault.New(fault.Forbidden, "access.denied", nil)
	}
	return a.stage(ctx, who, name, body)
}

// stage stores a file until a command of the actor attaches it.
func (a *App) stage(ctx context.Context, who access.Actor, name string, body io.Reader) (StagedFile, error) {
	ref, err := a.blobs.Put(ctx, name, body)
	if err != nil {
		return StagedFile{}, err
	}
	err = a.store.StageFile(ctx, store.StagedFile{Hash: ref.Hash, Uploader: who.ID, Name: ref.Name, Type: ref.Type, Size: ref.Size})
	return StagedFile{Hash: ref.Hash, Name: ref.Name, Type: ref.Type, Size: ref.Size}, err
}

// Uploaded answers an upload of staged files. Repeated under the same action id
// it answers as the first did; other files under that id are fault.Conflict.
func (a *App) Uploaded(ctx context.Context, who access.Actor, action string, files []StagedFile) ([]StagedFile, error) {
	if action == "" {
		return files, nil
	}
	hashes := make([]string, len(files))
	for i, f := range files {
		hashes[i] = f.Hash
	}
	w := store.Write{Actor: by(who), Action: action, Body: hashes}
	return store.Do(ctx, a.store, w, func(*store.View) ([]StagedFile, error) { return files, nil })
}

// stagedFiles finds the actor's staged files by hash, in the order given. An
// unknown one is fault.Invalid on the field.
func (a *App) stagedFiles(ctx context.Context, who access.Actor, hashes []string, field string) ([]dossier.File, error) {
	if len(hashes) == 0 {
		return nil, nil
	}
	staged, err := a.store.StagedFiles(ctx, who.ID, hashes)
	if err != nil {
		return nil, err
	}
	byHash := map[string]store.StagedFile{}
	for _, f := range staged {
		byHash[f.Hash] = f
	}
	files := make([]dossier.File, len(hashes))
	for i, h := range hashes {
		f, ok := byHash[h]
		if !ok {
			return nil, fault.Field(field, "store.file_not_staged", fault.Args{"hash": h})
		}
		files[i] = dossier.File{Hash: f.Hash, Name: f.Name, Type: f.Type, Size: f.Size}
	}
	return files, nil
}

// StoredFile is a file's bytes with what its answer needs. Whoever gets it
// closes Body.
type StoredFile struct {
	Name string
	Type string
	Size int64
	Body io.ReadSeekCloser
}

// File opens a file that belongs to a dossier which the actor may read, and logs
// the reading.
func (a *App) File(ctx context.Context, who access.Actor, code, hash string) (StoredFile, error) {
	d, err := a.readable(ctx, who, code)
	if err != nil {
		return StoredFile{}, err
	}
	f, ok := fileOf(d, hash)
	if !ok {
		return StoredFile{}, fault.New(fault.NotFound, "blob.unknown", nil)
	}
	for _, p := range d.Prints { // a signed slip is no more open than one on paper
		if p.Signed != nil && p.Signed.File.Hash == hash && !mayPrint(who, d, p.Form) {
			return StoredFile{}, denied()
		}
	}
	if err := a.logRead(ctx, who, d.ID, "file:"+hash, "handle"); err != nil {
		return StoredFile{}, err
	}
	body, err := a.blobs.Open(ctx, hash)
	if err != nil {
		return StoredFile{}, err
	}
	return StoredFile{Name: f.Name, Type: f.Type, Size: f.Size, Body: body}, nil
}

// fileOf finds a file among all that belong to a dossier.
func fileOf(d dossier.Dossier, hash string) (dossier.File, bool) {
	for _, f := range d.Files() {
		if f.Hash == hash {
			return f, true
		}
	}
	return dossier.File{}, false
}

// SweepFiles removes staged files that nothing has attached for a day.
func (a *App) SweepFiles(ctx context.Context) (int, error) {
	return a.store.SweepFiles(ctx, a.wall().Add(-stagedFor), func(hash string) error { return a.blobs.Delete(ctx, hash) })
}
