/* Adapter for libevent as a readiness back end, by epoll, by poll (--poll) or by select (--select).

   A poller is an event_base, what it watches a struct event, and a wait a thread that runs event_base_loop: one at a time, since a base has one loop.
   Requests go on beside it, as libevent lets them once evthread_use_pthreads was called. A callback notes what it was told; what there is no room
   for is told later, and what would not be told by itself (edge, oneshot) is set anew for that. An event is deleted before it is changed, and before
   its descriptor is closed, as libevent wants it. */

#define _GNU_SOURCE /* accept4 */
#include "../wire/wire.h"

#include <event2/event.h>
#include <event2/thread.h>
#include <fcntl.h>
#include <pthread.h>

struct sock {
	int fd;
	bool closed;
};

struct watch {
	struct sock *sock;
	struct event *event;
	uint64_t token, turn; /* when it was told last */
	short got;            /* what the callback was told, and no wait has told yet */
	bool once, silent;    /* silent: it is being changed, or removed */
	struct watch *next;
};

struct poller {
	struct event_base *base;
	struct event *timer, *nudge;
	struct watch *watches;
	uint64_t turns;
	pthread_t waiter;
	bool has_waiter, waits, late, closed;
	long long id, most, timeout; /* of the wait */
};

static const char *method = "epoll";
static struct text out;
static struct table pollers, socks;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* what waits and requests share; never held where an event_del may wait for a callback */
static pthread_mutex_t output = PTHREAD_MUTEX_INITIALIZER;

static void write_out(struct text *t) {
	pthread_mutex_lock(&output);
	text_out(t);
	pthread_mutex_unlock(&output);
}

static struct event_base *base_new(void) {
	struct event_config *how = event_config_new();
	if (!how) give_up("event_config_new");
	if (strcmp(method, "epoll") != 0) event_config_avoid_method(how, "epoll");
	if (strcmp(method, "select") == 0) event_config_avoid_method(how, "poll");
	/* without this the clock is coarse, and a timer may be some milliseconds early */
	event_config_set_flag(how, EVENT_BASE_FLAG_PRECISE_TIMER);
	struct event_base *b = event_base_new_with_config(how);
	event_config_free(how);
	if (b && strcmp(event_base_get_method(b), method) == 0) return b;
	fprintf(stderr, "libevent has %s, not %s\n", b ? event_base_get_method(b) : "no method", method);
	exit(1);
}

/* waits */

static void called(evutil_socket_t fd, short what, void *arg) {
	struct watch *w = arg;
	(void)fd;
	pthread_mutex_lock(&lock);
	if (!w->silent) w->got |= what;
	pthread_mutex_unlock(&lock);
}

static void time_is_over(evutil_socket_t fd, short what, void *arg) {
	(void)fd, (void)what;
	((struct poller *)arg)->late = true;
}

static void nudged(evutil_socket_t fd, short what, void *arg) { (void)fd, (void)what, (void)arg; }

/* told adds up to as many events as were asked for, those first that were told longest ago, and returns how many that were. */
static long long told(struct text *t, struct poller *p) {
	long long n = 0;
	for (struct watch *w, *next = NULL; n < p->most; n++, next = NULL) {
		for (w = p->watches; w; w = w->next)
			if (w->got && (!next || w->turn < next->turn)) next = w;
		if (!next) break;
		text_add(t, "%s{\"token\":\"0x%" PRIx64 "\",\"events\":[", n ? "," : "", next->token);
		const char *comma = "";
		if (next->got & EV_READ) text_add(t, "\"in\""), comma = ",";
		if (next->got & EV_WRITE) text_add(t, "%s\"out\"", comma), comma = ",";
		if (next->got & EV_CLOSED) text_add(t, "%s\"rdhup\"", comma);
		text_add(t, "]}");
		next->got = 0, next->turn = ++p->turns;
	}
	for (struct watch *w = p->watches; w; w = w->next) {
		if (!w->got) continue;
		w->got = 0;
		if (!w->once) continue;
		event_del_noblock(w->event);
		event_add(w->event, NULL);
	}
	return n;
}

static void *wait_for(void *arg) {
	struct poller *p = arg;
	struct timeval time = {p->timeout / 1000, p->timeout % 1000 * 1000};
	struct text t = {0}, events = {0};
	/* EVLOOP_NONBLOCK alone does not return while something level-triggered is ready */
	int how = EVLOOP_ONCE | EVLOOP_NO_EXIT_ON_EMPTY | (p->timeout == 0 ? EVLOOP_NONBLOCK : 0);
	p->late = p->timeout == 0;
	if (p->timeout > 0) event_add(p->timer, &time);
	for (bool over = false; !over;) {
		bool failed = event_base_loop(p->base, how) < 0;
		pthread_mutex_lock(&lock);
		bool closed = p->closed;
		long long n = closed ? 0 : told(&events, p);
		over = failed || n || closed || p->late;
		p->waits = !over;
		pthread_mutex_unlock(&lock);
		if (!over) continue;
		text_add(&t, "{\"id\":%lld", p->id);
		if (failed) text_add(&t, ",\"error\":\"event_base_loop failed\"}\n");
		else if (n) text_add(&t, ",\"ready\":[%.*s]}\n", (int)events.n, events.b);
		else text_add(&t, ",\"status\":\"%s\"}\n", closed ? "closed" : "timedout");
	}
	event_del(p->timer);
	write_out(&t);
	free(t.b), free(events.b);
	return NULL;
}

static void wait_ready(const cJSON *m, struct poller *p) {
	pthread_mutex_lock(&lock);
	bool another = p->waits;
	p->waits = true;
	pthread_mutex_unlock(&lock);
	if (another) { /* event_base_loop would refuse */
		text_add(&out, "{\"id\":%lld,\"error\":\"a base has one loop, and a poller one wait at a time\"}\n", field(m, "id", 0));
		return;
	}
	if (p->has_waiter) pthread_join(p->waiter, NULL);
	p->id = field(m, "id", 0), p->most = field(m, "max", 1), p->timeout = field(m, "timeout", 0);
	if ((errno = pthread_create(&p->waiter, NULL, wait_for, p))) give_up("pthread_create");
	p->has_waiter = true;
}

/* what is watched */

static struct watch *watch_of(struct poller *p, struct sock *s) {
	struct watch *w = p->watches;
	while (w && w->sock != s) w = w->next;
	return w;
}

/* silence ends what is told of a watch: behind it no callback runs, and none will. */
static void silence(struct watch *w) {
	pthread_mutex_lock(&lock);
	w->silent = true, w->got = 0;
	pthread_mutex_unlock(&lock);
	event_del(w->event);
}

/* set watches by the token and the ask of a request, anew. */
static int set(const cJSON *m, struct poller *p, struct watch *w, short what) {
	pthread_mutex_lock(&lock);
	w->token = field_64(m, "token"), w->once = what & EV_ET || !(what & EV_PERSIST), w->silent = false;
	errno = 0;
	bool failed = event_assign(w->event, p->base, w->sock->fd, what, called, w) != 0 || event_add(w->event, NULL) != 0;
	pthread_mutex_unlock(&lock);
	return failed ? errno ? errno : EINVAL : 0;
}

static void drop(struct poller *p, struct watch *w) {
	silence(w);
	pthread_mutex_lock(&lock);
	struct watch **at = &p->watches;
	while (*at != w) at = &(*at)->next;
	*at = w->next;
	pthread_mutex_unlock(&lock);
	event_free(w->event);
	free(w);
}

/* asked is what an ask means to libevent, -1 if this method has not got it. Of errors and hang-ups, and of urgent data, it has no events. */
static short asked(const cJSON *m, struct poller *p) {
	short what = EV_PERSIST;
	int can = event_base_get_features(p->base);
	const cJSON *one;
	cJSON_ArrayForEach(one, cJSON_GetObjectItemCaseSensitive(m, "ask")) {
		const char *word = one->valuestring;
		if (!strcmp(word, "in")) what |= EV_READ;
		else if (!strcmp(word, "out")) what |= EV_WRITE;
		else if (!strcmp(word, "oneshot")) what &= ~EV_PERSIST;
		else if (!strcmp(word, "edge") && can & EV_FEATURE_ET) what |= EV_ET;
		else if (!strcmp(word, "rdhup") && can & EV_FEATURE_EARLY_CLOSE) what |= EV_CLOSED;
		else if (!strcmp(word, "edge") || !strcmp(word, "rdhup") || !strcmp(word, "exclusive")) return -1;
	}
	return what;
}

static void close_poller(struct poller *p) {
	pthread_mutex_lock(&lock);
	p->closed = true;
	pthread_mutex_unlock(&lock);
	event_active(p->nudge, EV_READ, 0);
	if (p->has_waiter) pthread_join(p->waiter, NULL);
	while (p->watches) drop(p, p->watches);
	event_free(p->timer), event_free(p->nudge);
	event_base_free(p->base);
}

static void close_sock(struct sock *s) {
	for (size_t i = 0; i < pollers.n; i++) {
		struct poller *p = pollers.at[i];
		struct watch *w = p && !p->closed ? watch_of(p, s) : NULL;
		if (w) drop(p, w);
	}
	close(s->fd);
	s->closed = true;
}

static void reset(void) {
	for (size_t i = 0; i < pollers.n; i++) {
		struct poller *p = pollers.at[i];
		if (p && !p->closed) close_poller(p);
		free(p), pollers.at[i] = NULL;
	}
	for (size_t i = 0; i < socks.n; i++) {
		struct sock *s = socks.at[i];
		if (s && !s->closed) close(s->fd);
		free(s), socks.at[i] = NULL;
	}
}

/* sockets */

static void keep(long long number, int fd) {
	struct sock *s = grown(NULL, sizeof *s);
	*s = (struct sock){.fd = fd};
	table_put(&socks, number, s);
}

static const char *word(int number) {
	switch (number) {
	case EAGAIN: case EINPROGRESS: case EALREADY: return "wouldblock";
	case EPIPE: return "shutdown";
	case EDESTADDRREQ: return "notconnected";
	case EMSGSIZE: return "truncated";
	}
	return status_word(number);
}

/* receive answers try-recv and try-recvfrom. */
static void receive(const cJSON *m, struct sock *s, bool datagram) {
	struct sockaddr_storage from;
	size_t len = (size_t)field(m, "length", 0);
	struct iovec part = {grown(NULL, len), len};
	struct msghdr message = {.msg_name = datagram ? &from : NULL, .msg_namelen = datagram ? sizeof from : 0, .msg_iov = &part, .msg_iovlen = 1};
	ssize_t n = recvmsg(s->fd, &message, 0);
	if (n < 0) {
		answer(&out, m, word(errno), errno);
	} else {
		text_add(&out, "{\"id\":%lld,\"data\":\"", field(m, "id", 0));
		text_base64(&out, part.iov_base, (size_t)n);
		text_add(&out, "\"");
		if (datagram) text_add(&out, ",\"from\":"), text_address(&out, (struct sockaddr *)&from);
		if (message.msg_flags & MSG_TRUNC) text_add(&out, ",\"status\":\"truncated\"");
		text_add(&out, "}\n");
	}
	free(part.iov_base);
}

static bool has_ipv6(void) {
	struct sockaddr_in6 a = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT};
	int fd = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool has = fd >= 0 && bind(fd, (struct sockaddr *)&a, sizeof a) == 0;
	if (fd >= 0) close(fd);
	return has;
}

/* requests */

static void hello(const cJSON *m) {
	struct event_base *b = base_new();
	int can = event_base_get_features(b);
	event_base_free(b);
	text_add(&out, "{\"id\":%lld,\"protocol\":1,\"name\":\"libevent%s%s\",\"version\":\"%s\",\"os\":", field(m, "id", 0),
		strcmp(method, "epoll") ? "-" : "", strcmp(method, "epoll") ? method : "", event_get_version());
	text_os(&out);
	text_add(&out, ",\"batch\":1024,\"capabilities\":[\"poller\",\"accept\",\"connect\",\"shutdown\",\"datagram\",\"duplicate\",\"oneshot\"%s%s%s],"
		"\"axes\":{\"consumers\":\"1\",\"hangups\":\"folded\"}}\n",
		can & EV_FEATURE_ET ? ",\"edge\"" : "", can & EV_FEATURE_EARLY_CLOSE ? ",\"rdhup\"" : "", has_ipv6() ? ",\"ipv6\"" : "");
}

/* on_poller does what is asked of a poller and says the status. */
static const char *on_poller(const cJSON *m, const char *what, struct poller *p, struct sock *s, int *err) {
	struct watch *w = s ? watch_of(p, s) : NULL;
	if (!strcmp(what, "close-poller")) {
		close_poller(p);
	} else if (!s) {
		return "unsupported"; /* a poller is watched by no other */
	} else if (s->closed) {
		return "closed";
	} else if (!strcmp(what, "remove")) {
		if (!w) return "notfound";
		drop(p, w);
	} else {
		bool add = !strcmp(what, "add");
		short ask = asked(m, p);
		if (ask < 0 || add == !!w) return ask < 0 ? "unsupported" : add ? "inuse" : "notfound";
		if (!add) {
			silence(w);
			*err = set(m, p, w, ask);
			return NULL;
		}
		w = grown(NULL, sizeof *w);
		*w = (struct watch){.sock = s, .event = event_new(p->base, -1, 0, called, w), .silent = true};
		if (!w->event) give_up("event_new");
		pthread_mutex_lock(&lock);
		w->next = p->watches, p->watches = w;
		pthread_mutex_unlock(&lock);
		if ((*err = set(m, p, w, ask))) drop(p, w);
	}
	return NULL;
}

static void request(const cJSON *m) {
	const char *what = field_word(m, "do"), *status = NULL;
	struct poller *p = table_get(&pollers, field(m, "poller", -1));
	struct sock *s = table_get(&socks, field(m, "socket", -1));
	struct sockaddr_storage a;
	socklen_t n = sizeof a;
	int err = 0, fd;
	if (!strcmp(what, "hello")) return hello(m);
	if (!strcmp(what, "ping")) {
	} else if (!strcmp(what, "reset")) {
		reset();
	} else if (!strcmp(what, "poller")) {
		p = grown(NULL, sizeof *p);
		*p = (struct poller){.base = base_new()};
		p->timer = event_new(p->base, -1, 0, time_is_over, p), p->nudge = event_new(p->base, -1, 0, nudged, p);
		if (!p->timer || !p->nudge) give_up("event_new");
		table_put(&pollers, field(m, "poller", 0), p);
	} else if (p) {
		if (p->closed) status = "closed";
		else if (!strcmp(what, "wait-ready")) return wait_ready(m, p);
		else status = on_poller(m, what, p, s, &err);
	} else if (!strcmp(what, "socket")) {
		const char *net = field_word(m, "net");
		fd = socket(net[3] == '6' ? AF_INET6 : AF_INET, (net[0] == 'u' ? SOCK_DGRAM : SOCK_STREAM) | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
		if (fd < 0) err = errno;
		else keep(field(m, "socket", 0), fd);
	} else if (!s) {
		status = "unsupported";
	} else if (s->closed) {
		status = "closed";
	} else if (!strcmp(what, "bind")) {
		if (!field_address(m, "address", &a, &n) || bind(s->fd, (struct sockaddr *)&a, n) != 0) err = errno;
	} else if (!strcmp(what, "listen")) {
		if (listen(s->fd, (int)field(m, "backlog", 0)) != 0) err = errno;
	} else if (!strcmp(what, "local") || !strcmp(what, "peer")) {
		if ((*what == 'l' ? getsockname : getpeername)(s->fd, (struct sockaddr *)&a, &n) != 0) return answer(&out, m, NULL, errno);
		text_add(&out, "{\"id\":%lld,\"address\":", field(m, "id", 0));
		text_address(&out, (struct sockaddr *)&a);
		text_add(&out, "}\n");
		return;
	} else if (!strcmp(what, "shutdown")) {
		const char *side = field_word(m, "side");
		if (shutdown(s->fd, *side == 'r' ? SHUT_RD : *side == 's' ? SHUT_WR : SHUT_RDWR) != 0) err = errno;
	} else if (!strcmp(what, "close")) {
		close_sock(s);
	} else if (!strcmp(what, "dup")) {
		if ((fd = fcntl(s->fd, F_DUPFD_CLOEXEC, 0)) < 0) err = errno;
		else keep(field(m, "as", 0), fd);
	} else if (!strcmp(what, "try-accept")) {
		if ((fd = accept4(s->fd, (struct sockaddr *)&a, &n, SOCK_NONBLOCK | SOCK_CLOEXEC)) < 0) return answer(&out, m, word(errno), errno);
		keep(field(m, "as", 0), fd);
		text_add(&out, "{\"id\":%lld,\"from\":", field(m, "id", 0));
		text_address(&out, (struct sockaddr *)&a);
		text_add(&out, "}\n");
		return;
	} else if (!strcmp(what, "try-connect")) {
		if (!field_address(m, "to", &a, &n) || connect(s->fd, (struct sockaddr *)&a, n) != 0) err = errno;
	} else if (!strcmp(what, "try-recv") || !strcmp(what, "try-recvfrom")) {
		return receive(m, s, what[8] == 'f');
	} else if (!strcmp(what, "try-send") || !strcmp(what, "try-sendto")) {
		size_t len;
		unsigned char *data = field_bytes(m, "data", &len);
		bool to = field_address(m, "to", &a, &n);
		ssize_t sent = sendto(s->fd, data, len, MSG_NOSIGNAL, to ? (struct sockaddr *)&a : NULL, to ? n : 0);
		err = errno;
		free(data);
		if (sent < 0) return answer(&out, m, word(err), err);
		text_add(&out, "{\"id\":%lld,\"bytes\":%zd}\n", field(m, "id", 0), sent);
		return;
	} else {
		status = "unsupported";
	}
	answer(&out, m, status ? status : word(err), err);
}

int main(int argc, char **argv) {
	if (argc > 1) method = !strcmp(argv[1], "--poll") ? "poll" : !strcmp(argv[1], "--select") ? "select" : "epoll";
	if (evthread_use_pthreads() != 0) give_up("evthread_use_pthreads");
	struct lines in = {0};
	while (lines_read(&in, request)) write_out(&out);
	reset();
	libevent_global_shutdown();
	free(out.b), free(in.b), free(pollers.at), free(socks.at);
	return 0;
}
