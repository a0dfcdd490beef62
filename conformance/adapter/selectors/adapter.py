"""Adapter for Python's selectors, which watch sockets by epoll, by poll (--poll) or by select (--select).

They tell of reading and writing and of nothing else, and return everything that is ready. What they do not have is bookkeeping here: what is asked
nothing about is kept aside, for a selector does not take it; a socket is unregistered before it is closed, as a selector wants it; and of more events
than a wait has room for those come first that were told longest ago.
"""

import base64, errno, json, platform, selectors, socket, sys, threading

KINDS = {"--poll": ("poll", "PollSelector"), "--select": ("select", "SelectSelector")}
KIND, SELECTOR = next((KINDS[a] for a in sys.argv[1:] if a in KINDS), ("epoll", "EpollSelector"))

HELLO = {
    "protocol": 1, "name": "selectors-" + KIND, "version": platform.python_version(),
    "os": platform.system().lower() + " " + ".".join(platform.release().split("-")[0].split(".")[:2]),
    "capabilities": ["poller", "accept", "connect", "shutdown", "datagram"],
    "axes": {
        "consumers": "1", "issuers": "1",  # a selector is for one thread
        "hangups": "folded",  # EVENT_READ and EVENT_WRITE are all that there is
        "truncation": "silent",  # recvfrom does not tell
    },
}

STATUS = {
    errno.EAGAIN: "wouldblock", errno.EINPROGRESS: "wouldblock", errno.EALREADY: "wouldblock", errno.ECONNRESET: "reset", errno.EPIPE: "shutdown",
    errno.ECONNREFUSED: "refused", errno.EADDRINUSE: "inuse", errno.ENOTCONN: "notconnected", errno.EISCONN: "connected", errno.ETIMEDOUT: "timedout",
    errno.EHOSTUNREACH: "unreachable", errno.ENETUNREACH: "unreachable", errno.EMFILE: "noresources", errno.ENOBUFS: "noresources",
    errno.EAFNOSUPPORT: "unsupported", errno.EOPNOTSUPP: "unsupported", errno.EBADF: "closed", errno.EDESTADDRREQ: "notconnected", errno.EMSGSIZE: "truncated",
}
BITS = {"in": selectors.EVENT_READ, "out": selectors.EVENT_WRITE}
NETS = {
    "tcp4": (socket.AF_INET, socket.SOCK_STREAM), "tcp6": (socket.AF_INET6, socket.SOCK_STREAM),
    "udp4": (socket.AF_INET, socket.SOCK_DGRAM), "udp6": (socket.AF_INET6, socket.SOCK_DGRAM),
}
SIDES = {"receive": socket.SHUT_RD, "send": socket.SHUT_WR, "both": socket.SHUT_RDWR}


def failure(e):
    return {"status": STATUS.get(e.errno, "invalid"), "native": e.errno, "space": "errno"} if isinstance(e, OSError) and e.errno else {"status": "invalid"}


def written(address):
    host, port = address[:2]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def read(address):
    host, _, port = address.rpartition(":")
    return host.strip("[]"), int(port)


class Poller:
    def __init__(self):
        self.selector = getattr(selectors, SELECTOR)()
        self.aside = {}  # sockets of which nothing is asked
        self.told = {}  # when, by socket
        self.waits = 0

    def watches(self, sock):
        return sock in self.aside or sock in self.selector.get_map()

    def set(self, sock, token, ask):
        if self.watches(sock):
            self.remove(sock)
        events = sum(BITS[word] for word in ask if word in BITS)
        if events:
            self.selector.register(sock, events, token)
        else:
            self.aside[sock] = token

    def remove(self, sock):
        if self.aside.pop(sock, None) is None:
            self.selector.unregister(sock)

    def wait(self, most, timeout):
        found = self.selector.select(None if timeout < 0 else timeout / 1000)
        found.sort(key=lambda pair: self.told.get(pair[0].fileobj, 0))
        self.waits += 1
        for key, _ in found[:most]:
            self.told[key.fileobj] = self.waits
        return [{"token": key.data, "events": [word for word, bit in BITS.items() if events & bit]} for key, events in found[:most]]

    def close(self):
        self.selector.close()


class Adapter:
    def __init__(self):
        self.out, self.resets = threading.Lock(), 0
        self.reset({})

    def say(self, message):
        with self.out:
            self.write(message)

    def write(self, message):
        sys.stdout.write(json.dumps(message) + "\n")
        sys.stdout.flush()

    def reset(self, m):
        for p in getattr(self, "pollers", {}).values():
            if p:
                p.close()
        for s in getattr(self, "sockets", {}).values():
            if s:
                s.close()
        self.pollers, self.sockets = {}, {}  # None: it has been closed
        with self.out:
            self.resets += 1
        return {}

    def handle(self, m):
        do = m["do"]
        poller, sock = self.pollers.get(m.get("poller")), self.sockets.get(m.get("socket"))
        if do in ("hello", "ping", "reset", "poller", "socket"):
            return getattr(self, do)(m)
        if "inner" in m or m.get("side") and sock is None and m["socket"] not in self.sockets:
            return {"status": "unsupported"}
        if "poller" in m and poller is None or "socket" in m and sock is None:
            return {"status": "closed"}
        return getattr(self, do.replace("-", "_"), lambda *_: {"status": "unsupported"})(m, poller, sock)

    def hello(self, m):
        return HELLO

    def ping(self, m):
        return {}

    def poller(self, m):
        self.pollers[m["poller"]] = Poller()
        return {}

    def socket(self, m):
        if m["net"].endswith("6"):
            return {"status": "unsupported"}
        return self.keep(m["socket"], socket.socket(*NETS[m["net"]]))

    def keep(self, number, sock):
        sock.setblocking(False)
        if sock.type == socket.SOCK_STREAM:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.sockets[number] = sock
        return {}

    def add(self, m, poller, sock):
        if {"edge", "oneshot", "exclusive", "rdhup"} & set(m["ask"]):
            return {"status": "unsupported"}
        if poller.watches(sock):
            return {"status": "inuse"}
        poller.set(sock, m["token"], m["ask"])
        return {}

    def modify(self, m, poller, sock):
        if {"edge", "oneshot", "exclusive", "rdhup"} & set(m["ask"]):
            return {"status": "unsupported"}
        if not poller.watches(sock):
            return {"status": "notfound"}
        poller.set(sock, m["token"], m["ask"])
        return {}

    def remove(self, m, poller, sock):
        if not poller.watches(sock):
            return {"status": "notfound"}
        poller.remove(sock)
        return {}

    def wait_ready(self, m, poller, _):
        resets = self.resets

        def wait():
            events = poller.wait(m["max"], m["timeout"])
            with self.out:
                if resets == self.resets:  # which ends those that wait
                    self.write({"id": m["id"], **({"ready": events} if events else {"status": "timedout"})})

        threading.Thread(target=wait, daemon=True).start()

    def close_poller(self, m, poller, _):
        poller.close()
        self.pollers[m["poller"]] = None
        return {}

    def bind(self, m, _, sock):
        sock.bind(read(m["address"]))
        return {}

    def listen(self, m, _, sock):
        sock.listen(m["backlog"])
        return {}

    def local(self, m, _, sock):
        return {"address": written(sock.getsockname())}

    def shutdown(self, m, _, sock):
        sock.shutdown(SIDES[m["side"]])
        return {}

    def close(self, m, _, sock):
        for p in self.pollers.values():
            if p and p.watches(sock):
                p.remove(sock)
        self.sockets[m["socket"]] = None
        sock.close()
        return {}

    def try_accept(self, m, _, sock):
        other, address = sock.accept()
        return {**self.keep(m["as"], other), "from": written(address)}

    def try_connect(self, m, _, sock):
        number = sock.connect_ex(read(m["to"]))
        return failure(OSError(number, "connect")) if number else {}

    def try_recv(self, m, _, sock):
        return {"data": base64.b64encode(sock.recv(m["length"])).decode()}

    def try_send(self, m, _, sock):
        return {"bytes": sock.send(base64.b64decode(m["data"]))}

    def try_recvfrom(self, m, _, sock):
        data, address = sock.recvfrom(m["length"])
        return {"data": base64.b64encode(data).decode(), "from": written(address)}

    def try_sendto(self, m, _, sock):
        return {"bytes": sock.sendto(base64.b64decode(m["data"]), read(m["to"]))}


def main():
    adapter = Adapter()
    for line in sys.stdin:
        m = json.loads(line)
        try:
            answer = adapter.handle(m)
        except OSError as e:
            answer = failure(e)
        if answer is not None:
            adapter.say({"id": m["id"], **answer})


main()
