// An ioconform adapter to begin with: accept, recv and send work, over poll(2). Your library goes where it says YOURS.
// C++17 and POSIX, nothing else. One thread: it waits in poll for the next request, for sockets, and for the end of a wait.
#include <algorithm>
#include <arpa/inet.h>
#include <cerrno>
#include <chrono>
#include <deque>
#include <fcntl.h>
#include <iostream>
#include <list>
#include <map>
#include <memory>
#include <netinet/in.h>
#include <poll.h>
#include <set>
#include <string>
#include <sys/socket.h>
#include <sys/utsname.h>
#include <unistd.h>
#include <vector>

using std::string;
using std::to_string;

// A request is a flat object, and no string in it has an escape: a field is found by its name.
struct Request {
    string line;
    bool has(const string &name) const { return line.find("\"" + name + "\":") != string::npos; }
    string raw(const string &name) const {
        auto at = line.find("\"" + name + "\":");
        if (at == string::npos) return "";
        at += name.size() + 3;
        if (line[at] == '"') return line.substr(at + 1, line.find('"', at + 1) - at - 1);
        return line.substr(at, line.find_first_of(",}", at) - at);
    }
    long number(const string &name) const { return has(name) ? std::stol(raw(name)) : -1; }
};

struct Wait {
    long id, most, until; // until: milliseconds, -1 for ever
};

struct Port {
    bool closed = false;
    std::deque<string> packets;
    std::list<Wait> waits;
};

struct Sock {
    int fd;
    bool connected, listening = false, closed = false;
    Port *port = nullptr;
    string key;
    Sock(int fd, bool connected) : fd(fd), connected(connected) { fcntl(fd, F_SETFL, O_NONBLOCK); }
    ~Sock() { end(); }
    void end() {
        if (!closed) ::close(fd); // YOURS
        closed = true;
    }
};

struct Operation {
    Sock *sock;
    string what, token;
    long as;
    std::vector<char> data; // to send, or room to receive
    size_t sent = 0;
};

static std::map<long, std::unique_ptr<Port>> ports;
static std::map<long, std::unique_ptr<Sock>> socks;
static std::list<Operation> started; // and not over, in the order of the starts

static long now() {
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

static const string digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static string encode(const char *d, size_t n) {
    string text;
    auto at = [&](size_t i) { return i < n ? static_cast<unsigned char>(d[i]) : 0u; };
    for (size_t i = 0; i < n; i += 3) {
        unsigned v = at(i) << 16 | at(i + 1) << 8 | at(i + 2);
        text += {digits[v >> 18], digits[v >> 12 & 63], i + 1 < n ? digits[v >> 6 & 63] : '=', i + 2 < n ? digits[v & 63] : '='};
    }
    return text;
}

static std::vector<char> decode(const string &text) {
    std::vector<char> data;
    unsigned v = 0, bits = 0;
    for (char c : text) {
        if (c == '=') break;
        v = v << 6 | static_cast<unsigned>(digits.find(c));
        if ((bits += 6) >= 8) data.push_back(static_cast<char>(v >> (bits -= 8)));
    }
    return data;
}

static string failure(int e) {
    string word = "invalid";
    if (e == ECONNRESET || e == EPIPE) word = "reset";
    if (e == EADDRINUSE) word = "inuse";
    if (e == EMFILE || e == ENOBUFS) word = "noresources";
    return ",\"status\":\"" + word + "\",\"native\":" + to_string(e) + ",\"space\":\"errno\"";
}

static string written(const sockaddr_in &a) {
    char host[INET_ADDRSTRLEN];
    return string(inet_ntop(AF_INET, &a.sin_addr, host, sizeof host)) + ":" + to_string(ntohs(a.sin_port));
}

static void say(long id, const string &rest) { std::cout << "{\"id\":" << id << rest << "}\n"; }

// over queues the packet of an operation, of which rest is what differs.
static void over(const Operation &o, const string &rest) {
    o.sock->port->packets.push_back("{\"key\":\"" + o.sock->key + "\",\"token\":\"" + o.token + "\"" + rest + "}");
}

// attempt moves an operation on; it returns false while it is not over. YOURS: a library that completes by itself calls over().
static bool attempt(Operation &o) {
    ssize_t n;
    if (o.what == "accept") {
        sockaddr_in a{};
        socklen_t size = sizeof a;
        int fd = accept(o.sock->fd, reinterpret_cast<sockaddr *>(&a), &size);
        if (fd >= 0) {
            socks[o.as] = std::make_unique<Sock>(fd, true);
            return over(o, ",\"socket\":" + to_string(o.as) + ",\"from\":\"" + written(a) + "\""), true;
        }
    } else if (o.what == "recv") {
        if ((n = recv(o.sock->fd, o.data.data(), o.data.size(), 0)) >= 0)
            return over(o, ",\"data\":\"" + encode(o.data.data(), static_cast<size_t>(n)) + "\""), true;
    } else if ((n = send(o.sock->fd, o.data.data() + o.sent, o.data.size() - o.sent, MSG_NOSIGNAL)) >= 0) {
        if ((o.sent += static_cast<size_t>(n)) < o.data.size()) return false;
        return over(o, ",\"bytes\":" + to_string(o.sent)), true;
    }
    if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR) return false;
    return over(o, failure(errno)), true;
}

static string start(Sock &s, const string &what, const Request &m) {
    if (!s.port || (what == "accept" && !s.listening)) return ",\"status\":\"invalid\"";
    if (what != "accept" && !s.connected) return ",\"status\":\"notconnected\"";
    Operation o{&s, what, m.raw("token"), m.number("as"), {}};
    if (what == "recv") o.data.resize(static_cast<size_t>(m.number("length")));
    if (what == "send") o.data = decode(m.raw("data"));
    started.push_back(std::move(o));
    return "";
}

// answer does what a request asks for, and returns what its answer says besides the number.
static string answer(const string &what, const Request &m, Port *p, Sock *s) {
    const string unsupported = ",\"status\":\"unsupported\"", invalid = ",\"status\":\"invalid\"";
    sockaddr_in a{};
    socklen_t size = sizeof a;
    if (what == "hello") {
        utsname u{};
        uname(&u);
        return ",\"protocol\":1,\"name\":\"mine\",\"version\":\"0.1\",\"os\":\"" + string(u.sysname) + " " + u.release + // YOURS
               "\",\"capabilities\":[\"accept\"],\"axes\":{\"buffer\":\"backend\",\"zero-receive\":\"at-once\",\"inline\":\"never\",\"after-reset\":\"end\"}";
    }
    if (what == "ping") return "";
    if (what == "reset") {
        started.clear(), socks.clear(), ports.clear();
        return "";
    }
    if (what == "port") {
        ports[m.number("port")] = std::make_unique<Port>();
        return "";
    }
    if (what == "socket" && m.raw("net") == "tcp4") {
        int fd = socket(AF_INET, SOCK_STREAM, 0); // YOURS
        if (fd < 0) return failure(errno);
        socks[m.number("socket")] = std::make_unique<Sock>(fd, false);
        return "";
    }
    if ((p && p->closed) || (s && s->closed)) return ",\"status\":\"closed\"";
    if (p && what == "close-port") {
        p->closed = true;
        return "";
    }
    if (!s) return unsupported;
    if (p && what == "associate") {
        if (s->port) return invalid;
        s->port = p, s->key = m.raw("key");
        return "";
    }
    if (what == "bind") {
        string text = m.raw("address");
        auto colon = text.rfind(':');
        a.sin_family = AF_INET;
        a.sin_port = htons(static_cast<uint16_t>(std::stoi(text.substr(colon + 1))));
        inet_pton(AF_INET, text.substr(0, colon).c_str(), &a.sin_addr);
        return bind(s->fd, reinterpret_cast<sockaddr *>(&a), size) ? failure(errno) : "";
    }
    if (what == "local") {
        if (getsockname(s->fd, reinterpret_cast<sockaddr *>(&a), &size)) return failure(errno);
        return ",\"address\":\"" + written(a) + "\"";
    }
    if (what == "listen") {
        if (listen(s->fd, static_cast<int>(m.number("backlog")))) return failure(errno);
        s->listening = true;
        return "";
    }
    bool plain = what == "accept" ? !m.has("into") && !m.has("length") : what == "send" || (what == "recv" && !m.has("waitall"));
    if (plain) return start(*s, what, m);
    if (what == "close") {
        for (auto o = started.begin(); o != started.end();) {
            if (o->sock != s) { ++o; continue; }
            over(*o, ",\"status\":\"aborted\"");
            o = started.erase(o);
        }
        s->end();
        return "";
    }
    return unsupported;
}

static void request(const Request &m) {
    auto p = ports.find(m.number("port"));
    auto s = socks.find(m.number("socket"));
    Port *port = p == ports.end() ? nullptr : p->second.get();
    if (m.raw("do") == "wait" && port && !port->closed) {
        long timeout = m.number("timeout");
        port->waits.push_back({m.number("id"), m.number("max"), timeout < 0 ? -1 : now() + timeout});
        return;
    }
    say(m.number("id"), answer(m.raw("do"), m, port, s == socks.end() ? nullptr : s->second.get()));
}

// serve answers the waits of a port that can be answered.
static void serve(Port &p) {
    for (auto w = p.waits.begin(); w != p.waits.end();) {
        if (!p.packets.empty()) {
            string all;
            for (long n = 0; n < w->most && !p.packets.empty(); n++) {
                all += (n ? "," : "") + p.packets.front();
                p.packets.pop_front();
            }
            say(w->id, ",\"packets\":[" + all + "]");
        } else if (p.closed || (w->until >= 0 && w->until <= now())) {
            say(w->id, p.closed ? ",\"status\":\"abandoned\"" : ",\"status\":\"timedout\"");
        } else {
            ++w;
            continue;
        }
        w = p.waits.erase(w);
    }
}

// rest waits until there is something to do: a request, a socket, or the end of a wait. It reports whether there is something to read.
static bool rest() {
    std::vector<pollfd> fds{{0, POLLIN, 0}};
    for (auto &o : started) fds.push_back({o.sock->fd, static_cast<short>(o.what == "send" ? POLLOUT : POLLIN), 0});
    long until = -1;
    for (auto &p : ports)
        for (auto &w : p.second->waits)
            if (w.until >= 0 && (until < 0 || w.until < until)) until = w.until;
    int timeout = until < 0 ? -1 : static_cast<int>(std::max(0L, until - now()));
    return poll(fds.data(), fds.size(), timeout) > 0 && fds[0].revents;
}

int main() {
    string in;
    std::vector<char> room(1 << 16);
    for (;;) {
        if (rest()) {
            ssize_t n = read(0, room.data(), room.size());
            if (n <= 0) return n < 0;
            in.append(room.data(), static_cast<size_t>(n));
        }
        size_t from = 0;
        for (size_t nl; (nl = in.find('\n', from)) != string::npos; from = nl + 1) request({in.substr(from, nl - from)});
        in.erase(0, from);
        std::set<std::pair<Sock *, string>> waiting; // behind one that waits, operations of its kind on its socket wait too
        for (auto o = started.begin(); o != started.end();) {
            if (!waiting.count({o->sock, o->what}) && attempt(*o)) {
                o = started.erase(o);
                continue;
            }
            waiting.insert({o->sock, o->what});
            ++o;
        }
        for (auto &p : ports) serve(*p.second);
        std::cout.flush();
    }
}
