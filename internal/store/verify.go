package store

// Check is an invariant of a kind's own.
type Check struct{}
