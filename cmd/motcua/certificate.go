package main

import (
	"crypto/tls"
	"os"
	"sync"
	"time"
)

// certificate is a TLS certificate that is read again when its file changes, so
// that renewing it needs no restart.
type certificate struct {
	cert, key string

	mu     sync.Mutex
	loaded *tls.Certificate
	of     time.Time // modification time of what is loaded
	looked time.Time
}

// lookEvery is how often the file is looked at.
const lookEvery = time.Minute

func (c *certificate) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.loaded != nil && time.Since(c.looked) < lookEvery {
		return c.loaded, nil
	}
	c.looked = time.Now()
	info, err := os.Stat(c.cert)
	if err != nil || c.loaded != nil && info.ModTime().Equal(c.of) {
		return c.orErr(err)
	}
	next, err := tls.LoadX509KeyPair(c.cert, c.key)
	if err != nil {
		return c.orErr(err) // half renewed: the old one serves until the pair fits
	}
	c.loaded, c.of = &next, info.ModTime()
	return c.loaded, nil
}

func (c *certificate) orErr(err error) (*tls.Certificate, error) {
	if c.loaded != nil {
		return c.loaded, nil
	}
	return nil, err
}
