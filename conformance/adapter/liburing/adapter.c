/* Adapter for io_uring through liburing, raw: one ring, one thread that submits and reaps, what the kernel says passed on as it is.

   A port is a list that completions are sorted into as they are reaped; a key is looked up when that is done. A cancel is answered when its own
   completion has come. With --waitall sends bear MSG_WAITALL: they are whole, and those of one socket get mixed. */

#include "../wire/wire.h"

#include <liburing.h>
#include <poll.h>
#include <time.h>

#ifndef LIBURING_VERSION /* liburing tells from 2.4 on; the makefile asks pkg-config */
#define LIBURING_VERSION "unknown"
#endif

struct op {
	enum { ACCEPT, CONNECT, RECV, SEND, RECVFROM, SENDTO, POST, CANCEL } kind;
	long long id; /* of the request that a cancel answers */
	uint64_t key, token;
	long long as, bytes;
	struct sock *sock;
	struct port *port;
	struct buffer *buffer;
	unsigned char *data;
	struct sockaddr_storage address;
	socklen_t size;
	struct iovec part;
	struct msghdr message;
	bool all, done;
	int result;
	struct op *next;        /* of all since the reset */
	struct op *behind;      /* in a port's list */
};

struct sock {
	int fd;
	struct port *port;
	uint64_t key;
	bool datagrams, closed, joined, no_receive, no_send;
};

struct wait {
	long long id, most;
	double due; /* 0: for ever */
	struct wait *next;
};

struct port {
	struct op *first, **last; /* packets */
	struct wait *waits;
	bool closed;
};

static struct io_uring ring;
static struct text out;
static struct table ports, socks;
static struct op *ops;
static struct buffer *buffers;
static long under_way; /* operations that have no completion yet */
static bool waitall;

static double now(void) {
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static struct op *op_new(int kind, const cJSON *m) {
	struct op *o = grown(NULL, sizeof *o);
	memset(o, 0, sizeof *o);
	o->kind = kind, o->token = field_64(m, "token"), o->next = ops, o->size = sizeof o->address;
	return ops = o;
}

static struct io_uring_sqe *entry(void) {
	struct io_uring_sqe *e;
	while (!(e = io_uring_get_sqe(&ring))) io_uring_submit(&ring);
	return e;
}

static void submit(struct io_uring_sqe *e, struct op *o) {
	io_uring_sqe_set_data(e, o);
	under_way++;
	int n = io_uring_submit(&ring);
	if (n < 0) errno = -n, give_up("io_uring_enter");
}

/* packets */

static const char *word(struct op *o) {
	struct sock *s = o->sock;
	if (o->kind == SEND && o->result == -EPIPE) return s->no_send ? "shutdown" : s->joined ? "reset" : "notconnected";
	if ((o->kind == RECVFROM) && o->result >= 0 && (o->message.msg_flags & MSG_TRUNC)) return "truncated";
	return o->result < 0 ? status_word(-o->result) : "ok";
}

static void packet(struct op *o) {
	text_add(&out, "{\"key\":\"0x%" PRIx64 "\",\"token\":\"0x%" PRIx64 "\"", o->key, o->token);
	if (o->kind == POST) {
		text_add(&out, ",\"bytes\":%lld}", o->bytes);
		return;
	}
	const char *w = word(o);
	text_status(&out, w, o->result < 0 ? -o->result : 0);
	long long n = o->result < 0 ? 0 : o->result;
	if (o->kind == RECVFROM && n > (long long)o->buffer->len) n = (long long)o->buffer->len; /* MSG_TRUNC: the result is how long it was */
	if (o->buffer) text_buffer(&out, o->buffer, n);
	if (o->kind == SEND || o->kind == SENDTO) text_add(&out, ",\"bytes\":%lld", n);
	if (o->kind == ACCEPT && o->result >= 0) {
		text_add(&out, ",\"socket\":%lld,\"from\":", o->as);
		text_address(&out, (struct sockaddr *)&o->address);
	}
	if (o->kind == RECVFROM && o->result >= 0) {
		text_add(&out, ",\"from\":");
		text_address(&out, (struct sockaddr *)&o->address);
		text_add(&out, ",\"size\":%d", o->result);
	}
	text_add(&out, "}");
}

static void take(struct port *p, long long id, long long most) {
	text_add(&out, "{\"id\":%lld,\"packets\":[", id);
	for (long long i = 0; p->first && i < most; i++) {
		if (i > 0) text_add(&out, ",");
		packet(p->first);
		if (!(p->first = p->first->behind)) p->last = &p->first;
	}
	text_add(&out, "]}\n");
}

static void put(struct port *p, struct op *o) {
	*p->last = o, p->last = &o->behind;
	if (p->waits) {
		struct wait *w = p->waits;
		p->waits = w->next;
		take(p, w->id, w->most);
		free(w);
	}
}

/* reap takes every completion that there is. */
static void reap(bool quiet) {
	struct io_uring_cqe *c;
	while (io_uring_peek_cqe(&ring, &c) == 0) {
		struct op *o = io_uring_cqe_get_data(c);
		o->result = c->res, o->done = true;
		io_uring_cqe_seen(&ring, c);
		under_way--;
		if (o->kind == ACCEPT && o->result >= 0) {
			struct sock *s = grown(NULL, sizeof *s);
			*s = (struct sock){.fd = o->result, .joined = true};
			if (quiet) close(s->fd), free(s);
			else table_put(&socks, o->as, s);
		}
		if (quiet) continue;
		if (o->kind == CONNECT && o->result >= 0) o->sock->joined = true;
		if (o->kind == CANCEL) {
			bool none = o->result == -ENOENT || (o->all && o->result == 0); /* of all: how many there were */
			text_add(&out, "{\"id\":%lld", o->id);
			/* EALREADY: it is being executed, and may or may not end early; so it has been asked */
			text_status(&out, none ? "notfound" : o->result < 0 && o->result != -EALREADY ? status_word(-o->result) : "ok", o->result < 0 ? -o->result : 0);
			text_add(&out, "}\n");
		} else if (!o->port->closed) {
			put(o->port, o);
		}
	}
}

/* requests */

static void start(const cJSON *m, struct sock *s, int kind) {
	if (s->closed || !s->port || (kind == RECV && s->no_receive) || (kind == SEND && s->no_send)) {
		answer(&out, m, s->closed ? "closed" : !s->port ? "invalid" : "shutdown", 0);
		return;
	}
	struct op *o = op_new(kind, m);
	struct io_uring_sqe *e = entry();
	o->sock = s, o->port = s->port, o->key = s->key;
	if (kind == RECV || kind == RECVFROM) {
		o->buffer = buffer_new(&buffers, (size_t)field(m, "length", 0), o->token);
		o->part = (struct iovec){o->buffer->b, o->buffer->len};
	} else if (kind == SEND || kind == SENDTO) {
		o->data = field_bytes(m, "data", &o->part.iov_len);
		o->part.iov_base = o->data;
	}
	o->message = (struct msghdr){.msg_name = &o->address, .msg_namelen = o->size, .msg_iov = &o->part, .msg_iovlen = 1};
	switch (kind) {
	case ACCEPT:
		o->as = field(m, "as", -1);
		io_uring_prep_accept(e, s->fd, (struct sockaddr *)&o->address, &o->size, SOCK_CLOEXEC);
		break;
	case CONNECT:
		field_address(m, "to", &o->address, &o->size);
		io_uring_prep_connect(e, s->fd, (struct sockaddr *)&o->address, o->size);
		break;
	case RECV: io_uring_prep_recv(e, s->fd, o->part.iov_base, o->part.iov_len, field_true(m, "waitall") ? MSG_WAITALL : 0); break;
	case SEND: io_uring_prep_send(e, s->fd, o->part.iov_base, o->part.iov_len, MSG_NOSIGNAL | (waitall ? MSG_WAITALL : 0)); break;
	case RECVFROM: io_uring_prep_recvmsg(e, s->fd, &o->message, MSG_TRUNC); break;
	case SENDTO:
		field_address(m, "to", &o->address, &o->message.msg_namelen);
		io_uring_prep_sendmsg(e, s->fd, &o->message, MSG_NOSIGNAL);
		break;
	}
	submit(e, o);
	answer(&out, m, "ok", 0);
}

static void cancel(const cJSON *m, struct sock *s, bool all) {
	struct op *target = ops;
	uint64_t token = field_64(m, "token");
	while (target && !all && !(target->sock == s && target->token == token && target->kind != CANCEL)) target = target->next;
	if (s->closed && all) { /* the ring knows descriptors, and this one it knows no longer */
		answer(&out, m, "closed", 0);
		return;
	}
	struct op *o = op_new(CANCEL, m);
	struct io_uring_sqe *e = entry();
	o->id = field(m, "id", 0), o->all = all, o->sock = s;
	if (all) io_uring_prep_cancel_fd(e, s->fd, IORING_ASYNC_CANCEL_ALL);
	else io_uring_prep_cancel(e, target ? target : o, 0);
	submit(e, o);
}

static void wait_for(const cJSON *m, struct port *p) {
	long long id = field(m, "id", 0), most = field(m, "max", 1), timeout = field(m, "timeout", 0);
	reap(false);
	if (p->first && !p->closed) {
		take(p, id, most);
	} else if (p->closed || timeout == 0) {
		answer(&out, m, p->closed ? "closed" : "timedout", 0);
	} else {
		struct wait *w = grown(NULL, sizeof *w), **last = &p->waits;
		*w = (struct wait){id, most, timeout < 0 ? 0 : now() + (double)timeout, NULL};
		while (*last) last = &(*last)->next;
		*last = w;
	}
}

/* end_waits answers the waits whose time is over, or all, and returns how many milliseconds the next has, -1 if there is none. */
static int end_waits(struct port *p, const char *all) {
	double at = now(), least = -1;
	for (struct wait **w = &p->waits; *w;) {
		struct wait *old = *w;
		if (all || (old->due && old->due <= at)) {
			text_add(&out, "{\"id\":%lld,\"status\":\"%s\"}\n", old->id, all ? all : "timedout");
			*w = old->next;
			free(old);
			continue;
		}
		if (old->due && (least < 0 || old->due - at < least)) least = old->due - at;
		w = &old->next;
	}
	return least < 0 ? -1 : (int)least + 1;
}

/* reset cancels whatever is outstanding, waits until it has ended, and forgets everything. */
static void reset(void) {
	while (under_way > 0) {
		struct io_uring_sqe *e = entry();
		struct op *o = grown(NULL, sizeof *o);
		memset(o, 0, sizeof *o);
		o->kind = CANCEL, o->next = ops, ops = o;
		io_uring_prep_cancel64(e, 0, IORING_ASYNC_CANCEL_ANY);
		submit(e, o);
		io_uring_submit_and_wait(&ring, 1);
		reap(true);
	}
	for (size_t i = 0; i < socks.n; i++) {
		struct sock *s = socks.at[i];
		if (s && !s->closed) close(s->fd);
		free(s), socks.at[i] = NULL;
	}
	for (size_t i = 0; i < ports.n; i++) {
		struct port *p = ports.at[i];
		for (struct wait *w; p && (w = p->waits); free(w)) p->waits = w->next;
		free(p), ports.at[i] = NULL;
	}
	for (struct op *o; (o = ops); free(o->data), free(o)) ops = o->next;
}

static void hello(const cJSON *m) {
	text_add(&out, "{\"id\":%lld,\"protocol\":1,\"name\":\"liburing%s\",\"version\":\"" LIBURING_VERSION "\",\"os\":", field(m, "id", 0), waitall ? "-waitall" : "");
	text_os(&out);
	text_add(&out, ",\"batch\":1024,\"capabilities\":[\"accept\",\"connect\",\"post\",\"cancel\",\"cancel-all\",\"shutdown\",\"wait-all\",\"datagram\",\"ipv6\"],"
		"\"axes\":{\"consumers\":\"1\",\"issuers\":\"1\",\"fill\":\"any\",\"send\":\"%s\",\"close\":\"keep\",\"after-reset\":\"end\",\"truncation\":\"flag\",\"inline\":\"never\"}}\n",
		waitall ? "mixed" : "short");
}

static void request(const cJSON *m) {
	const char *what = field_word(m, "do");
	struct port *p = table_get(&ports, field(m, "port", -1));
	struct sock *s = table_get(&socks, field(m, "socket", -1));
	struct sockaddr_storage a;
	socklen_t n = sizeof a;
	int err = 0;
	const char *status = NULL;
	if (!strcmp(what, "hello")) return hello(m);
	if (!strcmp(what, "wait")) return wait_for(m, p);
	if (!strcmp(what, "reset")) {
		reset();
		text_add(&out, "{\"id\":%lld", field(m, "id", 0));
		text_late(&out, &buffers);
		text_add(&out, "}\n");
		return;
	}
	if (!strcmp(what, "ping")) {
		reap(false);
	} else if (!strcmp(what, "port")) {
		p = grown(NULL, sizeof *p);
		*p = (struct port){.last = &p->first};
		table_put(&ports, field(m, "port", 0), p);
	} else if (!strcmp(what, "post")) {
		if (p->closed) return answer(&out, m, "closed", 0);
		struct op *o = op_new(POST, m);
		struct io_uring_sqe *e = entry();
		o->port = p, o->key = field_64(m, "key"), o->bytes = field(m, "bytes", 0);
		io_uring_prep_nop(e);
		submit(e, o);
	} else if (!strcmp(what, "close-port")) {
		status = p->closed ? "closed" : "ok";
		p->closed = true;
		end_waits(p, "abandoned");
	} else if (!strcmp(what, "socket")) {
		const char *net = field_word(m, "net");
		s = grown(NULL, sizeof *s);
		*s = (struct sock){.datagrams = net[0] == 'u'};
		s->fd = socket(net[3] == '6' ? AF_INET6 : AF_INET, (s->datagrams ? SOCK_DGRAM : SOCK_STREAM) | SOCK_CLOEXEC, 0);
		if (s->fd < 0) err = errno, free(s);
		else table_put(&socks, field(m, "socket", 0), s);
	} else if (!s) {
		status = "unsupported";
	} else if (!strcmp(what, "associate")) {
		if (s->port || s->closed || p->closed) return answer(&out, m, s->closed || p->closed ? "closed" : "invalid", 0);
		s->port = p, s->key = field_64(m, "key");
	} else if (!strcmp(what, "cancel") || !strcmp(what, "cancel-all")) {
		return cancel(m, s, !strcmp(what, "cancel-all"));
	} else if (!strcmp(what, "accept") && field(m, "as", -1) >= 0 && field(m, "length", 0) == 0) {
		return start(m, s, ACCEPT);
	} else if (!strcmp(what, "connect") && !*field_word(m, "data")) {
		return start(m, s, CONNECT);
	} else if (!strcmp(what, "recv")) {
		return start(m, s, RECV);
	} else if (!strcmp(what, "send")) {
		return start(m, s, SEND);
	} else if (!strcmp(what, "recvfrom")) {
		return start(m, s, RECVFROM);
	} else if (!strcmp(what, "sendto")) {
		return start(m, s, SENDTO);
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
		else s->no_receive |= *side != 's', s->no_send |= *side != 'r';
	} else if (!strcmp(what, "close")) {
		close(s->fd);
		s->closed = true;
	} else {
		status = "unsupported";
	}
	answer(&out, m, status, err);
}

int main(int argc, char **argv) {
	waitall = argc > 1 && !strcmp(argv[1], "--waitall");
	int err = io_uring_queue_init(4096, &ring, 0);
	if (err < 0) errno = -err, give_up("io_uring_setup");
	struct lines in = {0};
	for (bool open = true; open;) {
		int timeout = -1;
		for (size_t i = 0; i < ports.n; i++) {
			int t = ports.at[i] ? end_waits(ports.at[i], NULL) : -1;
			if (t >= 0 && (timeout < 0 || t < timeout)) timeout = t;
		}
		text_out(&out);
		struct pollfd fds[] = {{.fd = 0, .events = POLLIN}, {.fd = ring.ring_fd, .events = POLLIN}};
		if (poll(fds, 2, timeout) < 0 && errno != EINTR) give_up("poll");
		reap(false);
		if (fds[0].revents) open = lines_read(&in, request);
	}
	reset();
	for (struct text none = {0}; buffers; free(none.b), none = (struct text){0}) text_late(&none, &buffers);
	io_uring_queue_exit(&ring);
	free(out.b), free(in.b), free(ports.at), free(socks.at);
	return 0;
}
