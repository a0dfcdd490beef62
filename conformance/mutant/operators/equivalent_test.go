package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strings"
	"testing"
)

// points of all references, by name.
func everyPoint(t *testing.T) map[string]bool {
	t.Helper()
	names := map[string]bool{}
	next := 0
	for _, u := range under {
		for _, pattern := range u.files {
			files, err := filepath.Glob(filepath.Join("../../..", pattern))
			if err != nil || len(files) == 0 {
				t.Fatalf("%s: %d files, %v", pattern, len(files), err)
			}
			for _, name := range files {
				if strings.HasSuffix(name, "_test.go") || untouched[filepath.Base(name)] {
					continue
				}
				f, err := find(name, &next, nil)
				if err != nil {
					t.Fatal(err)
				}
				for _, p := range f.points {
					names[strings.TrimPrefix(p.name, "../../../")] = true
				}
			}
		}
	}
	return names
}

// What is called no fault is there, is given a reason, and is named once.
func TestEquivalentsNameMutants(t *testing.T) {
	list, err := readEquivalents(equivalents)
	if err != nil {
		t.Fatal(err)
	}
	points := everyPoint(t)
	n := 0
	for i := range list {
		found := 0
		for name := range points {
			if list[i].names(name) {
				found++
			}
		}
		if found == 0 {
			t.Errorf("no mutant is %q; the reference has changed", list[i].pattern)
		}
		n += found
	}
	if n*4 > len(points) {
		t.Errorf("%d of %d mutants are called no faults; that many cannot be", n, len(points))
	}
	t.Logf("%d of %d mutants are no faults", n, len(points))
}

func TestPatternsOfEquivalents(t *testing.T) {
	for _, x := range []struct {
		pattern, name string
		want          bool
	}{
		{"a b: c", "a b: c", true},
		{"a b: c", "a b: c #2", false},
		{"a *: c", "a xyz: c", true},
		{"a *: c*", "a xyz: c #2", true},
		{"*touch()", "f: x.touch()", true},
		{"*touch()", "f: x.touch() #2", false},
		{"b*", "a b", false},
	} {
		if got := (&equivalence{pattern: x.pattern}).names(x.name); got != x.want {
			t.Errorf("%q names %q: %v", x.pattern, x.name, got)
		}
	}
	if _, err := readEquivalents("a\nb\n\twhy\n"); err == nil {
		t.Error("an equivalence without a reason is taken")
	}
}

// A function that is left alone because only planted bugs call it is called by nothing else.
func TestOnlyPlantedBugsCallWhatIsLeftAlone(t *testing.T) {
	for _, u := range under {
		files, _ := filepath.Glob(filepath.Join("../../..", u.files[0]))
		for _, name := range files {
			if strings.HasSuffix(name, "_test.go") || untouched[filepath.Base(name)] {
				continue
			}
			next := 0
			f, err := find(name, &next, nil)
			if err != nil {
				t.Fatal(err)
			}
			set := token.NewFileSet()
			file, err := parser.ParseFile(set, name, f.src, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			f.set = set
			short := strings.TrimPrefix(filepath.ToSlash(name), "../../../reference/")
			folder, _, _ := strings.Cut(short, "/")
			for _, d := range file.Decls {
				fn, is := d.(*ast.FuncDecl)
				if !is || fn.Body == nil || onlyPlanted[folder+" "+fn.Name.Name] {
					continue
				}
				var look func(n ast.Node) bool
				look = func(n ast.Node) bool {
					switch n := n.(type) {
					case *ast.IfStmt:
						if f.planted(n.Cond) {
							if n.Else != nil {
								ast.Inspect(n.Else, look)
							}
							return false
						}
					case *ast.CaseClause:
						for _, x := range n.List {
							if f.planted(x) {
								return false
							}
						}
					case *ast.CallExpr:
						if sel, is := n.Fun.(*ast.SelectorExpr); is && onlyPlanted[folder+" "+sel.Sel.Name] {
							t.Errorf("%s: %s is called without a planted bug", set.Position(n.Pos()), sel.Sel.Name)
						}
					}
					return true
				}
				ast.Inspect(fn.Body, look)
			}
		}
	}
}
