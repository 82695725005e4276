package process

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/motcua/motcua/internal/core/fault"
)

// Limits on a file from outside. Entities are never expanded and a document
// type is refused, so a small file cannot grow.
const (
	maxFileBytes = 4 << 20
	maxDepth     = 100
	maxElements  = 60_000
)

// Namespaces that files are written in.
const (
	nsBPMN  = "http://www.omg.org/spec/BPMN/20100524/MODEL"
	nsShape = "http://www.omg.org/spec/BPMN/20100524/DI"
	nsDC    = "http://www.omg.org/spec/DD/20100524/DC"
	nsDI    = "http://www.omg.org/spec/DD/20100524/DI"
	nsXSI   = "http://www.w3.org/2001/XMLSchema-instance"
	nsXML   = "http://www.w3.org/XML/1998/namespace"
	nsOwn   = "urn:motcua:quy-trinh"
)

// prefixes are the usual prefixes; other namespaces are numbered.
var prefixes = [...][2]string{
	{nsBPMN, "bpmn"}, {nsShape, "bpmndi"}, {nsDC, "dc"}, {nsDI, "di"}, {nsXSI, "xsi"}, {nsOwn, "q"}, {nsXML, "xml"},
}

// element is an XML element, or a text when it has no name.
type element struct {
	name     xml.Name
	attrs    []xml.Attr // without namespace declarations; an xsi:type reads "{namespace}name"
	children []*element
	text     string
	line     int // of its opening bracket, from 1
}

// attr returns the attribute without namespace.
func (e *element) attr(local string) string { return e.attrIn("", local) }

func (e *element) attrIn(space, local string) string {
	for _, a := range e.attrs {
		if a.Name.Space == space && a.Name.Local == local {
			return a.Value
		}
	}
	return ""
}

// content is the text of the element itself.
func (e *element) content() string {
	var b strings.Builder
	for _, c := range e.children {
		b.WriteString(c.text)
	}
	return strings.TrimSpace(b.String())
}

// reader reads a file into a tree within the limits.
type reader struct {
	dec    *xml.Decoder
	stack  []*element
	scopes []map[string]string
	count  int
	root   *element
}

// readTree reads one XML document. It fails with an Invalid fault that names
// the line.
func readTree(r io.Reader) (*element, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxFileBytes+1))
	if err != nil {
		return nil, fmt.Errorf("read process file: %w", err)
	}
	if len(data) > maxFileBytes {
		return nil, fault.Field("file", "process.bpmn_large", fault.Args{"max": maxFileBytes >> 20})
	}
	x := &reader{dec: xml.NewDecoder(bytes.NewReader(data))}
	x.dec.CharsetReader = charset
	for {
		line, _ := x.dec.InputPos()
		token, err := x.dec.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err == nil {
			err = x.take(token, line)
		}
		if err != nil {
			return nil, xmlFault(err, line)
		}
	}
	if x.root == nil || len(x.stack) > 0 {
		return nil, fault.Field("file", "process.bpmn_xml", fault.Args{"line": 1})
	}
	return x.root, nil
}

func xmlFault(err error, line int) error {
	if fault.As(err) != nil {
		return err
	}
	var syntax *xml.SyntaxError
	if errors.As(err, &syntax) {
		line = syntax.Line
	}
	return fault.Wrap(err, fault.Invalid, "process.bpmn_xml", fault.Args{"line": line})
}

func (x *reader) take(token xml.Token, line int) error {
	switch token := token.(type) {
	case xml.Directive:
		return fault.Field("file", "process.bpmn_doctype", fault.Args{"line": line})
	case xml.StartElement:
		return x.open(token, line)
	case xml.EndElement:
		tidy(x.stack[len(x.stack)-1])
		x.stack, x.scopes = x.stack[:len(x.stack)-1], x.scopes[:len(x.scopes)-1]
	case xml.CharData:
		if len(x.stack) > 0 {
			top := x.stack[len(x.stack)-1]
			top.children = append(top.children, &element{text: string(token), line: line})
		} else if len(bytes.TrimSpace(token)) > 0 {
			return fault.Field("file", "process.bpmn_xml", fault.Args{"line": line})
		}
	}
	return nil
}

func (x *reader) open(start xml.StartElement, line int) error {
	if x.count++; x.count > maxElements || len(x.stack) >= maxDepth {
		return fault.Field("file", "process.bpmn_deep", fault.Args{"line": line})
	}
	e := &element{name: start.Name, line: line}
	scope := map[string]string{}
	if len(x.scopes) > 0 {
		scope = x.scopes[len(x.scopes)-1]
	}
	shared := true
	for _, a := range start.Attr {
		prefix := a.Name.Local
		switch {
		case a.Name.Space == "xmlns":
		case a.Name.Space == "" && a.Name.Local == "xmlns":
			prefix = ""
		default:
			e.attrs = append(e.attrs, a)
			continue
		}
		if shared {
			scope, shared = cloneMap(scope), false
		}
		scope[prefix] = a.Value
	}
	for i, a := range e.attrs {
		if a.Name == (xml.Name{Space: nsXSI, Local: "type"}) {
			prefix, local, ok := strings.Cut(a.Value, ":")
			if !ok {
				prefix, local = "", a.Value
			}
			e.attrs[i].Value = "{" + scope[prefix] + "}" + local
		}
	}
	if len(x.stack) == 0 {
		if x.root != nil {
			return fault.Field("file", "process.bpmn_xml", fault.Args{"line": line})
		}
		x.root = e
	} else {
		top := x.stack[len(x.stack)-1]
		top.children = append(top.children, e)
	}
	x.stack, x.scopes = append(x.stack, e), append(x.scopes, scope)
	return nil
}

func cloneMap(m map[string]string) map[string]string {
	c := make(map[string]string, len(m)+1)
	for k, v := range m {
		c[k] = v
	}
	return c
}

// tidy drops the white space that only indents the children of e.
func tidy(e *element) {
	if !slices.ContainsFunc(e.children, func(c *element) bool { return c.name.Local != "" }) {
		return
	}
	e.children = slices.DeleteFunc(e.children, func(c *element) bool {
		return c.name.Local == "" && strings.TrimSpace(c.text) == ""
	})
}

// charset reads the encodings of old drawing tools besides UTF-8.
func charset(label string, in io.Reader) (io.Reader, error) {
	switch strings.ToLower(label) {
	case "utf-8", "utf8", "us-ascii", "ascii":
		return in, nil
	case "iso-8859-1", "latin1":
		b, err := io.ReadAll(in)
		if err != nil {
			return nil, err
		}
		out := make([]byte, 0, len(b))
		for _, c := range b {
			out = utf8.AppendRune(out, rune(c))
		}
		return bytes.NewReader(out), nil
	}
	return nil, fault.Field("file", "process.bpmn_encoding", fault.Args{"encoding": label})
}

// names gives every namespace of a written piece its prefix.
type names struct {
	prefix map[string]string
	order  []string // namespaces in order of first use
}

func newNames() *names { return &names{prefix: map[string]string{}} }

func (n *names) of(space string) string {
	if p, ok := n.prefix[space]; ok {
		return p
	}
	p := ""
	for _, known := range prefixes {
		if known[0] == space {
			p = known[1]
		}
	}
	if p == "" {
		p = fmt.Sprintf("ns%d", len(n.order)+1)
	}
	n.prefix[space], n.order = p, append(n.order, space)
	return p
}

func (n *names) qualified(name xml.Name) string {
	if name.Space == "" {
		return name.Local
	}
	return n.of(name.Space) + ":" + name.Local
}

// collect names every namespace of e in order, before anything is written.
func (n *names) collect(e *element) {
	if e.name.Local == "" {
		return
	}
	n.qualified(e.name)
	for _, a := range e.attrs {
		n.qualified(a.Name)
		if space, _, ok := typeName(a); ok {
			n.of(space)
		}
	}
	for _, c := range e.children {
		n.collect(c)
	}
}

func typeName(a xml.Attr) (space, local string, ok bool) {
	if a.Name != (xml.Name{Space: nsXSI, Local: "type"}) || !strings.HasPrefix(a.Value, "{") {
		return "", "", false
	}
	space, local, ok = strings.Cut(a.Value[1:], "}")
	return space, local, ok && space != ""
}

// declare writes the namespace declarations of all that n has named.
func (n *names) declare(b *bytes.Buffer) {
	for _, space := range n.order {
		if space != nsXML {
			writeAttr(b, "xmlns:"+n.prefix[space], space)
		}
	}
}

func writeAttr(b *bytes.Buffer, name, value string) {
	b.WriteString(" " + name + `="`)
	_ = xml.EscapeText(b, []byte(value)) // a buffer does not fail
	b.WriteByte('"')
}

// write writes e compactly. top adds the namespace declarations.
func (n *names) write(b *bytes.Buffer, e *element, top bool) {
	if e.name.Local == "" {
		_ = xml.EscapeText(b, []byte(e.text))
		return
	}
	tag := n.qualified(e.name)
	b.WriteString("<" + tag)
	if top {
		n.declare(b)
	}
	for _, a := range e.attrs {
		value := a.Value
		if space, local, ok := typeName(a); ok {
			value = n.of(space) + ":" + local
		} else if a.Name == (xml.Name{Space: nsXSI, Local: "type"}) {
			value = strings.TrimPrefix(value, "{}")
		}
		writeAttr(b, n.qualified(a.Name), value)
	}
	if len(e.children) == 0 {
		b.WriteString("/>")
		return
	}
	b.WriteByte('>')
	for _, c := range e.children {
		n.write(b, c, false)
	}
	b.WriteString("</" + tag + ">")
}

// alone writes e as a document of its own, in one fixed form.
func (e *element) alone() string {
	n := newNames()
	n.collect(e)
	var b bytes.Buffer
	n.write(&b, e, true)
	return b.String()
}
