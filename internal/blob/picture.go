package blob

import (
	"bufio"
	"encoding/binary"
	"errors"
	"image"
	_ "image/jpeg" // for DecodeConfig
	_ "image/png"  // for DecodeConfig
	"io"

	"github.com/motcua/motcua/internal/core/fault"
)

// MaxPixels is how many pixels a picture may have. It is read from the header,
// before anything is decoded: a few kilobytes can claim gigabytes.
const MaxPixels = 50_000_000

func inspectJPEG(name string, f content, size int64) (string, error) {
	if err := inspectPicture(name, f, size); err != nil {
		return "", err
	}
	if err := rewind(f); err != nil {
		return "", err
	}
	if !completeJPEG(bufio.NewReader(f)) {
		return "", broken(name)
	}
	return typeJPEG, nil
}

func inspectPNG(name string, f content, size int64) (string, error) {
	if err := inspectPicture(name, f, size); err != nil {
		return "", err
	}
	end, ok := endOfPNG(f, size)
	switch {
	case !ok:
		return "", broken(name)
	case end != size:
		return "", polyglot(name)
	}
	return typePNG, nil
}

// inspectHEIC only knows that the file is HEIC and nothing else beside: there is
// no decoder for it here, so pages offer it as a download.
func inspectHEIC(name string, f content, size int64) (string, error) {
	return typeHEIC, pure(name, f, size)
}

func inspectPicture(name string, f content, size int64) error {
	if err := pure(name, f, size); err != nil {
		return err
	}
	if err := rewind(f); err != nil {
		return err
	}
	config, _, err := image.DecodeConfig(f)
	if err != nil || config.Width <= 0 || config.Height <= 0 {
		return broken(name)
	}
	if int64(config.Width)*int64(config.Height) > MaxPixels {
		return fault.Field("file", "blob.picture_too_large", fault.Args{
			"name": name, "width": config.Width, "height": config.Height, "max": MaxPixels / 1_000_000,
		})
	}
	return nil
}

// pure fails with blob.polyglot when a picture also holds a page, a script or an archive.
func pure(name string, f content, size int64) error {
	if err := rewind(f); err != nil {
		return err
	}
	found, err := contains(f, foreign())
	if err != nil {
		return err
	}
	zip, err := zipTail(f, size)
	if err != nil {
		return err
	}
	if found || zip {
		return polyglot(name)
	}
	return nil
}

// completeJPEG walks the segments up to the end-of-image marker. What follows it
// is allowed: telephones append a short film or a depth map there.
func completeJPEG(r *bufio.Reader) bool {
	if _, err := r.Discard(2); err != nil { // start of image
		return false
	}
	for {
		marker, err := nextMarker(r)
		if err != nil {
			return false
		}
		switch {
		case marker == 0xd9: // end of image
			return true
		case marker >= 0xd0 && marker <= 0xd8, marker == 0x01, marker == 0x00:
			continue // no length; 0x00 is a stuffed byte within image data
		}
		var length [2]byte
		if _, err := io.ReadFull(r, length[:]); err != nil {
			return false
		}
		n := int(binary.BigEndian.Uint16(length[:]))
		if n < 2 {
			return false
		}
		if _, err := r.Discard(n - 2); err != nil {
			return false
		}
	}
}

// nextMarker skips to the byte after the next 0xff.
func nextMarker(r *bufio.Reader) (byte, error) {
	for {
		_, err := r.ReadSlice(0xff)
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		if err != nil {
			return 0, err
		}
		for {
			b, err := r.ReadByte()
			if err != nil || b != 0xff {
				return b, err
			}
		}
	}
}

// endOfPNG follows the chunks from the signature to IEND and returns the offset
// behind it.
func endOfPNG(f io.ReaderAt, size int64) (int64, bool) {
	at := int64(8)
	for {
		var head [8]byte
		if _, err := f.ReadAt(head[:], at); err != nil {
			return 0, false
		}
		at += 12 + int64(binary.BigEndian.Uint32(head[:4]))
		if at > size {
			return 0, false
		}
		if string(head[4:]) == "IEND" {
			return at, true
		}
	}
}
