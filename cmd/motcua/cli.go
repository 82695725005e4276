package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/alecthomas/kong"

	"github.com/motcua/motcua/internal/bench"
	"github.com/motcua/motcua/internal/config"
	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/i18n"
)

// The exit codes of the outside contract.
const (
	exitDone    = 0
	exitRefused = 1
	exitUsage   = 2
)

// cli is every command. What is not built has no command.
type cli struct {
	Lang string `default:"vi" enum:"vi,en" help:"Ngôn ngữ của thông báo: vi hoặc en."`

	Demo     demoCmd     `cmd:"" help:"Tạo và chạy một tỉnh mô phỏng tại http://127.0.0.1:8080."`
	Serve    serveCmd    `cmd:"" help:"Chạy chính thức; từ chối cấu hình trống hoặc không an toàn."`
	Init     initCmd     `cmd:"" help:"Tạo một tỉnh trống, sẵn sàng vận hành, với một quản trị viên."`
	Migrate  migrateCmd  `cmd:"" help:"Nâng lược đồ cơ sở dữ liệu lên bản này."`
	Import   importCmd   `cmd:"" help:"Nhập dữ liệu: procedures, catalogue, units, agencies, holidays, staff."`
	Export   exportCmd   `cmd:"" help:"Xuất dữ liệu: procedures, units, agencies, staff, dossiers."`
	Due      dueCmd      `cmd:"" help:"Tính ngày hẹn trả kết quả và giải thích từng ngày."`
	Process  processCmd  `cmd:"" help:"Kiểm tra quy trình BPMN 2.0."`
	Verify   verifyCmd   `cmd:"" help:"Kiểm tra mọi bất biến, dựng lại dữ liệu từ nhật ký và so sánh."`
	Simulate simulateCmd `cmd:"" help:"Tạo lịch sử mô phỏng qua các nghiệp vụ thật."`
	Bench    benchCmd    `cmd:"" help:"Đo tốc độ, so với giới hạn của máy và cơ sở dữ liệu."`
	Backup   backupCmd   `cmd:"" help:"Sao lưu cơ sở dữ liệu và tài liệu vào một tệp."`
	Restore  restoreCmd  `cmd:"" help:"Khôi phục từ tệp sao lưu vào nơi còn trống."`
	Drill    drillCmd    `cmd:"" help:"Diễn tập: sao lưu, khôi phục ở chỗ khác, kiểm tra."`
	Token    tokenCmd    `cmd:"" help:"Cấp mã truy cập API."`
	Version  versionCmd  `cmd:"" help:"Phiên bản, mã nguồn, lược đồ."`
}

// stdio is where a command reads and writes: results on out, all else on err.
type stdio struct {
	in   io.Reader
	out  io.Writer
	err  io.Writer
	lang string
}

// say writes a sentence on standard error: what is going on, not the result.
func (s *stdio) say(key string, args fault.Args) {
	fmt.Fprintln(s.err, i18n.Default().T(s.lang, key, args))
}

// print writes a sentence of the result.
func (s *stdio) print(key string, args fault.Args) {
	fmt.Fprintln(s.out, i18n.Default().T(s.lang, key, args))
}

// document writes the one JSON document of a command's --json.
func (s *stdio) document(v any) error {
	enc := json.NewEncoder(s.out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}

// Run is the program as a value: tests call it without a process.
func Run(ctx context.Context, args []string, in io.Reader, out, errw io.Writer) int {
	var c cli
	std := &stdio{in, out, errw, i18n.Vietnamese}
	code := -1
	parser, err := kong.New(&c, append(config.Sources(),
		kong.Vars{"benches": strings.Join(bench.Names(), ", ")},
		kong.Name("motcua"),
		kong.Description("Trung tâm Phục vụ hành chính công trong một chương trình."),
		kong.Writers(out, errw),
		kong.Exit(func(n int) { code = n }),
		kong.BindTo(ctx, (*context.Context)(nil)),
		kong.Bind(std),
	)...)
	if err != nil {
		fmt.Fprintf(errw, "motcua: %v\n", err)
		return exitUsage
	}
	k, err := parser.Parse(args)
	if code >= 0 {
		return code // help was printed
	}
	if err != nil {
		fmt.Fprintf(errw, "motcua: %v\n", err)
		return exitUsage
	}
	std.lang = c.Lang
	if err := k.Run(); err != nil {
		return failed(std, err)
	}
	return exitDone
}

// failed says what went wrong, unless the command has said it, and gives the
// exit code.
func failed(std *stdio, err error) int {
	var done exit
	if errors.As(err, &done) {
		return int(done)
	}
	fmt.Fprintf(std.err, "motcua: %s\n", sentence(std.lang, err))
	return exitRefused
}

// exit ends a command with a code after it has said everything itself.
type exit int

func (e exit) Error() string { return fmt.Sprintf("exit %d", int(e)) }

// sentence is the error in the reader's language when it has a kind, with the
// cause behind it; else as it is.
func sentence(lang string, err error) string {
	f := fault.As(err)
	if f == nil || f.Kind == fault.Internal {
		return err.Error()
	}
	text := ""
	for i, one := range f.Each() {
		if i > 0 {
			text += "\n  "
		}
		text += i18n.Default().T(lang, one.Key, one.Args)
	}
	if cause := f.Unwrap(); cause != nil {
		text += " (" + cause.Error() + ")"
	}
	return text
}
