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
	s := storetest.Open(b, url, store.Options{})
	ctx := context.Background()
	var next atomic.Int64
	groups := s.CountGroups()
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
	took := b.Elapsed()
	size := max(1, int(int64(b.N)/max(1, groups())))
	limit, err := s.WriteBare(ctx, size)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(b.N)/took.Seconds(), "writes/s")
	b.ReportMetric(float64(b.N)/limit.Seconds(), "limit/s")
	b.ReportMetric(limit.Seconds()/took.Seconds(), "ratio")
	b.ReportMetric(float64(size), "group")
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
