// Package procedure is the catalogue of administrative procedures (danh mục thủ
// tục hành chính): what the law says of each in structured fields, its
// versions, how it is read from the national format, whether it may be
// received, and search. It computes no dates and collects no money; package
// civil and package fee take limits and fees from here.
//
//	list, rejected, err := procedure.Parse(file)
//	index := procedure.NewIndex(list, procedure.Options{Speech: speech})
//	hits := index.Search(procedure.Query{Text: "bien so xe"})
package procedure

import "slices"

// Procedure is one version of a procedure (thủ tục hành chính) with the parts
// that NĐ 63/2010/NĐ-CP art 8.2 wants published. A published version never
// changes; what is stated differently later is another version.
//
// Empty parts were not stated by the source. StatutoryParts tells which.
type Procedure struct {
	Code    string  `json:"code"`             // mã TTHC: 1.001612
	LocalID string  `json:"localId,omitzero"` // id in a province's own catalogue
	Name    string  `json:"name"`             // tên thủ tục
	Field   string  `json:"field"`            // lĩnh vực, as the ministry names it
	Sector  string  `json:"sector,omitzero"`  // lĩnh vực, as the province's catalogue names it
	Levels  []Level `json:"levels"`           // cấp thực hiện
	Kind    string  `json:"kind,omitzero"`    // loại thủ tục, as published
	Detail  Detail  `json:"detail"`
	Service Service `json:"service,omitzero"` // mức độ dịch vụ công; empty = not known
	Online  Answer  `json:"online,omitzero"`  // an online channel is listed
	Origin  Origin  `json:"origin,omitzero"`

	MinistryCode string `json:"ministryCode,omitzero"` // mã bộ: G01
	Ministry     string `json:"ministry,omitzero"`
	DecisionNo   string `json:"decisionNo,omitzero"` // quyết định công bố

	ExecutingAgency    string `json:"executingAgency,omitzero"`    // cơ quan thực hiện, as published
	CompetentAuthority string `json:"competentAuthority,omitzero"` // cơ quan có thẩm quyền
	Coordinating       string `json:"coordinating,omitzero"`       // cơ quan phối hợp
	Agency2019         string `json:"agency2019,omitzero"`         // key of the agency until 2025-02-28
	Agency2025         string `json:"agency2025,omitzero"`         // key of the agency from 2025-03-01

	Steps      []Step    `json:"steps,omitzero"`      // trình tự thực hiện
	Channels   []Channel `json:"channels,omitzero"`   // cách thức thực hiện
	Papers     []Paper   `json:"papers,omitzero"`     // thành phần hồ sơ
	Notes      []string  `json:"notes,omitzero"`      // lưu ý published among the papers
	Sets       int       `json:"sets,omitzero"`       // số lượng hồ sơ; 0 = not stated
	Cases      []Case    `json:"cases"`               // trường hợp; at least one
	Fees       []Fee     `json:"fees,omitzero"`       // phí, lệ phí
	Applicants []string  `json:"applicants,omitzero"` // đối tượng thực hiện
	Results    []Outcome `json:"results,omitzero"`    // kết quả
	LegalBasis []string  `json:"legalBasis,omitzero"` // căn cứ pháp lý, document numbers
	Conditions []string  `json:"conditions,omitzero"` // yêu cầu, điều kiện

	Version
}

// Level is the administrative level at which a procedure is carried out (cấp
// thực hiện). Its values are those of the data files.
type Level string

// The levels. Districts ended on 2025-06-30.
const (
	Ministry Level = "bo"
	Province Level = "tinh"
	District Level = "huyen"
	Commune  Level = "xa"
	Other    Level = "khac"
)

// Known reports whether l is a level.
func (l Level) Known() bool {
	return slices.Contains([]Level{Ministry, Province, District, Commune, Other}, l)
}

// Detail says how much of a procedure its source published.
type Detail string

// The degrees of detail.
const (
	Full    Detail = "full"    // limit, papers, applicants, result, legal basis, channel and agency
	Partial Detail = "partial" // some of them
	Listed  Detail = "index"   // name, field and level only
)

// Service is the degree of online service (mức độ dịch vụ công trực tuyến).
type Service string

// The degrees, by the words of the outside contract.
const (
	FullService    Service = "full"    // toàn trình
	PartialService Service = "partial" // một phần
	InfoService    Service = "info"    // cung cấp thông tin
)

// Answer is yes, no, or not known.
type Answer string

// The answers; the empty Answer is not known.
const (
	Yes Answer = "yes"
	No  Answer = "no"
)

// Origin names where a record was taken from.
type Origin struct {
	Source string `json:"source,omitzero"` // id of the source, as NOTICE lists it
	URL    string `json:"url,omitzero"`
}

// Channel is a way to submit (cách thức thực hiện) with its own limit and fees.
// A channel may be listed more than once, each time under another condition.
type Channel struct {
	By    Way      `json:"by"`
	Limit *Limit   `json:"limit,omitzero"`
	Fees  []string `json:"fees,omitzero"` // ids of the procedure's fees
	Note  string   `json:"note,omitzero"`
}

// Way is how a dossier comes in, by the words of the outside contract.
type Way string

// The ways.
const (
	Direct Way = "direct" // trực tiếp
	Online Way = "online" // trực tuyến
	Post   Way = "post"   // bưu chính công ích
)

// Paper is one required paper (thành phần hồ sơ).
type Paper struct {
	ID               string `json:"id"` // stable within the procedure: "p1", by its place in the source
	Name             string `json:"name"`
	Originals        int    `json:"originals"` // bản chính
	Copies           int    `json:"copies"`    // bản sao
	HasForm          bool   `json:"hasForm,omitzero"`
	Group            string `json:"group,omitzero"`            // heading under which it is published
	Alternative      bool   `json:"alternative,omitzero"`      // may be handed in instead of the paper before
	QuantityUnstated bool   `json:"quantityUnstated,omitzero"` // the source gives no number
}

// Step is one step of the published sequence (trình tự thực hiện).
type Step struct {
	Summary string `json:"summary"`
	Limit   *Limit `json:"limit,omitzero"`
}

// Outcome is what the applicant gets (kết quả).
type Outcome struct {
	Name string `json:"name"`
	Code string `json:"code,omitzero"`
}

// Paper returns the paper with the id.
func (p *Procedure) Paper(id string) (Paper, bool) {
	i := slices.IndexFunc(p.Papers, func(x Paper) bool { return x.ID == id })
	if i < 0 {
		return Paper{}, false
	}
	return p.Papers[i], true
}

// Case returns the case with the id; the empty id means the only case of a
// procedure that has one.
func (p *Procedure) Case(id string) (Case, bool) {
	if id == "" && len(p.Cases) == 1 {
		return p.Cases[0], true
	}
	i := slices.IndexFunc(p.Cases, func(c Case) bool { return c.ID == id })
	if i < 0 {
		return Case{}, false
	}
	return p.Cases[i], true
}

// PapersOf returns the papers that a case asks for, in published order.
func (p *Procedure) PapersOf(c Case) []Paper {
	var list []Paper
	for _, x := range p.Papers {
		if slices.Contains(c.Papers, x.ID) {
			list = append(list, x)
		}
	}
	return list
}

// AgencyOn returns the key of the agency that handles the procedure on a civil
// day (YYYY-MM-DD): departments were merged on 2025-03-01.
func (p *Procedure) AgencyOn(day string) string {
	if day < "2025-03-01" {
		return p.Agency2019
	}
	return p.Agency2025
}

// At reports whether the procedure is carried out at level l.
func (p *Procedure) At(l Level) bool { return slices.Contains(p.Levels, l) }
