package httpkit

import "net/http"

// Policy is the Content-Security-Policy of every page: nothing from elsewhere,
// no script or style inside the page, no frames around it.
const Policy = "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

// Secure sets the headers that keep a browser from doing what no page asks for.
// A handler may replace them. With https, browsers remember to come back by it.
func Secure(https bool) Middleware {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			h := w.Header()
			h.Set("Content-Security-Policy", Policy)
			h.Set("X-Content-Type-Options", "nosniff")
			h.Set("Referrer-Policy", "same-origin")
			h.Set("Permissions-Policy", "geolocation=(), microphone=(), payment=(), usb=()")
			h.Set("Cross-Origin-Opener-Policy", "same-origin")
			if https {
				h.Set("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
			}
			next.ServeHTTP(w, r)
		})
	}
}

// SameOrigin refuses state-changing requests that a page of another site makes
// a browser send, by the answer of deny. Programs, which send no such header,
// pass: they need a token anyway.
func SameOrigin(deny http.Handler, trusted ...string) (Middleware, error) {
	check := http.NewCrossOriginProtection()
	for _, origin := range trusted {
		if err := check.AddTrustedOrigin(origin); err != nil {
			return nil, err
		}
	}
	check.SetDenyHandler(deny)
	return check.Handler, nil
}
