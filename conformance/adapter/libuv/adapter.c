/* Adapter for libuv: one loop, one thread, whatever libuv calls back with delivered at once.

   libuv has no one-shot receive or accept. A receive is uv_read_start or uv_udp_recv_start, stopped in its callback, one at a time; an accept takes
   a connection that the listener has called for. What is outstanding of these when a handle is closed ends with its close callback: libuv
   forgets them in silence. It shuts down the sending side only; the other is a shutdown(2) of the descriptor. */

#include "../wire/wire.h"

#include <signal.h>
#include <uv.h>

struct port {
	long long number;
	bool closed;
};

enum kind { ACCEPT, CONNECT, RECV, SEND, RECVFROM, SENDTO, KINDS };

static const char *const kinds[KINDS] = {"accept", "connect", "recv", "send", "recvfrom", "sendto"};

struct op {
	enum kind kind;
	struct sock *sock;
	uint64_t token;
	long long as;
	struct buffer *buffer;
	unsigned char *data;
	size_t size;
	union {
		uv_connect_t connect;
		uv_write_t write;
		uv_udp_send_t send;
	};
	struct op *next; /* of the accepts that wait */
};

struct sock {
	union {
		uv_handle_t handle;
		uv_stream_t stream;
		uv_tcp_t tcp;
		uv_udp_t udp;
	};
	struct port *port;
	uint64_t key;
	bool datagrams, closed, gone, listens, joined, no_receive, no_send;
	struct op *receive, *accepts, **last_accept;
	int waiting; /* connections that have been called for and not accepted */
	uv_shutdown_t shutdown;
};

static uv_loop_t loop;
static uv_poll_t input;
static uv_prepare_t before_poll;
static uv_check_t after_poll;
static uv_idle_t awake;
static struct lines lines;
static struct text out;
static struct table ports, socks;
static struct buffer *buffers;
static long handles;                                /* sockets that are not gone */
static enum { SERVE, RESET, END } phase;            /* what is under way */
static long long reset_id, *pings;
static int ping_count, ping_turns;

/* word is the status of an operation. To a send a socket that never was connected looks like one whose far end has closed. */
static const char *word(const struct sock *s, int err) {
	if (err == UV_EPIPE) return s->no_send ? "shutdown" : s->joined ? "reset" : "notconnected";
	return status_word(-err);
}

/* deliver makes the packet of an operation that is over, of n bytes where err is none. */
static void deliver(struct op *o, int err, long long n, const struct sockaddr *from, bool cut) {
	struct sock *s = o->sock;
	if (phase == SERVE && !s->port->closed) {
		text_add(&out, "{\"do\":\"deliver\",\"port\":%lld,\"packets\":[{\"key\":\"0x%" PRIx64 "\",\"token\":\"0x%" PRIx64 "\"", s->port->number, s->key, o->token);
		text_status(&out, cut ? "truncated" : word(s, err), -err);
		if (o->buffer) text_buffer(&out, o->buffer, err ? 0 : n);
		else if (o->kind == SEND || o->kind == SENDTO) text_add(&out, ",\"bytes\":%lld", err ? 0 : n);
		if (o->kind == ACCEPT && !err) text_add(&out, ",\"socket\":%lld", o->as);
		if (from) text_add(&out, ",\"from\":"), text_address(&out, from);
		if (o->kind == RECVFROM && !err && !cut) text_add(&out, ",\"size\":%lld", n);
		text_add(&out, "}]}\n");
	}
	free(o->data);
	free(o);
}

static void fail(struct op *o, int err) { deliver(o, err, 0, NULL, false); }

/* receives */

static void on_room(uv_handle_t *h, size_t suggested, uv_buf_t *b) {
	struct sock *s = h->data;
	(void)suggested;
	*b = uv_buf_init((char *)s->receive->buffer->b, (unsigned)s->receive->buffer->len);
}

static void on_read(uv_stream_t *h, ssize_t n, const uv_buf_t *b) {
	struct sock *s = h->data;
	struct op *o = s->receive;
	(void)b;
	if (n == 0) return; /* nothing after all: it goes on */
	uv_read_stop(h);
	s->receive = NULL;
	if (n == UV_EOF) n = 0;
	deliver(o, n < 0 ? (int)n : 0, n, NULL, false);
}

static void on_datagram(uv_udp_t *h, ssize_t n, const uv_buf_t *b, const struct sockaddr *from, unsigned flags) {
	struct sock *s = h->data;
	struct op *o = s->receive;
	(void)b;
	if (n == 0 && !from) return;
	uv_udp_recv_stop(h);
	s->receive = NULL;
	deliver(o, n < 0 ? (int)n : 0, n, n < 0 ? NULL : from, flags & UV_UDP_PARTIAL);
}

/* sockets */

static void finish_reset(void);

static void on_closed(uv_handle_t *h) {
	struct sock *s = h->data;
	s->gone = true, handles--;
	if (s->receive) fail(s->receive, UV_ECANCELED);
	for (struct op *o; (o = s->accepts); fail(o, UV_ECANCELED)) s->accepts = o->next;
	s->receive = NULL;
	if (phase != SERVE && handles == 0) finish_reset();
}

static void close_sock(struct sock *s) {
	s->closed = true;
	uv_close(&s->handle, on_closed);
}

static struct sock *sock_new(long long number, const char *net, int *err) {
	struct sock *s = grown(NULL, sizeof *s);
	memset(s, 0, sizeof *s);
	unsigned family = !*net ? AF_UNSPEC : net[3] == '6' ? AF_INET6 : AF_INET;
	s->datagrams = *net == 'u', s->last_accept = &s->accepts;
	*err = s->datagrams ? uv_udp_init_ex(&loop, &s->udp, family) : uv_tcp_init_ex(&loop, &s->tcp, family);
	if (*err) return free(s), NULL;
	s->handle.data = s;
	handles++;
	table_put(&socks, number, s);
	return s;
}

static struct op *first_accept(struct sock *s) {
	struct op *o = s->accepts;
	if (o && !(s->accepts = o->next)) s->last_accept = &s->accepts;
	return o;
}

static void accept_one(struct sock *s) {
	struct op *o = first_accept(s);
	struct sockaddr_storage from;
	int err, n = sizeof from;
	s->waiting--;
	struct sock *got = sock_new(o->as, "", &err);
	if (got && (err = uv_accept(&s->stream, &got->stream))) close_sock(got);
	if (err) return fail(o, err);
	got->joined = true;
	err = uv_tcp_getpeername(&got->tcp, (struct sockaddr *)&from, &n); /* it may be gone already */
	deliver(o, 0, 0, err ? NULL : (struct sockaddr *)&from, false);
}

static void on_connection(uv_stream_t *h, int err) {
	struct sock *s = h->data;
	struct op *o;
	if (!err) s->waiting++;
	if (!err && s->accepts) accept_one(s);
	if (err && (o = first_accept(s))) fail(o, err);
}

/* what libuv has requests for */

static void on_connected(uv_connect_t *r, int err) {
	struct op *o = r->data;
	o->sock->joined |= !err;
	fail(o, err);
}

static void on_written(uv_write_t *r, int err) {
	struct op *o = r->data;
	deliver(o, err, (long long)o->size, NULL, false);
}

static void on_sent(uv_udp_send_t *r, int err) {
	struct op *o = r->data;
	deliver(o, err, (long long)o->size, NULL, false);
}

static void on_shutdown(uv_shutdown_t *r, int err) { (void)r, (void)err; }

/* requests */

static int begin(const cJSON *m, struct sock *s, struct op *o) {
	struct sockaddr_storage to;
	socklen_t n;
	uv_buf_t b = uv_buf_init((char *)o->data, (unsigned)o->size);
	int err;
	o->connect.data = o->write.data = o->send.data = o; /* of the one that it is */
	switch (o->kind) {
	case ACCEPT:
		o->as = field(m, "as", -1);
		if (!s->listens) return UV_EINVAL;
		*s->last_accept = o, s->last_accept = &o->next;
		return 0;
	case CONNECT: field_address(m, "to", &to, &n); return uv_tcp_connect(&o->connect, &s->tcp, (struct sockaddr *)&to, on_connected);
	case SEND: return uv_write(&o->write, &s->stream, &b, 1, on_written);
	case SENDTO: field_address(m, "to", &to, &n); return uv_udp_send(&o->send, &s->udp, &b, 1, (struct sockaddr *)&to, on_sent);
	default:
		o->buffer = buffer_new(&buffers, (size_t)field(m, "length", 0), o->token);
		s->receive = o;
		err = s->datagrams ? uv_udp_recv_start(&s->udp, on_room, on_datagram) : uv_read_start(&s->stream, on_room, on_read);
		if (err) s->receive = NULL;
		return err;
	}
}

static void start(const cJSON *m, struct sock *s, enum kind kind) {
	bool receives = kind == RECV || kind == RECVFROM;
	if (s->closed || !s->port) return answer(&out, m, s->closed ? "closed" : "invalid", 0);
	if (receives && (s->no_receive || s->receive)) return answer(&out, m, s->no_receive ? "shutdown" : "busy", 0);
	struct op *o = grown(NULL, sizeof *o);
	memset(o, 0, sizeof *o);
	o->kind = kind, o->sock = s, o->token = field_64(m, "token");
	if (kind == SEND || kind == SENDTO) o->data = field_bytes(m, "data", &o->size);
	int err = begin(m, s, o);
	answer(&out, m, word(s, err), -err);
	if (err) free(o->data), free(o);
	else if (kind == ACCEPT && s->waiting > 0) accept_one(s);
}

static int shut_down(struct sock *s, const char *side) {
	int err = 0, fd;
	if (*side != 'r' && !s->no_send) {
		if ((err = uv_shutdown(&s->shutdown, &s->stream, on_shutdown))) return err;
		s->no_send = true;
	}
	if (*side != 's' && !s->no_receive) {
		if ((err = uv_fileno(&s->handle, &fd))) return err;
		if (shutdown(fd, SHUT_RD) != 0) return -errno;
		s->no_receive = true;
	}
	return 0;
}

static void on_input(uv_poll_t *h, int err, int events);

/* reset closes everything; when the last of it is gone, finish_reset answers. */
static void reset(void) {
	phase = phase == END ? END : RESET;
	ping_count = 0;
	uv_poll_stop(&input);
	for (size_t i = 0; i < socks.n; i++) {
		struct sock *s = socks.at[i];
		if (s && !s->closed) close_sock(s);
	}
	if (handles == 0) finish_reset();
}

static void finish_reset(void) {
	struct text late = {0};
	for (size_t i = 0; i < socks.n; i++) free(socks.at[i]), socks.at[i] = NULL;
	for (size_t i = 0; i < ports.n; i++) free(ports.at[i]), ports.at[i] = NULL;
	text_late(&late, &buffers);
	if (phase == END) {
		uv_handle_t *rest[] = {(uv_handle_t *)&input, (uv_handle_t *)&before_poll, (uv_handle_t *)&after_poll, (uv_handle_t *)&awake};
		for (size_t i = 0; i < sizeof rest / sizeof *rest; i++) uv_close(rest[i], NULL);
	} else {
		text_add(&out, "{\"id\":%lld%.*s}\n", reset_id, (int)late.n, late.n ? late.b : "");
		uv_poll_start(&input, UV_READABLE, on_input);
		phase = SERVE;
	}
	free(late.b);
}

static void hello(const cJSON *m) {
	text_add(&out, "{\"id\":%lld,\"protocol\":1,\"name\":\"libuv\",\"version\":\"%s\",\"os\":", field(m, "id", 0), uv_version_string());
	text_os(&out);
	text_add(&out, ",\"batch\":1024,\"capabilities\":[\"accept\",\"connect\",\"shutdown\",\"datagram\",\"ipv6\"],\"axes\":{\"delivery\":\"push\",\"consumers\":\"1\","
		"\"issuers\":\"1\",\"receives\":\"1\",\"after-reset\":\"end\",\"truncation\":\"flag\",\"zero-receive\":\"at-once\",\"inline\":\"never\"}}\n");
}

static void request(const cJSON *m) {
	const char *what = field_word(m, "do"), *status = NULL;
	struct port *p = table_get(&ports, field(m, "port", -1));
	struct sock *s = table_get(&socks, field(m, "socket", -1));
	struct sockaddr_storage a;
	socklen_t n;
	int err = 0, size = sizeof a;
	bool spare = field(m, "into", -1) >= 0 || field_true(m, "waitall") || *field_word(m, "data"); /* not libuv's */
	if (!strcmp(what, "hello")) return hello(m);
	if (!strcmp(what, "reset")) {
		reset_id = field(m, "id", 0);
		return reset();
	}
	if (!strcmp(what, "ping")) { /* answered when the loop has looked for events since: see on_polled */
		pings = grown(pings, (size_t)(ping_count + 1) * sizeof *pings);
		pings[ping_count++] = field(m, "id", 0);
		ping_turns = 3;
		return;
	}
	for (enum kind k = 0; s && k < KINDS; k++)
		if (!strcmp(what, kinds[k]) && (!spare || k == SEND || k == SENDTO)) return start(m, s, k);
	if (!strcmp(what, "port")) {
		p = grown(NULL, sizeof *p);
		*p = (struct port){.number = field(m, "port", 0)};
		table_put(&ports, p->number, p);
	} else if (!strcmp(what, "close-port")) {
		status = p->closed ? "closed" : "ok";
		p->closed = true;
	} else if (!strcmp(what, "socket")) {
		sock_new(field(m, "socket", 0), field_word(m, "net"), &err);
	} else if (!s) {
		status = "unsupported";
	} else if (s->closed) {
		status = "closed";
	} else if (!strcmp(what, "associate")) {
		if (s->port || p->closed) status = s->port ? "invalid" : "closed";
		else s->port = p, s->key = field_64(m, "key");
	} else if (!strcmp(what, "bind")) {
		field_address(m, "address", &a, &n);
		err = s->datagrams ? uv_udp_bind(&s->udp, (struct sockaddr *)&a, 0) : uv_tcp_bind(&s->tcp, (struct sockaddr *)&a, 0);
	} else if (!strcmp(what, "listen")) {
		err = uv_listen(&s->stream, (int)field(m, "backlog", 0), on_connection);
		s->listens = !err;
	} else if (!strcmp(what, "local") || !strcmp(what, "peer")) {
		if (s->datagrams) err = (*what == 'l' ? uv_udp_getsockname : uv_udp_getpeername)(&s->udp, (struct sockaddr *)&a, &size);
		else err = (*what == 'l' ? uv_tcp_getsockname : uv_tcp_getpeername)(&s->tcp, (struct sockaddr *)&a, &size);
		if (!err) {
			text_add(&out, "{\"id\":%lld,\"address\":", field(m, "id", 0));
			text_address(&out, (struct sockaddr *)&a);
			text_add(&out, "}\n");
			return;
		}
	} else if (!strcmp(what, "shutdown") && s->datagrams) {
		status = "unsupported"; /* libuv has none */
	} else if (!strcmp(what, "shutdown")) {
		err = shut_down(s, field_word(m, "side"));
	} else if (!strcmp(what, "close")) {
		close_sock(s);
	} else {
		status = "unsupported";
	}
	answer(&out, m, status, -err);
}

static void on_idle(uv_idle_t *h) { (void)h; } /* while it is started the loop does not sleep */

static void on_input(uv_poll_t *h, int err, int events) {
	(void)h, (void)err, (void)events;
	if (!lines_read(&lines, request)) {
		phase = END;
		reset();
	} else if (ping_count > 0) {
		uv_idle_start(&awake, on_idle);
	}
}

/* flush writes before the loop sleeps. */
static void flush(uv_prepare_t *h) {
	(void)h;
	text_out(&out);
}

/* on_polled answers pings behind whatever was due. What is done at once is called back a turn later, and closing at the end of a turn. */
static void on_polled(uv_check_t *h) {
	(void)h;
	if (ping_count > 0 && --ping_turns > 0) return;
	for (int i = 0; i < ping_count; i++) text_add(&out, "{\"id\":%lld}\n", pings[i]);
	ping_count = 0;
	uv_idle_stop(&awake);
}

int main(void) {
	signal(SIGPIPE, SIG_IGN); /* libuv leaves that to the application */
	if (uv_loop_init(&loop)) give_up("uv_loop_init");
	uv_prepare_init(&loop, &before_poll);
	uv_prepare_start(&before_poll, flush);
	uv_check_init(&loop, &after_poll);
	uv_check_start(&after_poll, on_polled);
	uv_idle_init(&loop, &awake);
	uv_poll_init(&loop, &input, 0);
	uv_poll_start(&input, UV_READABLE, on_input);
	uv_run(&loop, UV_RUN_DEFAULT);
	text_out(&out);
	free(out.b), free(lines.b), free(ports.at), free(socks.at), free(pings);
	return uv_loop_close(&loop) ? 1 : 0;
}
