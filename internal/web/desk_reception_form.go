package web

import (
	"github.com/motcua/motcua/internal/app"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/motcua/motcua/internal/core/access"
	"github.com/motcua/motcua/internal/core/dossier"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/core/fee"
)

// receptionBody is the reception form on one screen.
type receptionBody struct {
	Path, ScanPath  string
	Form            form
	Version         int64
	Sheet           app.ReceptionSheet
	Notice          string
	Said            *saying
	Scan            control
	FocusScan       bool
	Similar         []rowView
	Earlier         []rowView
	OwnerKind       control
	OwnerFields     []control
	SubmitterFields []control
	SubmitterOpen   bool
	Papers          []paperRow
	Sets, Subject   control
	Channel         control
	ReturnChannel   control
	Fees            []feeRow
	FeeTotal        fee.VND
	FeeBad          control
	FeeState        control
	Receipt         control
	Method          control
	FeeGround       control
	FeeDocument     control
	LateFields      []control
	LateOpen        bool
	RefusalFields   []control
	RefusalOpen     bool
	AtOnce          bool
}

// paperRow is one paper with its counts in a form.
type paperRow struct {
	ID       string // prefix of the ids of its messages
	RowID    string
	PaperID  string
	Name     string
	Required bool
	Demand   []countDemand
	Note     control
	Remark   string
	FileName string
	Bad      []*fault.Fault
	Counts   []countField
	Files    []stagedRef
}

// countDemand is how many of one kind a paper asks for.
type countDemand struct {
	Key string
	N   int
}

type countField struct {
	Label     string // message key
	Text      string // the paper's name
	Name      string
	Value     string
	Bad       bool
	Described string
}

type feeRow struct {
	app.FeeChoice
	Chosen bool
	Number int64
}

// counts are the kinds in which a paper is handed in, as fields and labels.
var counts = [...]struct{ field, label string }{
	{"originals", "desk.paper.originals"}, {"certified", "desk.paper.certified"}, {"copies", "desk.paper.copies"},
}

func paperField(id, name string) string { return "papers." + id + "." + name }

// showReception draws the form with everything that was typed.
func (s *Server) showReception(w http.ResponseWriter, r *http.Request, who access.Actor, status int, task receptionTask, sheet app.ReceptionSheet, st receptionState) {
	f := st.form
	sheet.Agency = s.namedAgency(r, sheet.Agency)
	b := receptionBody{
		Path: task.path, Form: f, Version: st.version, Sheet: sheet, Notice: st.notice, Said: st.said,
		Scan: f.Input("the", "desk.reception.scan"), FocusScan: len(f.Faults) == 0 && len(st.similar) == 0 && f.Get("owner.name") == "",
		Similar: s.rowViews(r, st.similar), Earlier: s.rowViews(r, st.earlier), OwnerKind: ownerKind(f), OwnerFields: firstEmpty(ownerFields(f), st),
		SubmitterFields: submitterFields(f), SubmitterOpen: f.BadUnder("submitter.", "submitter.authorisation") || f.Get("submitter.name") != "",
		Papers: paperRows(sheet, f), AtOnce: sheet.AtOnce,
		Sets:    f.Input("sets", "desk.reception.sets", "inputmode=numeric", "maxlength=2"),
		Subject: f.Input("subject", "desk.subject", "maxlength=1000", "hint=desk.subject_hint"),
		Channel: f.Choose("channel", "desk.channel", receptionChannels(sheet)), ReturnChannel: f.Choose("returnChannel", "desk.return_by", returnChannels(sheet)),
		LateFields: []control{
			f.Input("lateSlip", "desk.late.slip", "maxlength=50"), f.Input("receivedAt", "desk.late.received_at", "type=datetime-local"),
			f.Input("lateReason", "desk.late.reason", "maxlength=1000", "rows=2"),
		},
		LateOpen: f.Get("lateSlip") != "" || f.BadUnder("lateSlip", "receivedAt", "lateReason"),
		RefusalFields: []control{
			f.Input("items", "desk.items", "rows=3", "maxlength=4000", "hint=desk.items.lines"), f.Input("reason", "desk.reason", "rows=3", "maxlength=4000"),
			f.Input("legalGround", "desk.ground", "maxlength=500", "hint=desk.ground_refusal"),
		},
		RefusalOpen: st.act == dossier.Guide || st.act == dossier.RefuseReception || f.Get("reason") != "",
	}
	b.fees(sheet, f)
	s.deskPage(w, r, who, status, "desk/reception_form", text{Key: "desk.reception.heading"}, b)
}

func (b *receptionBody) fees(sheet app.ReceptionSheet, f form) {
	for _, line := range sheet.Fees {
		row := feeRow{FeeChoice: line, Chosen: f.Has("fees", line.ID), Number: int64(line.Amount)}
		if row.Chosen {
			b.FeeTotal += line.Amount
		}
		b.Fees = append(b.Fees, row)
	}
	b.FeeBad = f.Input("fees", "desk.fee")
	b.FeeState = f.Choose("feeState", "desk.fee.state", []option{
		{Value: "later", Key: "desk.fee.later"}, {Value: "collected", Key: "desk.fee.collected_now"}, {Value: "exempt", Key: "desk.fee.exempted"},
	}, "class=fee-state")
	b.Receipt = f.Input("receipt", "desk.fee.receipt_no", "maxlength=50", "inputmode=numeric")
	b.Method = f.Choose("method", "desk.fee.method", methodOptions())
	b.FeeGround = f.Input("feeGround", "desk.fee.ground", "maxlength=500", "hint=desk.fee.ground_hint")
	b.FeeDocument = f.Input("feeDocument", "desk.fee.document", "maxlength=200")
}

func ownerKind(f form) control {
	return f.Choose("owner.kind", "desk.reception.kind", []option{
		{Value: "citizen", Key: "desk.kind.citizen"}, {Value: "enterprise", Key: "desk.kind.enterprise"},
		{Value: "organization", Key: "desk.kind.organization"}, {Value: "state", Key: "desk.kind.state"},
	})
}

func ownerFields(f form) []control {
	return []control{
		f.Input("owner.name", "desk.name", "required", "maxlength=2000"),
		f.Input("owner.phone", "desk.phone", "type=tel", "inputmode=tel", "maxlength=20"),
		f.Input("owner.personalId", "desk.personal_id", "inputmode=numeric", "maxlength=20", "hint=desk.personal_id_hint"),
		f.Input("owner.taxCode", "desk.tax_code", "inputmode=numeric", "maxlength=20", "hint=desk.tax_code_hint"),
		f.Input("owner.address", "desk.address", "maxlength=1000", "class=wide-field"),
		f.Input("owner.email", "desk.email", "type=text", "inputmode=email", "maxlength=254"),
		f.Input("owner.bornOn", "desk.born_on", "type=date"),
	}
}

// firstEmpty gives the focus to the first of name and phone that a scanned card
// has left empty.
func firstEmpty(fields []control, st receptionState) []control {
	if st.said == nil || len(st.form.Faults) > 0 {
		return fields
	}
	for i := range fields[:2] {
		if fields[i].Value == "" {
			fields[i].Focus = true
			break
		}
	}
	return fields
}

func submitterFields(f form) []control {
	return []control{
		f.Input("submitter.name", "desk.submitter_name", "maxlength=2000"),
		f.Input("submitter.personalId", "desk.personal_id", "inputmode=numeric", "maxlength=20"),
		f.Input("submitter.phone", "desk.phone", "type=tel", "inputmode=tel", "maxlength=20"),
		f.Input("submitter.authorisation", "desk.authorisation", "maxlength=500", "hint=desk.authorisation_hint"),
	}
}

func receptionChannels(sheet app.ReceptionSheet) []option {
	var out []option
	for _, c := range sheet.Channels {
		out = append(out, option{Value: string(c), Key: channelKey(c)})
	}
	if len(out) == 0 {
		out = []option{{Value: string(dossier.Direct), Key: channelKey(dossier.Direct)}, {Value: string(dossier.Post), Key: channelKey(dossier.Post)}}
	}
	return out
}

func returnChannels(sheet app.ReceptionSheet) []option {
	var out []option
	channels := sheet.ReturnChannels
	if len(channels) == 0 {
		channels = []dossier.ReturnChannel{dossier.ReturnCounter, dossier.ReturnPost, dossier.ReturnElectronic}
	}
	for _, c := range channels {
		out = append(out, option{Value: string(c), Key: "dossier.return." + string(c)})
	}
	return out
}

// paperRows draws the demanded papers with what was counted.
func paperRows(sheet app.ReceptionSheet, f form) []paperRow {
	rows := make([]paperRow, 0, len(sheet.Papers))
	for i, p := range sheet.Papers {
		row := paperRowOf(i, p.ID, p.Name, f)
		row.Required, row.Remark = p.Required, p.Note
		for j, n := range []int{p.Originals, p.Certified, p.Copies} {
			if n > 0 {
				row.Demand = append(row.Demand, countDemand{Key: counts[j].label, N: n})
			}
		}
		row.Note = f.Input(paperField(p.ID, "note"), "desk.paper.note")
		row.FileName = paperField(p.ID, "files")
		row.Files = stagedIn(f, row.FileName)
		rows = append(rows, row)
	}
	return rows
}

func paperRowOf(i int, id, name string, f form) paperRow {
	row := paperRow{RowID: fieldID("papers." + id), ID: "giay" + strconv.Itoa(i), PaperID: id, Name: name, Bad: f.Bad("papers." + id)}
	for _, c := range counts {
		field := paperField(id, c.field)
		row.Counts = append(row.Counts, countField{
			Label: c.label, Text: name, Name: field, Value: f.Get(field), Bad: len(row.Bad) > 0, Described: row.ID + "-loi",
		})
	}
	return row
}

// papersOf draws a dossier's own papers, with the counts of the form or, where
// nothing was typed, those that are recorded.
func papersOf(v app.DossierView, f form) []paperRow {
	if len(f.Values["giay"]) == 0 {
		f.Values = url.Values{}
		fillCounts(f.Values, v.Papers)
	}
	rows := make([]paperRow, 0, len(v.Papers))
	for i, p := range v.Papers {
		rows = append(rows, paperRowOf(i, p.ID, p.Name, f))
	}
	return rows
}

func fillCounts(values url.Values, papers []dossier.Paper) {
	for _, p := range papers {
		for i, n := range []int{p.Originals, p.Certified, p.Copies} {
			values.Set(paperField(p.ID, counts[i].field), strconv.Itoa(n))
		}
	}
}

// fillDemanded puts the defaults of a case into a form where nothing was typed:
// each paper as demanded, one set, the fees that apply.
func fillDemanded(values url.Values, sheet app.ReceptionSheet) {
	set := func(name, value string) {
		if _, typed := values[name]; !typed {
			values.Set(name, value)
		}
	}
	set("owner.kind", "citizen")
	set("sets", "1")
	for _, p := range sheet.Papers {
		for i, n := range []int{p.Originals, p.Certified, p.Copies} {
			set(paperField(p.ID, counts[i].field), strconv.Itoa(n))
		}
	}
	if _, typed := values["hanh-dong"]; !typed || values.Get("lam") == "doi-truong-hop" {
		values.Del("fees")
		for _, line := range sheet.Fees {
			if line.Chosen {
				values.Add("fees", line.ID)
			}
		}
	}
}

// fillKnown puts what is recorded about a registered dossier into a form.
func fillKnown(values url.Values, v app.DossierView, p dossier.Private) {
	fillPeople(values, p)
	values.Set("subject", p.Subject)
	values.Set("sets", strconv.Itoa(max(v.Sets, 1)))
	values.Set("channel", string(v.Channel))
	values.Set("returnChannel", string(v.ReturnChannel))
	fillCounts(values, v.Papers)
	for id, note := range p.Notes {
		values.Set(paperField(id, "note"), note)
	}
}

// fillPeople fills in who owns and who hands in a dossier.
func fillPeople(values url.Values, p dossier.Private) {
	fillParty(values, "owner.", partyOf(p.Owner))
	if p.Submitter != nil {
		fillParty(values, "submitter.", partyOf(*p.Submitter))
		values.Set("submitter.authorisation", p.Submitter.Authorisation)
	}
}

func partyOf(p dossier.Party) app.PartyForm {
	f := app.PartyForm{
		Kind: p.Kind, Name: p.Name, PersonalID: p.PersonalID, TaxCode: p.TaxCode, Phone: p.Phone, Email: p.Email,
		Address: p.Address, Authorisation: p.Authorisation,
	}
	if !p.BornOn.IsZero() {
		f.BornOn = p.BornOn.String()
	}
	return f
}

func partyFields(p app.PartyForm) map[string]string {
	return map[string]string{
		"kind": p.Kind, "name": p.Name, "personalId": p.PersonalID, "taxCode": p.TaxCode, "phone": p.Phone,
		"email": p.Email, "address": p.Address, "bornOn": p.BornOn,
	}
}

func fillParty(values url.Values, prefix string, p app.PartyForm) {
	for name, value := range partyFields(p) {
		if value != "" {
			values.Set(prefix+name, value)
		}
	}
}

func readParty(f form, prefix string) app.PartyForm {
	get := func(name string) string { return strings.TrimSpace(f.Get(prefix + name)) }
	return app.PartyForm{
		Kind: get("kind"), Name: get("name"), PersonalID: get("personalId"), TaxCode: get("taxCode"), Phone: get("phone"),
		Email: get("email"), Address: get("address"), BornOn: get("bornOn"),
	}
}

// readCounts reads the three counts of a paper; an empty field is none.
func readCounts(f form, id string) ([3]int, *fault.Fault) {
	var out [3]int
	for i, c := range counts {
		text := strings.TrimSpace(f.Get(paperField(id, c.field)))
		if text == "" {
			continue
		}
		n, err := strconv.Atoi(text)
		if err != nil {
			return out, fault.Field("papers."+id, "desk.count_form", fault.Args{"text": text})
		}
		out[i] = n
	}
	return out, nil
}

// receptionInput reads the form. It knows no rule of reception; it says only
// which text was no number and which time was none.
func receptionInput(sheet app.ReceptionSheet, f form, act dossier.Act) (app.ReceptionForm, []*fault.Fault) {
	var faults []*fault.Fault
	get := func(name string) string { return strings.TrimSpace(f.Get(name)) }
	in := app.ReceptionForm{
		ActionID: f.Action, Act: act, Procedure: sheet.Code, Case: sheet.Case, Channel: dossier.Channel(get("channel")),
		ReturnChannel: dossier.ReturnChannel(get("returnChannel")), Owner: readParty(f, "owner."), Subject: get("subject"),
		FeeLines: slices.Clone(f.Values["fees"]), AtOnce: get("tra-ngay") == "1" && sheet.AtOnce, Reason: get("reason"),
		LegalGround: get("legalGround"), Items: lines(get("items")), LateSlip: get("lateSlip"),
	}
	if s := readParty(f, "submitter."); s.Name+s.PersonalID+s.Phone+get("submitter.authorisation") != "" {
		s.Kind, s.Authorisation = "citizen", get("submitter.authorisation")
		in.Submitter = &s
	}
	for _, p := range sheet.Papers {
		n, bad := readCounts(f, p.ID)
		if bad != nil {
			faults = append(faults, bad)
		}
		in.Papers = append(in.Papers, app.PaperForm{
			ID: p.ID, Originals: n[0], Certified: n[1], Copies: n[2], Note: get(paperField(p.ID, "note")),
			Files: stagedFiles(stagedIn(f, paperField(p.ID, "files"))),
		})
	}
	var err error
	if in.Sets, err = strconv.Atoi(get("sets")); err != nil {
		faults = append(faults, fault.Field("sets", "desk.count_form", fault.Args{"text": get("sets")}))
	}
	if act == dossier.Receive || act == dossier.Accept {
		faults = append(faults, readPayment(&in, f)...)
		faults = append(faults, readLate(&in, f)...)
	}
	return in, faults
}

// readPayment reads how the fee is settled. The receipt number is checked by
// the core, the ground of an exemption here, since the core reads one of both.
func readPayment(in *app.ReceptionForm, f form) []*fault.Fault {
	if len(in.FeeLines) == 0 {
		return nil
	}
	get := func(name string) string { return strings.TrimSpace(f.Get(name)) }
	switch get("feeState") {
	case "collected":
		if get("receipt") == "" {
			return []*fault.Fault{fault.Field("receipt", "dossier.fee_receipt_missing", nil)}
		}
		in.Payment = &dossier.Payment{Receipt: get("receipt"), Method: get("method")}
	case "exempt":
		if get("feeGround") == "" {
			return []*fault.Fault{fault.Field("feeGround", "dossier.ground_missing", nil)}
		}
		in.Payment = &dossier.Payment{Ground: get("feeGround"), Document: get("feeDocument")}
	}
	return nil
}

// readLate reads a late entry: paper slip, true time and reason go together.
func readLate(in *app.ReceptionForm, f form) []*fault.Fault {
	get := func(name string) string { return strings.TrimSpace(f.Get(name)) }
	slip, at, reason := get("lateSlip"), get("receivedAt"), get("lateReason")
	if slip+at+reason == "" {
		in.Reason = ""
		return nil
	}
	var faults []*fault.Fault
	if slip == "" {
		faults = append(faults, fault.Field("lateSlip", "desk.late.slip_missing", nil))
	}
	if reason == "" {
		faults = append(faults, fault.Field("lateReason", "dossier.reason_missing", nil))
	}
	t, err := parseLocal(at)
	if err != nil {
		faults = append(faults, fault.Field("receivedAt", "desk.time_form", nil))
	}
	in.Reason, in.ReceivedAt = reason, t
	return faults
}
