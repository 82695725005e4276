package agency

import (
	"encoding/json"
	"io"
	"strings"

	"github.com/motcua/motcua/internal/core/fault"
)

// Centre is what press reports state of a provincial Public Administration
// Service Centre (Trung tâm Phục vụ hành chính công). Empty = not stated.
type Centre struct {
	Key       string `json:"key"` // "lam-dong"
	Province  string `json:"province"`
	Code      string `json:"code"` // of the province, General Statistics Office
	Name      string `json:"name"`
	Address   string `json:"address,omitzero"`
	Opened    string `json:"opened,omitzero"`   // YYYY-MM-DD, or --MM-DD when the year is not stated
	Inferred  string `json:"inferred,omitzero"` // Opened with a likely year
	Motto     string `json:"motto,omitzero"`
	URL       string `json:"url,omitzero"`
	ManagedBy string `json:"managedBy,omitzero"`

	DirectorTitle string   `json:"directorTitle,omitzero"` // without the remark in brackets
	DirectorNote  string   `json:"directorNote,omitzero"`
	Deputies      int      `json:"deputies"`          // at most; NĐ 61/2018/NĐ-CP art 10: 2
	Sections      []string `json:"sections,omitzero"` // names of its sections

	Counters         int `json:"counters,omitzero"`
	AgenciesServed   int `json:"agenciesServed,omitzero"`
	AgenciesTotal    int `json:"agenciesTotal,omitzero"`
	ProceduresServed int `json:"proceduresServed,omitzero"`
	ProceduresTotal  int `json:"proceduresTotal,omitzero"`
}

// MostDeputies is the number of deputy directors that a centre may have
// (NĐ 61/2018/NĐ-CP art 10).
const MostDeputies = 2

// stated is a value of centres.json with the report that states it.
type stated[T any] struct {
	Value *T `json:"value"`
}

func (s stated[T]) get() (v T) {
	if s.Value != nil {
		v = *s.Value
	}
	return v
}

type wireCentre struct {
	Code      string         `json:"province_code"`
	Province  string         `json:"province"`
	Key       string         `json:"key"`
	Name      stated[string] `json:"name"`
	Opened    stated[string] `json:"opened_on"`
	Founded   stated[string] `json:"established_on"`
	Inferred  string         `json:"opened_on_inferred"`
	Address   stated[string] `json:"address"`
	ManagedBy stated[string] `json:"managed_by"`
	Slogan    stated[string] `json:"slogan"`
	URL       stated[string] `json:"url"`
	Director  struct {
		Title    stated[string] `json:"title"`
		Deputies stated[int]    `json:"deputies_max"`
	} `json:"director"`
	Units    stated[[]string] `json:"units"`
	Counters stated[int]      `json:"counters"`
	Agencies stated[int]      `json:"agencies_served"`
	AllOf    stated[int]      `json:"agencies_total"`
	Served   stated[int]      `json:"procedures_served"`
	Total    stated[int]      `json:"procedures_total"`
	Phases   []struct {
		Agencies stated[int] `json:"agencies_served"`
		AllOf    stated[int] `json:"agencies_total"`
		Served   stated[int] `json:"procedures_served"`
		Total    stated[int] `json:"procedures_total"`
	} `json:"phases"`
}

// ParseCentres reads centres.json. It fails with fault.Invalid when the file
// has another form.
func ParseCentres(r io.Reader) ([]Centre, error) {
	var file struct {
		Centres []wireCentre `json:"centres"`
	}
	if err := json.NewDecoder(r).Decode(&file); err != nil {
		return nil, fault.Wrap(err, fault.Invalid, "agency.file_json", nil)
	}
	var list []Centre
	for _, w := range file.Centres {
		c := Centre{
			Key: w.Key, Province: w.Province, Code: w.Code, Name: w.Name.get(), Address: w.Address.get(), Opened: w.Opened.get(),
			Inferred: w.Inferred, Motto: w.Slogan.get(), URL: w.URL.get(), ManagedBy: w.ManagedBy.get(), Deputies: w.Director.Deputies.get(),
			Sections: w.Units.get(), Counters: w.Counters.get(), AgenciesServed: w.Agencies.get(), AgenciesTotal: w.AllOf.get(),
			ProceduresServed: w.Served.get(), ProceduresTotal: w.Total.get(),
		}
		if c.Opened == "" {
			c.Opened = w.Founded.get()
		}
		if len(w.Phases) > 0 { // the first phase is the one at the opening
			p := w.Phases[0]
			c.AgenciesServed, c.AgenciesTotal, c.ProceduresServed, c.ProceduresTotal = p.Agencies.get(), p.AllOf.get(), p.Served.get(), p.Total.get()
		}
		title, note, _ := strings.Cut(w.Director.Title.get(), " (")
		c.DirectorTitle, c.DirectorNote = title, strings.TrimSuffix(note, ")")
		if c.Deputies == 0 || c.Deputies > MostDeputies {
			c.Deputies = MostDeputies
		}
		list = append(list, c)
	}
	return list, nil
}
