package web

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"github.com/motcua/motcua/internal/app"
	"net/http"
	"net/url"
	"strings"

	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/httpkit"
)

// signInBody is the sign-in page of officers, /dang-nhap.
type signInBody struct {
	Centre        string
	NoticeKey     string
	Form          form
	Fields        []control
	Held          []heldField
	Back          string
	Demo          bool
	OtherLanguage languageLink
}

// heldField carries a form over the sign-in, so that a session which ends while
// somebody types loses nothing.
type heldField struct{ Name, Value string }

// The hidden fields of the sign-in page that carry another form.
const (
	heldPath   = "giu-duong"
	heldValues = "giu-noi-dung"
	mostHeld   = 256 << 10 // bytes of a form that is held
)

// sessionCookie is the name of the cookie. Over HTTPS the prefix makes browsers
// refuse it from anywhere but this host.
func (s *Server) sessionCookie() string {
	if s.secure {
		return "__Host-phien"
	}
	return "phien"
}

// staff lets only signed-in officers through. Others are asked to sign in; a
// form that was sent is held and shown again afterwards. Whoever came with a
// one-time password is led to the page of his own password first.
func (s *Server) staff(page staffRoute) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		who, err := s.sessionActor(r)
		if err == nil {
			page(w, r, who)
			return
		}
		if fault.Is(err, "signin.must_change") {
			if r.URL.Path != passwordPath {
				http.Redirect(w, r, passwordPath, http.StatusSeeOther)
				return
			}
			page(w, r.WithContext(context.WithValue(r.Context(), mustChangeKey{}, true)), who)
			return
		}
		if fault.KindOf(err) != fault.Forbidden {
			s.fail(w, r, err)
			return
		}
		notice := ""
		if _, had := r.Cookie(s.sessionCookie()); had == nil {
			notice = "signin.expired"
		}
		if r.Method == http.MethodGet || r.Method == http.MethodHead {
			q := url.Values{"ve": {r.URL.RequestURI()}}
			if notice != "" {
				q.Set("het-phien", "1")
			}
			http.Redirect(w, r, "/dang-nhap?"+q.Encode(), http.StatusSeeOther)
			return
		}
		s.holdForm(w, r)
	}
}

func (s *Server) sessionActor(r *http.Request) (access.Actor, error) {
	c, err := r.Cookie(s.sessionCookie())
	if err != nil {
		return access.Actor{}, fault.New(fault.Forbidden, "signin.expired", nil)
	}
	return s.app.Session(r.Context(), c.Value)
}

// holdForm answers a form without a session: the sign-in page carries what was
// typed. Passwords and files are not carried; files have to be chosen again.
func (s *Server) holdForm(w http.ResponseWriter, r *http.Request) {
	b := signInBody{NoticeKey: "signin.expired_form", Back: localPath(r.URL.Path)}
	f, _, err := s.readForm(r, access.Public())
	if err == nil {
		for name := range f.Values {
			if strings.Contains(name, "password") {
				f.Values.Del(name)
			}
		}
		text, jsonErr := json.Marshal(f.Values)
		if jsonErr == nil && len(text) <= mostHeld {
			b.Held = []heldField{{heldPath, r.URL.Path}, {heldValues, base64.StdEncoding.EncodeToString(text)}}
		}
	}
	s.showSignIn(w, r, http.StatusUnauthorized, b)
}

func (s *Server) signInPage(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	b := signInBody{Back: localPath(q.Get("ve"))}
	switch {
	case q.Get("het-phien") != "":
		b.NoticeKey = "signin.expired"
	case q.Get("da-thoat") != "":
		b.NoticeKey = "signin.left"
	}
	s.showSignIn(w, r, http.StatusOK, b)
}

func (s *Server) showSignIn(w http.ResponseWriter, r *http.Request, status int, b signInBody) {
	b.Centre, b.Demo, b.OtherLanguage = s.app.Centre().Name, s.app.Demo(), s.otherLanguage(r)
	login := b.Form.Input("login", "signin.login", "autocomplete=username", "maxlength=100", "required")
	login.Focus = login.Value == ""
	password := b.Form.Input("password", "signin.password", "type=password", "autocomplete=current-password", "maxlength=200", "required")
	password.Focus, password.Value = !login.Focus, ""
	b.Fields = []control{login, password}
	w.Header().Set("Cache-Control", "no-store")
	s.render(w, r, status, "signin/signin", b)
}

// signIn opens a session. Every wrong pair gets the same words, so that nobody
// learns which logins exist.
func (s *Server) signIn(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 2*mostHeld)
	if err := r.ParseForm(); err != nil {
		s.fail(w, r, fault.Wrap(err, fault.Invalid, "desk.form_unreadable", nil))
		return
	}
	f := s.formOf(r.PostForm)
	if wait, ok := s.signIns.Try(httpkit.Address(r.Context())); !ok {
		b := signInBody{Back: localPath(f.Get("ve")), Form: f, Held: heldIn(f)}
		b.Form.Faults = append(b.Form.Faults, s.tooMany(w, wait))
		s.showSignIn(w, r, http.StatusTooManyRequests, b)
		return
	}
	in, err := s.app.SignIn(r.Context(), app.SignInInput{
		Login: strings.TrimSpace(f.Get("login")), Password: r.PostForm.Get("password"), Address: httpkit.Address(r.Context()),
	})
	if err != nil {
		kind := fault.KindOf(err)
		if kind == fault.Internal {
			s.fail(w, r, err)
			return
		}
		b := signInBody{Back: localPath(f.Get("ve")), Form: f.with(err), Held: heldIn(f)}
		s.showSignIn(w, r, httpStatus(kind), b)
		return
	}
	s.setSession(w, in.Token)
	if in.MustChange {
		http.Redirect(w, r, passwordPath, http.StatusSeeOther)
		return
	}
	if s.resumeForm(w, r, f, in.Token) {
		return
	}
	back := localPath(f.Get("ve"))
	if back == "" {
		back = homeOf(in.Actor)
	}
	http.Redirect(w, r, back, http.StatusSeeOther)
}

// setSession gives the browser the cookie of a session.
func (s *Server) setSession(w http.ResponseWriter, token string) {
	http.SetCookie(w, &http.Cookie{
		Name: s.sessionCookie(), Value: token, Path: "/", HttpOnly: true, Secure: s.secure, SameSite: http.SameSiteLaxMode,
	})
}

// heldIn is the form that the sign-in page carried, to be carried on.
func heldIn(f form) []heldField {
	if f.Get(heldValues) == "" {
		return nil
	}
	return []heldField{{heldPath, f.Get(heldPath)}, {heldValues, f.Get(heldValues)}}
}

// resumeForm shows a held form again after signing in. The page's own handler
// draws it; it sees that the form was resumed and carries nothing out.
func (s *Server) resumeForm(w http.ResponseWriter, r *http.Request, f form, token string) bool {
	path := f.Get(heldPath)
	text, err := base64.StdEncoding.DecodeString(f.Get(heldValues))
	if path == "" || localPath(path) != path || err != nil || len(text) == 0 {
		return false
	}
	var values url.Values
	if json.Unmarshal(text, &values) != nil {
		return false
	}
	again := r.Clone(context.WithValue(r.Context(), resumedKey{}, true))
	again.Method, again.URL = http.MethodPost, &url.URL{Path: path}
	again.Form, again.PostForm, again.MultipartForm = nil, nil, nil
	again.Body = http.NoBody
	again.PostForm, again.Form = values, values
	again.Header = r.Header.Clone()
	again.Header.Set("Cookie", s.sessionCookie()+"="+token)
	again.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	mux := http.NewServeMux()
	s.deskRoutes(mux)
	mux.ServeHTTP(w, again)
	return true
}

type (
	resumedKey    struct{}
	mustChangeKey struct{}
)

// mustChange reports whether the session is one of a one-time password.
func mustChange(r *http.Request) bool {
	yes, _ := r.Context().Value(mustChangeKey{}).(bool)
	return yes
}

// resumed reports whether a form comes from before a sign-in: it is shown
// again, never carried out.
func resumed(r *http.Request) bool {
	yes, _ := r.Context().Value(resumedKey{}).(bool)
	return yes
}

func (s *Server) signOut(w http.ResponseWriter, r *http.Request) {
	if c, err := r.Cookie(s.sessionCookie()); err == nil {
		if err := s.app.SignOut(r.Context(), c.Value); err != nil {
			s.fail(w, r, err)
			return
		}
	}
	http.SetCookie(w, &http.Cookie{Name: s.sessionCookie(), Path: "/", MaxAge: -1, HttpOnly: true, Secure: s.secure, SameSite: http.SameSiteLaxMode})
	http.Redirect(w, r, "/dang-nhap?da-thoat=1", http.StatusSeeOther)
}
