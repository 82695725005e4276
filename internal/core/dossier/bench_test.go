package dossier

import (
	"fmt"
	"testing"
	"time"

	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/journal"
)

// BenchmarkLife takes one dossier from reception to return: each act decided,
// encoded as it is stored, and applied.
func BenchmarkLife(b *testing.B) {
	s := newStage(b, monday)
	s.quick = true
	life := []struct {
		who access.Actor
		in  Input
	}{
		{receptionist, Input{Act: Forward}}, {handlerOne, Input{Act: ReceiveHandover}}, {handlerOne, Input{Act: Claim}}, {handlerOne, Input{Act: Propose}},
		{leaderOne, Input{Act: Approve}}, {clerkOne, Input{Act: Number}}, {leaderOne, Input{Act: Sign}}, {clerkOne, Input{Act: IssueResult, Files: []File{{Hash: "aa"}}}},
		{clerkOne, Input{Act: HandOver}}, {receptionist, Input{Act: ReceiveHandover}}, {receptionist, Input{Act: CollectFee, Receipt: "0000001"}},
		{receptionist, Input{Act: Return, Receiver: "A", Checked: "CC"}},
	}
	bytes := 0
	for b.Loop() {
		e, err := Begin(s.context(receptionist), Receive, s.beginning(), Input{})
		d := Dossier{}
		for i := 0; ; i++ {
			if err != nil {
				b.Fatal(err)
			}
			payload, encodeErr := journal.Encode(e.Payload)
			if encodeErr != nil {
				b.Fatal(encodeErr)
			}
			bytes += len(payload)
			if d, err = Apply(d, "d-1", e.Type, e.Version, int64(i+1), s.now, payload); err != nil {
				b.Fatal(err)
			}
			if i == len(life) {
				break
			}
			in := life[i].in
			in.Version = d.Version
			e, err = Decide(d, s.context(life[i].who), in)
		}
		if d.Status != Returned {
			b.Fatal(fmt.Sprint(d.Status))
		}
	}
	acts := float64(b.N * (len(life) + 1))
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/acts/float64(time.Microsecond), "µs/act")
	b.ReportMetric(float64(bytes)/acts, "B/act")
}
