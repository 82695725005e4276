package seal

import (
	"crypto/ed25519"
	"crypto/hkdf"
	"crypto/sha256"
	"fmt"
)

// SigningKeys are the Ed25519 keys of a purpose, one for each key of the ring,
// the newest first: the first signs, all of them verify. They need no storage of
// their own and are the same on all nodes.
func (r *Ring) SigningKeys(purpose string) ([]ed25519.PrivateKey, error) {
	keys := make([]ed25519.PrivateKey, len(r.ids))
	for i, id := range r.ids {
		seed, err := hkdf.Key(sha256.New, r.keys[id], nil, "motcua signing 1 "+purpose, ed25519.SeedSize)
		if err != nil {
			return nil, fmt.Errorf("key ring: %w", err)
		}
		keys[i] = ed25519.NewKeyFromSeed(seed)
	}
	return keys, nil
}
