package ruleset

// Wording is the text of a form around its fields (mẫu câu chữ) as an
// installation publishes it, with what decided it. Which phrases a form has, and
// which fields have to stay in them, is the printer's to say.
type Wording struct {
	Form     string   `json:"form"`    // id of the form
	Version  int      `json:"version"` // from 1; 0 is what ships with the program
	Phrases  []Phrase `json:"phrases"` // in the order in which they are printed
	Document string   `json:"document,omitempty"`
	Reason   string   `json:"reason,omitempty"`
	By       string   `json:"by,omitempty"` // name of who published it
}

// Phrase is one text of a form under its key.
type Phrase struct {
	Key  string `json:"key"`
	Text string `json:"text"`
}
