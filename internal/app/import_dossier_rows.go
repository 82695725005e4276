package app

import (
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/core/dossier"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/core/textfold"
	"github.com/motcua/motcua/internal/printout"
)

// dossierColumns are the columns of a list of dossiers, by the words of the
// headings that people write: English, or Vietnamese without marks.
func dossierColumns() map[string]string {
	return map[string]string{
		"code": "code", "ma ho so": "code", "so ho so": "code",
		"procedure": "procedure", "ma thu tuc": "procedure", "ma tthc": "procedure",
		"case": "case", "truong hop": "case",
		"unit": "unit", "don vi tiep nhan": "unit",
		"agency": "agency", "co quan giai quyet": "agency",
		"received at": "receivedAt", "ngay tiep nhan": "receivedAt",
		"due on": "dueOn", "ngay hen tra": "dueOn",
		"status": "status", "trang thai": "status",
		"step": "step", "buoc": "step",
		"holder": "holder", "nguoi xu ly": "holder",
		"finished at": "finishedAt", "ngay co ket qua": "finishedAt",
		"returned at": "returnedAt", "ngay tra": "returnedAt",
		"outcome": "outcome", "ket qua": "outcome",
		"number": "number", "so ket qua": "number",
		"owner kind": "owner.kind", "loai chu ho so": "owner.kind",
		"owner name": "owner.name", "chu ho so": "owner.name",
		"personal id": "owner.personalId", "so dinh danh": "owner.personalId",
		"tax code": "owner.taxCode", "ma so thue": "owner.taxCode",
		"phone": "owner.phone", "dien thoai": "owner.phone",
		"email": "owner.email", "thu dien tu": "owner.email",
		"address": "owner.address", "dia chi": "owner.address",
		"subject": "subject", "trich yeu": "subject",
		"channel": "channel", "kenh nop": "channel",
		"return channel": "returnChannel", "kenh tra": "returnChannel",
		"officer": "officer", "can bo tiep nhan": "officer",
		"fee": "fee", "phi le phi": "fee", "receipt": "receipt", "so bien lai": "receipt",
		"asked at": "askedAt", "ngay yeu cau bo sung": "askedAt",
		"asked": "asked", "noi dung bo sung": "asked",
	}
}

// neededColumns are those without which a list says nothing, with the headings
// under which people know them.
var neededColumns = [...]struct{ name, heading string }{
	{"code", "Mã hồ sơ"}, {"procedure", "Mã thủ tục"}, {"receivedAt", "Ngày tiếp nhận"}, {"status", "Trạng thái"}, {"owner.name", "Chủ hồ sơ"},
}

// listedDossier is one line of a list, read but not checked against the house.
type listedDossier struct {
	record string // code, or #line
	get    func(column string) string

	receivedAt, finishedAt, returnedAt, askedAt time.Time
	dueOn                                       civil.Date
	status                                      dossier.Status
	fee                                         int64
	faults                                      []*fault.Fault
}

// readDossierRows reads a list. The first line names the columns, in any order;
// unknown ones are left alone. It fails with fault.Invalid when a needed column is
// missing.
func readDossierRows(r io.Reader) ([]listedDossier, error) {
	var rows []listedDossier
	var columns map[string]int
	known := dossierColumns()
	err := printout.ReadTable(r, func(line int, cells []string) error {
		if strings.TrimSpace(strings.Join(cells, "")) == "" {
			return nil
		}
		if columns == nil {
			columns = map[string]int{}
			for i, cell := range cells {
				if name, ok := known[strings.Join(textfold.Words(cell), " ")]; ok {
					if _, twice := columns[name]; !twice {
						columns[name] = i
					}
				}
			}
			for _, need := range neededColumns {
				if _, ok := columns[need.name]; !ok {
					return fault.Field(need.name, "app.import_column", fault.Args{"column": need.heading})
				}
			}
			return nil
		}
		rows = append(rows, readListed(line, cells, columns))
		return nil
	})
	return rows, err
}

func readListed(line int, cells []string, columns map[string]int) listedDossier {
	r := listedDossier{get: func(column string) string {
		if i, ok := columns[column]; ok && i < len(cells) {
			return textfold.Clean(cells[i])
		}
		return ""
	}}
	if r.record = cleanCode(r.get("code")); r.record == "" {
		r.record = "#" + strconv.Itoa(line)
	}
	const opening, closing = 7*60 + 30, 17 * 60
	for _, one := range []struct {
		column string
		into   *time.Time
		usual  civil.TimeOfDay // of a day without a time
	}{{"receivedAt", &r.receivedAt, opening}, {"finishedAt", &r.finishedAt, closing}, {"returnedAt", &r.returnedAt, closing}, {"askedAt", &r.askedAt, closing}} {
		text := r.get(one.column)
		if text == "" {
			continue
		}
		at, dated, ok := printout.CellTime(text)
		if !ok {
			r.bad(one.column, "civil.instant_form", fault.Args{"text": text})
			continue
		}
		if dated {
			at = civil.DateOf(at).At(one.usual)
		}
		*one.into = at
	}
	if text := r.get("dueOn"); text != "" {
		at, _, ok := printout.CellTime(text)
		if !ok {
			r.bad("dueOn", "civil.date_form", fault.Args{"text": text})
		}
		r.dueOn = civil.DateOf(at)
	}
	if r.receivedAt.IsZero() && len(r.faults) == 0 {
		r.bad("receivedAt", "dossier.received_missing", nil)
	}
	r.readStatus()
	r.readFee()
	return r
}

func (r *listedDossier) bad(field, key string, args fault.Args) {
	r.faults = append(r.faults, fault.Field(field, key, args))
}

// readStatus takes the national number of a status or its label.
func (r *listedDossier) readStatus() {
	text := r.get("status")
	for _, s := range dossier.Statuses() {
		if text == strconv.Itoa(int(s)) || textfold.Fold(text) == textfold.Fold(vietnamese(fault.Line{Key: s.Key()})) {
			r.status = s
		}
	}
	if r.status == 0 {
		r.bad("status", "dossier.status_unknown", fault.Args{"status": text})
	}
}

func (r *listedDossier) readFee() {
	text := strings.NewReplacer(".", "", ",", "", " ", "").Replace(r.get("fee"))
	if text == "" {
		return
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 0 || n > 1e12 {
		r.bad("fee", "dossier.fee_form", fault.Args{"text": r.get("fee")})
		return
	}
	r.fee = n
}
