/* An ioconform adapter to begin with: accept, recv and send work, over poll(2). Your library goes where it says YOURS.
 * C11 and POSIX, nothing else. One thread: it waits in poll for the next request, for sockets, and for the end of a wait. */
#define _POSIX_C_SOURCE 200809L
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

enum { MAX = 4096, LINE = 16 << 20 }; /* objects of each sort at once; bytes of a line */

struct packet { struct packet *next; char *text; };
struct wait { long id, most, until; struct wait *next; }; /* until: milliseconds, -1 for ever */
struct port { long number; int closed; struct packet *packets; struct wait *waits; };
struct sock { long number; int fd, closed, listening, connected; struct port *port; char key[24]; };
struct op { struct op *next; struct sock *sock; char what, token[24]; long as; size_t size, done; unsigned char *data; };

static struct port *ports[MAX];
static struct sock *socks[MAX];
static struct op *ops; /* what has been started and is not over, in the order of the starts */

static void *need(void *p) {
    if (!p) { perror("adapter"); exit(1); }
    return p;
}

static long now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000L + t.tv_nsec / 1000000;
}

/* Requests are flat objects, and no string in them has an escape: a field is found by its name. */
static const char *field(const char *line, const char *name) {
    char want[32];
    const char *at;
    snprintf(want, sizeof want, "\"%s\":", name);
    return (at = strstr(line, want)) ? at + strlen(want) : NULL;
}

static long number(const char *line, const char *name) {
    const char *at = field(line, name);
    return at ? strtol(at, NULL, 10) : -1;
}

/* word copies a string and returns its length, 0 if there is none. */
static size_t word(const char *line, const char *name, char *to, size_t room) {
    const char *at = field(line, name);
    size_t n = at ? strcspn(at + 1, "\"") : 0;
    if (n >= room) n = room - 1;
    if (n) memcpy(to, at + 1, n);
    to[n] = 0;
    return n;
}

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static char *encode(const unsigned char *d, size_t n) {
    char *text = need(malloc((n + 2) / 3 * 4 + 1)), *t = text;
    for (size_t i = 0; i < n; i += 3, t += 4) {
        unsigned long v = (unsigned long)d[i] << 16 | (i + 1 < n ? d[i + 1] << 8 : 0) | (i + 2 < n ? d[i + 2] : 0);
        t[0] = digits[v >> 18], t[1] = digits[v >> 12 & 63];
        t[2] = i + 1 < n ? digits[v >> 6 & 63] : '=', t[3] = i + 2 < n ? digits[v & 63] : '=';
    }
    *t = 0;
    return text;
}

static size_t decode(const char *text, size_t n, unsigned char *to) {
    unsigned long v = 0;
    size_t size = 0;
    for (size_t i = 0; i < n && text[i] != '='; i++) {
        v = v << 6 | (unsigned long)(strchr(digits, text[i]) - digits);
        if (i % 4) to[size++] = (unsigned char)(v >> (6 - i % 4 * 2)); /* bits 8 to 15, 4, 2, 0 of what has come */
    }
    return size;
}

static const char *status(int e) {
    switch (e) {
    case ECONNRESET: case EPIPE: return "reset";
    case EADDRINUSE: return "inuse";
    case EMFILE: case ENOBUFS: return "noresources";
    }
    return "invalid";
}

static void say(long id, const char *rest) { printf("{\"id\":%ld%s}\n", id, rest); }

static void failed(long id) { printf("{\"id\":%ld,\"status\":\"%s\",\"native\":%d,\"space\":\"errno\"}\n", id, status(errno), errno); }

/* over ends an operation: its packet, of which rest is what differs, goes to the port. */
static void over(struct op *o, const char *rest) {
    struct packet **p = &o->sock->port->packets, *k = need(calloc(1, sizeof *k));
    size_t room = strlen(rest) + 80;
    k->text = need(malloc(room));
    snprintf(k->text, room, "{\"key\":\"%s\",\"token\":\"%s\"%s}", o->sock->key, o->token, rest);
    while (*p) p = &(*p)->next;
    *p = k;
    free(o->data);
    free(o);
}

static struct port *port(long n) {
    for (int i = 0; i < MAX; i++) if (ports[i] && ports[i]->number == n) return ports[i];
    return NULL;
}

static struct sock *sock(long n) {
    for (int i = 0; i < MAX; i++) if (socks[i] && socks[i]->number == n) return socks[i];
    return NULL;
}

static struct sock *keep(long number, int fd, int connected) {
    struct sock *s = need(calloc(1, sizeof *s));
    int i = 0;
    while (i < MAX && socks[i]) i++;
    if (i == MAX) { fprintf(stderr, "adapter: more than %d sockets\n", MAX); exit(1); }
    fcntl(fd, F_SETFL, O_NONBLOCK);
    s->number = number, s->fd = fd, s->connected = connected;
    return socks[i] = s;
}

/* attempt moves an operation on, and ends it if it is over; it returns 0 while it is not. YOURS: a library that completes by itself calls over(). */
static int attempt(struct op *o) {
    char rest[160];
    if (o->what == 'a') {
        struct sockaddr_in a;
        socklen_t n = sizeof a;
        int fd = accept(o->sock->fd, (struct sockaddr *)&a, &n);
        if (fd >= 0) {
            char host[INET_ADDRSTRLEN];
            keep(o->as, fd, 1);
            snprintf(rest, sizeof rest, ",\"socket\":%ld,\"from\":\"%s:%d\"", o->as, inet_ntop(AF_INET, &a.sin_addr, host, sizeof host), ntohs(a.sin_port));
            over(o, rest);
            return 1;
        }
    } else if (o->what == 'r') {
        ssize_t n = recv(o->sock->fd, o->data, o->size, 0);
        if (n >= 0) {
            char *text = encode(o->data, (size_t)n), *all = need(malloc(strlen(text) + 20));
            sprintf(all, ",\"data\":\"%s\"", text);
            over(o, all);
            free(text), free(all);
            return 1;
        }
    } else {
        ssize_t n = send(o->sock->fd, o->data + o->done, o->size - o->done, MSG_NOSIGNAL);
        if (n >= 0 && (o->done += (size_t)n) == o->size) {
            snprintf(rest, sizeof rest, ",\"bytes\":%zu", o->size);
            over(o, rest);
            return 1;
        }
        if (n >= 0) return 0;
    }
    if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR) return 0;
    snprintf(rest, sizeof rest, ",\"status\":\"%s\",\"native\":%d,\"space\":\"errno\"", status(errno), errno);
    over(o, rest);
    return 1;
}

/* first reports whether no operation of the same kind and socket stands before o: those take turns. */
static int first(struct op *o) {
    for (struct op *p = ops; p != o; p = p->next) if (p->sock == o->sock && p->what == o->what) return 0;
    return 1;
}

static void start(struct sock *s, long id, char what, const char *line) {
    struct op *o, **end = &ops;
    const char *data = field(line, "data");
    if (!s->port || (what == 'a' && !s->listening)) { say(id, ",\"status\":\"invalid\""); return; }
    if (what != 'a' && !s->connected) { say(id, ",\"status\":\"notconnected\""); return; }
    o = need(calloc(1, sizeof *o));
    o->sock = s, o->what = what, o->as = number(line, "as");
    word(line, "token", o->token, sizeof o->token);
    if (what == 'r') o->data = need(malloc((o->size = (size_t)number(line, "length")) + 1));
    if (what == 's' && data) {
        size_t n = strcspn(data + 1, "\"");
        o->data = need(malloc(n + 1));
        o->size = decode(data + 1, n, o->data);
    }
    while (*end) end = &(*end)->next;
    *end = o;
    say(id, "");
}

/* end closes a socket; told says whether its operations still have packets. */
static void end(struct sock *s, int told) {
    for (struct op **p = &ops; *p;) {
        struct op *o = *p;
        if (o->sock != s) { p = &o->next; continue; }
        *p = o->next;
        if (told) over(o, ",\"status\":\"aborted\"");
        else free(o->data), free(o);
    }
    if (!s->closed) close(s->fd); /* YOURS */
    s->closed = 1;
}

/* serve answers the waits of a port that can be answered. */
static void serve(struct port *p) {
    for (struct wait **w = &p->waits; *w;) {
        struct wait *x = *w;
        if (p->packets) {
            printf("{\"id\":%ld,\"packets\":[", x->id);
            for (long n = 0; p->packets && n < x->most; n++) {
                struct packet *k = p->packets;
                printf("%s%s", n ? "," : "", k->text);
                p->packets = k->next;
                free(k->text), free(k);
            }
            puts("]}");
        } else if (p->closed || (x->until >= 0 && x->until <= now())) {
            say(x->id, p->closed ? ",\"status\":\"abandoned\"" : ",\"status\":\"timedout\"");
        } else {
            w = &x->next;
            continue;
        }
        *w = x->next;
        free(x);
    }
}

static void reset(void) {
    for (int i = 0; i < MAX; i++) {
        if (socks[i]) end(socks[i], 0), free(socks[i]), socks[i] = NULL;
        if (!ports[i]) continue;
        for (struct wait *w; (w = ports[i]->waits); free(w)) ports[i]->waits = w->next;
        for (struct packet *k; (k = ports[i]->packets); free(k->text), free(k)) ports[i]->packets = k->next;
        free(ports[i]), ports[i] = NULL;
    }
}

static void request(const char *line) {
    char what[16], text[64], *colon;
    struct sockaddr_in a = {.sin_family = AF_INET};
    socklen_t size = sizeof a;
    long id = number(line, "id");
    struct port *p = port(number(line, "port"));
    struct sock *s = sock(number(line, "socket"));
    word(line, "do", what, sizeof what);
    if (!strcmp(what, "hello")) {
        struct utsname u;
        uname(&u);
        printf("{\"id\":%ld,\"protocol\":1,\"name\":\"mine\",\"version\":\"0.1\",\"os\":\"%s %s\",\"capabilities\":[\"accept\"]," /* YOURS */
               "\"axes\":{\"buffer\":\"backend\",\"zero-receive\":\"at-once\",\"inline\":\"never\",\"after-reset\":\"end\"}}\n", id, u.sysname, u.release);
    } else if (!strcmp(what, "ping")) {
        say(id, "");
    } else if (!strcmp(what, "reset")) {
        reset();
        say(id, "");
    } else if (!strcmp(what, "port")) {
        int i = 0;
        while (i < MAX && ports[i]) i++;
        if (i == MAX) { say(id, ",\"error\":\"too many ports\""); return; }
        ports[i] = need(calloc(1, sizeof **ports));
        ports[i]->number = number(line, "port");
        say(id, "");
    } else if (!strcmp(what, "socket") && word(line, "net", text, sizeof text) && !strcmp(text, "tcp4")) {
        int fd = socket(AF_INET, SOCK_STREAM, 0); /* YOURS */
        if (fd < 0) { failed(id); return; }
        keep(number(line, "socket"), fd, 0);
        say(id, "");
    } else if ((p && p->closed) || (s && s->closed)) {
        say(id, ",\"status\":\"closed\"");
    } else if (p && !strcmp(what, "wait")) {
        struct wait **w = &p->waits, *x = need(calloc(1, sizeof *x));
        long timeout = number(line, "timeout");
        x->id = id, x->most = number(line, "max"), x->until = timeout < 0 ? -1 : now() + timeout;
        while (*w) w = &(*w)->next;
        *w = x;
    } else if (p && !strcmp(what, "close-port")) {
        p->closed = 1;
        say(id, "");
    } else if (!s) {
        say(id, ",\"status\":\"unsupported\"");
    } else if (p && !strcmp(what, "associate")) {
        if (s->port) { say(id, ",\"status\":\"invalid\""); return; }
        s->port = p;
        word(line, "key", s->key, sizeof s->key);
        say(id, "");
    } else if (!strcmp(what, "bind")) {
        word(line, "address", text, sizeof text);
        if ((colon = strrchr(text, ':'))) *colon++ = 0, a.sin_port = htons((unsigned short)atoi(colon));
        inet_pton(AF_INET, text, &a.sin_addr);
        if (bind(s->fd, (struct sockaddr *)&a, size)) failed(id);
        else say(id, "");
    } else if (!strcmp(what, "local")) {
        if (getsockname(s->fd, (struct sockaddr *)&a, &size)) { failed(id); return; }
        printf("{\"id\":%ld,\"address\":\"%s:%d\"}\n", id, inet_ntop(AF_INET, &a.sin_addr, text, sizeof text), ntohs(a.sin_port));
    } else if (!strcmp(what, "listen")) {
        if (listen(s->fd, (int)number(line, "backlog"))) { failed(id); return; }
        s->listening = 1;
        say(id, "");
    } else if (!strcmp(what, "accept") && !field(line, "into") && !field(line, "length")) {
        start(s, id, 'a', line);
    } else if ((!strcmp(what, "recv") && !field(line, "waitall")) || !strcmp(what, "send")) {
        start(s, id, what[0], line);
    } else if (!strcmp(what, "close")) {
        end(s, 1);
        say(id, "");
    } else {
        say(id, ",\"status\":\"unsupported\"");
    }
}

/* rest waits until there is something to do: a request, a socket, or the end of a wait. It reports whether there is something to read. */
static int rest(void) {
    static struct pollfd fds[1 + 2 * MAX];
    nfds_t n = 1;
    long timeout = -1, t = now();
    fds[0].fd = 0, fds[0].events = POLLIN;
    for (struct op *o = ops; o && n < 1 + 2 * MAX; o = o->next)
        if (first(o)) fds[n].fd = o->sock->fd, fds[n++].events = o->what == 's' ? POLLOUT : POLLIN;
    for (int i = 0; i < MAX; i++)
        for (struct wait *w = ports[i] ? ports[i]->waits : NULL; w; w = w->next)
            if (w->until >= 0 && (timeout < 0 || w->until - t < timeout)) timeout = w->until > t ? w->until - t : 0;
    return poll(fds, n, (int)timeout) > 0 && fds[0].revents;
}

int main(void) {
    static char in[LINE + 1];
    size_t have = 0;
    for (;;) {
        char *line = in, *nl;
        if (rest()) {
            ssize_t n = read(0, in + have, LINE - have);
            if (n <= 0) return n < 0;
            have += (size_t)n;
        }
        while ((nl = memchr(line, '\n', have - (size_t)(line - in)))) {
            *nl = 0;
            request(line);
            line = nl + 1;
        }
        have -= (size_t)(line - in);
        memmove(in, line, have);
        for (struct op **p = &ops; *p;) {
            struct op *o = *p, *next = o->next;
            if (first(o) && attempt(o)) *p = next; /* o is gone */
            else p = &o->next;
        }
        for (int i = 0; i < MAX; i++) if (ports[i]) serve(ports[i]);
        fflush(stdout);
    }
}
