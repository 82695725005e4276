package config

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"
	"github.com/alecthomas/kong"
)

// File is the settings file that is read when it lies in the working folder.
const File = "motcua.toml"

// prefix begins the name of every environment variable.
const prefix = "MOTCUA"

// Sources gives a kong parser our order: flag, then MOTCUA_… variable, then the
// file that a MOTCUA_…_FILE variable names (for secrets that an orchestrator
// mounts), then motcua.toml, then the default of the flag.
func Sources() []kong.Option {
	return []kong.Option{
		kong.DefaultEnvars(prefix),
		kong.Configuration(Parse, File),
		kong.Resolvers(kong.ResolverFunc(fromSecretFile)),
	}
}

// Parse reads a settings file: keys are the names of flags. An unknown key is an
// error, since a misspelt one would otherwise leave a default in force. It is
// the loader of a kong.ConfigFlag too.
func Parse(r io.Reader) (kong.Resolver, error) {
	values := map[string]any{}
	if _, err := toml.NewDecoder(r).Decode(&values); err != nil {
		return nil, fmt.Errorf("read settings file: %w", err)
	}
	return settingsFile(values), nil
}

// settingsFile resolves flags from the values of a TOML document.
type settingsFile map[string]any

// Validate implements kong.Resolver.
func (f settingsFile) Validate(app *kong.Application) error {
	known := map[string]bool{}
	_ = kong.Visit(app, func(n kong.Visitable, next kong.Next) error {
		if flag, ok := n.(*kong.Flag); ok {
			known[flag.Name] = true
		}
		return next(nil)
	})
	var unknown []string
	for key := range f {
		if !known[key] {
			unknown = append(unknown, key)
		}
	}
	if len(unknown) > 0 {
		slices.Sort(unknown)
		return fmt.Errorf("settings file: unknown keys: %s", strings.Join(unknown, ", "))
	}
	return nil
}

// Resolve implements kong.Resolver.
func (f settingsFile) Resolve(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
	value, ok := f[flag.Name]
	if !ok || fromEnvironment(flag) {
		return nil, nil
	}
	switch v := value.(type) {
	case []any:
		parts := make([]string, len(v))
		for i, each := range v {
			parts[i] = fmt.Sprint(each)
		}
		return strings.Join(parts, ","), nil
	case map[string]any:
		return nil, fmt.Errorf("settings file: %s is a table, want a value", flag.Name)
	default:
		return fmt.Sprint(v), nil
	}
}

// fromEnvironment reports whether a variable sets the flag. kong itself lets a
// file win over the environment; people expect the opposite.
func fromEnvironment(flag *kong.Flag) bool {
	for _, name := range flag.Envs {
		if _, ok := os.LookupEnv(name); ok {
			return true
		}
		if _, ok := os.LookupEnv(name + "_FILE"); ok {
			return true
		}
	}
	return false
}

// fromSecretFile resolves a flag from the file that MOTCUA_…_FILE names.
func fromSecretFile(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
	for _, name := range flag.Envs {
		path, ok := os.LookupEnv(name + "_FILE")
		if !ok {
			continue
		}
		if _, both := os.LookupEnv(name); both {
			return nil, fmt.Errorf("both %s and %s_FILE are set", name, name)
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return nil, fmt.Errorf("%s_FILE: %w", name, err)
		}
		return strings.TrimRight(string(text), "\r\n"), nil
	}
	return nil, nil
}
