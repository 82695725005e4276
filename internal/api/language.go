package api

import (
	"context"
	"net/http"

	"golang.org/x/text/language"

	"github.com/motcua/motcua/internal/i18n"
)

type languageKey struct{}

// spoken are the languages of the answers, the default first.
var spoken = language.NewMatcher([]language.Tag{language.Vietnamese, language.English})

// languageOf is the caller's language by Accept-Language; Vietnamese unless he
// asks for English first.
func languageOf(r *http.Request) string {
	tags, _, err := language.ParseAcceptLanguage(r.Header.Get("Accept-Language"))
	if err != nil || len(tags) == 0 {
		return i18n.Vietnamese
	}
	if _, i, sure := spoken.Match(tags...); i == 1 && sure > language.Low {
		return i18n.English
	}
	return i18n.Vietnamese
}

// languageIn is the language of a request's context.
func languageIn(ctx context.Context) string {
	if l, ok := ctx.Value(languageKey{}).(string); ok {
		return l
	}
	return i18n.Vietnamese
}
