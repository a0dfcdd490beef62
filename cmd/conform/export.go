package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/ioconform/ioconform/conformance/export"
)

func newExport() *cobra.Command {
	var lang, out string
	cmd := &cobra.Command{
		Use:   "export CASE|FILE",
		Short: "a scenario as a program of its own, in C, for those who have no conform",
		Long: `Writes a scenario as a C program that stands alone: plain Win32, which is completion ports, AcceptEx, ConnectEx, WSARecv and their
like, with far ends as blocking sockets in the same process. It is for whoever maintains such an implementation, Wine's for one, and would
rather compile a file than install a suite. --lang c is that API and no other: there is no export for epoll or for libraries.

The program does the scenario's lines, prints what came and what each line allows, and ends with "as the scenario has it" (exit code 0) or, at
the first line where something else came, with "otherwise: line N: saw ..., allowed ..." (1). The rules that conform judges besides are not
in it, nor the choices of a failure file; what has not come within ten seconds counts as never coming.

A line that has no C, such as a pool, a second handle or a simulated world, is an error.`,
		Example: `  conform export close/port-under-one-waiter --lang c -o repro.c
  x86_64-w64-mingw32-gcc -O1 -o repro.exe repro.c -lws2_32
  wine64 repro.exe`,
		Args: argsBetween(1, 1, "one case or file"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if lang != "c" {
				return fmt.Errorf("--lang %q is not there; --lang c is", lang)
			}
			c, err := scenarioOf(args[0])
			if err != nil {
				return err
			}
			file := ""
			if out != "" {
				file = filepath.Base(out)
			}
			program, err := export.C(c.Name, file, c.File)
			if err != nil {
				return err
			}
			if out == "" {
				_, err = cmd.OutOrStdout().Write(program)
				return err
			}
			return plain(os.WriteFile(out, program, 0o666))
		},
	}
	flags := cmd.Flags()
	flags.SortFlags = false
	flags.StringVar(&lang, "lang", "", "the language of the program: `c`, with Windows' completion ports")
	flags.StringVarP(&out, "output", "o", "", "write it to `FILE` rather than to standard output")
	return cmd
}
