package verify

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"hash"
	"strings"
)

// event is one row of the journal.
type event struct {
	position, version, typeVersion, at, recordedAt      int64
	stream, kind, principal, name, role, unit, onBehalf string
	ground, action, payload                             string
	prev, hash                                          []byte
}

const eventColumns = `position, stream, version, type, type_version, at, recorded_at, principal, name, role, unit, on_behalf, ground, action, payload, prev_hash, hash`

func (e *event) scan(scan func(...any) error) error {
	return scan(&e.position, &e.stream, &e.version, &e.kind, &e.typeVersion, &e.at, &e.recordedAt, &e.principal, &e.name,
		&e.role, &e.unit, &e.onBehalf, &e.ground, &e.action, &e.payload, &e.prev, &e.hash)
}

// digest is the event's hash as docs/architecture.md describes it: every field
// behind its length, eight bytes each, most significant first.
func (e *event) digest() []byte {
	h := sha256.New()
	put(h, e.prev)
	put(h, []byte(e.stream))
	put(h, eight(e.version))
	put(h, []byte(e.kind))
	put(h, eight(e.typeVersion))
	put(h, eight(e.at))
	for _, s := range []string{e.principal, e.name, e.role, e.unit, e.onBehalf, e.ground, e.action, e.payload} {
		put(h, []byte(s))
	}
	return h.Sum(nil)
}

func put(h hash.Hash, field []byte) {
	h.Write(eight(int64(len(field))))
	h.Write(field)
}

func eight(n int64) []byte {
	b := make([]byte, 8)
	for i := range b {
		b[i] = byte(n >> (56 - 8*i))
	}
	return b
}

// positions: the journal is numbered 1, 2, 3 … up to its head.
func (c *checker) positions(ctx context.Context) error {
	f := c.finding("positions have no gap and end at the head")
	next := int64(1)
	err := c.each(ctx, `SELECT position FROM journal ORDER BY position`, func(scan func(...any) error) error {
		var p int64
		if err := scan(&p); err != nil {
			return err
		}
		f.Checked++
		if p != next {
			f.violated("position %d where %d is due", p, next)
			next = p
		}
		next++
		return nil
	})
	if err != nil {
		return err
	}
	heads := 0
	return c.each(ctx, `SELECT last FROM journal_head`, func(scan func(...any) error) error {
		var last int64
		if err := scan(&last); err != nil {
			return err
		}
		if heads++; heads > 1 {
			f.violated("the journal has %d heads", heads)
		}
		if last != next-1 {
			f.violated("the head says %d, the journal ends at %d", last, next-1)
		}
		return nil
	})
}

// skew is how far the clocks of two nodes may be apart, in microseconds.
const skew = 2_000_000

// streams: versions 1..n, each event chained to the one before, hashed as stored,
// saying who, when and under which command, in positions that grow.
func (c *checker) streams(ctx context.Context) error {
	chain := c.finding("streams are chained")
	who := c.finding("every event says who, when and by which command")
	var prev event
	return c.each(ctx, `SELECT `+eventColumns+` FROM journal ORDER BY stream, version`, func(scan func(...any) error) error {
		var e event
		if err := e.scan(scan); err != nil {
			return err
		}
		if e.stream != prev.stream {
			prev = event{stream: e.stream, hash: make([]byte, sha256.Size)}
		}
		chain.Checked++
		who.Checked++
		if e.version != prev.version+1 {
			chain.violated("%s: version %d after %d", e.stream, e.version, prev.version)
		}
		if e.position <= prev.position {
			chain.violated("%s: version %d stands at position %d, the one before at %d", e.stream, e.version, e.position, prev.position)
		}
		if !bytes.Equal(e.prev, prev.hash) {
			chain.violated("%s: version %d does not follow the hash before it", e.stream, e.version)
		}
		if !bytes.Equal(e.hash, e.digest()) {
			chain.violated("%s: version %d is not what was hashed", e.stream, e.version)
		}
		if e.recordedAt < prev.recordedAt-skew {
			chain.violated("%s: version %d was recorded before the one before it", e.stream, e.version)
		}
		if e.principal == "" || e.action == "" || e.kind == "" || e.at == 0 || e.recordedAt == 0 || !strings.Contains(e.stream, "/") {
			who.violated("position %d lacks actor, action, type, time or stream", e.position)
		}
		if !json.Valid([]byte(e.payload)) {
			who.violated("position %d carries no JSON", e.position)
		}
		prev = e
		return nil
	})
}

// commands: a command and its events were written together.
func (c *checker) commands(ctx context.Context) error {
	f := c.finding("commands and events belong together")
	recorded := map[[2]string]int64{}
	err := c.each(ctx, `SELECT principal, action FROM journal`, func(scan func(...any) error) error {
		var key [2]string
		err := scan(&key[0], &key[1])
		recorded[key]++
		return err
	})
	if err != nil {
		return err
	}
	return c.each(ctx, `SELECT principal, action, events, answer FROM command_log`, func(scan func(...any) error) error {
		var key [2]string
		var events int64
		var answer string
		if err := scan(&key[0], &key[1], &events, &answer); err != nil {
			return err
		}
		f.Checked++
		if recorded[key] != events {
			f.violated("command %s of %s says %d events, the journal has %d", key[1], key[0], events, recorded[key])
		}
		if !json.Valid([]byte(answer)) {
			f.violated("command %s of %s has no answer that can be given again", key[1], key[0])
		}
		return nil
	})
}
