package store_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/core/journal"
	"github.com/motcua/motcua/internal/store"
	"github.com/motcua/motcua/internal/store/storetest"
)

var officer = journal.Actor{Principal: "staff-1", Name: "Nguyễn Văn Thử", Role: "reception", Unit: "H99.01"}

func box(id string) store.Root { return store.Root{Kind: "box", ID: id} }

// putWrite is the write that records p.
func putWrite(id, action string, p store.Put) store.Write {
	return store.Write{Actor: officer, Action: action, Body: p, Roots: []store.Root{box(id)}}
}

// put records one event of a box.
func put(ctx context.Context, s *store.Store, id, action string, p store.Put) (store.Box, error) {
	return store.Do(ctx, s, putWrite(id, action, p), func(v *store.View) (store.Box, error) {
		return store.Record[store.Box](v, box(id), "box.put", 1, "", p)
	})
}

func mustPut(t *testing.T, s *store.Store, id, action string, p store.Put) store.Box {
	t.Helper()
	b, err := put(t.Context(), s, id, action, p)
	if err != nil {
		t.Fatalf("put(%s, %+v): %v", id, p, err)
	}
	return b
}

func mustGet(t *testing.T, s *store.Store, id string) store.Box {
	t.Helper()
	b, err := store.Get[store.Box](t.Context(), s, box(id))
	if err != nil {
		t.Fatalf("Get(%s): %v", id, err)
	}
	return b
}

// inOneGroup makes all writes wait until the store takes them together: a first
// write holds the writer until the others are queued.
func inOneGroup(t *testing.T, s *store.Store, writes ...func() error) []error {
	t.Helper()
	release, holding := make(chan struct{}), make(chan struct{})
	var once sync.Once
	var wg sync.WaitGroup
	wg.Go(func() {
		_, _ = store.Do(context.Background(), s, putWrite("hold", "", store.Put{}), func(*store.View) (int, error) {
			once.Do(func() { close(holding) })
			<-release
			return 0, errors.New("nothing to write")
		})
	})
	<-holding
	errs := make([]error, len(writes))
	for i, write := range writes {
		before := s.Waiting()
		wg.Go(func() { errs[i] = write() })
		for s.Waiting() == before {
			time.Sleep(time.Millisecond)
		}
	}
	close(release)
	wg.Wait()
	return errs
}

func TestRefusedMemberLeavesNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		first := mustPut(t, s, "a", "", store.Put{Name: "a", Add: 1, Things: []store.Thing{{ID: "t", Weight: 1}}})
		series := store.Series{Kind: "code", Key: "k"}
		refusal := fault.New(fault.Conflict, "test.refused", nil)
		w := putWrite("a", "refused", store.Put{})
		w.Series = []store.Series{series}
		errs := inOneGroup(t, s,
			func() error { _, err := put(t.Context(), s, "a", "one", store.Put{Add: 10}); return err },
			func() error {
				_, err := store.Do(t.Context(), s, w, func(v *store.View) (int, error) {
					b, _ := store.Load[store.Box](v, box("a"))
					b.Things[0].Weight = 99 // must not be seen by anybody
					v.Number(series)
					v.Enqueue(store.Outbox{Kind: "never"})
					if _, err := store.Record[store.Box](v, box("a"), "box.put", 1, "", store.Put{Add: 1000}); err != nil {
						return 0, err
					}
					return 0, refusal
				})
				return err
			},
			func() error { _, err := put(t.Context(), s, "a", "two", store.Put{Add: 100}); return err },
		)
		if errs[0] != nil || errs[2] != nil || !fault.Is(errs[1], "test.refused") {
			t.Fatalf("errors = %v, want only the second refused", errs)
		}
		want := first
		want.Total = 111
		if diff := cmp.Diff(want, mustGet(t, s, "a")); diff != "" {
			t.Errorf("box after a refused write (-want +got):\n%s", diff)
		}
		jobs, err := s.ClaimJobs(t.Context(), "w", 10, time.Minute)
		if err != nil || len(jobs) != 0 {
			t.Errorf("ClaimJobs() = %v, %v, want none", jobs, err)
		}
		if n := number(t, s, series); n != 1 {
			t.Errorf("next number after a refusal = %d, want 1", n)
		}
	})
}

// number takes the next number of a series in a write of its own.
func number(t *testing.T, s *store.Store, series store.Series) int64 {
	t.Helper()
	n, err := store.Do(t.Context(), s, store.Write{Actor: officer, Series: []store.Series{series}}, func(v *store.View) (int64, error) {
		return v.Number(series), nil
	})
	if err != nil {
		t.Fatalf("number of %v: %v", series, err)
	}
	return n
}

func TestNumbersHaveNoGap(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		const clients, each = 32, 20
		series := store.Series{Kind: "code", Key: "H99.01-260101"}
		var mu sync.Mutex
		var got []int64
		var wg sync.WaitGroup
		for c := range clients {
			wg.Go(func() {
				for i := range each {
					id := fmt.Sprintf("box-%d-%d", c, i)
					w := putWrite(id, "", store.Put{Name: id})
					w.Series = []store.Series{series}
					n, err := store.Do(t.Context(), s, w, func(v *store.View) (int64, error) {
						n := v.Number(series)
						if (c+i)%5 == 0 {
							return 0, fault.New(fault.Invalid, "test.refused", nil)
						}
						_, err := store.Record[store.Box](v, box(id), "box.put", 1, "", store.Put{Name: id, Add: n})
						return n, err
					})
					if fault.Is(err, "test.refused") {
						continue
					}
					if err != nil {
						t.Errorf("write %s: %v", id, err)
						return
					}
					mu.Lock()
					got = append(got, n)
					mu.Unlock()
				}
			})
		}
		wg.Wait()
		slices.Sort(got)
		for i, n := range got {
			if n != int64(i+1) {
				t.Fatalf("number %d is %d: gap or repetition", i+1, n)
			}
		}
		if len(got) < clients*each/2 {
			t.Errorf("%d numbers were given, too few to mean anything", len(got))
		}
	})
}

func TestOneVersionOneWinner(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		mustPut(t, s, "a", "", store.Put{Name: "a"})
		_, seen, err := store.GetVersion[store.Box](t.Context(), s, box("a"))
		if err != nil {
			t.Fatal(err)
		}
		var won, lost atomic.Int64
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				_, err := store.Do(t.Context(), s, putWrite("a", "", store.Put{Add: 1}), func(v *store.View) (store.Box, error) {
					if err := v.Expect(box("a"), seen); err != nil {
						return store.Box{}, err
					}
					return store.Record[store.Box](v, box("a"), "box.put", 1, "", store.Put{Add: 1})
				})
				switch {
				case err == nil:
					won.Add(1)
				case fault.Is(err, "store.changed_meanwhile"):
					lost.Add(1)
				default:
					t.Errorf("Do() = %v, want nil or store.changed_meanwhile", err)
				}
			})
		}
		wg.Wait()
		if won.Load() != 1 || lost.Load() != 7 {
			t.Errorf("%d won and %d lost, want 1 and 7", won.Load(), lost.Load())
		}
	})
}

func TestRepeatedActions(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		first := mustPut(t, s, "a", "act-1", store.Put{Name: "a", Add: 5})
		again := mustPut(t, s, "a", "act-1", store.Put{Name: "a", Add: 5})
		if diff := cmp.Diff(first, again); diff != "" {
			t.Errorf("answer of a repetition (-first +again):\n%s", diff)
		}
		if _, err := put(t.Context(), s, "a", "act-1", store.Put{Add: 6}); !fault.Is(err, "store.action_reused") {
			t.Errorf("same action, other body: %v, want store.action_reused", err)
		}
		var answers [2]store.Box
		errs := inOneGroup(t, s,
			func() (err error) { answers[0], err = put(t.Context(), s, "a", "act-2", store.Put{Add: 7}); return err },
			func() (err error) { answers[1], err = put(t.Context(), s, "a", "act-2", store.Put{Add: 7}); return err },
			func() error { _, err := put(t.Context(), s, "a", "act-2", store.Put{Add: 8}); return err },
		)
		var ok, reused int
		for _, err := range errs {
			if err == nil {
				ok++
			} else if fault.Is(err, "store.action_reused") {
				reused++
			}
		}
		if ok != 2 || reused != 1 {
			t.Errorf("errors of one group = %v, want two answers and one store.action_reused", errs)
		}
		if answers[0].Total != answers[1].Total {
			t.Errorf("answers of one group = %v, want the same twice", answers)
		}
		events, err := s.StreamEvents(t.Context(), box("a"))
		if err != nil || len(events) != 2 {
			t.Errorf("%d events (%v), want 2", len(events), err)
		}
	})
}

func TestPoisonMember(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		mustPut(t, s, "taken", "", store.Put{Name: "taken"})
		undeclared := func(v *store.View) (int, error) {
			_, err := store.Record[store.Box](v, box("other"), "box.put", 1, "", store.Put{})
			return 0, err
		}
		errs := inOneGroup(t, s,
			func() error { _, err := put(t.Context(), s, "b", "", store.Put{Name: "b"}); return err },
			func() error { _, err := put(t.Context(), s, "c", "", store.Put{Name: "taken"}); return err },
			func() error {
				_, err := store.Do(t.Context(), s, putWrite("d", "", store.Put{}), func(*store.View) (int, error) { panic("oh") })
				return err
			},
			func() error {
				_, err := store.Do(t.Context(), s, putWrite("e", "", store.Put{}), undeclared)
				return err
			},
			func() error { _, err := put(t.Context(), s, "f", "", store.Put{Name: "f"}); return err },
		)
		if errs[0] != nil || errs[4] != nil {
			t.Errorf("the neighbours failed: %v", errs)
		}
		if !fault.Is(errs[1], "store.duplicate") {
			t.Errorf("repeated unique value: %v, want store.duplicate", errs[1])
		}
		if errs[2] == nil || errs[3] == nil {
			t.Errorf("panic and undeclared root: %v and %v, want errors", errs[2], errs[3])
		}
		if _, err := store.Get[store.Box](t.Context(), s, box("c")); fault.KindOf(err) != fault.NotFound {
			t.Errorf("Get of the refused box: %v, want not found", err)
		}
	})
}

func TestCancelledClient(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx, cancel := context.WithCancel(t.Context())
		errs := inOneGroup(t, s,
			func() error {
				_, err := store.Do(ctx, s, putWrite("a", "", store.Put{}), func(v *store.View) (store.Box, error) {
					cancel() // while its group is being decided
					return store.Record[store.Box](v, box("a"), "box.put", 1, "", store.Put{Name: "a"})
				})
				return err
			},
			func() error { _, err := put(t.Context(), s, "b", "", store.Put{Name: "b"}); return err },
		)
		if errs[0] != nil || errs[1] != nil {
			t.Errorf("errors = %v, want none: what is being decided is finished", errs)
		}
		if _, err := put(ctx, s, "c", "", store.Put{Name: "c"}); err != nil && !errors.Is(err, context.Canceled) {
			t.Errorf("write of a client that has gone: %v", err)
		}
		mustGet(t, s, "a")
		mustGet(t, s, "b")
	})
}

func TestIDsAreTheSameInASecondRun(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		mustPut(t, s, "x", "", store.Put{Name: "taken"})
		var runs [][]string
		w := putWrite("a", "", store.Put{})
		_, err := store.Do(t.Context(), s, w, func(v *store.View) (int, error) {
			runs = append(runs, []string{v.NewID(), v.NewID(), string(v.Entropy(20))})
			_, err := store.Record[store.Box](v, box("a"), "box.put", 1, "", store.Put{Name: "taken"})
			return 0, err
		})
		if !fault.Is(err, "store.duplicate") || len(runs) < 2 {
			t.Fatalf("Do() = %v after %d runs, want store.duplicate after two", err, len(runs))
		}
		if diff := cmp.Diff(runs[0], runs[1]); diff != "" || runs[0][0] == runs[0][1] {
			t.Errorf("ids of two runs (-first +second):\n%s", diff)
		}
	})
}

func TestGuardVersion(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		guard := store.Guard("owner/1")
		write := func(seen int64) error {
			w := store.Write{Actor: officer, Roots: []store.Root{guard}}
			_, err := store.Do(t.Context(), s, w, func(v *store.View) (int, error) { return 0, v.Expect(guard, seen) })
			return err
		}
		if err := write(0); err != nil {
			t.Fatalf("first write: %v", err)
		}
		if err := write(0); !fault.Is(err, "store.changed_meanwhile") {
			t.Errorf("write that saw the set before: %v, want store.changed_meanwhile", err)
		}
		if v, err := store.GuardVersion(t.Context(), s, guard); v != 1 || err != nil {
			t.Errorf("GuardVersion() = %d, %v, want 1", v, err)
		}
	})
}

func TestLegalTime(t *testing.T) {
	now := time.Date(2026, 7, 1, 9, 0, 0, 0, time.UTC)
	storetest.EachURL(t, func(t *testing.T, url string) {
		s := storetest.Open(t, url, store.Options{Clock: func() time.Time { return now }})
		at := func(id string, at time.Time) time.Time {
			w := putWrite(id, "", store.Put{})
			w.At = at
			got, err := store.Do(t.Context(), s, w, func(v *store.View) (time.Time, error) {
				_, err := store.Record[store.Box](v, box(id), "box.put", 1, "", store.Put{Name: id})
				return v.Now(), err
			})
			if err != nil {
				t.Fatal(err)
			}
			return got
		}
		later, earlier := now.Add(time.Hour), now.Add(-time.Hour)
		if got := at("a", later); !got.Equal(later) {
			t.Errorf("time of an import = %v, want %v", got, later)
		}
		if got := at("a", time.Time{}); !got.Equal(later) {
			t.Errorf("time after a later event = %v, want %v: it never runs back", got, later)
		}
		if got := at("b", earlier); !got.Equal(earlier) {
			t.Errorf("time of a late entry = %v, want %v", got, earlier)
		}
		storetest.Verify(t, s)
	})
}

func TestLostCommitReply(t *testing.T) {
	for name, before := range map[string]bool{"committed": false, "not committed": true} {
		t.Run(name, func(t *testing.T) {
			storetest.Each(t, func(t *testing.T, s *store.Store) {
				mustPut(t, s, "a", "", store.Put{Name: "a"})
				s.LoseCommit(before)
				errs := inOneGroup(t, s,
					func() error { _, err := put(t.Context(), s, "a", "one", store.Put{Add: 1}); return err },
					func() error { _, err := put(t.Context(), s, "a", "two", store.Put{Add: 10}); return err },
					func() error {
						_, err := store.Do(t.Context(), s, putWrite("a", "no", store.Put{}), func(v *store.View) (int, error) {
							return 0, fault.New(fault.Invalid, "test.refused", nil)
						})
						return err
					},
				)
				if errs[0] != nil || errs[1] != nil || !fault.Is(errs[2], "test.refused") {
					t.Errorf("errors = %v, want only the third refused", errs)
				}
				if b := mustGet(t, s, "a"); b.Total != 11 {
					t.Errorf("total = %d, want each write once: 11", b.Total)
				}
			})
		})
	}
}

// Two nodes on one database give numbers and positions without gaps, one answer
// to one action, and never two winners.
func TestTwoNodes(t *testing.T) {
	url := storetest.Postgres(t)
	nodes := []*store.Store{storetest.Open(t, url, store.Options{}), storetest.Open(t, url, store.Options{})}
	series := store.Series{Kind: "code", Key: "day"}
	mustPut(t, nodes[0], "shared", "", store.Put{Name: "shared"})
	const clients, each = 8, 25
	var given atomic.Int64
	var wg sync.WaitGroup
	for n, s := range nodes {
		for c := range clients {
			wg.Go(func() {
				for i := range each {
					id := fmt.Sprintf("box-%d-%d", c, i) // both nodes make the same boxes under the same actions
					w := store.Write{Actor: officer, Action: "act-" + id, Body: id, Roots: []store.Root{box(id), box("shared")}, Series: []store.Series{series}}
					if (c+i)%2 == 0 {
						w.Roots[0], w.Roots[1] = w.Roots[1], w.Roots[0]
					}
					_, err := store.Do(t.Context(), s, w, func(v *store.View) (int64, error) {
						k := v.Number(series)
						if _, err := store.Record[store.Box](v, box(id), "box.put", 1, "", store.Put{Name: id, Add: k}); err != nil {
							return 0, err
						}
						_, err := store.Record[store.Box](v, box("shared"), "box.put", 1, "", store.Put{Add: 1})
						return k, err
					})
					if err != nil {
						t.Errorf("node %d, %s: %v", n, id, err)
						return
					}
					given.Add(1)
				}
			})
		}
	}
	wg.Wait()
	if b := mustGet(t, nodes[1], "shared"); b.Total != clients*each || given.Load() != 2*clients*each {
		t.Errorf("shared total = %d after %d answers, want %d after %d", b.Total, given.Load(), clients*each, 2*clients*each)
	}
	if n := number(t, nodes[0], series); n != clients*each+1 {
		t.Errorf("next number = %d, want %d", n, clients*each+1)
	}
	storetest.Verify(t, nodes[0])
}
