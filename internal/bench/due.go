package bench

import (
	"context"
	"math/rand/v2"
	"time"

	"github.com/motcua/motcua/internal/civildata"
	"github.com/motcua/motcua/internal/core/civil"
)

// due measures promised days with their derivation: receptions at any time of two
// years, limits in working days, days and hours, a third with a supplement. The
// limit counts the same working days without explaining or judging anything.
func due(ctx context.Context, r *run) error {
	cal := civildata.Default()
	ins, err := promises(cal, r.Seed, civil.DateOf(r.App.Now()))
	if err != nil {
		return err
	}
	return r.eachTurn(ctx, func(length time.Duration) error {
		took, s := clients(ctx, r.Clients, length, func(_ context.Context, c int) error {
			ins := ins[c%len(ins)]
			_, err := civil.Due(cal, ins[rand.IntN(len(ins))])
			return err
		})
		r.add(took, s)
		took, s = clients(ctx, r.Clients, length/turns, func(_ context.Context, c int) error {
			ins := ins[c%len(ins)]
			in := ins[rand.IntN(len(ins))]
			_, err := cal.AddWorkingDays(civil.DateOf(in.ReceivedAt), max(1, in.Limit.Value))
			return err
		})
		r.addLimit(took, len(s.times))
		return nil
	})
}

// promises makes up what the deadlines are counted from, for some clients.
func promises(cal *civil.Calendar, seed uint64, until civil.Date) ([][]civil.DueInput, error) {
	var limits []civil.Limit
	for _, text := range []string{"5 ngày làm việc", "15 ngày làm việc", "30 ngày làm việc", "20 ngày", "8 giờ làm việc"} {
		l, err := civil.ParseLimit(text)
		if err != nil {
			return nil, err
		}
		limits = append(limits, l)
	}
	rng := rand.New(rand.NewPCG(seed, 2))
	all := make([][]civil.DueInput, 8)
	for c := range all {
		for i := range 1000 {
			at := until.AddDays(-rng.IntN(730)).At(7 * 60).Add(time.Duration(rng.IntN(11*60)) * time.Minute)
			in := civil.DueInput{ReceivedAt: at, Limit: limits[rng.IntN(len(limits))], Policy: civil.Pause}
			if i%3 == 0 {
				opening, err := cal.NextOpening(at.Add(time.Hour))
				if err != nil {
					return nil, err
				}
				supplied := opening.AddDate(0, 0, 3)
				in.Stops = []civil.Stop{{Kind: civil.StopSupplement, FromAt: opening, ToAt: supplied}}
			}
			all[c] = append(all[c], in)
		}
	}
	return all, nil
}
