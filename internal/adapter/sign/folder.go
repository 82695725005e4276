package sign

import (
	"context"
	"crypto"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/motcua/motcua/internal/core/fault"
)

// Folder holds keys as files that an authority issued: for each officer ID.pem
// with his certificate, those above it and his private key (PKCS #8), and
// roots.pem with the authorities that are trusted. Key files must not be readable
// by others. It is meant for an organisation's seal on a guarded server; officers'
// tokens sign on their own machines.
type Folder struct {
	root  *os.Root
	roots []*x509.Certificate
}

// rootsFile holds the trusted authorities.
const rootsFile = "roots.pem"

// OpenFolder opens a folder of keys. It fails when roots.pem is missing or holds
// no certificate.
func OpenFolder(path string) (*Folder, error) {
	root, err := os.OpenRoot(path)
	if err != nil {
		return nil, fmt.Errorf("folder of signing keys: %w", err)
	}
	f := &Folder{root: root}
	data, err := f.read(rootsFile, 0o777)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("trusted authorities: %w", err), root.Close())
	}
	c, err := parsePEM(data)
	if err != nil || len(c.Chain) == 0 {
		return nil, errors.Join(fmt.Errorf("%s holds no certificate", rootsFile), err, root.Close())
	}
	f.roots = c.Chain
	return f, nil
}

// Close gives the folder back.
func (f *Folder) Close() error { return f.root.Close() }

// Credential reads the officer's key. An ID that is no plain file name has none.
func (f *Folder) Credential(_ context.Context, who Officer) (Credential, error) {
	none := fault.New(fault.Conflict, "sign.no_key", fault.Args{"name": who.Name})
	if who.ID == "" || !fs.ValidPath(who.ID+".pem") || who.ID+".pem" == rootsFile {
		return Credential{}, none
	}
	data, err := f.read(who.ID+".pem", 0o700)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return Credential{}, none
	case err != nil:
		return Credential{}, fault.Wrap(err, fault.Unavailable, "sign.key_unreadable", fault.Args{"name": who.Name})
	}
	c, err := parsePEM(data)
	if err != nil || c.Key == nil || len(c.Chain) == 0 {
		return Credential{}, fault.Wrap(err, fault.Unavailable, "sign.key_unreadable", fault.Args{"name": who.Name})
	}
	if public, ok := c.Key.Public().(interface{ Equal(crypto.PublicKey) bool }); !ok || !public.Equal(c.Chain[0].PublicKey) {
		return Credential{}, fault.New(fault.Unavailable, "sign.key_unreadable", fault.Args{"name": who.Name})
	}
	return c, nil
}

// Roots are the authorities of roots.pem.
func (f *Folder) Roots() []*x509.Certificate { return f.roots }

// read reads a file of which nobody has more rights than allowed.
func (f *Folder) read(name string, allowed fs.FileMode) ([]byte, error) {
	file, err := f.root.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	if info.Mode().Perm()&^allowed != 0 {
		return nil, fmt.Errorf("%s can be read by others (%v): allow its owner alone", name, info.Mode())
	}
	const most = 1 << 20
	return io.ReadAll(io.LimitReader(file, most))
}

// parsePEM reads certificates and at most one private key.
func parsePEM(data []byte) (Credential, error) {
	var c Credential
	for {
		var block *pem.Block
		if block, data = pem.Decode(data); block == nil {
			return c, nil
		}
		switch block.Type {
		case "CERTIFICATE":
			cert, err := x509.ParseCertificate(block.Bytes)
			if err != nil {
				return c, fmt.Errorf("certificate: %w", err)
			}
			c.Chain = append(c.Chain, cert)
		case "PRIVATE KEY":
			key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
			if err != nil {
				return c, fmt.Errorf("private key: %w", err)
			}
			signer, ok := key.(crypto.Signer)
			if !ok || c.Key != nil {
				return c, errors.New("one private key that can sign is needed")
			}
			c.Key = signer
		}
	}
}
