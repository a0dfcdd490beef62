package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// point is a place of the source that one operator changes.
type point struct {
	id       int // from 1, in the order of the files
	file     string
	line     int
	function string
	operator string
	text     string // of what is changed, one line
	name     string // file, function, operator and text, and which of several like it: the same as long as the function is
}

// The operators. Each is a function in hooks.go.txt, which the changed source calls with the number of the point.
const (
	negate    = "negate condition"
	always    = "condition is true"
	never     = "condition is false"
	bound     = "change bound"
	junction  = "swap && and ||"
	arithmetc = "swap + and -"
	drop      = "drop statement"
)

// onlyPlanted are functions, by the folder of their reference, that run if a bug is planted and not else: what they do wrong is not the reference's fault.
var onlyPlanted = map[string]bool{
	"model rewrite": true,
	"model handTo":  true,
	"epoll handOut": true,
}

// edit replaces bytes of a file. Insertions at one place are nested as the syntax is: what was made first is outside.
type edit struct {
	from, to int
	text     string
	closing  bool
	made     int
}

// finder collects the points of one file, and the edits that put the hooks there.
type finder struct {
	name     string
	src      []byte
	set      *token.FileSet
	points   []*point
	edits    []edit
	function string
	next     *int
	without  map[int]bool // points that do not compile
	last     map[ast.Stmt]bool
	alike    map[string]int
}

// find lists the points of a file. next counts over all files; without names those that get no hook.
func find(name string, next *int, without map[int]bool) (*finder, error) {
	src, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	f := &finder{name: filepath.ToSlash(name), src: src, set: token.NewFileSet(), next: next, without: without, last: map[ast.Stmt]bool{}, alike: map[string]int{}}
	file, err := parser.ParseFile(f.set, name, src, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	for _, d := range file.Decls {
		if fn, is := d.(*ast.FuncDecl); is && fn.Body != nil && fn.Name.Name != "String" && fn.Name.Name != "Plant" && !onlyPlanted[filepath.Base(filepath.Dir(name))+" "+fn.Name.Name] {
			f.function = fn.Name.Name
			f.returns(fn.Type, fn.Body)
			ast.Inspect(fn.Body, f.visit)
		}
	}
	return f, nil
}

func (f *finder) offset(p token.Pos) int { return f.set.Position(p).Offset }

func (f *finder) text(n ast.Node) string { return string(f.src[f.offset(n.Pos()):f.offset(n.End())]) }

// planted reports whether the node has to do with a planted bug.
func (f *finder) planted(n ast.Node) bool {
	s := f.text(n)
	return strings.Contains(s, "has(") || strings.Contains(s, ".bugs") || strings.Contains(s, ".gap(bug") || strings.Contains(s, ".letIn(")
}

// add makes a point of n; 0 if it is to have no hook.
func (f *finder) add(n ast.Node, operator string) int {
	*f.next++
	text, _, _ := strings.Cut(f.text(n), "\n")
	name := fmt.Sprintf("%s %s: %s: %s", f.name, f.function, operator, text)
	if f.alike[name]++; f.alike[name] > 1 {
		name += fmt.Sprintf(" #%d", f.alike[name])
	}
	f.points = append(f.points, &point{*f.next, f.name, f.set.Position(n.Pos()).Line, f.function, operator, text, name})
	if f.without[*f.next] {
		return 0
	}
	return *f.next
}

func (f *finder) put(from, to token.Pos, text string, closing bool) {
	f.edits = append(f.edits, edit{f.offset(from), f.offset(to), text, closing, len(f.edits)})
}

// wrap puts n into a call of the hook.
func (f *finder) wrap(n ast.Node, operator, hook string) {
	if id := f.add(n, operator); id != 0 {
		f.put(n.Pos(), n.Pos(), fmt.Sprintf("%s(%d, ", hook, id), false)
		f.put(n.End(), n.End(), ")", true)
	}
}

// returns ends a function that has results in a panic, for the compiler to be content where a return is dropped. The very last return is none to drop: that
// would be a panic and nothing else.
func (f *finder) returns(fn *ast.FuncType, body *ast.BlockStmt) {
	if fn.Results == nil || len(body.List) == 0 {
		return
	}
	f.last[body.List[len(body.List)-1]] = true
	f.put(body.Rbrace, body.Rbrace, "; panic(\"a return was dropped\") ", false)
}

func (f *finder) condition(x ast.Expr) {
	if f.planted(x) {
		return
	}
	f.wrap(x, negate, "mutatedNot")
	f.wrap(x, always, "mutatedTrue")
	f.wrap(x, never, "mutatedFalse")
}

func (f *finder) visit(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.IfStmt:
		if f.planted(n.Cond) {
			if n.Else != nil {
				ast.Inspect(n.Else, f.visit)
			}
			return false
		}
		f.condition(n.Cond)
	case *ast.ForStmt:
		if n.Cond != nil {
			f.condition(n.Cond)
		}
	case *ast.SwitchStmt:
		if n.Tag == nil {
			for _, c := range n.Body.List {
				for _, x := range c.(*ast.CaseClause).List {
					f.condition(x)
				}
			}
		}
	case *ast.BinaryExpr:
		return f.binary(n)
	case *ast.FuncLit:
		f.returns(n.Type, n.Body)
	case *ast.BlockStmt:
		f.statements(n.List)
	case *ast.CaseClause:
		if slices.ContainsFunc(n.List, func(x ast.Expr) bool { return f.planted(x) }) {
			return false
		}
		f.statements(n.Body)
	case *ast.GenDecl:
		return n.Tok != token.CONST
	}
	return true
}

func (f *finder) binary(n *ast.BinaryExpr) bool {
	if f.planted(n) {
		return false
	}
	infix := func(operator, hook, between, after string) {
		if id := f.add(n, operator); id != 0 {
			f.put(n.Pos(), n.Pos(), fmt.Sprintf("%s(%d, ", hook, id), false)
			f.put(n.OpPos, n.OpPos+token.Pos(len(n.Op.String())), between, false)
			f.put(n.End(), n.End(), after+")", true)
		}
	}
	lazy := func(hook string) { infix(junction, hook, ", func() bool { return ", "}") }
	switch n.Op {
	case token.LSS:
		infix(bound, "mutatedLess", ",", "")
	case token.LEQ:
		infix(bound, "mutatedAtMost", ",", "")
	case token.GTR:
		infix(bound, "mutatedMore", ",", "")
	case token.GEQ:
		infix(bound, "mutatedAtLeast", ",", "")
	case token.LAND:
		lazy("mutatedAnd")
	case token.LOR:
		lazy("mutatedOr")
	case token.ADD:
		infix(arithmetc, "mutatedPlus", ",", "")
	case token.SUB:
		infix(arithmetc, "mutatedMinus", ",", "")
	}
	return true
}

func (f *finder) statements(list []ast.Stmt) {
	for _, s := range list {
		switch s := s.(type) {
		case *ast.ExprStmt, *ast.IncDecStmt, *ast.DeferStmt, *ast.BranchStmt:
		case *ast.ReturnStmt:
			if f.last[s] {
				continue
			}
		case *ast.AssignStmt:
			if s.Tok == token.DEFINE {
				continue
			}
		default:
			continue
		}
		if f.planted(s) {
			continue
		}
		if id := f.add(s, drop); id != 0 {
			f.put(s.Pos(), s.Pos(), fmt.Sprintf("if mutatedKeep(%d) { ", id), false)
			f.put(s.End(), s.End(), " }", true)
		}
	}
}

// rewritten is the source with the hooks.
func (f *finder) rewritten() []byte {
	slices.SortFunc(f.edits, func(a, b edit) int {
		switch {
		case a.from != b.from:
			return a.from - b.from
		case a.closing != b.closing:
			if a.closing {
				return -1
			}
			return 1
		case a.closing:
			return b.made - a.made
		}
		return a.made - b.made
	})
	var out []byte
	at := 0
	for _, e := range f.edits {
		out = append(out, f.src[at:e.from]...)
		out = append(out, e.text...)
		at = e.to
	}
	return append(out, f.src[at:]...)
}
