package main

import (
	"cmp"
	"fmt"
	"runtime/debug"

	"github.com/motcua/motcua/internal/store"
)

// version and commit are set by the linker in released builds.
var version, commit string

type versionCmd struct {
	JSON bool `help:"In một tài liệu JSON."`
}

// build is which release this is.
type build struct {
	Version string `json:"version"`
	Commit  string `json:"commit"`
	Schema  int64  `json:"schema"`
}

func thisBuild() build {
	b := build{Version: version, Commit: commit, Schema: store.SchemaVersion()}
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				b.Commit = cmp.Or(b.Commit, s.Value)
			}
		}
	}
	b.Version, b.Commit = cmp.Or(b.Version, "dev"), cmp.Or(b.Commit, "unknown")
	return b
}

// Run implements the command.
func (c *versionCmd) Run(std *stdio) error {
	b := thisBuild()
	if c.JSON {
		return std.document(b)
	}
	_, err := fmt.Fprintf(std.out, "motcua %s (%s), schema %d\n", b.Version, b.Commit, b.Schema)
	return err
}
