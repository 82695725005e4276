package main

import (
	"fmt"
	"os"

	"github.com/motcua/motcua/internal/core/fault"
	"github.com/motcua/motcua/internal/core/process"
	"github.com/motcua/motcua/internal/guard"
	"github.com/motcua/motcua/internal/i18n"
)

// processCmd holds what can be done with processes.
type processCmd struct {
	Check processCheckCmd `cmd:"" help:"Tệp BPMN 2.0 này có chạy được ở đây không? Không lưu gì."`
}

// processCheckCmd says whether a BPMN file can run here.
type processCheckCmd struct {
	File string `arg:"" help:"Tệp .bpmn."`
	JSON bool   `help:"In một tài liệu JSON."`
}

// Run implements the command.
func (c *processCheckCmd) Run(std *stdio) error {
	f, err := os.Open(c.File)
	if err != nil {
		return fault.Wrap(err, fault.NotFound, "command.file_unreadable", fault.Args{"path": c.File})
	}
	defer f.Close()
	words := i18n.Default()
	result := process.Check(f, guard.Check, func(key string, args fault.Args) string { return words.T(std.lang, key, args) })
	if c.JSON {
		err = std.document(result)
	} else {
		c.print(std, result)
	}
	if err == nil && !result.OK {
		err = exit(exitRefused)
	}
	return err
}

func (c *processCheckCmd) print(std *stdio, r process.CheckResult) {
	if r.OK {
		std.print("command.process_ok", fault.Args{"name": r.Name, "n": r.Steps})
	} else {
		std.print("command.process_refused", fault.Args{"name": r.Name, "n": len(r.Refused)})
	}
	for _, list := range [][]process.RefusedElement{r.Refused, r.Conditions} {
		for _, x := range list {
			fmt.Fprintf(std.out, "  %s:%d  %s %s  %s\n", c.File, x.Line, x.Element, x.ID, x.Reason)
		}
	}
	if len(r.Conditions) > 0 {
		std.print("command.process_conditions", nil)
	}
}
