package web

import (
	"github.com/motcua/motcua/internal/app"
	"github.com/motcua/motcua/internal/httpkit"
	"net/http"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/fault"
)

// deskPage is what the layout of the officers' desk shows around a page.
type deskPage struct {
	Heading       text
	Who           access.Actor
	Initials      string
	Place         string
	Clock         time.Time // of a demo that runs at another time; else zero
	Menu          []menuGroup
	MaySearch     bool
	MayReceive    bool
	Demo          bool
	OtherLanguage languageLink
	Flash         *text
	Body          any
}

type menuGroup struct {
	Key   string
	Items []menuItem
}

type menuItem struct {
	Key, Icon, Path string
	N               int
	Hot             bool
	Here            bool
}

// staffRoute is a page for somebody who has signed in.
type staffRoute func(w http.ResponseWriter, r *http.Request, who access.Actor)

// deskRoutes registers every page of the desk and of the administration.
func (s *Server) deskRoutes(mux Router) {
	mux.HandleFunc("GET /dang-nhap", s.signInPage)
	mux.HandleFunc("POST /dang-nhap", s.signIn)
	mux.HandleFunc("POST /dang-xuat", s.signOut)
	for pattern, page := range map[string]staffRoute{
		"GET /nghiep-vu":                                 s.deskInbox,
		"GET " + livePath:                                s.deskLive,
		"POST " + viewsPath:                              s.deskSaveView,
		"GET " + scanPath:                                s.deskScan,
		"POST " + scanPath:                               s.deskScanPost,
		"POST " + bulkPath:                               s.deskBulk,
		"GET " + collectPath:                             s.deskCollect,
		"POST " + collectPath:                            s.deskNoteCall,
		"GET " + signPath:                                s.deskSign,
		"POST " + signPath:                               s.deskSignPost,
		"GET /nghiep-vu/ho-so/{code}/tom-tat":            s.deskSummary,
		"GET /nghiep-vu/tong-quan":                       s.deskOverview,
		"GET /nghiep-vu/tra-cuu":                         s.deskSearch,
		"GET /nghiep-vu/ban-giao":                        s.deskHandovers,
		"POST /nghiep-vu/ban-giao":                       s.deskTakeHandovers,
		"GET /nghiep-vu/tiep-nhan-bu":                    s.deskLate,
		"GET /nghiep-vu/vang-mat":                        s.deskAbsence,
		"POST /nghiep-vu/vang-mat":                       s.deskRecordAbsence,
		"POST /nghiep-vu/vang-mat/{id}/ket-thuc":         s.deskEndAbsence,
		"GET " + passwordPath:                            s.deskPassword,
		"POST " + passwordPath:                           s.deskSetPassword,
		"GET /nghiep-vu/tiep-nhan":                       s.deskReceptionList,
		"GET /nghiep-vu/tiep-nhan/{procedure}":           s.deskReception,
		"POST /nghiep-vu/tiep-nhan/{procedure}":          s.deskReceive,
		"POST /nghiep-vu/doc-the":                        s.deskReadCard,
		"GET /nghiep-vu/ho-so/{code}":                    s.deskDossier,
		"POST /nghiep-vu/ho-so/{code}/xem-day-du":        s.deskUnmask,
		"GET /nghiep-vu/ho-so/{code}/tiep-nhan":          s.deskAccept,
		"POST /nghiep-vu/ho-so/{code}/tiep-nhan":         s.deskAcceptPost,
		"GET /nghiep-vu/ho-so/{code}/da-tiep-nhan":       s.deskReceipt,
		"GET /nghiep-vu/ho-so/{code}/giay-to":            s.deskPapers,
		"GET /nghiep-vu/ho-so/{code}/correct":            s.deskCorrect,
		"POST /nghiep-vu/ho-so/{code}/correct":           s.deskCorrectPost,
		"GET /nghiep-vu/ho-so/{code}/du-thao":            s.deskDraft,
		"POST /nghiep-vu/ho-so/{code}/du-thao":           s.deskPropose,
		"POST /nghiep-vu/ho-so/{code}/{act}":             s.deskAct,
		"GET /nghiep-vu/ho-so/{code}/phieu/{form}":       s.deskSlip,
		"GET /nghiep-vu/tep/{hash}":                      s.deskFile,
		"GET /quan-tri/nhan-su":                          s.adminStaff,
		"GET /quan-tri/nhan-su/{id}":                     s.adminStaffMember,
		"POST /quan-tri/nhan-su/{id}":                    s.adminSaveStaff,
		"POST /quan-tri/nhan-su/{id}/trang-thai/{state}": s.adminSetActive,
		"POST /quan-tri/nhan-su/{id}/mat-khau":           s.adminResetPassword,
		"GET /nghiep-vu/ho-so/{code}/vi-sao":             s.deskWhy,
		"GET /nghiep-vu/so-theo-doi":                     s.deskRegister,
		"GET /nghiep-vu/so-theo-doi.pdf":                 s.deskRegisterPDF,
		"GET /nghiep-vu/so-theo-doi.html":                s.deskRegisterPage,
		"GET /nghiep-vu/so-theo-doi.xlsx":                s.deskRegisterSheet,
		"GET /nghiep-vu/thong-bao":                       s.deskNotices,
		"POST /nghiep-vu/thong-bao":                      s.deskReadNotices,
		"GET /nghiep-vu/xin-loi":                         s.deskApologies,
		"POST /nghiep-vu/xin-loi/{code}":                 s.deskApologise,
		"GET /quan-tri/ket-noi":                          s.adminTokens,
		"POST /quan-tri/ket-noi":                         s.adminMakeToken,
		"POST /quan-tri/ket-noi/{id}/thu-hoi":            s.adminRevokeToken,
		"GET /quan-tri/thu-di":                           s.adminOutbox,
		"POST /quan-tri/thu-di/{id}/gui-lai":             s.adminRetryMessage,
		"GET /quan-tri/thu-di/{id}/tep/{hash}":           s.adminMessageFile,
		"GET /quan-tri/mau-phieu":                        s.adminForms,
		"GET /quan-tri/mau-phieu/{form}":                 s.adminWording,
		"POST /quan-tri/mau-phieu/{form}":                s.adminSaveWording,
		"GET " + templatesPath:                           s.adminResultTemplates,
		"GET " + templatePath:                            s.adminResultTemplate,
		"POST " + templatePath:                           s.adminSaveResultTemplate,
		"GET " + certificatesPath:                        s.adminCertificates,
		"POST " + certificatesPath:                       s.adminSaveCertificate,
		"GET " + booksPath:                               s.adminBooks,
		"GET " + booksPath + "/so":                       s.adminBook,
		"GET " + scanRulesPath:                           s.adminScanRules,
		"POST " + scanRulesPath:                          s.adminSetScanRule,
		"GET /quan-tri/lich":                             s.adminCalendar,
		"POST /quan-tri/lich":                            s.adminProposeCalendar,
		"GET /quan-tri/lich/{id}":                        s.adminRevision,
		"POST /quan-tri/lich/{id}/ap-dung":               s.adminApplyCalendar,
		"POST /quan-tri/lich/{id}/rut":                   s.adminWithdrawCalendar,
		"GET " + decisionsPath:                           s.adminDecisions,
		"GET " + decisionsPath + "/moi":                  s.adminPublicationForm,
		"POST " + decisionsPath + "/moi":                 s.adminPublicationPost,
		"GET " + decisionsPath + "/{id}":                 s.adminDecision,
		"GET " + decisionsPath + "/cho/{id}":             s.adminPublication,
		"GET " + decisionsPath + "/cho/{id}/tep/{hash}":  s.adminPublicationFile,
		"POST " + decisionsPath + "/cho/{id}/cong-bo":    s.adminPublish,
		"POST " + decisionsPath + "/cho/{id}/rut":        s.adminWithdrawPublication,
		"GET " + smallUnitsPath:                          s.adminSmallUnits,
		"POST " + smallUnitsPath:                         s.adminProposeSmallUnit,
		"POST " + smallUnitsPath + "/{id}/xac-nhan":      s.adminConfirmSmallUnit,
		"POST " + smallUnitsPath + "/{id}/ket-thuc":      s.adminRemoveSmallUnit,
		"GET " + organisationPath:                        s.adminOrganisation,
		"GET " + organisationPath + "/moi":               s.adminChangeForm,
		"POST " + organisationPath + "/moi":              s.adminChangePost,
		"GET " + organisationPath + "/{id}":              s.adminReorganisation,
		"POST " + organisationPath + "/{id}/phe-duyet":   s.adminApproveChange,
		"POST " + organisationPath + "/{id}/rut":         s.adminWithdrawChange,
		"POST " + organisationPath + "/{id}/hoan-tac":    s.adminUndoChange,
		"GET " + repairPath:                              s.adminRepair,
		"GET /quan-tri/thu-tuc":                          s.adminReadiness,
		"POST /quan-tri/thu-tuc":                         s.adminConfirmReady,
		"GET /quan-tri/quy-trinh":                        s.adminProcesses,
		"GET /quan-tri/quy-trinh/{code}":                 s.adminProcess,
		"GET /quan-tri/quy-trinh/{code}/sua":             s.adminProcessTable,
		"POST /quan-tri/quy-trinh/{code}/sua":            s.adminProcessTablePost,
		"GET /quan-tri/quy-trinh/{code}/ve":              s.adminDrawProcess,
		"POST /quan-tri/quy-trinh/{code}/ve":             s.adminDrawProcessPost,
		"GET /quan-tri/quy-trinh/{code}/tep":             s.adminProcessFile,
		"POST /quan-tri/quy-trinh/{code}/nhap":           s.adminImportProcess,
		"GET /quan-tri/quy-trinh/{code}/chay-thu":        s.adminRehearseProcess,
		"GET /quan-tri/quy-trinh/{code}/ban-hanh":        s.adminPublishProcess,
		"POST /quan-tri/quy-trinh/{code}/ban-hanh":       s.adminPublishProcessPost,
		"POST /quan-tri/quy-trinh/{code}/ngung":          s.adminEndProcess,
		"GET /quan-tri/quy-trinh/{code}/chuyen":          s.adminMigrateProcess,
		"POST /quan-tri/quy-trinh/{code}/chuyen":         s.adminMigrateProcessPost,
		"POST /quan-tri/quy-trinh/{code}/{act}":          s.adminProcessAct,
	} {
		mux.HandleFunc(pattern, s.staff(page))
	}
}

// deskPage draws a page of the desk with its menu.
func (s *Server) deskPage(w http.ResponseWriter, r *http.Request, who access.Actor, status int, name string, heading text, body any) {
	counts, err := s.app.Menu(r.Context(), who)
	if err != nil {
		s.log.ErrorContext(r.Context(), "count the menu", "err", err)
		counts = app.DeskMenu{} // a page without badges is better than none
	}
	centre := s.app.Centre()
	p := deskPage{
		Heading: heading, Who: who, Initials: initials(who.Name), Place: placeOf(centre), Menu: menuOf(who, counts, r.URL.Path),
		MaySearch: access.Anywhere(who, access.SearchEverywhere), MayReceive: access.Anywhere(who, access.ReceiveDossier),
		Demo: s.app.Demo(), OtherLanguage: s.otherLanguage(r), Flash: flashOf(r), Body: body,
	}
	if centre.ClockMoved {
		p.Clock = centre.Now
	}
	if mustChange(r) { // nothing else opens yet
		p.Menu, p.MaySearch, p.MayReceive = nil, false, false
	}
	w.Header().Set("Cache-Control", "no-store")
	s.render(w, r, status, name, p)
}

// flashOf says what the act before this page did; only known words are shown.
func flashOf(r *http.Request) *text {
	q := r.URL.Query()
	switch done := q.Get("xong"); done {
	case "":
		return nil
	case "ban-giao":
		return &text{Key: "desk.flash.handover", Args: fault.Args{"code": q.Get("so")}}
	case "xin-loi", "xin-loi-nhap":
		return &text{Key: "apology.flash." + done, Args: fault.Args{"code": q.Get("ho-so")}}
	case "goi":
		return &text{Key: "collect.noted", Args: fault.Args{"code": q.Get("ho-so")}}
	case "mau-trinh", "mau-rut", "mau-ban-hanh", "chung-thu", "chung-thu-huy":
		return &text{Key: "result.flash." + done}
	case "so-hoa":
		return &text{Key: "scan.rule.saved"}
	case "thu-hoi":
		return &text{Key: "token.flash.revoked"}
	case "thu-di":
		return &text{Key: "message.page.retried"}
	case "quy-trinh", "quy-trinh-nhap", "quy-trinh-trinh", "quy-trinh-kiem-tra", "quy-trinh-bo", "quy-trinh-ban-hanh", "quy-trinh-ngung":
		return &text{Key: "process.flash." + done}
	case "mau-phieu":
		return &text{Key: "wording.page.published"}
	case "mat-khau", "nhan-su", "san-sang", "vang-mat":
		return &text{Key: "desk.flash." + done}
	default:
		for act := range looks {
			if string(act) == done {
				return &text{Key: "desk.flash.act", Args: fault.Args{"act": fault.Line{Key: act.Key()}, "code": q.Get("ho-so")}}
			}
		}
	}
	return nil
}

// menuOf lists what the actor may open. It offers; every use case checks again.
func menuOf(who access.Actor, n app.DeskMenu, path string) []menuGroup {
	may := func(p access.Permission) bool { return access.Anywhere(who, p) }
	worker := worksOnDossiers(who)
	groups := []menuGroup{{Key: "desk.group.work"}, {Key: "desk.group.supervise"}, {Key: "desk.group.admin"}}
	add := func(g int, allowed bool, item menuItem) {
		if allowed {
			item.Here = item.Path == path || item.Path != "/nghiep-vu" && strings.HasPrefix(path, item.Path+"/")
			groups[g].Items = append(groups[g].Items, item)
		}
	}
	add(0, worker, menuItem{Key: "desk.nav.inbox", Icon: "inbox", Path: "/nghiep-vu", N: n.Mine + n.Pool, Hot: true})
	add(0, app.MaySignDesk(who), menuItem{Key: "signing.nav", Icon: "pen-line", Path: signPath})
	add(0, may(access.ReceiveDossier), menuItem{Key: "desk.nav.receive", Icon: "file-plus", Path: "/nghiep-vu/tiep-nhan"})
	add(0, may(access.ReceiveDossier), menuItem{Key: "scan.nav", Icon: "scan-line", Path: scanPath})
	add(0, may(access.TakeHandover), menuItem{Key: "desk.nav.handover", Icon: "package-check", Path: "/nghiep-vu/ban-giao", N: n.Handovers})
	add(0, may(access.ReturnDossier), menuItem{Key: "collect.nav", Icon: "phone", Path: collectPath, N: n.Return})
	add(0, may(access.SearchEverywhere), menuItem{Key: "desk.nav.search", Icon: "search", Path: "/nghiep-vu/tra-cuu"})
	add(0, may(access.ReadDossier), menuItem{Key: "register.heading", Icon: "book-open", Path: registerPath})
	add(0, may(access.ConfirmLate), menuItem{Key: "desk.nav.late", Icon: "history", Path: "/nghiep-vu/tiep-nhan-bu", N: n.Late, Hot: true})
	add(0, true, menuItem{Key: "notice.page.nav", Icon: "messages-square", Path: noticesPath, N: n.Notices, Hot: true})
	add(0, may(access.HandleDossier) || may(access.Apologise) || access.May(who, access.ReadStatistics), menuItem{Key: "apology.page.nav", Icon: "hand-heart", Path: apologiesPath})
	add(0, worker, menuItem{Key: "absence.nav", Icon: "user-x", Path: "/nghiep-vu/vang-mat"})
	add(1, may(access.ReadStatistics), menuItem{Key: "desk.nav.overview", Icon: "layout-dashboard", Path: "/nghiep-vu/tong-quan"})
	add(2, may(access.ManageProcedure), menuItem{Key: "admin.nav.ready", Icon: "list-checks", Path: "/quan-tri/thu-tuc"})
	add(2, may(access.ReadProcess) || may(access.ManageProcedure), menuItem{Key: "publication.page.nav", Icon: "stamp", Path: decisionsPath})
	add(2, may(access.ManageProcedure), menuItem{Key: "scan.rule.nav", Icon: "scan-line", Path: scanRulesPath})
	add(2, access.May(who, access.ReadProcess), menuItem{Key: "process.page.nav", Icon: "route", Path: processesPath})
	add(2, may(access.ManageCalendar) || may(access.ConfirmCalendar), menuItem{Key: "calendar.page.nav", Icon: "calendar-check", Path: calendarPath})
	add(2, may(access.RepairDossier), menuItem{Key: "repair.nav", Icon: "wrench", Path: repairPath})
	add(2, may(access.ManageForm), menuItem{Key: "wording.page.nav", Icon: "file-pen", Path: formsPath})
	add(2, may(access.ManageForm), menuItem{Key: "result.template.nav", Icon: "file-check", Path: templatesPath})
	add(2, may(access.IssueResult) || access.May(who, access.ReadDossier), menuItem{Key: "result.book.nav", Icon: "hash", Path: booksPath})
	add(2, may(access.ManageStaff), menuItem{Key: "result.certificate.nav", Icon: "stamp", Path: certificatesPath})
	add(2, may(access.ReadOutbox), menuItem{Key: "message.page.nav", Icon: "send", Path: outboxPath})
	add(2, may(access.ManageStaff), menuItem{Key: "admin.nav.staff", Icon: "users", Path: "/quan-tri/nhan-su"})
	add(2, access.May(who, access.ReorganiseUnits) || access.May(who, access.ApproveUnits), menuItem{Key: "organisation.page.nav", Icon: "landmark", Path: organisationPath})
	add(2, access.May(who, access.ManageUnit) || access.May(who, access.ApproveUnits), menuItem{Key: "small_unit.page.nav", Icon: "users", Path: smallUnitsPath})
	add(2, may(access.ManageIntegration), menuItem{Key: "token.page.nav", Icon: "key-round", Path: tokensPath})
	var out []menuGroup
	for _, g := range groups {
		if len(g.Items) > 0 {
			out = append(out, g)
		}
	}
	return out
}

// worksOnDossiers reports whether the actor can hold a task.
func worksOnDossiers(who access.Actor) bool {
	for _, p := range []access.Permission{access.ReceiveDossier, access.HandleDossier, access.ApproveDossier, access.IssueResult} {
		if access.Anywhere(who, p) {
			return true
		}
	}
	return false
}

// homeOf is where an actor's work begins.
func homeOf(who access.Actor) string {
	switch {
	case worksOnDossiers(who):
		return "/nghiep-vu"
	case access.Anywhere(who, access.ReadStatistics):
		return "/nghiep-vu/tong-quan"
	case access.Anywhere(who, access.ManageStaff):
		return "/quan-tri/nhan-su"
	case access.Anywhere(who, access.ManageProcedure):
		return "/quan-tri/thu-tuc"
	case access.Anywhere(who, access.SearchEverywhere):
		return "/nghiep-vu/tra-cuu"
	}
	return passwordPath
}

// initials are the first letters of the last two words of a name, the part by
// which Vietnamese people are called.
func initials(name string) string {
	words := strings.Fields(name)
	words = words[max(0, len(words)-2):]
	var b strings.Builder
	for _, w := range words {
		first, _ := utf8.DecodeRuneInString(w)
		b.WriteRune(unicode.ToUpper(first))
	}
	return b.String()
}

// localPath accepts an address to return to only when it is one of our own
// officers' pages; anything else is dropped.
func localPath(path string) string {
	base, _, _ := strings.Cut(path, "?")
	if strings.ContainsAny(path, "\\\r\n\t") || strings.Contains(path, "//") {
		return ""
	}
	for _, area := range []string{"/nghiep-vu", "/quan-tri"} {
		if base == area || strings.HasPrefix(base, area+"/") {
			return path
		}
	}
	return ""
}

// statusOf is 422 for a form with faults, else 200.
func statusOf(f form) int {
	if len(f.Faults) > 0 {
		return http.StatusUnprocessableEntity
	}
	return http.StatusOK
}

// onField moves the faults of err to one field of a form.
func onField(field string, err error) []*fault.Fault {
	ft := fault.As(err)
	if ft == nil {
		return nil
	}
	all := ft.Each()
	for _, x := range all {
		x.Field = field
	}
	return all
}

// errorBody is a page that cannot be shown, with the way on.
type errorBody struct {
	Icon  string
	Fault *fault.Fault
	Ref   string // request id (mã lỗi)
	Home  string
	Again string
}

// deskFail answers an error inside the desk's own frame. An error without a
// kind is logged with the request id that the page shows as Mã lỗi.
func (s *Server) deskFail(w http.ResponseWriter, r *http.Request, who access.Actor, err error) {
	kind := fault.KindOf(err)
	b := errorBody{Icon: "circle-alert", Fault: fault.As(err), Home: homeOf(who)}
	if kind == fault.Internal {
		b.Fault, b.Ref = fault.New(fault.Internal, "desk.error.internal", nil), httpkit.RequestID(r.Context())
		s.log.ErrorContext(r.Context(), "desk page", "path", r.URL.Path, "err", err)
	}
	if r.Method == http.MethodGet && kind == fault.Internal || kind == fault.Unavailable {
		b.Again = r.URL.RequestURI()
	}
	s.deskPage(w, r, who, httpStatus(kind), "desk/error", text{Key: "desk.error.heading"}, b)
}
