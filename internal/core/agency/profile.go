package agency

import "slices"

// Profile is the centre as its installation knows it (hồ sơ Trung tâm): who it
// is, where it sits, its sections and counters. It feeds slips, footers and
// boards.
type Profile struct {
	Key       string    `json:"key"`                 // key of the preset that it was made from
	Code      string    `json:"code"`                // code of the centre as a unit
	Name      string    `json:"name"`                // Trung tâm Phục vụ hành chính công tỉnh …
	Province  string    `json:"province"`            // name of the province
	Area      string    `json:"area"`                // code of the province as an area
	Committee string    `json:"committee"`           // code of the People's Committee
	Address   string    `json:"address,omitempty"`   // địa chỉ
	Hotline   string    `json:"hotline,omitempty"`   // tổng đài
	Email     string    `json:"email,omitempty"`     // thư điện tử
	Motto     string    `json:"motto,omitempty"`     // phương châm
	OpenedOn  string    `json:"openedOn,omitempty"`  // YYYY-MM-DD
	Sections  []Section `json:"sections,omitempty"`  // bộ phận
	Counters  []Counter `json:"counters,omitempty"`  // quầy
	Simulated bool      `json:"simulated,omitempty"` // dữ liệu mô phỏng
}

// ProfileOf is the profile of a planned house.
func (p Plan) ProfileOf() Profile {
	return Profile{
		Key: p.Centre.Key, Code: p.House.Code, Name: p.House.FullName, Province: p.Centre.Province, Area: p.Province.Code,
		Committee: p.Committee.Code, Address: p.Centre.Address, Motto: p.Centre.Motto,
		OpenedOn: p.Centre.Opened, Sections: p.Sections, Counters: p.Counters,
	}
}

// CounterFor returns the counters that serve an agency, by number.
func (p Profile) CounterFor(key string) []Counter {
	var list []Counter
	for _, c := range p.Counters {
		if slices.Contains(c.Agencies, key) {
			list = append(list, c)
		}
	}
	return list
}
