package procedure

// The wire types are the national format as files carry it (procedures.json).
// Pointers tell "not stated" from zero.

type wireProcedure struct {
	Code         string                   `json:"code"`
	Name         string                   `json:"name"`
	MinistryCode string                   `json:"ministry_code"`
	Ministry     string                   `json:"ministry"`
	Field        string                   `json:"field"`
	Levels       []string                 `json:"levels"`
	DecisionNo   string                   `json:"decision_no"`
	Kind         string                   `json:"procedure_type"`
	Executing    string                   `json:"executing_agency"`
	Competent    string                   `json:"competent_authority"`
	Coordinating string                   `json:"coordinating_agency"`
	Agency2025   string                   `json:"agency_2025"`
	Agency2019   string                   `json:"agency_2019"`
	ServiceLevel string                   `json:"service_level"`
	Online       *bool                    `json:"online"`
	TimeLimit    *wireLimit               `json:"time_limit"`
	Variants     []wireLimit              `json:"time_limit_variants"`
	Channels     []wireChannel            `json:"channels"`
	Sets         *int                     `json:"sets"`
	Documents    []wireDocument           `json:"documents"`
	Applicants   []string                 `json:"applicants"`
	Results      []wireResult             `json:"results"`
	LegalBasis   []string                 `json:"legal_basis"`
	Conditions   []string                 `json:"conditions"`
	Steps        []wireStep               `json:"steps"`
	Source       struct{ ID, URL string } `json:"source"`
	Detail       string                   `json:"detail"`
}

type wireLimit struct {
	Value *int   `json:"value"`
	Unit  string `json:"unit"`
}

type wireChannel struct {
	Channel string     `json:"channel"`
	Time    *wireLimit `json:"time"`
	Fees    []wireFee  `json:"fees"`
	Note    string     `json:"note"`
}

type wireFee struct {
	AmountVND *int64  `json:"amount_vnd"`
	Amount    *int64  `json:"amount"`
	Currency  string  `json:"currency"`
	Kind      string  `json:"kind"`
	Note      string  `json:"note"`
	Others    []int64 `json:"other_amounts_in_note_vnd"`
	Published *int64  `json:"amount_as_published"`
	Check     string  `json:"amount_check"`
}

type wireDocument struct {
	Name             string `json:"name"`
	Originals        int    `json:"originals"`
	Copies           int    `json:"copies"`
	HasForm          bool   `json:"has_form"`
	Case             string `json:"case"`
	Alternative      bool   `json:"alternative_to_previous"`
	QuantityUnstated bool   `json:"quantity_unstated"`
}

type wireResult struct {
	Name string `json:"name"`
	Code string `json:"code"`
}

type wireStep struct {
	Order    int        `json:"order"`
	Summary  string     `json:"summary"`
	Duration *wireLimit `json:"duration"`
}

var ways = map[string]Way{"truc_tiep": Direct, "truc_tuyen": Online, "buu_chinh": Post}

var services = map[string]Service{
	"": "", "toan_trinh": FullService, "mot_phan": PartialService, "cung_cap_thong_tin": InfoService,
}
