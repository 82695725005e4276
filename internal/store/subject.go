package store

import (
	"context"
	"errors"

	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/seal"
)

// errNoRing is what sealing answers in a store opened without a key ring.
var errNoRing = errors.New("the store was opened without a key ring")

func (s *Store) unwrap(subject string, wrapped []byte) ([]byte, error) {
	if s.ring == nil {
		return nil, errNoRing
	}
	return s.ring.Unwrap(subject, wrapped)
}

// Sealed is one sealed value with what it is bound to.
type Sealed struct {
	Subject, Class string
	Bytes          []byte
}

// Unseal decrypts one value that View.Seal made. It fails with fault.NotFound
// "store.erased" when the subject's key has been destroyed.
func (s *Store) Unseal(ctx context.Context, subject, class string, sealed []byte) ([]byte, error) {
	plain, err := s.UnsealAll(ctx, []Sealed{{subject, class, sealed}})
	if err != nil {
		return nil, err
	}
	if plain[0] == nil {
		return nil, erased(subject)
	}
	return plain[0], nil
}

// UnsealAll decrypts many values with one reading of their keys; the values of
// erased subjects come back as nil. Keys are never kept in memory beyond the
// call, so an erasure takes effect at once on every node.
func (s *Store) UnsealAll(ctx context.Context, values []Sealed) ([][]byte, error) {
	keys, err := s.subjectKeys(ctx, values)
	if err != nil {
		return nil, err
	}
	out := make([][]byte, len(values))
	for i, v := range values {
		key := keys[v.Subject]
		if key == nil {
			continue
		}
		plain, err := seal.Open(key, v.Subject+"|"+v.Class, v.Bytes)
		if err != nil {
			return nil, fault.Wrap(err, fault.Internal, "store.unreadable", fault.Args{"subject": v.Subject})
		}
		if plain == nil {
			plain = []byte{}
		}
		out[i] = plain
	}
	return out, nil
}

// subjectKeys reads the data keys of the values' subjects, 200 at a time.
func (s *Store) subjectKeys(ctx context.Context, values []Sealed) (map[string][]byte, error) {
	var subjects []string
	keys := map[string][]byte{}
	for _, v := range values {
		if _, there := keys[v.Subject]; !there {
			keys[v.Subject] = nil
			subjects = append(subjects, v.Subject)
		}
	}
	for len(subjects) > 0 {
		n := min(len(subjects), 200)
		list, args := inList(1, subjects[:n])
		subjects = subjects[n:]
		_, err := Collect(ctx, s, func(scan func(dest ...any) error) (struct{}, error) {
			var subject string
			var wrapped []byte
			if err := scan(&subject, &wrapped); err != nil {
				return struct{}{}, err
			}
			key, err := s.unwrap(subject, wrapped)
			keys[subject] = key
			return struct{}{}, err
		}, `SELECT subject, wrapped FROM subject_key WHERE subject IN (`+list+`)`, args...)
		if err != nil {
			return nil, err
		}
	}
	return keys, nil
}

// SubjectsBy finds the subjects that carry a value in an index field, such as a
// blind index of an identity number, newest id first.
func (s *Store) SubjectsBy(ctx context.Context, field, value string, limit int) ([]string, error) {
	return Collect(ctx, s, func(scan func(dest ...any) error) (string, error) {
		var id string
		err := scan(&id)
		return id, err
	}, `SELECT subject FROM subject_index WHERE field = $1 AND value = $2 ORDER BY subject DESC LIMIT $3`, field, value, limit)
}

// CheckKeys opens the data key of every subject with the ring, and answers how
// many there are and how many the ring does not open.
func (s *Store) CheckKeys(ctx context.Context) (checked, closed int64, err error) {
	if s.ring == nil {
		return 0, 0, errNoRing
	}
	for after := ""; ; {
		n := 0
		_, err := Collect(ctx, s, func(scan func(dest ...any) error) (struct{}, error) {
			var wrapped []byte
			if err := scan(&after, &wrapped); err != nil {
				return struct{}{}, err
			}
			n++
			checked++
			if _, err := s.ring.Unwrap(after, wrapped); err != nil {
				closed++
			}
			return struct{}{}, nil
		}, `SELECT subject, wrapped FROM subject_key WHERE subject > $1 ORDER BY subject LIMIT 1000`, after)
		if err != nil || n == 0 {
			return checked, closed, err
		}
	}
}

// SubjectHas reports whether a subject carries a value in an index field.
func (s *Store) SubjectHas(ctx context.Context, subject, field, value string) (bool, error) {
	var n int64
	err := s.QueryRow(ctx, `SELECT count(*) FROM subject_index WHERE field = $1 AND value = $2 AND subject = $3`, field, value, subject).Scan(&n)
	return n > 0, err
}
