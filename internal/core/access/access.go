// Package access says who may do what. The whole permission table is in this
// package (table.go); there is no other place where a role is compared.
//
// Everything is denied unless a row of the table grants it. A grant has a
// reach: the actor's own unit, or the whole province.
//
//	access.May(who, access.ForwardDossier, "H36.01")
package access

import "slices"

// Role is what a person is appointed to do (vai trò).
type Role string

// The roles of the outside contract.
const (
	Reception  Role = "reception"  // cán bộ tiếp nhận và trả kết quả
	Handler    Role = "handler"    // cán bộ xử lý hồ sơ
	Leader     Role = "leader"     // lãnh đạo cơ quan
	Clerk      Role = "clerk"      // văn thư
	Director   Role = "director"   // lãnh đạo Trung tâm
	Control    Role = "control"    // kiểm soát thủ tục hành chính
	Supervisor Role = "supervisor" // kiểm tra, giám sát
	Inspector  Role = "inspector"  // thanh tra
	Admin      Role = "admin"      // quản trị hệ thống
	Import     Role = "import"     // nhập dữ liệu
	Partner    Role = "partner"    // hệ thống đối tác
)

// Roles lists every role in the order in which screens show them.
var roles = [...]Role{Reception, Handler, Leader, Clerk, Director, Control, Supervisor, Inspector, Admin, Import, Partner}

// Roles returns every role in the order in which screens show them.
func Roles() []Role { return slices.Clone(roles[:]) }

// Key is the message key of the role's name.
func (r Role) Key() string { return "access.role." + string(r) }

// Known reports whether r is a role.
func (r Role) Known() bool { return slices.Contains(roles[:], r) }

// Actor is whoever acts: an officer, a partner system, a job, or the public.
type Actor struct {
	ID       string // staff id, "token:<id>", "system:<job>" or "public"
	Name     string // as shown on slips
	Title    string
	Roles    []Role
	Unit     string // code of the unit in which the actor works
	UnitName string
	OnBehalf string // staff id of the person who delegated, or empty
	// Continues lists the codes of ended units whose work the actor's unit took over.
	Continues []string
	// ForName is the name of the person who delegated, as documents show it.
	ForName string
	// Signing says that the delegation covers signature too (ủy quyền ký), which
	// is given apart from work. It counts only together with OnBehalf.
	Signing bool
}

// Public is somebody who has not signed in.
func Public() Actor { return Actor{ID: "public"} }

// System is a job of the program itself.
func System(job string) Actor {
	return Actor{ID: "system:" + job, Name: job, Roles: []Role{systemRole}}
}

const systemRole Role = "system"

// Stands reports whether the actor is the person, in his own right or as the
// one to whom that person delegated work.
func (a Actor) Stands(staff string) bool {
	return staff != "" && (a.ID == staff || a.OnBehalf == staff)
}

// MaySign reports whether the actor may put his name under a document: in his
// own right, or by a delegation of signature.
func (a Actor) MaySign() bool { return a.OnBehalf == "" || a.Signing }

// Is reports whether the actor holds the role.
func (a Actor) Is(r Role) bool { return slices.Contains(a.Roles, r) }

// SignedIn reports whether the actor is known to the system.
func (a Actor) SignedIn() bool { return a.ID != "" && a.ID != "public" }

// IsSystem reports whether a job of the program acts.
func (a Actor) IsSystem() bool { return a.Is(systemRole) }

// May reports whether the actor holds the permission in at least one of the
// units. Without units only a grant that reaches the whole province counts.
func May(a Actor, p Permission, units ...string) bool {
	for _, g := range table[p] {
		if g.role != systemRole && !a.Is(g.role) || g.role == systemRole && !a.IsSystem() {
			continue
		}
		if g.reach == everywhere {
			return true
		}
		if a.Unit != "" && slices.Contains(units, a.Unit) {
			return true
		}
	}
	return false
}

// Anywhere reports whether the actor holds the permission in some unit; menus
// use it to decide what to offer.
func Anywhere(a Actor, p Permission) bool { return May(a, p) || May(a, p, a.Unit) }

// Operator is whoever runs a command on the server itself: he can read the
// database anyway, and what he does is recorded under the command's name.
func Operator(command string) Actor {
	return Actor{ID: "system:" + command, Name: command, Roles: []Role{systemRole, Admin, Control, Import}}
}
