package deploy

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/ioconform/ioconform/fuzz/engine"
)

const root = "../.."

func read(t *testing.T, path string) []byte {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// Everything that is written in YAML is YAML, and no key stands twice.
func TestTheFilesAreYAML(t *testing.T) {
	var files []string
	for _, pattern := range []string{"*.yaml", root + "/.clusterfuzzlite/*.yaml", root + "/.github/workflows/*.yml"} {
		more, err := filepath.Glob(pattern)
		if err != nil || len(more) == 0 {
			t.Fatalf("no file matches %s (%v)", pattern, err)
		}
		files = append(files, more...)
	}
	for _, path := range files {
		for d := yaml.NewDecoder(bytes.NewReader(read(t, path))); ; {
			var any map[string]any
			if err := d.Decode(&any); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Errorf("%s: %v", path, err)
				break
			}
		}
	}
}

// object is what of a Kubernetes object is used here; a field that is not among them is an error, so that none is misspelt.
type object struct {
	APIVersion string `yaml:"apiVersion"`
	Kind       string
	Metadata   struct{ Name string }
	Spec       struct {
		AccessModes          []string `yaml:"accessModes"`
		Resources            resources
		CompletionMode       string `yaml:"completionMode"`
		Completions          int
		Parallelism          int
		BackoffLimit         *int                          `yaml:"backoffLimit"`
		BackoffLimitPerIndex *int                          `yaml:"backoffLimitPerIndex"`
		PodFailurePolicy     struct{ Rules []failureRule } `yaml:"podFailurePolicy"`
		Template             struct{ Spec pod }
	}
}

type failureRule struct {
	Action          string
	OnPodConditions []struct{ Type string } `yaml:"onPodConditions"`
}

type resources struct{ Requests, Limits map[string]string }

type pod struct {
	RestartPolicy   string `yaml:"restartPolicy"`
	SecurityContext struct {
		RunAsNonRoot bool `yaml:"runAsNonRoot"`
		FSGroup      int  `yaml:"fsGroup"`
	} `yaml:"securityContext"`
	Containers []container
	Volumes    []struct {
		Name  string
		Claim struct {
			Name string `yaml:"claimName"`
		} `yaml:"persistentVolumeClaim"`
	}
}

type container struct {
	Name, Image     string
	ImagePullPolicy string `yaml:"imagePullPolicy"`
	Args, Command   []string
	Env             []struct {
		Name, Value string
		ValueFrom   struct {
			FieldRef struct {
				FieldPath string `yaml:"fieldPath"`
			} `yaml:"fieldRef"`
		} `yaml:"valueFrom"`
	}
	Resources    resources
	VolumeMounts []struct {
		Name      string
		MountPath string `yaml:"mountPath"`
	} `yaml:"volumeMounts"`
}

func objects(t *testing.T, path string) (found []object) {
	t.Helper()
	d := yaml.NewDecoder(bytes.NewReader(read(t, path)))
	d.KnownFields(true)
	for {
		var o object
		if err := d.Decode(&o); errors.Is(err, io.EOF) {
			return found
		} else if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		found = append(found, o)
	}
}

func (c container) env(name string) string {
	for _, e := range c.Env {
		if e.Name == name {
			return e.Value + e.ValueFrom.FieldRef.FieldPath
		}
	}
	return ""
}

// Every index of the Job is a shard of as many as it has, writes to a folder of its own, and is not run again for having found something.
func TestTheJobHasAShardForEachIndex(t *testing.T) {
	both := objects(t, "shards.yaml")
	if len(both) != 2 || both[0].Kind != "PersistentVolumeClaim" || both[1].Kind != "Job" {
		t.Fatalf("%+v", both)
	}
	claim, job := both[0], both[1]
	c := job.Spec.Template.Spec.Containers[0]
	count, err := strconv.Atoi(c.env("JOB_COMPLETIONS"))
	if err != nil || count < 1 || count != job.Spec.Completions || count != job.Spec.Parallelism {
		t.Errorf("%d completions, %d at once, and JOB_COMPLETIONS is %q", job.Spec.Completions, job.Spec.Parallelism, c.env("JOB_COMPLETIONS"))
	}
	if count > engine.DefaultLanes && !slices.Contains(c.Args, "--lanes") {
		t.Errorf("%d shards of a campaign of %d lanes", count, engine.DefaultLanes)
	}
	if job.Spec.CompletionMode != "Indexed" || job.Spec.Template.Spec.RestartPolicy != "Never" || job.Spec.BackoffLimitPerIndex == nil || *job.Spec.BackoffLimitPerIndex != 0 {
		t.Errorf("%+v", job.Spec)
	}
	if rules := job.Spec.PodFailurePolicy.Rules; len(rules) != 1 || rules[0].Action != "Ignore" || len(rules[0].OnPodConditions) != 1 || rules[0].OnPodConditions[0].Type != "DisruptionTarget" {
		t.Errorf("a shard whose pod is moved to another node does not go on there: %+v", rules)
	}
	if c.env("SHARD") != "metadata.annotations['batch.kubernetes.io/job-completion-index']" || !slices.Contains(c.Args, "/out/shard-$(SHARD)") {
		t.Errorf("shards share a folder: %v, SHARD is %q", c.Args, c.env("SHARD"))
	}
	if volume := job.Spec.Template.Spec.Volumes[0]; volume.Claim.Name != claim.Metadata.Name || volume.Name != c.VolumeMounts[0].Name || c.VolumeMounts[0].MountPath != "/out" {
		t.Errorf("what shards write to is not the claim: %+v, %+v", volume, c.VolumeMounts)
	}
	merge := objects(t, "merge.yaml")[0].Spec.Template.Spec
	m := merge.Containers[0]
	if m.Image != c.Image || merge.Volumes[0].Claim.Name != claim.Metadata.Name || !strings.Contains(strings.Join(m.Command, " "), "conform merge /out/shard-* --out /out/merged") {
		t.Errorf("%+v does not merge what %+v writes", m, c)
	}
}

// SLURM's shards are counted from 0, as conform counts them, there are as many as the array has, and their folders have the names that are merged.
func TestTheArrayIsTheShards(t *testing.T) {
	script := string(read(t, "slurm.sh"))
	array := regexp.MustCompile(`(?m)^#SBATCH --array=0-(\d+)$`).FindStringSubmatch(script)
	shards := regexp.MustCompile(`(?m)^shards=\$\{2:-(\d+)\}$`).FindStringSubmatch(script)
	if array == nil || shards == nil {
		t.Fatalf("no array from 0, or no number of shards: %q, %q", array, shards)
	}
	last, _ := strconv.Atoi(array[1])
	if count, _ := strconv.Atoi(shards[1]); count != last+1 || count > engine.DefaultLanes {
		t.Errorf("%d shards, and the array ends with %d; there are %d lanes", count, last, engine.DefaultLanes)
	}
	if want := `--out "$out/shard-$SLURM_ARRAY_TASK_ID"`; !strings.Contains(script, want) {
		t.Errorf("slurm.sh has no %q", want)
	}
}

// A shard that is done again is the same shard, though the array of the second time has it alone (sbatch --array=3); SLURM says then that it is one of one.
func TestAShardThatIsDoneAgainIsTheSame(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no bash")
	}
	bin := t.TempDir()
	if err := os.WriteFile(filepath.Join(bin, "conform"), []byte("#!/bin/sh\necho \"$*\"\n"), 0o777); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args, array string // what SLURM says of the array: ID COUNT MIN MAX
		want        string
	}{
		{"OUT", "3 16 0 15", "--shard 3/16 --out OUT/shard-3"},
		{"OUT", "3 1 3 3", "--shard 3/16 --out OUT/shard-3"},
		{"OUT", "5 3 3 5", "--shard 5/16 --out OUT/shard-5"},
		{"OUT 8", "5 8 0 7", "--shard 5/8 --out OUT/shard-5"},
	} {
		var id, count, least, most string
		fmt.Sscan(c.array, &id, &count, &least, &most)
		cmd := exec.Command("bash", append([]string{"slurm.sh"}, strings.Fields(c.args)...)...)
		cmd.Env = append(os.Environ(), "PATH="+bin+string(os.PathListSeparator)+os.Getenv("PATH"), "SLURM_ARRAY_TASK_ID="+id, "SLURM_ARRAY_TASK_COUNT="+count,
			"SLURM_ARRAY_TASK_MIN="+least, "SLURM_ARRAY_TASK_MAX="+most)
		out, err := cmd.CombinedOutput()
		if err != nil || !strings.Contains(string(out), c.want) {
			t.Errorf("task %s: conform %s (%v), want %s", c.array, out, err, c.want)
		}
	}
}

// The image is built by a Go that go.mod asks for.
func TestTheImageHasTheGoOfTheModule(t *testing.T) {
	wants := regexp.MustCompile(`(?m)^go (\d+\.\d+)`).FindSubmatch(read(t, root+"/go.mod"))
	has := regexp.MustCompile(`(?m)^FROM golang:(\d+\.\d+) `).FindSubmatch(read(t, "Dockerfile"))
	if wants == nil || has == nil || string(wants[1]) != string(has[1]) {
		t.Errorf("go.mod wants %q, the Dockerfile has %q", wants, has)
	}
}
