package mutant

// kept are the redundant cases that stay, each with the reason: it is what a claim of the document, the README or an adapter's author is shown, a group's plain
// example, or it shows what the count does not see: a real kernel, a bug under any schedule rather than some, two bugs apart. Any other redundant case goes.
// kept_test.go checks what can be checked of the reasons.
var kept = map[string]string{
	"accept/backlog":                               "what README.md replays; shows S20",
	"accept/connection-first":                      "shows S15 the other way round, and tells epoll-sim/edge-before-accepts from epoll-sim/accept-queued-late",
	"accept/posted-ahead":                          "shows S15",
	"accept/several-posted-several-connect":        "shows S16",
	"accept/then-talk":                             "shows S18 and S19",
	"cancel/completed-send":                        "the plain example of a cancel that comes too late for a send",
	"cancel/data-comes-behind":                     "finds what Java does to the buffer of a cancelled read: known/nio2-futures.txt",
	"cancel/data-comes-before-the-packet-is-taken": "finds the same before the packet is taken: known/nio2-futures.txt",
	"cancel/on-a-closed-socket":                    "the plain example of a call on what is closed",
	"cancel/pending-receive":                       "the plain example of a cancel",
	"cancel/races-with-data":                       "finds the bytes that asyncio loses: known/asyncio.txt",
	"cancel/receive-beside-a-send":                 "the plain example of a cancel that leaves the other direction alone",
	"cancel/taken":                                 "notices epoll-sim/done-can-be-cancelled and epoll-sim/cancel-of-taken-beside under any schedule",
	"close/before-anything-else":                   "the only one that asks adapters without posts, shutdowns and cancels what they do with what is closed (OPN-13)",
	"close/far-end-sees-a-reset":                   "notices model/close-waits-for-unread under any schedule, and gaio's leak: known/gaio.txt",
	"close/listener-beside-a-sleeper":              "the only one in which a thread that sleeps is woken for what closing a listener ends",
	"close/port-under-one-waiter":                  "FINDINGS.md exports it: the shortest that hangs on Wine",
	"close/receive-pending":                        "the plain example of a close",
	"close/sends-do-not-wait-for-the-reader":       "tells model/close-lingers from model/close-lists-disconnect-first",
	"connect/ends-as-it-starts":                    "tells epoll-sim/token-kept-late from epoll-sim/slot-given-twice",
	"connect/on-a-socket-that-skips":               "the plain example of a connect on a socket that skips",
	"connect/succeeds":                             "the plain example of a connect",
	"datagram/cancelled":                           "on asyncio, which has one receive at a time, no other shows a cancel of one (DGM-14)",
	"datagram/many-sends-against-nobody-reading":   "the plain example of datagrams that wait for room, to their end",
	"datagram/send-several":                        "the plain example of several datagrams, each to where it is sent",
	"datagram/several-pending":                     "the plain example of DGM-8",
	"disconnect/then-connected-again":              "finds a socket that is still connected: known/iocp-wine.txt",
	"operation/rest-of-the-buffer-untouched":       "the plain example of OPN-4",
	"operation/skip-set-between-two-receives":      "the only one that begins to skip between two receives",
	"operation/skipped-receive":                    "the plain example of a receive that is skipped",
	"operation/skipped-sends":                      "the plain example of sends that are skipped",
	"packet/one-operation-one-packet":              "shows S1 and S33",
	"packet/post-taken-from-under-a-waiter":        "on the Linux kernel no other shows a wait that runs out beside a post (PKT-7)",
	"packet/posts-to-two-ports":                    "shows S4",
	"packet/three-posts-two-waiters":               "notices epoll-sim/pass-on-one under any schedule",
	"packet/timeout-on-an-empty-port":              "shows S9",
	"packet/timeout-races-with-a-post":             "the plainest race, by which the tests of known failures go",
	"packet/timeout-takes-its-time":                "on a real machine no other notices a wait that runs out of time early (PKT-22)",
	"ready/add-of-what-is-writable":                "the plain example of room that is there when it is asked for",
	"ready/answers-when-closed":                    "tells poller-sim/tried-on-closed from poller-sim/closed-descriptor-goes-on",
	"ready/closed-twice-with-the-number-taken":     "tells poller-sim/poller-closed-twice from poller-sim/closed-poller-goes-on",
	"ready/level-repeats":                          "the plain example of level-triggered",
	"ready/naive-pool-overlaps":                    "shows S22, S24, S26, S34 and S35",
	"ready/one-shots-in-a-batch":                   "the plain example of several one-shots at once",
	"ready/room-again-beside-a-waiter":             "tells poller-sim/room-wakes-nobody from poller-sim/room-is-lost, by the rule that it breaks",
	"ready/second-edge-to-another-thread":          "the plain example of RDY-27: a second change goes to another thread",
	"ready/timeout-takes-its-time":                 "on a real machine no other notices a wait that runs out of time early (RDY-39)",
	"ready/token-races-with-a-wait":                "tells poller-sim/token-read-apart from poller-sim/disarmed-over-a-modify",
	"ready/two-threads-one-socket-oneshot":         "shows S22 and S24",
	"receive/in-pieces":                            "shows S13",
	"receive/larger-than-the-buffers":              "the only stream that is longer than the buffers of both ends and received in several parts",
	"receive/nothing-where-data-is":                "the plain example of a receive of no bytes that need not wait",
	"receive/posted-first":                         "the first that an adapter runs: adapter/PROTOCOL.md; shows S3, S7 and S30",
	"receive/several-pending":                      "the failure that README.md shows",
	"receive/several-pending-data-in-parts":        "notices epoll-sim/armed-by-start and epoll-sim/short-receive-filled-on under any schedule",
	"receive/waits-for-all":                        "the plain example of a receive that waits for all",
	"send/small":                                   "the plain example of a send",
	"thread/pool-of-one":                           "shows S14 and S31",
	"thread/repost-first-overlaps":                 "shows S28 from outside its discipline",
	"thread/repost-first-pool":                     "README.md explores it",
	"thread/two-receives-overlap":                  "shows S28 and S35 from outside their discipline",
}

// Kept says why the case is in the suite though it is redundant; "" where nothing has to be said.
func (c *CaseCount) Kept() string {
	if !c.Redundant {
		return ""
	}
	return kept[c.Case]
}
