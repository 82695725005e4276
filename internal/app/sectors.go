package app

import (
	"sync"

	"github.com/motcua/motcua/internal/core/procedure"
	"github.com/motcua/motcua/internal/data"
)

// builtInSectors maps national codes to the sector names of the provincial
// catalogue that ships with the program.
var builtInSectors = sync.OnceValues(func() (map[string]string, error) {
	f, err := data.Open(data.Catalogue)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	entries, _, err := procedure.ParseCatalogue(f)
	if err != nil {
		return nil, err
	}
	return procedure.Sectors(entries), nil
})
