package known

// Kind says whose fault it is, and with that what is expected of an entry.
type Kind string

const (
	Broken Kind = "broken" // the platform is at fault; it fails every time that the suite is run
	Todo   Kind = "todo"   // we are; it fails every time that the suite is run
	Racy   Kind = "racy"   // whoever it is, it comes and goes: it may pass
)

// Kinds lists the kinds.
var Kinds = []Kind{Broken, Todo, Racy}

// Harm says what a failure does to an application.
type Harm string

// Harms lists the harms, the worst first. What an entry does not say comes last.
var Harms = []struct {
	Harm    Harm
	Meaning string
}{
	{"loses-data", "bytes or packets are lost, doubled or changed"},
	{"hangs", "something that is waited for never comes"},
	{"leaks", "memory, operations or descriptors are never given back"},
	{"wrong-code", "what is reported is not what happened"},
	{"harmless", "no application is likely to notice"},
}

// Rank orders harms, 0 being the worst.
func (h Harm) Rank() int {
	for i, x := range Harms {
		if x.Harm == h {
			return i
		}
	}
	return len(Harms)
}

// Ending is how a run ended that broke no rule and did not pass. Other than a broken rule it stands in small letters.
type Ending string

const (
	Hang      Ending = "hang"      // deadlock, livelock, a thread that never came back
	Crash     Ending = "crash"     // a panic, a process that died
	Sanitizer Ending = "sanitizer" // a sanitizer found a mistake of memory, undefined behaviour or a race, and ended the process
	Error     Ending = "error"     // the suite could not do its work for another reason; an entry that says error means all of these
	Diverged  Ending = "diverged"  // something legal happened that the script does not list
)

// Endings lists the endings.
var Endings = []Ending{Hang, Crash, Sanitizer, Error, Diverged}

// words lists what may stand before a colon.
var words = struct{ head, entry []string }{
	head:  []string{"target", "version", "os"},
	entry: []string{"kind", "harm", "reason", "source", "said"},
}

// What a draft has where a person is to write. Parse refuses both.
const (
	ReasonToWrite = "(write why)"
	SourceToWrite = "(write where it is tracked)"
)
