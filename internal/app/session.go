package app

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"strings"
	"time"

	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/agency"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/store"
)

// SignInInput is one attempt to sign in.
type SignInInput struct {
	Login    string
	Password string
	Address  string // remote address, for the log
}

// SignedIn is an opened session.
type SignedIn struct {
	Token      string // opaque; goes into the cookie
	Actor      access.Actor
	MustChange bool // the password is a one-time password
}

// Bounds of signing in (practice: lock after 5 wrong attempts for 15 minutes).
const (
	signInTries  = 5
	lockFor      = 15 * time.Minute
	sessionLimit = 12 * time.Hour // however active
	touchAfter   = time.Minute
)

// sessionData is what a session remembers.
type sessionData struct {
	Began      time.Time `json:"began"`
	MustChange bool      `json:"mustChange,omitempty"`
}

// SignIn checks a login and password and opens a session. Every wrong pair is
// the same fault.Invalid, signin.wrong; a locked login is fault.Unavailable,
// signin.locked, with the argument until.
func (a *App) SignIn(ctx context.Context, in SignInInput) (SignedIn, error) {
	wrong := fault.Field("password", "signin.wrong", nil)
	login, now := strings.ToLower(strings.TrimSpace(in.Login)), a.wall()
	c, err := a.store.CredentialOf(ctx, login)
	if fault.KindOf(err) == fault.NotFound {
		return SignedIn{}, a.refuseStranger(ctx, login, in.Password, wrong)
	}
	if err != nil {
		return SignedIn{}, err
	}
	if now.Before(c.LockedUntil) {
		return SignedIn{}, locked(c.LockedUntil)
	}
	right, err := a.rightPassword(ctx, c.Hash, in.Password)
	if err != nil {
		return SignedIn{}, err
	}
	p, err := store.Get[agency.Staff](ctx, a.store, store.StaffRoot(c.Staff))
	if err != nil {
		return SignedIn{}, err
	}
	if !right || p.Disabled {
		if err := a.store.NoteSignIn(ctx, c.Staff, false, signInTries, now.Add(lockFor)); err != nil {
			return SignedIn{}, err
		}
		a.log.WarnContext(ctx, "sign-in refused", "staff", c.Staff, "failures", c.Failures+1)
		return SignedIn{}, wrong
	}
	if err := a.store.NoteSignIn(ctx, c.Staff, true, 0, time.Time{}); err != nil {
		return SignedIn{}, err
	}
	token, err := a.openSession(ctx, c.Staff, c.MustChange)
	return SignedIn{Token: token, Actor: a.actorOf(p), MustChange: c.MustChange}, err
}

func locked(until time.Time) error {
	return fault.New(fault.Unavailable, "signin.locked", fault.Args{"until": until.In(civil.Zone).Format("15:04")})
}

// refuseStranger answers a login that does not exist as one that does: at the same
// cost, and locked after as many wrong tries.
func (a *App) refuseStranger(ctx context.Context, login, password string, wrong error) error {
	now := a.wall()
	if until := a.unknown.lockedUntil(login); now.Before(until) {
		return locked(until)
	}
	if _, err := a.rightPassword(ctx, "", password); err != nil {
		return err
	}
	if login != "" { // a form sent without a login is nobody's try
		a.unknown.note(login, signInTries, now.Add(lockFor))
	}
	return wrong
}

// openSession makes a new session; its token is never stored, only its hash.
func (a *App) openSession(ctx context.Context, staff string, mustChange bool) (string, error) {
	var secret [32]byte
	rand.Read(secret[:])
	token := base64.RawURLEncoding.EncodeToString(secret[:])
	now := a.wall()
	data, err := json.Marshal(sessionData{Began: now, MustChange: mustChange})
	if err != nil {
		return "", err
	}
	return token, a.store.PutSession(ctx, store.Session{TokenHash: tokenHash(token), Staff: staff, Data: data, ExpiresAt: now.Add(a.sessionIdle)})
}

func tokenHash(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}

// SignOut ends the session; an unknown token is no error.
func (a *App) SignOut(ctx context.Context, token string) error {
	return a.store.EndSession(ctx, tokenHash(token))
}

// Session finds the actor of a session token and notes that he is active. An
// unknown or ended session, and one of a disabled person, is fault.Forbidden,
// signin.expired. A session of a one-time password is fault.Forbidden,
// signin.must_change, beside the actor: whoever has no own password yet may only
// set one, since somebody else has read the one he came with. The person is read
// from the database each time, so that a lost role takes effect at once on every
// node.
func (a *App) Session(ctx context.Context, token string) (access.Actor, error) {
	expired := fault.New(fault.Forbidden, "signin.expired", nil)
	s, err := a.store.FindSession(ctx, tokenHash(token))
	if fault.KindOf(err) == fault.NotFound {
		return access.Actor{}, expired
	}
	if err != nil {
		return access.Actor{}, err
	}
	var data sessionData
	if err := json.Unmarshal(s.Data, &data); err != nil {
		return access.Actor{}, err
	}
	p, err := store.Get[agency.Staff](ctx, a.store, store.StaffRoot(s.Staff))
	if err != nil && fault.KindOf(err) != fault.NotFound {
		return access.Actor{}, err
	}
	now := a.wall()
	if err != nil || p.Disabled || now.Sub(data.Began) > sessionLimit {
		return access.Actor{}, expired
	}
	if until := now.Add(a.sessionIdle); until.Sub(s.ExpiresAt) > touchAfter {
		s.ExpiresAt = until
		if err := a.store.PutSession(ctx, s); err != nil {
			return access.Actor{}, err
		}
	}
	if data.MustChange {
		return a.actorOf(p), fault.New(fault.Forbidden, "signin.must_change", nil)
	}
	return a.actorOf(p), nil
}

// actorOf is an officer as he acts.
func (a *App) actorOf(p agency.Staff) access.Actor {
	who := access.Actor{ID: p.ID, Name: p.Name, Title: p.Title, Unit: p.Unit}
	for _, r := range p.Roles {
		who.Roles = append(who.Roles, access.Role(r))
	}
	dir, today := a.directory.Load(), civil.DateOf(a.clock())
	who.UnitName, who.Continues = dir.unitName(p.Unit, today), dir.tree.Continues(p.Unit, today.String())
	return who
}

// ChangePassword replaces the actor's own password, ends all his sessions and
// answers the token of a new one, in which he goes on. Faults are about the
// fields current and password.
func (a *App) ChangePassword(ctx context.Context, who access.Actor, current, next string) (string, error) {
	if current == "" { // an empty field is no guess
		return "", fault.Field("current", "signin.current_missing", nil)
	}
	c, err := a.store.StaffCredential(ctx, who.ID)
	if err != nil {
		return "", err
	}
	now := a.wall()
	if now.Before(c.LockedUntil) { // whoever sits at an open desk does not guess on
		return "", locked(c.LockedUntil)
	}
	right, err := a.rightPassword(ctx, c.Hash, current)
	if err != nil {
		return "", err
	}
	if !right {
		if err := a.store.NoteSignIn(ctx, who.ID, false, signInTries, now.Add(lockFor)); err != nil {
			return "", err
		}
		return "", fault.Field("current", "signin.current_wrong", nil)
	}
	if err := checkPassword("password", next, c.Login, who.Name); err != nil {
		return "", err
	}
	if next == current {
		return "", fault.Field("password", "signin.password_same", nil)
	}
	if c.Hash, err = a.hashPassword(ctx, next); err != nil {
		return "", err
	}
	c.MustChange = false
	if err := a.store.PutCredential(ctx, c); err != nil {
		return "", err
	}
	if err := a.store.EndSessionsOf(ctx, who.ID); err != nil {
		return "", err
	}
	return a.openSession(ctx, who.ID, false)
}

// TokenActor is the actor of an API token. A wrong one is fault.Forbidden.
func (a *App) TokenActor(ctx context.Context, secret string) (access.Actor, error) {
	t, ok, err := a.store.TokenByHash(ctx, hexHash(secret))
	if err != nil {
		return access.Actor{}, err
	}
	if !ok {
		return access.Actor{}, fault.New(fault.Forbidden, "api.token_wrong", nil)
	}
	dir, today := a.directory.Load(), civil.DateOf(a.clock())
	if u, ok := dir.continuing(t.Unit, today); ok { // a token follows its unit
		t.Unit = u.Code
	}
	who := t.Actor(dir.unitName(t.Unit, today))
	who.Continues = dir.tree.Continues(t.Unit, today.String())
	return who, nil
}
