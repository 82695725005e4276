package sign

import (
	"fmt"
	"strings"
	"time"
)

// Open makes the service that a setting names: "" for none, "sim" for the
// simulator, "folder:PATH" for key files. Seed and organisation are the
// simulator's; its certificates are valid from ten years before begin to thirty
// after it, which is enough for a demo that starts in an earlier time.
func Open(setting string, seed []byte, organisation string, begin time.Time) (*Service, error) {
	path, isFolder := strings.CutPrefix(setting, "folder:")
	switch {
	case setting == "":
		return New(Off{}), nil
	case setting == "sim":
		sim, err := NewSimulator(seed, organisation, begin.AddDate(-10, 0, 0), begin.AddDate(30, 0, 0))
		if err != nil {
			return nil, err
		}
		return New(sim), nil
	case isFolder:
		folder, err := OpenFolder(path)
		if err != nil {
			return nil, err
		}
		return New(folder), nil
	}
	return nil, fmt.Errorf(`signing keys %q: use "sim", "folder:PATH" or nothing`, setting)
}
