// Package torture kills the program while it works and counts what is left. The
// client that asks keeps a ledger of what it sent and what was acknowledged; the
// program that answers is a process of its own that dies by SIGKILL at a random
// moment, again and again. Nothing acknowledged may be missing afterwards, and
// nothing that was sent once may be there twice.
//
//	go test ./test/torture -args -cycles 1000 -seed 42
package torture
