package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/motcua/motcua/internal/api"
	"github.com/motcua/motcua/internal/config"
	"github.com/motcua/motcua/internal/httpkit"
	"github.com/motcua/motcua/internal/i18n"
	"github.com/motcua/motcua/internal/job"
	"github.com/motcua/motcua/internal/telemetry"
	"github.com/motcua/motcua/internal/web"
)

// site is one running server: pages, API, health, figures, background work, and the
// socket for other commands.
type site struct {
	house    *house
	settings config.Settings
	log      *slog.Logger
	// Started is told the address once requests are answered.
	started func(address string)
	// Beside runs next to the server until its context ends, such as a demo's
	// simulation.
	beside []func(ctx context.Context) error
	// EasyOps goes on without the operators' address when it is taken.
	easyOps bool
}

// settleAfter is when the memory of the start is given back.
const settleAfter = 30 * time.Second

// shutdownFor is how long begun requests may go on after a stop.
const shutdownFor = 15 * time.Second

// run serves until ctx ends, then finishes what it has and returns.
func (s *site) run(ctx context.Context) error {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", s.settings.Listen)
	if err != nil {
		return fmt.Errorf("listen on %s: %w", s.settings.Listen, err)
	}
	health := telemetry.NewHealth(s.log)
	health.Check("database", s.house.store.Ping)
	metrics := telemetry.NewMetrics(thisBuild().Version)
	s.observe(metrics)
	handler, err := s.handler(health, metrics)
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	server, err := s.httpServer(handler)
	if err != nil {
		return errors.Join(err, listener.Close())
	}

	// Everything beside the pages ends when they do, and is waited for.
	inner, stopInner := context.WithCancel(context.WithoutCancel(ctx))
	defer stopInner()
	failed := make(chan error, 8)
	var wait sync.WaitGroup
	start := func(what string, run func(context.Context) error) {
		wait.Go(func() {
			if err := run(inner); err != nil && inner.Err() == nil {
				failed <- fmt.Errorf("%s: %w", what, err)
			}
		})
	}
	wait.Go(func() {
		if err := s.serve(server, listener); !errors.Is(err, http.ErrServerClosed) {
			failed <- err
		}
	})
	start("operators' address", func(ctx context.Context) error { return s.ops(ctx, metrics) })
	start("background work", s.jobs)
	start("read models", func(ctx context.Context) error { s.house.Follow(ctx); return nil })
	if s.house.store.Engine() == "sqlite" {
		start("socket", func(ctx context.Context) error { return serveControl(ctx, s.house) })
	}
	for _, run := range s.beside {
		start("demo", run)
	}
	if s.started != nil {
		s.started(listener.Addr().String())
	}
	// The start reads catalogue and templates and needs far more memory than the
	// service: it goes back to the machine at once, not little by little.
	settled := time.AfterFunc(settleAfter, debug.FreeOSMemory)
	defer settled.Stop()
	s.log.Info("serving", "address", listener.Addr().String(), "settings", s.settings, "version", thisBuild().Version)

	select {
	case <-ctx.Done():
		err = nil
	case err = <-failed:
	}
	health.Drain()
	s.log.Info("stopping")
	ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownFor)
	defer cancel()
	if shutErr := server.Shutdown(ending); shutErr != nil {
		_ = server.Close() // live pages do not end by themselves
	}
	stopInner()
	wait.Wait()
	return err
}

// handler is every page of the main address.
func (s *site) handler(health *telemetry.Health, metrics *telemetry.Metrics) (http.Handler, error) {
	proxies, err := s.settings.Proxies()
	if err != nil {
		return nil, err
	}
	track := web.TrackRate() // one for pages and interface: a guess is a guess by either way
	pages, err := web.New(web.Options{
		App: s.house.App, Words: i18n.Default(), Log: s.log, Secure: s.secure(), Origins: s.origins(), Proxies: proxies, Track: track,
	})
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", health.Live)
	mux.HandleFunc("GET /readyz", health.Ready)
	api.Mount(mux, s.house.App, i18n.Default(), api.Options{Version: thisBuild().Version, Log: s.log, Track: track})
	pages.Mount(mux)
	return pages.Around(measured(mux, metrics)), nil
}

// secure reports whether browsers come by https.
func (s *site) secure() bool {
	return s.settings.TLS() || strings.HasPrefix(s.settings.PublicURL, "https://")
}

// origins are further addresses whose pages are ours: the public one.
func (s *site) origins() []string {
	u, err := url.Parse(s.settings.PublicURL)
	if err != nil || u.Host == "" {
		return nil
	}
	return []string{u.Scheme + "://" + u.Host}
}

// measured notes every answer among the figures, by the pattern that gave it.
func measured(mux *http.ServeMux, metrics *telemetry.Metrics) *http.ServeMux {
	outer := http.NewServeMux()
	outer.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		began := time.Now()
		seen := &statusWriter{ResponseWriter: w, status: http.StatusOK}
		defer func() { metrics.Request(r.Pattern, r.Method, seen.status, time.Since(began)) }()
		mux.ServeHTTP(seen, r)
	})
	return outer
}

// statusWriter remembers the status.
type statusWriter struct {
	http.ResponseWriter
	status int
}

func (w *statusWriter) WriteHeader(status int) {
	if status >= http.StatusOK {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

// Unwrap lets http.ResponseController reach the connection.
func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// Flush sends what is written so far; live pages need it.
func (w *statusWriter) Flush() { _ = http.NewResponseController(w.ResponseWriter).Flush() }

// httpServer is the server of the main address, with TLS when it has a certificate.
func (s *site) httpServer(h http.Handler) (*http.Server, error) {
	server := httpkit.Server(h, s.log)
	if !s.settings.TLS() {
		return server, nil
	}
	// The certificate is read again for new connections after it was renewed.
	certs := &certificate{cert: s.settings.TLSCert, key: s.settings.TLSKey}
	if _, err := certs.get(nil); err != nil {
		return nil, err
	}
	server.TLSConfig = &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: certs.get}
	return server, nil
}

func (s *site) serve(server *http.Server, l net.Listener) error {
	if server.TLSConfig != nil {
		return server.ServeTLS(l, "", "")
	}
	return server.Serve(l)
}

// ops serves the figures to operators on this machine.
func (s *site) ops(ctx context.Context, metrics *telemetry.Metrics) error {
	if s.settings.OpsListen == "" {
		return nil
	}
	err := telemetry.ServeOps(ctx, s.settings.OpsListen, metrics.Handler())
	if err != nil && s.easyOps {
		s.log.Warn("no figures for operators", "error", err)
		return nil
	}
	return err
}

// observe adds the figures that the database knows.
func (s *site) observe(metrics *telemetry.Metrics) {
	gauge := func(name, help string, value func(context.Context) float64) {
		metrics.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, func() float64 {
			ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
			defer cancel()
			return value(ctx)
		}))
	}
	jobs := func(which func(ready, claimed, dead int64) int64) func(context.Context) float64 {
		return func(ctx context.Context) float64 {
			n, err := s.house.store.JobCounts(ctx)
			if err != nil {
				return -1
			}
			return float64(which(n.Ready, n.Claimed, n.Dead))
		}
	}
	gauge("motcua_jobs_ready", "Background jobs that wait.", jobs(func(ready, _, _ int64) int64 { return ready }))
	gauge("motcua_jobs_claimed", "Background jobs at work.", jobs(func(_, claimed, _ int64) int64 { return claimed }))
	gauge("motcua_jobs_dead", "Background jobs that were given up; a person must look.", jobs(func(_, _, dead int64) int64 { return dead }))
	gauge("motcua_journal_position", "Events in the journal.", func(context.Context) float64 { return float64(s.house.store.Position()) })
	gauge("motcua_database_up", "1 when the database answers and takes writes.", func(ctx context.Context) float64 {
		if s.house.store.Ping(ctx) != nil {
			return 0
		}
		return 1
	})
}

// How often what has run out is removed, and how long commands are remembered.
const (
	sweepEvery = time.Hour
	keepFor    = 60 * 24 * time.Hour
)

// jobs runs the background work of this node.
func (s *site) jobs(ctx context.Context) error {
	r := job.New(s.house.store, s.log, job.Options{})
	s.house.Work(r)
	r.Every(job.Periodic{Name: "sweep.files", Every: sweepEvery, Timeout: 10 * time.Minute, Run: func(ctx context.Context) error {
		_, err := s.house.SweepFiles(ctx)
		return err
	}})
	r.Every(job.Periodic{Name: "sweep.old", Every: sweepEvery, Timeout: 10 * time.Minute, Run: func(ctx context.Context) error {
		return s.house.store.Sweep(ctx, keepFor)
	}})
	return r.Run(ctx)
}

// loopback reports whether only this machine can reach an address.
func loopback(address string) bool {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return false
	}
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.IsLoopback()
}
