/* An ioconform adapter to begin with, for a poller: poll(2) watches, and sockets are tried. Your library goes where it says YOURS.
 * C11 and POSIX, nothing else. A wait has a thread of its own, for it holds up no other request. */
#define _POSIX_C_SOURCE 200809L
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/utsname.h>
#include <unistd.h>

enum { MAX = 4096 }; /* objects of each sort at once */

struct watch { struct watch *next; int fd; short ask; char token[24]; };
struct event { short what; char token[24]; };
struct poller { long number; int closed, users; struct watch *all; }; /* users: the table, and the waits. YOURS: what all stands for */
struct wait { long id, most, timeout, epoch; struct poller *poller; };
struct sock { long number; int fd, closed; };

/* What the threads share: the tables, the standard output, and how many resets there have been. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct poller *pollers[MAX];
static struct sock *socks[MAX];
static long epoch;

static const struct { short bit; const char *word; } words[] = {
    {POLLIN, "\"in\""}, {POLLOUT, "\"out\""}, {POLLPRI, "\"pri\""}, {POLLERR, "\"err\""}, {POLLHUP, "\"hup\""},
};
enum { WORDS = sizeof words / sizeof *words };

static void *need(void *p) {
    if (!p) { perror("adapter"); exit(1); }
    return p;
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

/* upto copies what stands behind the first letter of a field, a quote or a bracket, and before the end; it returns the length, 0 if there is none. */
static size_t upto(const char *end, const char *line, const char *name, char *to, size_t room) {
    const char *at = field(line, name);
    size_t n = at ? strcspn(at + 1, end) : 0;
    if (n >= room) n = room - 1;
    if (n) memcpy(to, at + 1, n);
    to[n] = 0;
    return n;
}

static size_t word(const char *line, const char *name, char *to, size_t room) { return upto("\"", line, name, to, room); }

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
    case EAGAIN: return "wouldblock";
    case ECONNRESET: return "reset";
    case EPIPE: return "shutdown";
    case ENOTCONN: return "notconnected";
    case EADDRINUSE: return "inuse";
    case EMFILE: case ENOBUFS: return "noresources";
    }
    return "invalid";
}

static void say(long id, const char *rest) { printf("{\"id\":%ld%s}\n", id, rest); }

static void failed(long id) { printf("{\"id\":%ld,\"status\":\"%s\",\"native\":%d,\"space\":\"errno\"}\n", id, status(errno), errno); }

/* find finds what is watched, or the end of the list. */
static struct watch **find(struct poller *p, int fd) {
    struct watch **w = &p->all;
    while (*w && (*w)->fd != fd) w = &(*w)->next;
    return w;
}

static void forget(struct watch **w) {
    struct watch *gone = *w;
    *w = gone->next;
    free(gone);
}

/* watch adds, modifies and removes, and returns the rest of the answer. YOURS. */
static const char *watch(struct poller *p, char what, int fd, const char *line) {
    static const char *const undeclared[] = {"\"edge\"", "\"oneshot\"", "\"exclusive\"", "\"rdhup\""};
    struct watch **w = find(p, fd);
    char ask[128];
    if (what == 'a' && *w) return ",\"status\":\"inuse\"";
    if (what != 'a' && !*w) return ",\"status\":\"notfound\"";
    if (what == 'r') { forget(w); return ""; }
    upto("]", line, "ask", ask, sizeof ask);
    for (int i = 0; i < 4; i++) if (strstr(ask, undeclared[i])) return ",\"status\":\"unsupported\"";
    if (!*w) (*w = need(calloc(1, sizeof **w)))->fd = fd;
    (*w)->ask = 0;
    for (int i = 0; i < WORDS; i++) if (strstr(ask, words[i].word)) (*w)->ask |= words[i].bit;
    word(line, "token", (*w)->token, sizeof (*w)->token);
    return "";
}

/* ready waits, for ever if the milliseconds are negative, and returns how many events there are, -1 if it failed. What was told of goes to the end of
 * the list: where there is more than there is room for, all have their turn. YOURS: it runs beside everything else, without the lock. */
static int ready(struct poller *p, struct event *to, long most, long timeout) {
    struct watch *told = NULL, **end = &told, **w = &p->all;
    struct pollfd *fds;
    nfds_t n = 0, i = 0;
    int found;
    for (struct watch *x = p->all; x; x = x->next) n++;
    fds = need(calloc(n + 1, sizeof *fds));
    for (struct watch *x = p->all; x; x = x->next) fds[i].fd = x->fd, fds[i++].events = x->ask;
    if ((found = poll(fds, n, (int)timeout)) > most) found = (int)most;
    for (int k = i = 0; k < found; i++) {
        struct watch *x = *w;
        if (!fds[i].revents) { w = &x->next; continue; }
        to[k].what = fds[i].revents;
        memcpy(to[k++].token, x->token, sizeof x->token);
        *w = x->next, x->next = NULL;
        *end = x, end = &x->next;
    }
    while (*w) w = &(*w)->next;
    *w = told;
    free(fds);
    return found;
}

/* leave lets go of a poller, which ends with the last that has it: none is closed while it is waited on. */
static void leave(struct poller *p) {
    if (--p->users) return;
    while (p->all) forget(&p->all); /* YOURS */
    free(p);
}

/* serve waits in a thread of its own and answers, unless there was a reset meanwhile. */
static void *serve(void *arg) {
    struct wait *w = arg;
    struct event *events = need(calloc((size_t)w->most, sizeof *events));
    int n = ready(w->poller, events, w->most, w->timeout), e = errno;
    pthread_mutex_lock(&lock);
    if (w->epoch == epoch && n < 0) {
        errno = e;
        failed(w->id);
    } else if (w->epoch == epoch && !n) {
        say(w->id, ",\"status\":\"timedout\"");
    } else if (w->epoch == epoch) {
        printf("{\"id\":%ld,\"ready\":[", w->id);
        for (int i = 0; i < n; i++) {
            const char *comma = "";
            printf("%s{\"token\":\"%s\",\"events\":[", i ? "," : "", events[i].token);
            for (int k = 0; k < WORDS; k++) if (events[i].what & words[k].bit) printf("%s%s", comma, words[k].word), comma = ",";
            printf("]}");
        }
        puts("]}");
    }
    fflush(stdout);
    leave(w->poller);
    pthread_mutex_unlock(&lock);
    free(events), free(w);
    return NULL;
}

static void start(struct poller *p, long id, const char *line) {
    struct wait *w = need(calloc(1, sizeof *w));
    pthread_t thread;
    w->id = id, w->most = number(line, "max"), w->timeout = number(line, "timeout"), w->epoch = epoch, w->poller = p;
    p->users++;
    if (pthread_create(&thread, NULL, serve, w)) { perror("adapter"); exit(1); }
    pthread_detach(thread);
}

static struct poller *poller(long n) {
    for (int i = 0; i < MAX; i++) if (pollers[i] && pollers[i]->number == n) return pollers[i];
    return NULL;
}

static struct sock *sock(long n) {
    for (int i = 0; i < MAX; i++) if (socks[i] && socks[i]->number == n) return socks[i];
    return NULL;
}

static void keep(long number, int fd) {
    struct sock *s = need(calloc(1, sizeof *s));
    int i = 0;
    while (i < MAX && socks[i]) i++;
    if (i == MAX) { fprintf(stderr, "adapter: more than %d sockets\n", MAX); exit(1); }
    fcntl(fd, F_SETFL, O_NONBLOCK);
    s->number = number, s->fd = fd;
    socks[i] = s;
}

static void reset(void) {
    epoch++;
    for (int i = 0; i < MAX; i++) {
        if (pollers[i]) leave(pollers[i]), pollers[i] = NULL;
        if (socks[i] && !socks[i]->closed) close(socks[i]->fd);
        free(socks[i]), socks[i] = NULL;
    }
}

static void receive(int fd, long id, size_t length) {
    unsigned char *data = need(malloc(length + 1));
    ssize_t n = recv(fd, data, length, 0);
    if (n < 0) {
        failed(id);
    } else {
        char *text = encode(data, (size_t)n);
        printf("{\"id\":%ld,\"data\":\"%s\"}\n", id, text);
        free(text);
    }
    free(data);
}

static void transmit(int fd, long id, const char *text) {
    size_t length = strcspn(text + 1, "\"");
    unsigned char *data = need(malloc(length + 1));
    ssize_t n = send(fd, data, decode(text + 1, length, data), MSG_NOSIGNAL);
    if (n < 0) failed(id);
    else printf("{\"id\":%ld,\"bytes\":%zd}\n", id, n);
    free(data);
}

static void request(const char *line) {
    char what[16], text[64], *colon;
    struct sockaddr_in a = {.sin_family = AF_INET};
    socklen_t size = sizeof a;
    long id = number(line, "id");
    struct poller *p = poller(number(line, "poller"));
    struct sock *s = sock(number(line, "socket"));
    word(line, "do", what, sizeof what);
    if (!strcmp(what, "hello")) {
        struct utsname u;
        uname(&u);
        printf("{\"id\":%ld,\"protocol\":1,\"name\":\"mine\",\"version\":\"0.1\",\"os\":\"%s %s\",\"capabilities\":[\"poller\"]," /* YOURS */
               "\"axes\":{\"consumers\":\"1\",\"issuers\":\"1\"}}\n", id, u.sysname, u.release);
    } else if (!strcmp(what, "ping")) {
        say(id, "");
    } else if (!strcmp(what, "reset")) {
        reset();
        say(id, "");
    } else if (!strcmp(what, "poller")) {
        int i = 0;
        while (i < MAX && pollers[i]) i++;
        if (i == MAX) { say(id, ",\"error\":\"too many pollers\""); return; }
        pollers[i] = need(calloc(1, sizeof **pollers)); /* YOURS */
        pollers[i]->number = number(line, "poller"), pollers[i]->users = 1;
        say(id, "");
    } else if (!strcmp(what, "socket") && word(line, "net", text, sizeof text) && !strcmp(text, "tcp4")) {
        int fd = socket(AF_INET, SOCK_STREAM, 0); /* YOURS */
        if (fd < 0) { failed(id); return; }
        keep(number(line, "socket"), fd);
        say(id, "");
    } else if ((p && p->closed) || (s && s->closed)) {
        say(id, ",\"status\":\"closed\"");
    } else if (p && !strcmp(what, "wait-ready")) {
        start(p, id, line);
    } else if (p && !strcmp(what, "close-poller")) {
        p->closed = 1; /* it ends with the reset */
        say(id, "");
    } else if (!s) {
        say(id, ",\"status\":\"unsupported\"");
    } else if (p && (!strcmp(what, "add") || !strcmp(what, "modify") || !strcmp(what, "remove"))) {
        say(id, watch(p, what[0], s->fd, line));
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
        if (listen(s->fd, (int)number(line, "backlog"))) failed(id);
        else say(id, "");
    } else if (!strcmp(what, "try-accept")) {
        int fd = accept(s->fd, (struct sockaddr *)&a, &size);
        if (fd < 0) { failed(id); return; }
        keep(number(line, "as"), fd);
        printf("{\"id\":%ld,\"from\":\"%s:%d\"}\n", id, inet_ntop(AF_INET, &a.sin_addr, text, sizeof text), ntohs(a.sin_port));
    } else if (!strcmp(what, "try-recv")) {
        receive(s->fd, id, (size_t)number(line, "length"));
    } else if (!strcmp(what, "try-send")) {
        transmit(s->fd, id, field(line, "data"));
    } else if (!strcmp(what, "close")) {
        for (int i = 0; i < MAX; i++) {
            struct watch **w = pollers[i] ? find(pollers[i], s->fd) : NULL;
            if (w && *w) forget(w); /* YOURS */
        }
        close(s->fd);
        s->closed = 1;
        say(id, "");
    } else {
        say(id, ",\"status\":\"unsupported\"");
    }
}

int main(void) {
    char *line = NULL;
    size_t room = 0;
    while (getline(&line, &room, stdin) > 0) {
        pthread_mutex_lock(&lock);
        request(line);
        fflush(stdout);
        pthread_mutex_unlock(&lock);
    }
    free(line);
    return 0;
}
