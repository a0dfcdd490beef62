package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// overlay has the tests of the targets' folders built as if there were no others: files that declare no target are hidden from the compiler.
func overlay(t *testing.T) {
	if testing.Short() {
		t.Log("not built without the other tests: -short")
		return
	}
	if _, err := exec.LookPath("go"); err != nil {
		t.Skip("needs go in the path: https://go.dev/dl")
	}
	here, err := filepath.Abs(root)
	if err != nil {
		t.Fatal(err)
	}
	replace := map[string]string{}
	folders := map[string]bool{}
	for _, x := range Targets {
		files, _ := filepath.Glob(filepath.Join(here, x.Folder, "*_test.go"))
		for _, path := range files {
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(string(text), "\nfunc Fuzz") {
				replace[path] = "" // deleted
			}
		}
		folders["./"+x.Folder] = true
	}
	file := filepath.Join(t.TempDir(), "overlay.json")
	text, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, text, 0o666); err != nil {
		t.Fatal(err)
	}
	args := []string{"vet", "-overlay", file}
	for f := range folders {
		args = append(args, f)
	}
	cmd := exec.Command("go", args...)
	cmd.Dir = here
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("without the other tests, %v\n%s", err, out)
	}
}
