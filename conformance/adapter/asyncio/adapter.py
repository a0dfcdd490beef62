"""Adapter for Python's asyncio: the loop.sock_* operations, a task for each.

What asyncio does not have is bookkeeping here: ports are lists, keys are numbers in them, and sends and accepts of one socket take turns, because
asyncio keeps one waiting reader and one waiting writer a descriptor, and a second silently takes the place of the first. With --bare they
do not take turns.
"""

import asyncio, base64, collections, errno, json, platform, socket, sys

BARE = "--bare" in sys.argv[1:]

HELLO = {
    "protocol": 1, "name": "asyncio-bare" if BARE else "asyncio", "version": platform.python_version(),
    "os": platform.system().lower() + " " + ".".join(platform.release().split("-")[0].split(".")[:2]),
    "capabilities": ["accept", "connect", "cancel", "cancel-all", "shutdown", "datagram"],
    "axes": {
        "consumers": "1",  # one loop, one thread
        "receives": "n" if BARE else "1",
        "buffer": "backend",  # sock_recv returns bytes of its own
        "after-reset": "end",  # the kernel tells of a reset once
        "truncation": "silent",  # recvfrom does not tell
        "zero-receive": "at-once",
        "inline": "never",
    },
}

ERRNO = {
    errno.ECONNRESET: "reset", errno.EPIPE: "reset", errno.ECONNREFUSED: "refused", errno.EADDRINUSE: "inuse", errno.ENOTCONN: "notconnected",
    errno.EISCONN: "connected", errno.ETIMEDOUT: "timedout", errno.EHOSTUNREACH: "unreachable", errno.ENETUNREACH: "unreachable",
    errno.EMFILE: "noresources", errno.ENOBUFS: "noresources", errno.EAFNOSUPPORT: "unsupported", errno.EBADF: "closed",
}


def failure(e):
    """The status of an exception."""
    if isinstance(e, asyncio.CancelledError):
        return {"status": "aborted"}
    if isinstance(e, OSError) and e.errno:
        return {"status": ERRNO.get(e.errno, "invalid"), "native": e.errno, "space": "errno"}
    return {"status": "invalid"}


def written(address):
    host, port = address[:2]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def read(address):
    host, _, port = address.rpartition(":")
    return host.strip("[]"), int(port)


class Port:
    def __init__(self):
        self.packets, self.waits, self.closed = collections.deque(), collections.OrderedDict(), False

    def put(self, packet):
        self.packets.append(packet)
        if self.waits:
            id, (most, timer) = self.waits.popitem(last=False)
            if timer:
                timer.cancel()
            say(id, packets=self.take(most))

    def take(self, most):
        return [self.packets.popleft() for _ in range(min(most, len(self.packets)))]

    def wait(self, id, most, timeout):
        if self.closed:
            return say(id, status="closed")
        if self.packets:
            return say(id, packets=self.take(most))
        if timeout == 0:
            return say(id, status="timedout")
        timer = None if timeout < 0 else loop.call_later(timeout / 1000, self.late, id)
        self.waits[id] = most, timer

    def late(self, id):
        del self.waits[id]
        say(id, status="timedout")

    def close(self):
        if self.closed:
            return {"status": "closed"}
        self.closed = True
        while self.waits:
            id, (_, timer) = self.waits.popitem(last=False)
            if timer:
                timer.cancel()
            say(id, status="abandoned")
        return {}


class Sock:
    def __init__(self, sock, joined=False):
        self.joined = joined  # has, or had, a connection
        self.sock, self.port, self.key, self.shut, self.closed = sock, None, None, set(), False
        self.tasks = {}  # by token
        self.reading, self.sending, self.connecting = 0, 0, False
        self.turn = {"accept": asyncio.Lock(), "send": asyncio.Lock(), "sendto": asyncio.Lock()}
        sock.setblocking(False)

    def start(self, m):
        do = m["do"]
        if self.closed or not self.port:
            return {"status": "closed" if self.closed else "invalid"}
        if do == "send" and "send" in self.shut or do == "recv" and "receive" in self.shut:
            return {"status": "shutdown"}
        if do in ("recv", "recvfrom"):
            if self.reading and not BARE:
                return {"status": "busy"}
            self.reading += 1
        self.sending += do == "send"
        if do == "connect":
            if self.connecting and not BARE:  # the second would take the place of the first, which would never end
                return {"status": "invalid"}
            self.connecting = True
        task = self.tasks[m["token"]] = loop.create_task(self.run(do, m))
        task.add_done_callback(lambda task: self.ended(do, m, task))
        return {}

    async def run(self, do, m):
        lock = self.turn.get(do)
        if BARE or not lock:
            return await getattr(self, do)(m)
        async with lock:
            return await getattr(self, do)(m)

    def ended(self, do, m, task):
        """Makes the packet; not in the task itself, which never begins if it is cancelled at once."""
        if do in ("recv", "recvfrom"):
            self.reading -= 1
        self.sending -= do == "send"
        if do == "connect":
            self.connecting = False
        if self.tasks.get(m["token"]) is task:
            del self.tasks[m["token"]]
        e = asyncio.CancelledError() if task.cancelled() else task.exception()
        self.port.put({"key": self.key, "token": m["token"]} | (self.failure(e) if e else task.result()))

    def failure(self, e):
        """The status of an exception. To a send a socket that never was connected looks like one that the far end has closed."""
        if isinstance(e, BrokenPipeError) and not self.joined:
            return failure(e) | {"status": "notconnected"}
        return failure(e)

    def shutdown(self, side):
        how = {"receive": socket.SHUT_RD, "send": socket.SHUT_WR, "both": socket.SHUT_RDWR}[side]
        sends = self.turn["send"]
        if side == "receive" or not self.sending:
            self.sock.shutdown(how)
        else:
            loop.create_task(self.shutdown_behind(sends, how))
        self.shut |= {"receive": {"receive"}, "send": {"send"}, "both": {"receive", "send"}}[side]
        return {}

    async def shutdown_behind(self, sends, how):
        """Takes its turn, as write_eof of asyncio's streams does; the socket itself would cut the send off."""
        async with sends:
            if not self.closed:
                self.sock.shutdown(how)

    async def accept(self, m):
        sock, address = await loop.sock_accept(self.sock)
        socks[m["as"]] = Sock(sock, joined=True)
        return {"socket": m["as"], "from": written(address)}

    async def connect(self, m):
        await loop.sock_connect(self.sock, read(m["to"]))
        self.joined = True
        return {}

    async def recv(self, m):
        data = await loop.sock_recv(self.sock, m["length"])
        return {"bytes": len(data), "data": base64.b64encode(data).decode()}

    async def send(self, m):
        data = base64.b64decode(m["data"])
        await loop.sock_sendall(self.sock, data)
        return {"bytes": len(data)}

    async def recvfrom(self, m):
        data, address = await loop.sock_recvfrom(self.sock, m["length"])
        packet = {"bytes": len(data), "data": base64.b64encode(data).decode(), "from": written(address)}
        return packet | ({"size": len(data)} if len(data) < m["length"] else {})  # of one that fills the buffer nobody knows

    async def sendto(self, m):
        return {"bytes": await loop.sock_sendto(self.sock, base64.b64decode(m["data"]), read(m["to"]))}

    def cancel(self, token):
        task = self.tasks.get(token)
        return {} if task and task.cancel() else {"status": "notfound"}

    def cancel_all(self):
        return {} if [t for t in list(self.tasks.values()) if t.cancel()] else {"status": "notfound"}

    def close(self):
        if self.closed:
            return {"status": "closed"}
        self.closed = True
        self.cancel_all()
        loop.remove_reader(self.sock)  # a cancelled task does so too late: the descriptor may be another's by then
        loop.remove_writer(self.sock)
        self.sock.close()
        return {}


def do(m):
    """Makes one call, and returns its answer, or None if that comes later."""
    what = m["do"]
    if what == "hello":
        return HELLO
    if what == "ping":
        return {}
    if what == "reset":
        return reset()
    if what == "port":
        ports[m["port"]] = Port()
        return {}
    if what == "socket":
        family = socket.AF_INET6 if m["net"].endswith("6") else socket.AF_INET
        kind = socket.SOCK_STREAM if m["net"].startswith("tcp") else socket.SOCK_DGRAM
        socks[m["socket"]] = Sock(socket.socket(family, kind))
        return {}
    if what == "wait":
        return ports[m["port"]].wait(m["id"], m["max"], m["timeout"])
    if what == "close-port":
        return ports[m["port"]].close()
    s = socks.get(m.get("socket"))
    if not s:
        return {"status": "unsupported"}
    if what == "associate":
        p = ports[m["port"]]
        if s.closed or p.closed or s.port:
            return {"status": "closed" if s.closed or p.closed else "invalid"}
        s.port, s.key = p, m["key"]
        return {}
    if what == "bind":
        s.sock.bind(read(m["address"]))
        return {}
    if what == "listen":
        s.sock.listen(m["backlog"])
        return {}
    if what == "local":
        return {"address": written(s.sock.getsockname())}
    if what == "peer":
        return {"address": written(s.sock.getpeername())}
    if what == "shutdown":
        return s.shutdown(m["side"])
    if what == "cancel":
        return s.cancel(m["token"])
    if what == "cancel-all":
        return s.cancel_all()
    if what == "close":
        return s.close()
    if what in ("accept", "connect", "recv", "send", "recvfrom", "sendto") and "into" not in m and not m.get("waitall"):
        return s.start(m)
    return {"status": "unsupported"}


def reset():
    global ports, socks
    for p in ports.values():
        for _, timer in p.waits.values():
            if timer:
                timer.cancel()
        p.waits.clear()
    for s in list(socks.values()):
        if not s.closed:
            s.close()
    ports, socks = {}, {}
    return {}


def say(id, **answer):
    """Answers. What has come up in one turn of the loop is written together."""
    if not out:
        loop.call_soon(flush)
    out.append(json.dumps({"id": id} | answer))


def flush():
    sys.stdout.write("\n".join(out) + "\n")
    sys.stdout.flush()
    out.clear()


async def main():
    global loop
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader(limit=1 << 24)
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := await reader.readline():
        m = json.loads(line)
        try:
            answer = do(m)
        except OSError as e:
            answer = failure(e)
        if answer is not None:
            say(m["id"], **answer)


ports, socks, out, loop = {}, {}, [], None
asyncio.run(main())
