package app

import (
	"bytes"
	"context"
	"sync"

	"github.com/motcua/motcua/internal/store"
)

// nameBlock keeps every folded name once, in one block of bytes, so that any
// part of a name is found among hundreds of thousands in a few milliseconds;
// an index of syllables is slower, since Vietnamese names share few of them.
type nameBlock struct {
	mu    sync.RWMutex
	block []byte // names, each between line ends
	known map[string]struct{}
}

// load reads all names anew; erased ones are gone afterwards.
func (n *nameBlock) load(ctx context.Context, s *store.Store) error {
	list, err := s.IndexedNames(ctx)
	if err != nil {
		return err
	}
	block := []byte{'\n'}
	known := make(map[string]struct{}, len(list))
	for _, name := range list {
		block = append(append(block, name...), '\n')
		known[name] = struct{}{}
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	n.block, n.known = block, known
	return nil
}

// add takes in names of this node's own writes at once.
func (n *nameBlock) add(names ...string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.known == nil {
		n.known, n.block = map[string]struct{}{}, []byte{'\n'}
	}
	for _, name := range names {
		if _, there := n.known[name]; there || name == "" {
			continue
		}
		n.known[name] = struct{}{}
		n.block = append(append(n.block, name...), '\n')
	}
}

// find returns up to most names that hold the folded text.
func (n *nameBlock) find(text string, most int) []string {
	n.mu.RLock()
	defer n.mu.RUnlock()
	var found []string
	for at := 0; len(found) < most; {
		i := bytes.Index(n.block[at:], []byte(text))
		if i < 0 {
			break
		}
		i += at
		from := bytes.LastIndexByte(n.block[:i], '\n') + 1
		to := bytes.IndexByte(n.block[i:], '\n') + i
		found = append(found, string(n.block[from:to]))
		at = to
	}
	return found
}
