"""An ioconform adapter to begin with, for a poller: selectors watch, and sockets are tried. Your library goes where it says YOURS."""
import base64, errno, json, platform, selectors, socket, sys, threading

HELLO = {
    "protocol": 1, "name": "mine", "version": "0.1", "os": f"{platform.system()} {platform.release()}".lower(),  # YOURS
    "capabilities": ["poller"], "axes": {"consumers": "1", "issuers": "1", "hangups": "folded"},
}
BITS, UNDECLARED = {"in": selectors.EVENT_READ, "out": selectors.EVENT_WRITE}, {"edge", "oneshot", "exclusive", "rdhup"}
STATUS = {errno.EAGAIN: "wouldblock", errno.ECONNRESET: "reset", errno.EPIPE: "shutdown", errno.ENOTCONN: "notconnected",
          errno.EADDRINUSE: "inuse", errno.EMFILE: "noresources"}

class Poller:
    """YOURS: what watches sockets, and is waited on by one thread."""
    def __init__(self):
        self.selector, self.idle = selectors.DefaultSelector(), {}  # idle: of what nothing is asked, for a selector does not take that
        self.told, self.waits = {}, 0  # told: at which wait, by socket
    def watches(self, sock): return sock in self.idle or sock in self.selector.get_map()
    def add(self, sock, token, ask):
        if events := sum(BITS.get(word, 0) for word in ask): self.selector.register(sock, events, token)
        else: self.idle[sock] = token
    def remove(self, sock):
        if self.idle.pop(sock, None) is None: self.selector.unregister(sock)
    def wait(self, most, timeout):
        """Tells of what was told longest ago, where there is more. The timeout is in milliseconds; one below 0 is none."""
        found = self.selector.select(None if timeout < 0 else timeout / 1000)
        found = sorted(found, key=lambda pair: self.told.get(pair[0].fileobj, 0))[:most]
        self.waits += 1
        self.told.update((key.fileobj, self.waits) for key, _ in found)
        return [{"token": key.data, "events": [word for word, bit in BITS.items() if events & bit]} for key, events in found]
    def close(self): self.selector.close()

def wait(p, m):
    """Runs in a thread of its own: a wait holds up no other request."""
    try:
        ready = p.wait(m["max"], m["timeout"])
        answer = {"ready": ready} if ready else {"status": "timedout"}
    except (OSError, ValueError):  # what a selector says that is closed meanwhile
        answer = {"status": "closed"}
    with lock:
        if m["id"] in waits:  # no reset has come
            waits.remove(m["id"])
            say(m["id"], answer)

def keep(number, sock):
    sock.setblocking(False)
    socks[number] = sock

def failure(e): return {"status": STATUS.get(e.errno, "invalid"), "native": e.errno, "space": "errno"}

def do(m, p, s):
    """Does what a request asks for, with its poller and its socket; returns the answer, or None if that comes later."""
    match m["do"]:
        case "hello": return HELLO
        case "ping": pass
        case "reset":
            waits.clear()
            for x in [*pollers.values(), *socks.values()]: x and x.close()
            pollers.clear(), socks.clear()
        case "poller": pollers[m["poller"]] = Poller()
        case "socket" if m["net"] == "tcp4": keep(m["socket"], socket.socket())  # YOURS
        case "socket": return {"status": "unsupported"}
        case _ if "poller" in m and not p or "socket" in m and not s: return {"status": "closed"}
        case "add" | "modify" | "remove" if "inner" in m or UNDECLARED & set(m.get("ask", [])): return {"status": "unsupported"}
        case "add" if p.watches(s): return {"status": "inuse"}
        case "modify" | "remove" if not p.watches(s): return {"status": "notfound"}
        case "add": p.add(s, m["token"], m["ask"])
        case "modify": p.remove(s), p.add(s, m["token"], m["ask"])
        case "remove": p.remove(s)
        case "wait-ready":
            waits.add(m["id"])
            threading.Thread(target=wait, args=(p, m), daemon=True).start()
            return None
        case "close-poller": pollers[m["poller"]] = p.close()  # None: it has been closed
        case "bind": s.bind((m["address"].split(":")[0], int(m["address"].split(":")[1])))
        case "local": return {"address": "%s:%d" % s.getsockname()}
        case "listen": s.listen(m["backlog"])
        case "try-accept":
            sock, address = s.accept()
            keep(m["as"], sock)
            return {"from": "%s:%d" % address}
        case "try-recv": return {"data": base64.b64encode(s.recv(m["length"])).decode()}
        case "try-send": return {"bytes": s.send(base64.b64decode(m["data"]))}
        case "close":
            for x in pollers.values(): x and x.watches(s) and x.remove(s)
            socks[m["socket"]] = s.close()
        case _: return {"status": "unsupported"}
    return {}

def say(id, answer): print(json.dumps({"id": id} | answer), flush=True)

pollers, socks, waits, lock = {}, {}, set(), threading.Lock()  # waits: ids of the requests that are waiting
for line in sys.stdin:
    m = json.loads(line)
    with lock:
        try:
            answer = do(m, pollers.get(m.get("poller")), socks.get(m.get("socket")))
        except OSError as e:
            answer = failure(e)
        if answer is not None: say(m["id"], answer)
