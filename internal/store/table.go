package store

// Class says what a table is to the journal; verify, backup and erasure go by it.
type Class string

// The four classes.
const (
	ClassJournal     Class = "journal"     // append-only; triggers on both engines refuse UPDATE and DELETE
	ClassProjection  Class = "projection"  // made from events only; rebuilt at will
	ClassSource      Class = "source"      // truth of its own beside the journal
	ClassOperational Class = "operational" // the running of the program
)

// Table is one table of the hand-written schema with its class. The tables of
// kinds are projections and need no line here.
type Table struct {
	Name  string
	Class Class
	// AppendOnly tables have the journal's triggers though they are no journal.
	AppendOnly bool
}

// tables lists the hand-written tables, in an order in which they can be
// restored.
var tables = []Table{
	{Name: "schema_version", Class: ClassOperational},
	{Name: "projection_version", Class: ClassOperational},
	{Name: "journal", Class: ClassJournal, AppendOnly: true},
	{Name: "journal_head", Class: ClassSource},
	{Name: "command_log", Class: ClassSource},
	{Name: "series", Class: ClassSource},
	{Name: "guard", Class: ClassSource},
	{Name: "subject_key", Class: ClassSource},
	{Name: "subject_index", Class: ClassSource},
	{Name: "kept_file", Class: ClassSource},
	{Name: "credential", Class: ClassSource},
	{Name: "staged_file", Class: ClassOperational},
	{Name: "job", Class: ClassOperational},
	{Name: "session", Class: ClassOperational},
	{Name: "step_time", Class: ClassOperational},
	{Name: "access_log", Class: ClassOperational, AppendOnly: true},
}

// Tables returns every table with its class: the hand-written ones and those of
// the kinds.
func Tables() []Table {
	all := append([]Table(nil), tables...)
	for _, r := range kinds {
		for _, t := range r.k.tables() {
			all = append(all, Table{Name: t.name, Class: ClassProjection})
		}
	}
	return all
}
