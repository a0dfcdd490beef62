package spec

// declared is what the ledger depends on of what the header says.
type declared struct {
	polls      bool     // capability poller
	sim        bool     // the world is simulated
	fifo       bool     // fill=fifo
	scopeOp    bool     // cancel-scope=op
	lossy      bool     // after-cancel=unspecified
	leaves     bool     // close=keep
	whole      bool     // send=whole
	mixed      bool     // send=mixed
	alwaysSkip bool     // inline=skip
	oneByOne   bool     // packets=1
	unasked    Interest // what a poller reports whether asked for or not
	endsAfter  bool     // after-reset=end
	limits     bool     // capability concurrency
	silentCut  bool     // truncation=silent
}

// adopt looks up once what the events are going to ask the header again and again.
func (d *declared) adopt(a *About) {
	d.fifo = a.Axes.Get("fill") == "fifo"
	d.scopeOp = a.Axes.Get("cancel-scope") == "op"
	d.leaves = a.Axes.Get("close") == "keep"
	d.lossy = a.Axes.Get("after-cancel") == "unspecified"
	d.whole = a.Axes.Get("send") == "whole"
	d.mixed = a.Axes.Get("send") == "mixed"
	d.alwaysSkip = a.Axes.Get("inline") == "skip"
	d.oneByOne = a.Axes.Get("packets") == "1"
	if d.unasked = Err | Hup; a.Axes.Get("hangups") == "folded" {
		d.unasked = 0
	}
	d.endsAfter = a.Axes.Get("after-reset") == "end"
	d.limits = a.Can(CanLimit)
	d.silentCut = a.Axes.Get("truncation") == "silent"
	d.polls = a.Can(CanPoll)
	d.sim = a.World == "sim"
}
