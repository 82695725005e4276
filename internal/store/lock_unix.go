//go:build unix

package store

import (
	"os"
	"syscall"
)

// lockFile takes the lock that goes with the file at path until the process
// ends or unlock is called. Another holder makes it fail at once.
func lockFile(path string) (unlock func() error, err error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		_ = f.Close()
		return nil, err
	}
	return f.Close, nil
}
