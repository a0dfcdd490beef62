// Adapter for Asio: a port is an io_context with worker threads in run(); what they call is delivered. One source for both of Asio's models on
// Linux: epoll, and with -DASIO_HAS_IO_URING -DASIO_DISABLE_EPOLL io_uring.
//
// A socket has a strand, in which all is done that touches it, because Asio's sockets are not to be used by two threads at once; handlers of
// single operations run in any worker. Whole sends are async_write, and receives that wait for all async_read: of these Asio allows one at
// a time, with no other of that direction beside it, so the rest take turns (a lane). Before its association a socket is on a
// context that nobody runs, and moves with release and assign.

#include "../wire/wire.h"

#include <asio.hpp>

#include <atomic>
#include <barrier>
#include <deque>
#include <iterator>
#include <map>
#include <memory>
#include <mutex>
#include <thread>
#include <variant>
#include <vector>

#ifdef ASIO_DISABLE_EPOLL
#define NAME "asio-uring"
#else
#define NAME "asio"
#endif

using asio::ip::tcp;
using asio::ip::udp;

namespace {

struct sock;

std::mutex writing; // of standard output
std::mutex shared;  // of the sockets, which accepts add to
std::map<long long, std::shared_ptr<sock>> socks;
buffer *buffers;
std::atomic<bool> quiet;     // nothing is delivered any more
std::atomic<long> under_way; // operations whose handler has not been called
asio::io_context lobby;      // of sockets that belong to no port

void say(text &t) {
	std::lock_guard lock(writing);
	text_out(&t);
	free(t.b);
	t = {};
}

void say(long long id, const char *word, int number = 0) {
	text t{};
	text_add(&t, "{\"id\":%lld", id);
	text_status(&t, word, number);
	text_add(&t, "}\n");
	say(t);
}

struct port {
	long long number;
	asio::io_context context;
	asio::executor_work_guard<asio::io_context::executor_type> work = make_work_guard(context);
	std::vector<std::thread> workers;
	std::atomic<bool> closed = false;
	std::barrier<> together; // of the workers, and of whoever drains
	static thread_local long worker;

	port(long long number, unsigned n) : number(number), context(int(n)), together(n + 1) {
		for (unsigned i = 0; i < n; i++)
			workers.emplace_back([this, i] { worker = i, context.run(); });
	}
	~port() {
		work.reset();
		context.stop();
		for (auto &w : workers) w.join();
	}
	// drain returns when whatever was due has been called. Whenever all workers have come together here, none is on its way with an event; between
	// the first time and the last the context has looked for events.
	void drain() {
		for (int round = 0; round < 3; round++) {
			for (size_t i = 0; i < workers.size(); i++) asio::post(context, [this] { together.arrive_and_wait(); });
			together.arrive_and_wait();
		}
	}
};

thread_local long port::worker;

std::map<long long, std::unique_ptr<port>> ports;

enum class kind { accept, connect, recv, send, recvfrom, sendto, post };

struct op {
	kind what;
	bool alone = false; // with no other of its direction beside it
	uint64_t key, token;
	port *to;
	long long as = 0;
	buffer *into = nullptr;
	std::vector<unsigned char> data;
	tcp::endpoint far;
	udp::endpoint far_datagram;
	std::atomic<bool> over = false, begun = false;
	asio::cancellation_signal cancel;
	std::shared_ptr<sock> on;

	void deliver(const char *word, int number, long long n) {
		if (over.exchange(true)) fprintf(stderr, "token %#" PRIx64 " is delivered a second time\n", token);
		if (!quiet && !to->closed) {
			text t{};
			text_add(&t, "{\"do\":\"deliver\",\"port\":%lld,\"worker\":%ld,\"packets\":[{\"key\":\"0x%" PRIx64 "\",\"token\":\"0x%" PRIx64 "\"", to->number,
				port::worker, key, token);
			text_status(&t, word, number);
			if (into) text_buffer(&t, into, n);
			else if (what != kind::accept && what != kind::connect) text_add(&t, ",\"bytes\":%lld", n);
			if (what == kind::accept && !number) text_add(&t, ",\"socket\":%lld,\"from\":", as), text_address(&t, far.data());
			if (what == kind::recvfrom && !number) {
				text_add(&t, ",\"from\":"), text_address(&t, far_datagram.data());
				if (size_t(n) < into->len) text_add(&t, ",\"size\":%lld", n); // of one that fills the buffer nobody knows
			}
			text_add(&t, "}]}\n");
			say(t);
		}
		if (what != kind::post) under_way--;
	}
	void deliver(const asio::error_code &e, size_t n);
};

// lane lets operations of one direction run side by side, or alone.
struct lane {
	std::deque<std::shared_ptr<op>> waiting;
	int running = 0;
	bool alone = false;
};

struct sock : std::enable_shared_from_this<sock> {
	std::variant<std::monostate, tcp::socket, tcp::acceptor, udp::socket> io;
	tcp family = tcp::v4();
	asio::strand<asio::io_context::executor_type> strand = make_strand(lobby.get_executor());
	port *to = nullptr;
	uint64_t key = 0;
	std::atomic<bool> closed = false, joined = false, no_send = false;
	bool no_receive = false, shut_behind = false;
	lane receiving, sending;
	std::vector<std::shared_ptr<op>> ops;

	bool datagrams() const { return std::holds_alternative<udp::socket>(io); }
	void associate(port *p, uint64_t k);
	void start(const std::shared_ptr<op> &o);
	void begin(const std::shared_ptr<op> &o);
	void enter(lane &l, const std::shared_ptr<op> &o);
	void leave(lane &l);
	const char *shutdown(const std::string &side, int &err);
	void shut_sending();
	size_t cancel(const uint64_t *token);
	int close();
};

void op::deliver(const asio::error_code &e, size_t n) {
	int number = !e || e == asio::error::eof ? 0 : e.value();
	const char *word = status_word(number);
	if (what == kind::send && e == asio::error::broken_pipe) word = on->no_send ? "shutdown" : on->joined ? "reset" : "notconnected";
	deliver(word, number, (long long)n);
}

// associate moves the socket to the port's context.
void sock::associate(port *p, uint64_t k) {
	to = p, key = k;
	strand = make_strand(p->context.get_executor());
	std::visit([&](auto &x) {
		if constexpr (!std::is_same_v<std::decay_t<decltype(x)>, std::monostate>) {
			std::decay_t<decltype(x)> there(p->context);
			bool six = family == tcp::v6();
			if constexpr (std::is_same_v<decltype(there), udp::socket>) there.assign(six ? udp::v6() : udp::v4(), x.release());
			else there.assign(family, x.release());
			x = std::move(there);
		}
	}, io);
}

void sock::start(const std::shared_ptr<op> &o) {
	ops.push_back(o);
	under_way++;
	if (o->what == kind::recv) return enter(receiving, o);
	if (o->what == kind::send) return enter(sending, o);
	begin(o);
}

void sock::enter(lane &l, const std::shared_ptr<op> &o) {
	if (l.running > 0 && (o->alone || l.alone || !l.waiting.empty())) return l.waiting.push_back(o);
	l.running++, l.alone = o->alone;
	begin(o);
}

void sock::leave(lane &l) {
	l.running--;
	auto waiting = std::move(l.waiting);
	l.waiting.clear();
	if (l.running == 0) l.alone = false;
	for (auto &o : waiting) enter(l, o);
	if (&l == &sending && shut_behind && sending.running == 0) shut_sending();
}

// begin hands an operation to Asio.
void sock::begin(const std::shared_ptr<op> &o) {
	o->begun = true;
	auto slot = [&](auto handler) { return asio::bind_cancellation_slot(o->cancel.slot(), handler); };
	auto done = [o](const asio::error_code &e, size_t n = 0) { o->deliver(e, n); };
	auto received = [o](const asio::error_code &e, size_t n) {
		o->deliver(e, n);
		asio::post(o->on->strand, [s = o->on] { s->leave(s->receiving); });
	};
	switch (o->what) {
	case kind::accept:
		std::get<tcp::acceptor>(io).async_accept(lobby, o->far, slot([o](const asio::error_code &e, tcp::socket got) {
			if (!e) {
				auto s = std::make_shared<sock>();
				s->family = o->on->family, s->io = std::move(got), s->joined = true;
				std::lock_guard lock(shared);
				socks[o->as] = s;
			}
			o->deliver(e, 0);
		}));
		break;
	case kind::connect:
		std::get<tcp::socket>(io).async_connect(o->far, slot([o](const asio::error_code &e) {
			if (!e) o->on->joined = true;
			o->deliver(e, 0);
		}));
		break;
	case kind::recv:
		if (o->alone) asio::async_read(std::get<tcp::socket>(io), asio::buffer(o->into->b, o->into->len), asio::bind_executor(strand, slot(received)));
		else std::get<tcp::socket>(io).async_receive(asio::buffer(o->into->b, o->into->len), slot(received));
		break;
	case kind::send:
		asio::async_write(std::get<tcp::socket>(io), asio::buffer(o->data), asio::bind_executor(strand, slot([o](const asio::error_code &e, size_t n) {
			o->deliver(e, n);
			o->on->leave(o->on->sending);
		})));
		break;
	case kind::recvfrom: std::get<udp::socket>(io).async_receive_from(asio::buffer(o->into->b, o->into->len), o->far_datagram, slot(done)); break;
	case kind::sendto: std::get<udp::socket>(io).async_send_to(asio::buffer(o->data), o->far_datagram, slot(done)); break;
	case kind::post: break;
	}
}

// shutdown of the sending side takes its turn behind the sends.
const char *sock::shutdown(const std::string &side, int &err) {
	asio::error_code e;
	bool sends = side != "receive", receives = side != "send";
	auto now = [&](auto what) {
		if (auto *t = std::get_if<tcp::socket>(&io)) t->shutdown(what, e);
		else if (auto *u = std::get_if<udp::socket>(&io)) u->shutdown(what, e);
		else e = asio::error::not_connected;
	};
	if (receives) now(asio::socket_base::shutdown_receive);
	if (!e && sends && sending.running > 0) shut_behind = true;
	else if (!e && sends && !no_send) now(asio::socket_base::shutdown_send);
	err = e.value();
	if (!e) no_receive |= receives, no_send = no_send || sends;
	return status_word(err);
}

void sock::shut_sending() {
	asio::error_code e;
	shut_behind = false;
	if (!closed) std::get<tcp::socket>(io).shutdown(asio::socket_base::shutdown_send, e);
}

// cancel asks one operation, or all, to end early, and returns how many it has asked.
size_t sock::cancel(const uint64_t *token) {
	size_t n = 0;
	for (auto &o : ops) {
		if (o->over || (token && o->token != *token)) continue;
		n++;
		if (o->begun) {
			if (token) o->cancel.emit(asio::cancellation_type::partial);
			continue;
		}
		for (lane *l : {&sending, &receiving}) std::erase(l->waiting, o);
		asio::post(to->context, [o] { o->deliver(asio::error::operation_aborted, 0); });
	}
	if (!token) std::visit([](auto &x) {
		if constexpr (!std::is_same_v<std::decay_t<decltype(x)>, std::monostate>) {
			asio::error_code e;
			x.cancel(e);
		}
	}, io);
	std::erase_if(ops, [](auto &o) { return o->over.load(); });
	return n;
}

int sock::close() {
	asio::error_code e;
	closed = true;
	for (lane *l : {&sending, &receiving})
		for (auto &o : std::exchange(l->waiting, {})) asio::post(to->context, [o] { o->deliver(asio::error::operation_aborted, 0); });
	std::visit([&](auto &x) {
		if constexpr (!std::is_same_v<std::decay_t<decltype(x)>, std::monostate>) x.close(e);
	}, io);
	return e.value();
}

// requests

struct call { // what a request says, for as long as it is needed
	long long id;
	std::string what;
	std::shared_ptr<sock> s;
	port *p = nullptr;
	uint64_t key, token;
	sockaddr_storage address{};
	socklen_t size = 0;
	std::string side;
	long long backlog;
	std::shared_ptr<op> o;
};

void say_address(long long id, const asio::error_code &e, const sockaddr *a) {
	if (e) return say(id, status_word(e.value()), e.value());
	text t{};
	text_add(&t, "{\"id\":%lld,\"address\":", id);
	text_address(&t, a);
	text_add(&t, "}\n");
	say(t);
}

// on_socket does what touches a socket; in its strand, once it has one.
void on_socket(const call &c) {
	sock &s = *c.s;
	asio::error_code e;
	if (s.closed) return say(c.id, "closed");
	if (c.what == "cancel") return say(c.id, s.cancel(&c.token) > 0 ? "ok" : "notfound");
	if (c.o) {
		bool receives = c.o->what == kind::recv, sends = c.o->what == kind::send, fits = s.datagrams() == (c.o->what >= kind::recvfrom);
		if (c.o->what == kind::accept) fits = std::holds_alternative<tcp::acceptor>(s.io);
		else if (!s.datagrams()) fits = fits && std::holds_alternative<tcp::socket>(s.io);
		if (!s.to || !fits) return say(c.id, "invalid");
		if ((receives && s.no_receive) || (sends && s.no_send)) return say(c.id, "shutdown");
		c.o->key = s.key, c.o->to = s.to;
		say(c.id, "ok"); // before the packet, which no order demands, but reads better
		return s.start(c.o);
	}
	if (c.what == "cancel-all") return say(c.id, s.cancel(nullptr) > 0 ? "ok" : "notfound");
	if (c.what == "close") {
		int err = s.close();
		return say(c.id, status_word(err), err);
	}
	if (c.what == "shutdown") {
		int err = 0;
		const char *word = s.shutdown(c.side, err);
		return say(c.id, word, err);
	}
	if (c.what == "associate") {
		if (s.to || c.p->closed) return say(c.id, s.to ? "invalid" : "closed");
		s.associate(c.p, c.key);
		return say(c.id, "ok");
	}
	if (c.what == "listen") {
		tcp::acceptor a(lobby);
		if (!std::holds_alternative<tcp::socket>(s.io)) return say(c.id, "invalid");
		a.assign(s.family, std::get<tcp::socket>(s.io).release());
		a.listen(int(c.backlog), e);
		s.io = std::move(a);
		if (s.to) s.associate(s.to, s.key);
		return say(c.id, status_word(e.value()), e.value());
	}
	std::visit([&](auto &x) {
		if constexpr (!std::is_same_v<std::decay_t<decltype(x)>, std::monostate>) {
			if (c.what == "local") {
				auto a = x.local_endpoint(e);
				return say_address(c.id, e, a.data());
			}
			if constexpr (!std::is_same_v<std::decay_t<decltype(x)>, tcp::acceptor>)
				if (c.what == "peer") {
					auto a = x.remote_endpoint(e);
					return say_address(c.id, e, a.data());
				}
			if (c.what == "bind") {
				typename std::decay_t<decltype(x)>::endpoint_type a;
				a.resize(c.size);
				memcpy(a.data(), &c.address, c.size);
				x.bind(a, e);
				return say(c.id, status_word(e.value()), e.value());
			}
		}
		say(c.id, "unsupported");
	}, s.io);
}

void make_socket(long long id, long long number, const std::string &net) {
	asio::error_code e;
	auto s = std::make_shared<sock>();
	bool six = net.back() == '6';
	s->family = six ? tcp::v6() : tcp::v4();
	if (net[0] == 'u') s->io.emplace<udp::socket>(lobby).open(six ? udp::v6() : udp::v4(), e);
	else s->io.emplace<tcp::socket>(lobby).open(s->family, e);
	if (!e) {
		std::lock_guard lock(shared);
		socks[number] = s;
	}
	say(id, status_word(e.value()), e.value());
}

void hello(long long id) {
	text t{};
	text_add(&t, "{\"id\":%lld,\"protocol\":1,\"name\":\"" NAME "\",\"version\":\"%d.%d.%d\",\"os\":", id, ASIO_VERSION / 100000, ASIO_VERSION / 100 % 1000,
		ASIO_VERSION % 100);
	text_os(&t);
	text_add(&t, ",\"batch\":1024,\"capabilities\":[\"accept\",\"connect\",\"post\",\"cancel\",\"cancel-all\",\"shutdown\",\"workers\",\"wait-all\",\"datagram\",\"ipv6\"],"
		"\"axes\":{\"delivery\":\"push\",\"progress\":\"waiters\",\"queue\":\"any\",\"after-reset\":\"end\",\"truncation\":\"silent\",\"zero-receive\":\"at-once\",\"inline\":\"never\"}}\n");
	say(t);
}

// in_strand has something done where the socket's strand is, or here if it has no port yet.
template <typename F> void in_strand(const std::shared_ptr<sock> &s, F f) {
	if (s->to) asio::post(s->strand, std::move(f));
	else f();
}

// reset closes everything and waits until the last operation has been called back; what is not, in ten seconds, is taken for lost.
void reset() {
	quiet = true;
	std::vector<std::shared_ptr<sock>> all;
	{
		std::lock_guard lock(shared);
		for (auto &[number, s] : socks) all.push_back(s);
	}
	for (auto &s : all) in_strand(s, [s] { if (!s->closed) s->close(); });
	for (int i = 0; under_way > 0; i++) {
		for (auto &[number, p] : ports) p->drain();
		if (i >= 10000) {
			fprintf(stderr, "%ld operations were never called back, though their sockets are closed\n", under_way.load());
			under_way = 0;
		} else if (i >= 10) {
			std::this_thread::sleep_for(std::chrono::milliseconds(1));
		}
	}
	for (auto &[number, p] : ports) p->drain();
	for (auto &[number, p] : ports) { // handlers that are left refer to sockets, and sockets to contexts
		p->context.stop();
		for (auto &w : p->workers) w.join();
		p->workers.clear();
	}
	for (auto &s : all) s->ops.clear(), s->io.emplace<std::monostate>(), s->strand = make_strand(lobby.get_executor());
	socks.clear();
	ports.clear();
	quiet = false;
}

void request(const cJSON *m) {
	static const std::pair<const char *, kind> starts[] = {{"accept", kind::accept}, {"connect", kind::connect}, {"recv", kind::recv}, {"send", kind::send},
		{"recvfrom", kind::recvfrom}, {"sendto", kind::sendto}};
	call c{.id = field(m, "id", 0), .what = field_word(m, "do"), .s = {}, .key = field_64(m, "key"), .token = field_64(m, "token"),
		.side = field_word(m, "side"), .backlog = field(m, "backlog", 0), .o = {}};
	if (auto i = ports.find(field(m, "port", -1)); i != ports.end()) c.p = i->second.get();
	{
		std::lock_guard lock(shared);
		if (auto i = socks.find(field(m, "socket", -1)); i != socks.end()) c.s = i->second;
	}
	field_address(m, "address", &c.address, &c.size);
	if (c.what == "hello") return hello(c.id);
	if (c.what == "reset") {
		reset();
		text t{};
		text_add(&t, "{\"id\":%lld", c.id);
		text_late(&t, &buffers);
		text_add(&t, "}\n");
		return say(t);
	}
	if (c.what == "ping") {
		for (auto &[number, p] : ports) p->drain();
		return say(c.id, "ok");
	}
	if (c.what == "port") {
		long long number = field(m, "port", 0), n = field(m, "concurrency", 0);
		ports[number] = std::make_unique<port>(number, n > 0 ? unsigned(n) : std::max(std::thread::hardware_concurrency(), 1u));
		return say(c.id, "ok");
	}
	if (c.what == "close-port") {
		bool was = c.p->closed.exchange(true);
		return say(c.id, was ? "closed" : "ok");
	}
	if (c.what == "post") {
		if (c.p->closed) return say(c.id, "closed");
		auto o = std::make_shared<op>();
		o->what = kind::post, o->key = c.key, o->token = c.token, o->to = c.p;
		asio::post(c.p->context, [o, n = field(m, "bytes", 0)] { o->deliver("ok", 0, n); });
		return say(c.id, "ok");
	}
	if (c.what == "socket") return make_socket(c.id, field(m, "socket", 0), field_word(m, "net"));
	if (!c.s) return say(c.id, "unsupported");
	for (auto [name, what] : starts) {
		if (c.what != name) continue;
		if (field(m, "into", -1) >= 0 || (what == kind::accept && field(m, "length", 0)) || (what == kind::connect && *field_word(m, "data"))) return say(c.id, "unsupported");
		c.o = std::make_shared<op>();
		c.o->what = what, c.o->token = c.token, c.o->on = c.s, c.o->as = field(m, "as", 0);
		c.o->alone = what == kind::send || field_true(m, "waitall");
		if (field_address(m, "to", &c.address, &c.size)) {
			c.o->far.resize(c.size), c.o->far_datagram.resize(c.size);
			memcpy(c.o->far.data(), &c.address, c.size), memcpy(c.o->far_datagram.data(), &c.address, c.size);
		}
		if (what == kind::recv || what == kind::recvfrom) {
			c.o->into = buffer_new(&buffers, size_t(field(m, "length", 0)), c.token);
		} else {
			size_t n = 0;
			unsigned char *b = field_bytes(m, "data", &n);
			c.o->data.assign(b, b + n);
			free(b);
		}
	}
	in_strand(c.s, [c] { on_socket(c); });
}

} // namespace

int main() {
	lines in{};
	while (lines_read(&in, request)) continue;
	reset();
	text none{};
	text_late(&none, &buffers);
	free(none.b), free(in.b);
}
