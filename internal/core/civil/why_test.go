package civil_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/motcua/motcua/internal/civildata"
	"github.com/motcua/motcua/internal/core/civil"
	"github.com/motcua/motcua/internal/i18n"
)

// why tells a derivation in a language.
func why(language string, d civil.Derivation) string {
	return strings.Join(i18n.Default().Lines(language, d.Lines()), "\n")
}

// The derivation reads as a person would explain it.
func TestWhy(t *testing.T) {
	const supplement = civil.StopSupplement
	arrived := at(t, "2026-09-08 10:00")
	papers := stop(t, supplement, "2025-04-26 10:00", "2025-05-05 15:00")
	papers.Ground, papers.Document = "NĐ 61/2018/NĐ-CP Điều 19", "12/PYC"
	sat := withSaturday(t)
	weekly := year2026()
	weekly.Week = []time.Weekday{1, 2, 3, 4}
	for _, tt := range []struct {
		name string
		cal  *civil.Calendar
		in   civil.DueInput
		want string
	}{
		{"working days", nil, civil.DueInput{ReceivedAt: at(t, "2018-12-27 09:15"), Limit: limit(t, "3 ngày làm việc")}, `
Hồ sơ được tiếp nhận lúc 09:15 ngày 27/12/2018.
Thời hạn giải quyết: 3 ngày làm việc.
Không tính ngày 27/12/2018; đếm 3 ngày làm việc: 28/12/2018, 02/01/2019, 03/01/2019.
Bỏ qua 29/12/2018 (Thứ Bảy); 30/12/2018 (Chủ Nhật); 31/12/2018 (Nghỉ hoán đổi dịp Tết Dương lịch 2019); 01/01/2019 (Tết Dương lịch).
Vậy hẹn trả kết quả lúc 09:15 ngày 03/01/2019.`},
		{"after hours, made-up day, pause with papers", nil, civil.DueInput{ReceivedAt: at(t, "2025-04-24 18:25"), Limit: limit(t, "3 ngày làm việc"), Stops: []civil.Stop{papers}}, `
Hồ sơ được tiếp nhận lúc 18:25 ngày 24/04/2025.
Lúc đó ngoài giờ làm việc hoặc là ngày nghỉ, nên thời hạn tính từ 07:30 ngày 25/04/2025.
Thời hạn giải quyết: 3 ngày làm việc.
Không tính ngày 25/04/2025; đếm 3 ngày làm việc: 26/04/2025, 28/04/2025, 29/04/2025.
Bỏ qua 27/04/2025 (Chủ Nhật).
Tính cả ngày làm bù 26/04/2025.
Nếu không dừng thì hạn là 07:30 ngày 29/04/2025.
Chờ bổ sung hồ sơ từ 10:00 ngày 26/04/2025 đến 15:00 ngày 05/05/2025.
Căn cứ: NĐ 61/2018/NĐ-CP Điều 19.
Văn bản: 12/PYC.
Trước khi dừng đã dùng 1 ngày làm việc (tính cả ngày dừng), còn 2.
Không tính ngày 05/05/2025; đếm 2 ngày làm việc: 06/05/2025, 07/05/2025.
Vậy hẹn trả kết quả lúc 15:00 ngày 07/05/2025.`},
		{"restart", nil, civil.DueInput{ReceivedAt: at(t, "2019-05-06 09:00"), Limit: limit(t, "1 ngày làm việc"), Policy: civil.Restart, Stops: []civil.Stop{stop(t, supplement, "2019-05-06 10:00", "2019-05-14 09:40")}}, `
Hồ sơ được tiếp nhận lúc 09:00 ngày 06/05/2019.
Thời hạn giải quyết: 1 ngày làm việc.
Không tính ngày 06/05/2019; đếm 1 ngày làm việc: 07/05/2019.
Nếu không dừng thì hạn là 09:00 ngày 07/05/2019.
Chờ bổ sung hồ sơ từ 10:00 ngày 06/05/2019 đến 09:40 ngày 14/05/2019.
Thời hạn được tính lại từ đầu sau khi nhận đủ hồ sơ.
Không tính ngày 14/05/2019; đếm 1 ngày làm việc: 15/05/2019.
Vậy hẹn trả kết quả lúc 09:40 ngày 15/05/2019.`},
		{"calendar days, end moved, nothing left", nil, civil.DueInput{ReceivedAt: at(t, "2026-06-01 09:00"), Limit: limit(t, "5 ngày"), Stops: []civil.Stop{stop(t, civil.StopObligation, "2026-06-08 10:00", "2026-06-10 09:00")}}, `
Hồ sơ được tiếp nhận lúc 09:00 ngày 01/06/2026.
Thời hạn giải quyết: 5 ngày.
Không tính ngày 01/06/2026; 5 ngày liên tục kết thúc vào ngày 06/06/2026.
Ngày 06/06/2026 là ngày nghỉ, nên chuyển sang ngày làm việc tiếp theo là 08/06/2026. Ngày nghỉ: 06/06/2026 (Thứ Bảy); 07/06/2026 (Chủ Nhật).
Nếu không dừng thì hạn là 09:00 ngày 08/06/2026.
Chờ thực hiện nghĩa vụ tài chính từ 10:00 ngày 08/06/2026 đến 09:00 ngày 10/06/2026; thời gian này không tính.
Trước khi dừng đã dùng 5 ngày (tính cả ngày dừng), còn 0.
Thời hạn đã dùng hết trước khi dừng, nên phải trả kết quả ngay trong ngày 10/06/2026.
Vậy hẹn trả kết quả lúc 09:00 ngày 10/06/2026.`},
		{"months, capped", nil, civil.DueInput{ReceivedAt: at(t, "2026-01-15 09:00"), Limit: limit(t, "1 tháng"), Stops: []civil.Stop{stop(t, civil.StopConsult, "2026-01-15 10:00", "2026-02-03 14:00")}}, `
Hồ sơ được tiếp nhận lúc 09:00 ngày 15/01/2026.
Thời hạn giải quyết: 1 tháng.
1 tháng kể từ ngày 15/01/2026 kết thúc vào ngày tương ứng là 15/02/2026.
Ngày 15/02/2026 là ngày nghỉ, nên chuyển sang ngày làm việc tiếp theo là 23/02/2026. Ngày nghỉ: 15/02/2026 (Chủ Nhật); 16/02/2026 (Tết Nguyên đán (29 tháng Chạp)); 17/02/2026 (Tết Nguyên đán (mùng 1)); 18/02/2026 (Tết Nguyên đán (mùng 2)); 19/02/2026 (Tết Nguyên đán (mùng 3)); 20/02/2026 (Tết Nguyên đán (mùng 4)); 21/02/2026 (Thứ Bảy); 22/02/2026 (Chủ Nhật).
Nếu không dừng thì hạn là 09:00 ngày 23/02/2026.
Chờ ý kiến của cơ quan được hỏi từ 10:00 ngày 15/01/2026 đến 14:00 ngày 03/02/2026; thời gian này không tính.
Trước khi dừng đã dùng 0 ngày (tính cả ngày dừng), còn 28.
Các tháng sau khi dừng ngắn hơn, nên phần còn lại không tính dài hơn cả thời hạn tính lại từ đầu.
Không tính ngày 03/02/2026; 28 ngày liên tục kết thúc vào ngày 03/03/2026.
Vậy hẹn trả kết quả lúc 14:00 ngày 03/03/2026.`},
		{"months without such a day, provisional", nil, civil.DueInput{ReceivedAt: at(t, "2026-12-31 09:00"), Limit: limit(t, "2 tháng")}, `
Hồ sơ được tiếp nhận lúc 09:00 ngày 31/12/2026.
Thời hạn giải quyết: 2 tháng.
2 tháng kể từ ngày 31/12/2026: tháng cuối không có ngày tương ứng nên kết thúc vào ngày cuối tháng là 28/02/2027.
Ngày 28/02/2027 là ngày nghỉ, nên chuyển sang ngày làm việc tiếp theo là 01/03/2027. Ngày nghỉ: 28/02/2027 (Chủ Nhật).
Vậy hẹn trả kết quả lúc 09:00 ngày 01/03/2027.
Lịch dự kiến: lịch nghỉ chính thức của năm đó chưa có, ngày hẹn trả có thể thay đổi khi lịch được công bố.`},
		{"working hours", sat, civil.DueInput{ReceivedAt: at(t, "2026-06-06 09:00"), Limit: limit(t, "4 giờ làm việc"), Stops: []civil.Stop{stop(t, civil.StopSuspension, "2026-06-08 08:15", "2026-06-08 09:00")}}, `
Hồ sơ được tiếp nhận lúc 09:00 ngày 06/06/2026.
Thời hạn giải quyết: 4 giờ làm việc.
Đếm 4 giờ trong giờ làm việc, kể từ 09:00 ngày 06/06/2026.
Bỏ qua 06/06/2026 (Thứ Bảy); 07/06/2026 (Chủ Nhật).
Nếu không dừng thì hạn là 11:30 ngày 08/06/2026.
Tạm dừng giải quyết từ 08:15 ngày 08/06/2026 đến 09:00 ngày 08/06/2026; thời gian này không tính.
Trước khi dừng đã dùng 45 phút làm việc, còn 3 giờ 15 phút.
Đếm 3 giờ 15 phút trong giờ làm việc, kể từ 09:00 ngày 08/06/2026.
Vậy hẹn trả kết quả lúc 14:15 ngày 08/06/2026.`},
		{"clock hours used up", nil, civil.DueInput{ReceivedAt: at(t, "2026-06-01 09:00"), Limit: limit(t, "24 giờ"), Stops: []civil.Stop{stop(t, supplement, "2026-06-02 09:00", "2026-06-03 09:00")}}, `
Hồ sơ được tiếp nhận lúc 09:00 ngày 01/06/2026.
Thời hạn giải quyết: 24 giờ.
Đếm 24 giờ liên tục kể từ 09:00 ngày 01/06/2026, kể cả ban đêm và ngày nghỉ.
Nếu không dừng thì hạn là 09:00 ngày 02/06/2026.
Chờ bổ sung hồ sơ từ 09:00 ngày 02/06/2026 đến 09:00 ngày 03/06/2026.
Trước khi dừng đã dùng 24 giờ, còn 0 giờ.
Thời hạn đã dùng hết trước khi dừng, nên phải trả kết quả ngay trong ngày 03/06/2026.
Vậy hẹn trả kết quả lúc 09:00 ngày 03/06/2026.`},
		{"same day, after the hour", nil, civil.DueInput{ReceivedAt: at(t, "2026-06-01 15:30"), Limit: limit(t, "trong ngày"), SameDayCutoff: 900}, `
Hồ sơ được tiếp nhận lúc 15:30 ngày 01/06/2026.
Thời hạn giải quyết: trong ngày.
Hồ sơ đến sau giờ nhận trả trong ngày của thủ tục, nên trả kết quả vào ngày làm việc tiếp theo, chậm nhất là giờ đóng cửa.
Vậy hẹn trả kết quả lúc 17:00 ngày 02/06/2026.`},
		{"same day, stopped", nil, civil.DueInput{ReceivedAt: at(t, "2026-06-01 09:30"), Limit: limit(t, "trong ngày"), Policy: civil.Restart, Stops: []civil.Stop{stop(t, supplement, "2026-06-01 10:00", "2026-06-02 09:00")}}, `
Hồ sơ được tiếp nhận lúc 09:30 ngày 01/06/2026.
Thời hạn giải quyết: trong ngày.
Thủ tục này trả kết quả trong ngày, chậm nhất là giờ đóng cửa.
Nếu không dừng thì hạn là 17:00 ngày 01/06/2026.
Chờ bổ sung hồ sơ từ 10:00 ngày 01/06/2026 đến 09:00 ngày 02/06/2026.
Thủ tục này trả kết quả trong ngày, chậm nhất là giờ đóng cửa.
Vậy hẹn trả kết quả lúc 17:00 ngày 02/06/2026.`},
		{"at once", nil, civil.DueInput{ReceivedAt: at(t, "2026-06-01 09:30"), Limit: limit(t, "trả ngay")}, `
Hồ sơ được tiếp nhận lúc 09:30 ngày 01/06/2026.
Thời hạn giải quyết: trả ngay.
Thủ tục này trả kết quả ngay khi tiếp nhận.
Vậy hẹn trả kết quả lúc 09:30 ngày 01/06/2026.`},
		{"fixed date", nil, civil.DueInput{ReceivedAt: at(t, "2026-06-01 09:30"), Limit: limit(t, "2026-06-15")}, `
Hồ sơ được tiếp nhận lúc 09:30 ngày 01/06/2026.
Thời hạn giải quyết: ngày 15/06/2026.
Ngày trả kết quả được ấn định trước: 15/06/2026.
Vậy hẹn trả kết quả lúc 09:30 ngày 15/06/2026.`},
		{"not arrived", nil, civil.DueInput{ReceivedAt: at(t, "2026-09-07 09:30"), Limit: limit(t, "5 ngày làm việc"), Elsewhere: true}, `
Hồ sơ được tiếp nhận lúc 09:30 ngày 07/09/2026.
Thời hạn giải quyết: 5 ngày làm việc.
Hồ sơ nộp ở nơi khác và cơ quan có thẩm quyền chưa nhận được, nên chưa có ngày hẹn trả. Thời hạn tính từ lúc cơ quan đó nhận được.`},
		{"arrived, then stopped", nil, civil.DueInput{ReceivedAt: at(t, "2026-09-07 09:30"), Limit: limit(t, "1 ngày làm việc"), ArrivedAt: &arrived, Stops: []civil.Stop{stop(t, supplement, "2026-09-09 08:00", "")}}, `
Hồ sơ được tiếp nhận lúc 09:30 ngày 07/09/2026.
Hồ sơ nộp ở nơi khác; cơ quan có thẩm quyền nhận được lúc 10:00 ngày 08/09/2026, thời hạn tính từ lúc này.
Thời hạn giải quyết: 1 ngày làm việc.
Không tính ngày 08/09/2026; đếm 1 ngày làm việc: 09/09/2026.
Nếu không dừng thì hạn là 10:00 ngày 09/09/2026.
Từ 08:00 ngày 09/09/2026 đang chờ bổ sung hồ sơ, nên chưa có ngày hẹn trả mới.`},
		{"second phase", nil, civil.DueInput{ReceivedAt: at(t, "2026-06-01 09:30"), Limit: limit(t, "1 ngày làm việc"), Second: true}, `
Giai đoạn 2: hồ sơ được tiếp nhận lại lúc 09:30 ngày 01/06/2026.
Thời hạn giải quyết: 1 ngày làm việc.
Không tính ngày 01/06/2026; đếm 1 ngày làm việc: 02/06/2026.
Vậy hẹn trả kết quả lúc 09:30 ngày 02/06/2026.`},
		{"a week of four days", calendar(t, weekly), civil.DueInput{ReceivedAt: at(t, "2026-06-04 09:30"), Limit: limit(t, "1 ngày làm việc")}, `
Hồ sơ được tiếp nhận lúc 09:30 ngày 04/06/2026.
Thời hạn giải quyết: 1 ngày làm việc.
Không tính ngày 04/06/2026; đếm 1 ngày làm việc: 08/06/2026.
Bỏ qua 05/06/2026 (ngày nghỉ hằng tuần); 06/06/2026 (Thứ Bảy); 07/06/2026 (Chủ Nhật).
Vậy hẹn trả kết quả lúc 09:30 ngày 08/06/2026.`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			cal := tt.cal
			if cal == nil {
				cal = civildata.Default()
			}
			if diff := cmp.Diff(strings.TrimSpace(tt.want), why("vi", due(t, cal, tt.in))); diff != "" {
				t.Errorf("why (-want +got):\n%s", diff)
			}
		})
	}
}

// The first exception of a calendar is named like any other.
func TestWhyNamesTheFirstException(t *testing.T) {
	cal := calendar(t, year2026(civil.Exception{Date: on(t, "2026-06-02"), Kind: civil.Local, Name: "Bão"}))
	d := due(t, cal, civil.DueInput{ReceivedAt: at(t, "2026-06-01 09:00"), Limit: limit(t, "1 ngày làm việc")})
	if s := d.Segments[0].Skipped; len(s) != 1 || s[0] != (civil.Skipped{Date: on(t, "2026-06-02"), Reason: "civil.off.local", Name: "Bão"}) {
		t.Errorf("skipped %v, want the storm by its name", s)
	}
}

func TestWhyInEnglish(t *testing.T) {
	got := why("en", due(t, civildata.Default(), civil.DueInput{ReceivedAt: at(t, "2026-06-05 18:00"), Limit: limit(t, "1 ngày làm việc")}))
	want := `The dossier was received at 18:00 on 05/06/2026.
That was outside office hours or on a day off, so the time limit runs from 07:30 on 08/06/2026.
Time limit: 1 working day.
08/06/2026 itself is not counted; 1 working day is: 09/06/2026.
So the result is promised for 07:30 on 09/06/2026.`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("why (-want +got):\n%s", diff)
	}
}

// A local day off and every kind of stop have their sentences.
func TestEveryReasonHasASentence(t *testing.T) {
	keys := []string{"civil.off.holiday", "civil.off.compensatory", "civil.off.swapOff", "civil.off.local", "civil.off.weekly"}
	for _, kind := range []civil.StopKind{civil.StopSupplement, civil.StopObligation, civil.StopSuspension, civil.StopConsult} {
		keys = append(keys, "civil.stop."+string(kind), "civil.why.stop."+string(kind), "civil.why.stopped."+string(kind))
	}
	for _, u := range units {
		keys = append(keys, civil.Limit{Unit: u}.Line().Key, "civil.why.count."+string(u))
	}
	for _, p := range []civil.Punctuality{civil.Early, civil.OnTime, civil.Late} {
		keys = append(keys, "civil.punctuality."+string(p))
	}
	for _, k := range []civil.DayKind{civil.Holiday, civil.Compensatory, civil.SwapOff, civil.SwapWork, civil.Local} {
		keys = append(keys, "civil.day."+string(k))
	}
	keys = append(keys, "civil.policy.restart", "civil.policy.pause", "civil.year.official", "civil.year.provisional")
	for _, key := range keys {
		if !i18n.Default().Has(key) {
			t.Errorf("%s has no sentence", key)
		}
	}
	cal, err := civildata.Default().Derive(civil.Own{Days: []civil.Exception{{Date: on(t, "2026-06-02"), Kind: civil.Local, Name: "Bão số 3"}}})
	if err != nil {
		t.Fatal(err)
	}
	got := due(t, cal, civil.DueInput{ReceivedAt: at(t, "2026-06-01 09:00"), Limit: limit(t, "1 ngày làm việc")})
	if text := why("vi", got); !strings.Contains(text, "02/06/2026 (Bão số 3, nghỉ theo quyết định của địa phương)") {
		t.Errorf("why = %s", text)
	}
}

func TestWaitLine(t *testing.T) {
	in := civil.DueInput{ReceivedAt: at(t, "2026-09-07 09:30"), Limit: limit(t, "1 ngày làm việc")}
	if line, ok := due(t, civildata.Default(), in).WaitLine(); ok {
		t.Errorf("a promised day waits: %v", line)
	}
	in.Stops = []civil.Stop{stop(t, civil.StopConsult, "2026-09-07 10:00", "")}
	if line, ok := due(t, civildata.Default(), in).WaitLine(); !ok || line.Key != "civil.why.stopped.consult" {
		t.Errorf("stopped: %v, %v", line, ok)
	}
	in.Elsewhere = true
	if line, ok := due(t, civildata.Default(), in).WaitLine(); !ok || line.Key != "civil.why.not_arrived" {
		t.Errorf("not arrived: %v, %v", line, ok)
	}
}

// What is stored comes back as it was.
func TestDerivationJSON(t *testing.T) {
	arrived := at(t, "2026-09-08 18:30")
	for name, in := range map[string]civil.DueInput{
		"plain":   {ReceivedAt: at(t, "2018-12-27 09:15"), Limit: limit(t, "3 ngày làm việc")},
		"waiting": {ReceivedAt: at(t, "2026-09-07 09:15"), Limit: limit(t, "3 tháng"), Elsewhere: true},
		"stopped": {ReceivedAt: at(t, "2026-09-07 09:15"), Limit: limit(t, "8 giờ làm việc"), ArrivedAt: &arrived, Second: true, Stops: []civil.Stop{
			stop(t, civil.StopSupplement, "2026-09-09 10:00", "2026-09-10 10:00"), stop(t, civil.StopConsult, "2026-09-11 10:00", ""),
		}},
		"ended": {ReceivedAt: at(t, "2026-12-07 09:15"), Limit: limit(t, "30 ngày"), Policy: civil.Restart, Stops: []civil.Stop{
			stop(t, civil.StopSupplement, "2026-12-09 10:00", "2026-12-10 10:00"),
		}},
	} {
		want := due(t, civildata.Default(), in)
		text, err := json.Marshal(want)
		if err != nil {
			t.Fatal(err)
		}
		var got civil.Derivation
		if err := json.Unmarshal(text, &got); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(why("vi", want), why("vi", got)); diff != "" {
			t.Errorf("%s: why (-want +got):\n%s", name, diff)
		}
		again, err := json.Marshal(got)
		if err != nil || string(again) != string(text) {
			t.Errorf("%s: %s, %v, want %s", name, again, err, text)
		}
	}
	text, err := json.Marshal(due(t, civildata.Default(), civil.DueInput{ReceivedAt: at(t, "2026-09-07 09:15").UTC(), Limit: limit(t, "1 ngày làm việc"), Elsewhere: true}))
	want := `{"receivedAt":"2026-09-07T09:15:00+07:00","startAt":null,"limit":{"value":1,"unit":"ngay_lam_viec"},"policy":"pause","dueOn":null,"dueAt":null,"waits":"arrival","segments":[]}`
	if err != nil || string(text) != want {
		t.Errorf("Marshal = %s, %v, want %s", text, err, want)
	}
	var d civil.Derivation
	if err := json.Unmarshal([]byte(`{"dueOn":"tomorrow"}`), &d); err == nil {
		t.Error("a broken derivation was read")
	}
}

// Every instant that is told is Vietnamese, whatever zone came in.
func TestDerivationSpeaksVietnameseTime(t *testing.T) {
	arrived := at(t, "2026-09-08 09:00").UTC()
	s := stop(t, civil.StopSupplement, "2026-09-09 10:00", "2026-09-10 10:00")
	s.FromAt, s.ToAt = s.FromAt.UTC(), s.ToAt.UTC()
	got := due(t, civildata.Default(), civil.DueInput{ReceivedAt: at(t, "2026-09-07 09:00").UTC(), ArrivedAt: &arrived, Limit: limit(t, "5 ngày làm việc"), Stops: []civil.Stop{s}})
	all := []time.Time{got.ReceivedAt, got.ArrivedAt, got.StartAt, got.DueAt, got.Segments[1].StartAt, got.Segments[1].DueAt, got.Segments[1].Stop.FromAt, got.Segments[1].Stop.ToAt}
	if i := slices.IndexFunc(all, func(at time.Time) bool { return at.Location() != civil.Zone }); i >= 0 {
		t.Errorf("instant %d is %v", i, all[i])
	}
	if s.FromAt.Location() != time.UTC {
		t.Error("the input was changed")
	}
}
