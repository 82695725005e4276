package agency

// Load is how much open work an officer has (khối lượng công việc).
type Load struct {
	Staff string
	Open  int
}

// Lightest names who is given the next task: whoever has the least open work,
// among equals the first. Without people there is nobody.
func Lightest(people []Load) (staff string, ok bool) {
	least := 0
	for i, p := range people {
		if p.Open < people[least].Open {
			least = i
		}
	}
	if len(people) == 0 {
		return "", false
	}
	return people[least].Staff, true
}
