package store_test

import (
	"context"
	"fmt"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/motcua/motcua/internal/store"
	"github.com/motcua/motcua/internal/store/storetest"
)

// BenchmarkDo measures 32 clients that each make new boxes: one root with three
// children, one number, one event, one job and one command each. The second
// figure is the limit: the same rows written by the bare driver in groups of
// the same size, without deciding, encoding or hashing.
func BenchmarkDo(b *testing.B) {
	for _, clients := range []int{1, 32, 128} {
		b.Run(fmt.Sprintf("sqlite/%d", clients), func(b *testing.B) { benchDo(b, "sqlite:"+filepath.Join(b.TempDir(), "b.db"), clients) })
		b.Run(fmt.Sprintf("postgres/%d", clients), func(b *testing.B) { benchDo(b, storetest.Postgres(b), clients) })
	}
}

func benchDo(b *testing.B, url string, clients int) {
	tape := &store.Tape{}
	s := storetest.Open(b, url, store.Options{Tape: tape})
	ctx := context.Background()
	bare := openBare(b, url)
	var next atomic.Int64
	tape.Start()
	b.ResetTimer()
	var wg sync.WaitGroup
	for range clients {
		wg.Go(func() {
			for {
				n := next.Add(1)
				if n > int64(b.N) {
					return
				}
				if err := benchOne(ctx, s, n); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	b.StopTimer()
	took, written := b.Elapsed(), tape.Stop()
	limit, err := bare.Write(ctx, written, written.MedianGroup())
	if err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(b.N)/took.Seconds(), "writes/s")
	b.ReportMetric(float64(b.N)/limit.Seconds(), "limit/s")
	b.ReportMetric(limit.Seconds()/took.Seconds(), "ratio")
	b.ReportMetric(float64(written.MedianGroup()), "group")
}

// openBare opens a limit beside the database at url.
func openBare(t testing.TB, url string) *store.Bare {
	t.Helper()
	address, drop, err := store.Scratch(t.Context(), url, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	bare, err := store.OpenBare(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := bare.Close(); err != nil {
			t.Error(err)
		}
		if err := drop(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return bare
}

// What the limit writes must be what the store has written: all rows, and the
// last state of those that change.
func TestBareWritesTheSameRows(t *testing.T) {
	for name, url := range map[string]string{"sqlite": "sqlite:" + filepath.Join(t.TempDir(), "b.db"), "postgres": storetest.Postgres(t)} {
		t.Run(name, func(t *testing.T) {
			tape := &store.Tape{}
			s := storetest.Open(t, url, store.Options{Tape: tape})
			tape.Start()
			var wg sync.WaitGroup
			for n := range int64(40) {
				wg.Go(func() {
					if err := makeAndChange(t.Context(), s, n+1); err != nil {
						t.Error(err)
					}
				})
			}
			wg.Wait()
			w := tape.Stop()
			if w.Commands() != 80 {
				t.Fatalf("the tape holds %d commands, want 80", w.Commands())
			}
			address, drop, err := store.Scratch(t.Context(), url, t.TempDir())
			if err != nil {
				t.Fatal(err)
			}
			defer func() {
				if err := drop(context.Background()); err != nil {
					t.Error(err)
				}
			}()
			bare, err := store.OpenBare(t.Context(), address)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := bare.Write(t.Context(), w, 7); err != nil {
				t.Fatal(err)
			}
			if err := bare.Close(); err != nil {
				t.Fatal(err)
			}
			copied, err := store.Open(t.Context(), address, store.Options{})
			if err != nil {
				t.Fatal(err)
			}
			for _, query := range []string{
				"SELECT count(*) FROM journal", "SELECT count(*) FROM command_log", "SELECT count(*) FROM job", "SELECT count(*) FROM box_thing",
				"SELECT CAST(sum(total) AS BIGINT) FROM box", "SELECT last FROM journal_head",
			} {
				var want, got int64
				if err := s.QueryRow(t.Context(), query).Scan(&want); err != nil {
					t.Fatal(err)
				}
				if err := copied.QueryRow(t.Context(), query).Scan(&got); err != nil {
					t.Fatal(err)
				}
				if got != want {
					t.Errorf("%s: the limit wrote %d, the store %d", query, got, want)
				}
			}
			if err := copied.Close(); err != nil {
				t.Error(err)
			}
		})
	}
}

func benchOne(ctx context.Context, s *store.Store, n int64) error {
	id := fmt.Sprintf("0190a000-0000-7000-8000-%012d", n)
	p := store.Put{Name: id, Add: n, Things: []store.Thing{{ID: "t1", Weight: n, Note: "Giấy khai sinh, bản chính"}, {ID: "t2", Weight: 2}, {ID: "t3", Weight: 3}}}
	series := store.Series{Kind: "code", Key: fmt.Sprint(n % 20)}
	w := putWrite(id, "", p)
	w.Series, w.At = []store.Series{series}, time.Now()
	_, err := store.Do(ctx, s, w, func(v *store.View) (int64, error) {
		v.Enqueue(store.Outbox{Kind: "notice", Key: id, Payload: []byte(`{"channel":"sms"}`)})
		_, err := store.Record[store.Box](v, box(id), "box.put", 1, "NĐ 118/2025", p)
		return v.Number(series), err
	})
	return err
}

// makeAndChange writes a box and changes it.
func makeAndChange(ctx context.Context, s *store.Store, n int64) error {
	if err := benchOne(ctx, s, n); err != nil {
		return err
	}
	p := store.Put{Add: n}
	id := fmt.Sprintf("0190a000-0000-7000-8000-%012d", n)
	_, err := store.Do(ctx, s, putWrite(id, "", p), func(v *store.View) (int64, error) {
		_, err := store.Record[store.Box](v, box(id), "box.put", 1, "", p)
		return n, err
	})
	return err
}
