package civil

// Published is a calendar as an installation publishes it (lịch làm việc được
// công bố): the whole spec, who decided it and why.
type Published struct {
	Version  int    `json:"version"` // from 1
	Spec     Spec   `json:"spec"`
	Document string `json:"document,omitempty"` // decision behind it
	Reason   string `json:"reason,omitempty"`
}
