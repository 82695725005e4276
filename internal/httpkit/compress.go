package httpkit

import (
	"net/http"

	"github.com/klauspost/compress/gzhttp"
)

// Compress answers pages in zstd or gzip, as the caller understands. A little
// noise in the length keeps an onlooker from guessing a page's secret by what
// it shrinks to.
func Compress() (Middleware, error) {
	wrap, err := gzhttp.NewWrapper(
		gzhttp.MinSize(1024), gzhttp.CompressionLevel(5), gzhttp.RandomJitter(32, 0, false),
		gzhttp.ContentTypes([]string{"text/html", "text/plain", "text/css", "text/csv", "application/json", "application/problem+json", "image/svg+xml", "text/javascript"}),
	)
	if err != nil {
		return nil, err
	}
	return func(next http.Handler) http.Handler { return wrap(next) }, nil
}
