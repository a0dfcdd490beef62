#define WIN32_LEAN_AND_MEAN
#define _WIN32_WINNT 0x0600
#include <winsock2.h>
#include <ws2tcpip.h>
#include <mswsock.h>
#include <windows.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#if defined(__GNUC__)
#pragma GCC diagnostic ignored "-Wunused-function" /* a scenario needs not all of what follows */
#endif

/* How long this program waits: for what has to come, in ms, after which it counts as never coming; and until "nothing" is believed. Nothing that the
   scenario expects depends on how fast the machine is, as long as it is not slower than this. */
#define PATIENCE 10000
#define QUIET 300

#define MOST 64              /* packets that one wait takes */
#define ANY 0xFFFFFFFFu      /* no upper bound of bytes */
#define ROOM (sizeof(struct sockaddr_in6) + 16) /* what AcceptEx wants for an address */

/* A socket: ours, overlapped, or that of a far end, which blocks. Never freed, and its handle is gone once it is closed: the number may be another's. */
struct endpoint {
    SOCKET handle;
    int datagrams;
    int skips;               /* FILE_SKIP_COMPLETION_PORT_ON_SUCCESS */
    int closed;
    HANDLE port;
    ULONG_PTR port_key;
    struct sockaddr_storage address;
};

enum kind { ACCEPT, CONNECT, DISCONNECT, RECV, SEND, RECVFROM, SENDTO, POST };
enum how { NOT_STARTED, PENDING, DONE, REFUSED };

/* An operation and its packet. Never freed: whatever still comes for it can be told from what comes for others. */
struct operation {
    OVERLAPPED overlapped;
    const char *name;
    enum kind kind;
    struct endpoint *on;
    struct endpoint *into;   /* of an accept: the socket */
    int keeps_context;       /* the scenario updates the context itself, or not at all */
    enum how how;            /* what its start answered */
    int silent;              /* done at once on a socket that skips: no packet */
    int packets;             /* how many came */
    int aside;               /* taken by a wait for others: 1; by one that expects nothing in particular: 2 */
    DWORD status, bytes;     /* of the packet; the status is an NTSTATUS */
    ULONG_PTR key;
    WSABUF buffer;
    DWORD flags;
    struct sockaddr_storage from;
    INT from_length;
    struct operation *next;
};

/* What a line came to. */
enum { NOT_RUN, CALL, START, PACKETS, BYTES };
struct outcome {
    int kind;
    enum how how;            /* START */
    DWORD error;             /* CALL, START: of GetLastError or WSAGetLastError, 0 for success; BYTES */
    int unreachable;         /* START: which is what the error means here */
    int count;               /* PACKETS; BYTES: how many were read */
    int over;                /* BYTES: the end of the stream followed */
    struct operation *packets[MOST];
};

static CRITICAL_SECTION lock;
static CONDITION_VARIABLE moved;
static struct operation *operations;
static LPFN_ACCEPTEX accept_ex;
static LPFN_CONNECTEX connect_ex;
static LPFN_DISCONNECTEX disconnect_ex;

static const struct code { DWORD number; const char *name, *word; } statuses[] = {
    {0, "STATUS_SUCCESS", "ok"},
@statuses@}, errors[] = {
    {0, "success", "ok"},
@errors@};

static const struct code *code(const struct code *table, size_t length, DWORD number)
{
    static const struct code unknown = {0, "?", "invalid"};
    size_t i;
    for (i = 0; i < length; i++)
        if (table[i].number == number) return &table[i];
    return &unknown;
}

static const struct code *status_code(DWORD number) { return code(statuses, sizeof statuses / sizeof *statuses, number); }

static const struct code *error_code(DWORD number) { return code(errors, sizeof errors / sizeof *errors, number); }

/* The scenario's word for what an operation ended with. After closesocket, Windows may call it a connection that was aborted on this side. */
static const char *ended(const struct operation *op)
{
    if ((op->on && op->on->closed) || (op->into && op->into->closed))
        if (op->status == 0xC0000241 || op->status == 0xC000013B || op->status == 0x8000000A) return "aborted";
    return status_code(op->status)->word;
}

/* The same for what a call said. */
static const char *said(const struct outcome *got) { return got->unreachable ? "unreachable" : error_code(got->error)->word; }

static void could_not(const char *what)
{
    printf("could not %s: error %lu\n", what, (unsigned long)GetLastError());
    fflush(stdout);
    ExitProcess(2);
}

static void describe(char *text, size_t size, const struct outcome *got)
{
    static const char *const how[] = {"", "pending", "done", "refused"};
    int i, n = 0;
    text[0] = 0;
    switch (got->kind) {
    case NOT_RUN:
        snprintf(text, size, "not run: its condition does not hold");
        break;
    case CALL:
        snprintf(text, size, "%s (%s, %lu)", said(got), error_code(got->error)->name, (unsigned long)got->error);
        break;
    case START:
        if (got->how == REFUSED)
            snprintf(text, size, "refused/%s (%s, %lu)", said(got), error_code(got->error)->name, (unsigned long)got->error);
        else
            snprintf(text, size, "%s", how[got->how]);
        break;
    case BYTES:
        snprintf(text, size, "%d bytes%s%s", got->count, got->error || got->over ? ", then " : "",
                 got->error ? error_code(got->error)->name : got->over ? "the end of the stream" : "");
        break;
    case PACKETS:
        for (i = 0; i < got->count && n >= 0 && (size_t)n < size; i++) {
            struct operation *op = got->packets[i];
            n += snprintf(text + n, size - n, "%s%s: %s %lu key=0x%llX (%s, 0x%08lX)", i ? ", " : "", op->name, ended(op), (unsigned long)op->bytes,
                          (unsigned long long)op->key, status_code(op->status)->name, (unsigned long)op->status);
        }
        break;
    }
}

static void otherwise(int line, const char *saw, const char *allowed)
{
    EnterCriticalSection(&lock);
    printf("otherwise: line %d: saw %s, allowed %s\n", line, saw, allowed);
    fflush(stdout);
    ExitProcess(1);
}

/* Prints what a line came to, and ends the program if the scenario does not allow it. */
static void check(int line, const char *text, const struct outcome *got, int held, const char *allowed)
{
    char saw[8192];
    describe(saw, sizeof saw, got);
    EnterCriticalSection(&lock);
    printf("line %d: %s\n    %s; allowed: %s\n", line, text, saw, allowed);
    fflush(stdout);
    LeaveCriticalSection(&lock);
    if (!held && got->kind != NOT_RUN) otherwise(line, saw, allowed);
}

static struct outcome not_run(void)
{
    struct outcome got = {NOT_RUN};
    return got;
}

/* error is asked for in here, so that it is that of the call in the argument; WSAGetLastError answers the same. */
static struct outcome call(BOOL success)
{
    DWORD error = GetLastError();
    struct outcome got = {CALL};
    got.error = success ? 0 : error ? error : ANY; /* a failure without a number is one */
    return got;
}

static struct outcome failed(DWORD error)
{
    struct outcome got = {CALL};
    got.error = error;
    return got;
}

/* What the scenario may expect of an outcome. */
static int is(const char *word, const char *wanted) { return strcmp(word, wanted) == 0; }
static int started(const struct outcome *got) { return got->kind == START && got->how != REFUSED; }
static int pending(const struct outcome *got) { return got->kind == START && got->how == PENDING; }
static int done(const struct outcome *got) { return got->kind == START && got->how == DONE; }
static int refused(const struct outcome *got) { return got->kind == START && got->how == REFUSED; }
static int refused_as(const struct outcome *got, const char *word) { return refused(got) && is(said(got), word); }

static int answered(const struct outcome *got, const char *word)
{
    if (got->kind == PACKETS) return got->count == 1 && is(word, "ok") && is(ended(got->packets[0]), word);
    return got->kind == CALL && is(said(got), word);
}

static int bytes_read(const struct outcome *got, int least, int most)
{
    return got->kind == BYTES && least <= got->count && got->count <= most && (least > 0 || !got->error);
}

static int has(const struct outcome *got, const struct operation *op)
{
    int i;
    for (i = 0; got->kind == PACKETS && i < got->count; i++)
        if (got->packets[i] == op) return 1;
    return 0;
}

static int at(const struct outcome *got, int place, const struct operation *op)
{
    return got->kind == PACKETS && place < got->count && got->packets[place] == op;
}

static int packet(const struct operation *op, const char *word, DWORD least, DWORD most)
{
    return op && is(ended(op), word) && least <= op->bytes && op->bytes <= most;
}

static int same_address(const struct sockaddr_storage *one, const struct sockaddr_storage *other)
{
    const struct sockaddr_in *a4 = (const void *)one, *b4 = (const void *)other;
    const struct sockaddr_in6 *a6 = (const void *)one, *b6 = (const void *)other;
    if (one->ss_family != other->ss_family || a4->sin_port != b4->sin_port) return 0;
    if (one->ss_family == AF_INET6) return memcmp(&a6->sin6_addr, &b6->sin6_addr, sizeof a6->sin6_addr) == 0;
    return a4->sin_addr.s_addr == b4->sin_addr.s_addr;
}

/* What a line that has a condition asks: did the operation come to this? */
static int came(const struct operation *op, const char *word)
{
    if (!op) return 0;
    if (is(word, "pending")) return op->how == PENDING;
    if (is(word, "done")) return op->how == DONE;
    if (is(word, "refused") && op->how == REFUSED) return 1;
    if (!op->packets) return op->how == DONE && is(word, "ok");
    return is(ended(op), word);
}
