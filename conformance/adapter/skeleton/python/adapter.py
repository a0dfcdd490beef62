"""An ioconform adapter to begin with: accept, recv and send work, over asyncio's sockets. Your library goes where it says YOURS."""
import asyncio, base64, collections, errno, json, platform, socket, sys

HELLO = {
    "protocol": 1, "name": "mine", "version": "0.1", "os": f"{platform.system()} {platform.release()}".lower(),  # YOURS
    "capabilities": ["accept"], "axes": {"buffer": "backend", "zero-receive": "at-once", "inline": "never", "after-reset": "end"},
}
STATUS = {errno.ECONNRESET: "reset", errno.EPIPE: "reset", errno.EADDRINUSE: "inuse", errno.EMFILE: "noresources"}

async def operate(s, m):
    """YOURS: an operation from its start to its end; what it returns is the rest of its packet."""
    if m["do"] == "accept":
        sock, (host, port) = await loop.sock_accept(s.sock)
        socks[m["as"]] = Sock(sock, connected=True)
        return {"socket": m["as"], "from": f"{host}:{port}"}
    if m["do"] == "recv":
        return {"data": base64.b64encode(await loop.sock_recv(s.sock, m["length"])).decode()}
    await loop.sock_sendall(s.sock, data := base64.b64decode(m["data"]))
    return {"bytes": len(data)}

class Port:
    def __init__(self):
        self.packets, self.waits, self.closed = [], {}, False  # waits: how many packets at most, by the id of the request
    def put(self, *packets):
        self.packets += packets
        while self.packets and self.waits:
            most = self.waits.pop(id := next(iter(self.waits)))
            taken, self.packets = self.packets[:most], self.packets[most:]
            say(id, packets=taken)
    def end(self, id, status):
        if self.waits.pop(id, None): say(id, status=status)

class Sock:
    def __init__(self, sock, connected):
        self.sock, self.connected, self.closed, self.port, self.key = sock, connected, False, None, None
        self.tasks, self.turn = {}, collections.defaultdict(asyncio.Lock)  # operations of one kind take turns
        sock.setblocking(False)
    async def run(self, m):
        try:
            async with self.turn[m["do"]]:
                packet = await operate(self, m)
        except OSError as e:
            packet = failure(e)
        if self.tasks.pop(m["token"], None):
            self.port.put({"key": self.key, "token": m["token"]} | packet)
    def close(self):
        for token, task in self.tasks.items():
            task.cancel()
            self.port.put({"key": self.key, "token": token, "status": "aborted"})
        self.tasks, self.closed = {}, True
        loop.remove_reader(self.sock), loop.remove_writer(self.sock), self.sock.close()  # YOURS

def failure(e): return {"status": STATUS.get(e.errno, "invalid"), "native": e.errno, "space": "errno"}

def do(m, p, s):
    """Does what a request asks for, with its port and its socket; returns the answer, or None if that comes later."""
    match m["do"]:
        case "hello": return HELLO
        case "ping": pass
        case "reset":
            for p in ports.values(): p.waits.clear()  # what is open has no answer
            for s in socks.values(): s.closed or s.close()
            ports.clear(), socks.clear()
        case "port": ports[m["port"]] = Port()
        case "socket" if m["net"] == "tcp4": socks[m["socket"]] = Sock(socket.socket(), connected=False)  # YOURS
        case _ if s and s.closed or p and p.closed: return {"status": "closed"}
        case "wait":
            p.waits[m["id"]] = m["max"]
            p.put()
            if m["timeout"] >= 0: loop.call_later(m["timeout"] / 1000, p.end, m["id"], "timedout")
            return None
        case "close-port":
            p.closed = True
            for id in list(p.waits): p.end(id, "abandoned")
        case "associate" if s.port: return {"status": "invalid"}
        case "associate": s.port, s.key = p, m["key"]
        case "bind": s.sock.bind((m["address"].split(":")[0], int(m["address"].split(":")[1])))
        case "local": return {"address": "%s:%d" % s.sock.getsockname()}
        case "listen": s.sock.listen(m["backlog"])
        case "accept" | "recv" | "send" if "into" not in m and not m.get("waitall"):
            if not s.port or m["do"] != "accept" and not s.connected: return {"status": "notconnected" if s.port else "invalid"}
            s.tasks[m["token"]] = loop.create_task(s.run(m))
        case "close": s.close()
        case _: return {"status": "unsupported"}
    return {}

def say(id, **answer): print(json.dumps({"id": id} | answer), flush=True)

async def main():
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        m = json.loads(line)
        try:
            answer = do(m, ports.get(m.get("port")), socks.get(m.get("socket")))
        except OSError as e:
            answer = failure(e)
        if answer is not None: say(m["id"], **answer)

ports, socks, loop = {}, {}, asyncio.SelectorEventLoop()
loop.run_until_complete(main())
