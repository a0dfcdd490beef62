package epoll

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"strconv"
	"strings"
	"testing"
)

// The threads of this package may be coroutines of a simulator. Whatever blocks, waits or depends on
// chance other than through Kernel would hang the simulator or make its runs unrepeatable.
func TestNothingGoesPastTheKernel(t *testing.T) {
	allowed := map[string]bool{
		"fmt": true, "net/netip": true, "slices": true, "time": true,
		"github.com/ioconform/ioconform/reference/errno": true, "github.com/ioconform/ioconform/spec": true,
	}
	files, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, f := range files {
		if !strings.HasSuffix(f.Name(), ".go") || strings.HasSuffix(f.Name(), "_test.go") {
			continue
		}
		seen++
		fset := token.NewFileSet()
		tree, err := parser.ParseFile(fset, f.Name(), nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		bad := func(n ast.Node, what string) { t.Errorf("%v: %s", fset.Position(n.Pos()), what) }
		for _, imp := range tree.Imports {
			if path, _ := strconv.Unquote(imp.Path.Value); !allowed[path] {
				bad(imp, "imports "+path)
			}
			if imp.Name != nil {
				bad(imp, "renames an import, which this test would not follow")
			}
		}
		ast.Inspect(tree, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.GoStmt:
				bad(n, "go statement")
			case *ast.SelectStmt:
				bad(n, "select statement")
			case *ast.ChanType:
				bad(n, "channel")
			case *ast.SendStmt:
				bad(n, "channel send")
			case *ast.MapType:
				bad(n, "map: somebody is going to range over it")
			case *ast.UnaryExpr:
				if n.Op == token.ARROW {
					bad(n, "channel receive")
				}
			case *ast.SelectorExpr:
				if x, is := n.X.(*ast.Ident); is && x.Name == "time" && x.Obj == nil && n.Sel.Name != "Duration" {
					bad(n, "time."+n.Sel.Name)
				}
			}
			return true
		})
	}
	if seen < 10 {
		t.Errorf("looked at %d files", seen)
	}
}
