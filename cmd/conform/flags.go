package main

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// flagError says what is wrong with a flag, and what it takes, where the library speaks of the Go function that did not read it.
func flagError(cmd *cobra.Command, err error) error {
	near := ""
	var value *pflag.InvalidValueError
	var unknown *pflag.NotExistError
	switch {
	case errors.As(err, &value):
		f := value.GetFlag()
		if want := wanted[f.Value.Type()]; want != "" {
			err = fmt.Errorf("--%s %q: want %s", f.Name, value.GetValue(), want)
		}
	case errors.As(err, &unknown):
		if unknown.GetSpecifiedShortnames() != "" {
			break
		}
		var names []string
		cmd.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, "--"+f.Name) })
		near = didYouMean("--"+unknown.GetSpecifiedName(), names)
	}
	return fmt.Errorf("%w%s; %s --help lists the flags", err, near, cmd.CommandPath())
}

// wanted is what flags take, by the type of their value.
var wanted = map[string]string{
	"int":      fmt.Sprintf("a whole number of at most %d", math.MaxInt),
	"uint64":   "a whole number from 0 to 18446744073709551615",
	"duration": "a time with its unit, such as 30s, 10m or 8h, and no more than 2562047h", // 1<<63 ns
	"bool":     "true or false",
}

// saysNothing refuses a flag that is given and empty, such as --exec "$ADAPTER" where nobody has set ADAPTER: it would be taken for one that was left out.
func saysNothing(cmd *cobra.Command) (err error) {
	cmd.Flags().Visit(func(f *pflag.Flag) {
		empty := f.Value.Type() == "string" && f.Value.String() == ""
		if list, is := f.Value.(pflag.SliceValue); is {
			empty = slices.Contains(list.GetSlice(), "")
		}
		if empty && err == nil {
			err = fmt.Errorf("--%s \"\": nothing stands there; leave it out, or say what it is to be", f.Name)
		}
	})
	return err
}

// longerThanNothing refuses a time that was given and is none; without says what there is without it.
func longerThanNothing(cmd *cobra.Command, flag string, d time.Duration, without string) error {
	if cmd.Flags().Changed(flag) && d <= 0 {
		return fmt.Errorf("--%s %v: more than 0; leave it out %s", flag, d, without)
	}
	return nil
}
