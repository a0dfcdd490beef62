package spec

// Witness is implemented by worlds whose runs are searched, and in which a run stands for all that differ from it only in the order of
// what has nothing to do with each other. Such a world has to know what does.
//
// Recorded and Shared are called inside the step in which it happens, by the thread that does it.
type Witness interface {
	// Witnessing reports whether the run that is about to begin is such a one; else nobody need tell.
	Witnessing() bool
	// Recorded tells of an event as it is recorded. Rules judge by nothing but what had returned before what was called, among events that are about the same.
	Recorded(*Event)
	// Shared tells that the program reads or writes something that its threads share beside the back end: for each number one thing.
	Shared(what int, write bool)
}

// WitnessOf returns the world as a witness if it has to be told of the run that is about to begin, else nil.
func WitnessOf(w World) Witness {
	if x, is := w.(Witness); is && x.Witnessing() {
		return x
	}
	return nil
}

// SharedThings is how many numbers Shared knows; those above share with those below.
const SharedThings = 128
