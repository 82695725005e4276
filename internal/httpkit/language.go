package httpkit

import (
	"net/http"

	"github.com/motcua/motcua/internal/i18n"
)

// languageCookie remembers the reader's choice for a year.
const languageCookie = "ngon-ngu"

// Speak finds the reader's language: ?lang=, else the cookie of an earlier
// choice, else Vietnamese, whatever the browser prefers, since the law's words
// are Vietnamese. A choice in the address is remembered.
func Speak(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		language := i18n.Vietnamese
		if c, err := r.Cookie(languageCookie); err == nil && known(c.Value) {
			language = c.Value
		}
		if asked := r.URL.Query().Get("lang"); known(asked) {
			language = asked
			http.SetCookie(w, &http.Cookie{
				Name: languageCookie, Value: asked, Path: "/", MaxAge: 365 * 24 * 3600, HttpOnly: true, SameSite: http.SameSiteLaxMode,
			})
		}
		noteOf(r.Context()).reader = language
		next.ServeHTTP(w, r)
	})
}

func known(language string) bool { return language == i18n.Vietnamese || language == i18n.English }

// Language is the reader's language; Vietnamese outside Speak.
func Language(r *http.Request) string {
	if l := noteOf(r.Context()).reader; l != "" {
		return l
	}
	return i18n.Vietnamese
}
