package main

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/motcua/motcua/internal/core/fault"
)

// A server that has an SQLite file open runs other commands for whoever may use
// its socket: the user who owns the data folder. A request is one JSON line,
// the command with its flags, and then the command's standard input; the answer
// is frames of output and at last the exit code.

// socketFile is the server's socket in the data folder.
const socketFile = "motcua.sock"

// Kinds of frame.
const (
	frameOut  = 1
	frameErr  = 2
	frameCode = 3
)

// served are the commands that a server runs for others.
func served() map[string]func() houseCommand {
	return map[string]func() houseCommand{
		"verify": func() houseCommand { return &verifyCmd{} },
		"backup": func() houseCommand { return &backupCmd{} },
		"import": func() houseCommand { return &importCmd{} },
		"export": func() houseCommand { return &exportCmd{} },
		"token":  func() houseCommand { return &tokenCreateCmd{} },
	}
}

type controlRequest struct {
	Name    string          `json:"name"`
	Lang    string          `json:"lang"`
	Command json.RawMessage `json:"command"`
}

// socketPath is the socket as the system calls take it, which is short: through
// a handle of the folder, wherever that is. close releases the handle.
func socketPath(folder string) (path string, close func() error, err error) {
	dir, err := os.Open(folder)
	if err != nil {
		return "", nil, err
	}
	if _, err := os.Stat("/proc/self/fd"); err != nil {
		return filepath.Join(folder, socketFile), dir.Close, nil
	}
	return fmt.Sprintf("/proc/self/fd/%d/%s", dir.Fd(), socketFile), dir.Close, nil
}

// serveControl answers on the socket until ctx ends.
func serveControl(ctx context.Context, h *house) error {
	path, closeDir, err := socketPath(h.place.Data)
	if err != nil {
		return err
	}
	defer func() { _ = closeDir() }()
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err // left by a server that was killed; the lock says that it is gone
	}
	l, err := net.Listen("unix", path)
	if err != nil {
		return err
	}
	if err := os.Chmod(path, 0o600); err != nil {
		return errors.Join(err, l.Close())
	}
	server := &http.Server{Handler: control{h}, ReadHeaderTimeout: 5 * time.Second}
	stop := context.AfterFunc(ctx, func() { _ = server.Close() })
	defer stop()
	if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve the socket: %w", err)
	}
	return nil
}

// control runs one command for each request.
type control struct{ h *house }

func (c control) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	dec := json.NewDecoder(r.Body)
	var req controlRequest
	if err := dec.Decode(&req); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	make, known := served()[req.Name]
	if !known {
		http.Error(w, "unknown command "+req.Name, http.StatusNotFound)
		return
	}
	cmd := make()
	if err := json.Unmarshal(req.Command, cmd); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	f := &frames{w: w, flush: http.NewResponseController(w)}
	std := &stdio{io.MultiReader(dec.Buffered(), r.Body), frameWriter{f, frameOut}, frameWriter{f, frameErr}, req.Lang}
	code := exitDone
	if err := cmd.inHouse(r.Context(), std, c.h); err != nil {
		code = failed(std, err)
	}
	_ = f.send(frameCode, []byte{byte(code)}) // the client is gone; nobody to tell
}

// frames writes the answer piece by piece.
type frames struct {
	mu    sync.Mutex
	w     io.Writer
	flush *http.ResponseController
}

func (f *frames) send(kind byte, data []byte) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	head := binary.BigEndian.AppendUint32([]byte{kind}, uint32(len(data)))
	if _, err := f.w.Write(append(head, data...)); err != nil {
		return err
	}
	return f.flush.Flush()
}

type frameWriter struct {
	f    *frames
	kind byte
}

// Write implements io.Writer.
func (w frameWriter) Write(p []byte) (int, error) { return len(p), w.f.send(w.kind, p) }

// askServer has the server that holds the file run the command; locked is the
// answer when there is none to ask.
func askServer(ctx context.Context, std *stdio, p *place, name string, c houseCommand, locked error) error {
	path, closeDir, err := socketPath(p.Data)
	if err != nil {
		return locked
	}
	defer func() { _ = closeDir() }()
	body, err := json.Marshal(c)
	if err != nil {
		return err
	}
	line, err := json.Marshal(controlRequest{Name: name, Lang: std.lang, Command: body})
	if err != nil {
		return err
	}
	transport := &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "unix", path)
	}}
	defer transport.CloseIdleConnections()
	read, write := io.Pipe()
	go func() {
		_, err := write.Write(append(line, '\n'))
		if in, ok := c.(interface{ reads() bool }); err == nil && ok && in.reads() {
			_, err = io.Copy(write, std.in)
		}
		_ = write.CloseWithError(err)
	}()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://server/", read)
	if err != nil {
		return err
	}
	resp, err := transport.RoundTrip(req)
	if err != nil {
		return locked // another program has the file, or a server that is just starting
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return fault.Wrap(fmt.Errorf("the server answers %s", resp.Status), fault.Unavailable, "command.server_refuses", nil)
	}
	return readFrames(std, resp.Body)
}

// readFrames passes the answer on.
func readFrames(std *stdio, r io.Reader) error {
	for {
		var head [5]byte
		if _, err := io.ReadFull(r, head[:]); err != nil {
			return fault.Wrap(err, fault.Unavailable, "command.server_gone", nil)
		}
		n := int64(binary.BigEndian.Uint32(head[1:]))
		to := std.out
		switch head[0] {
		case frameErr:
			to = std.err
		case frameCode:
			var code [1]byte
			if _, err := io.ReadFull(r, code[:]); err != nil {
				return fault.Wrap(err, fault.Unavailable, "command.server_gone", nil)
			}
			if code[0] == exitDone {
				return nil
			}
			return exit(code[0])
		}
		if _, err := io.CopyN(to, r, n); err != nil {
			return fault.Wrap(err, fault.Unavailable, "command.server_gone", nil)
		}
	}
}
