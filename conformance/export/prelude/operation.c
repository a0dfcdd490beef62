/* Operations: made first, under the name that the scenario gives them, then started, so that whoever takes the packet before the call has returned knows
   what it is for. */

static struct operation *new_operation(const char *name, enum kind kind, DWORD length)
{
    struct operation *op = calloc(1, sizeof *op);
    DWORD i;
    if (!op || !(op->buffer.buf = calloc(1, length + 2 * ROOM))) could_not("allocate");
    for (i = 0; i < length; i++) op->buffer.buf[i] = (char)(i * 7 + 1);
    op->name = name;
    op->kind = kind;
    op->buffer.len = length;
    EnterCriticalSection(&lock);
    op->next = operations;
    operations = op;
    LeaveCriticalSection(&lock);
    return op;
}

static struct outcome issued(struct operation *op, BOOL success, DWORD error)
{
    struct outcome got = {START};
    got.error = success ? 0 : error;
    if (success && op->kind == ACCEPT && op->on->skips && op->on->port) /* the one kind that is wanted as a packet in any case */
        PostQueuedCompletionStatus(op->on->port, (DWORD)op->overlapped.InternalHigh, op->on->port_key, &op->overlapped);
    if (success && op->kind != ACCEPT)
        got.how = DONE;
    else if (success || error == WSA_IO_PENDING || (op->kind == RECVFROM && error == WSAEMSGSIZE)) /* the last is a warning: cut short, with a packet */
        got.how = PENDING;
    else
        got.how = REFUSED;
    if (got.how == REFUSED && op->on->datagrams && error == WSAECONNRESET)
        got.unreachable = 1; /* there is no connection to be reset: nobody was where an earlier datagram went */
    op->silent = got.how == DONE && op->on->skips;
    op->how = got.how;
    return got;
}

static struct outcome start_accept(struct operation *op, struct endpoint *on, struct endpoint *into)
{
    DWORD bytes;
    BOOL success;
    op->on = on;
    op->into = into;
    success = accept_ex(on->handle, into->handle, op->buffer.buf, op->buffer.len, ROOM, ROOM, &bytes, &op->overlapped);
    return issued(op, success, WSAGetLastError());
}

static struct outcome start_connect(struct operation *op, struct endpoint *on, struct endpoint *to, int bound)
{
    DWORD bytes;
    BOOL success;
    op->on = on;
    if (bound) bind_loopback(on); /* ConnectEx needs it; a second time it is refused, and nothing depends on it */
    success = connect_ex(on->handle, (struct sockaddr *)&to->address, length_of(&to->address), op->buffer.len ? op->buffer.buf : NULL, op->buffer.len,
                         &bytes, &op->overlapped);
    return issued(op, success, WSAGetLastError());
}

static struct outcome start_disconnect(struct operation *op, struct endpoint *on, DWORD flags)
{
    BOOL success;
    op->on = on;
    success = disconnect_ex(on->handle, &op->overlapped, flags, 0);
    return issued(op, success, WSAGetLastError());
}

static struct outcome start_recv(struct operation *op, struct endpoint *on, DWORD flags)
{
    int wrong;
    op->on = on;
    op->flags = flags;
    wrong = WSARecv(on->handle, &op->buffer, 1, NULL, &op->flags, &op->overlapped, NULL);
    return issued(op, !wrong, WSAGetLastError());
}

static struct outcome start_send(struct operation *op, struct endpoint *on)
{
    int wrong;
    op->on = on;
    wrong = WSASend(on->handle, &op->buffer, 1, NULL, 0, &op->overlapped, NULL);
    return issued(op, !wrong, WSAGetLastError());
}

static struct outcome start_recvfrom(struct operation *op, struct endpoint *on)
{
    int wrong;
    op->on = on;
    op->from_length = sizeof op->from;
    wrong = WSARecvFrom(on->handle, &op->buffer, 1, NULL, &op->flags, (struct sockaddr *)&op->from, &op->from_length, &op->overlapped, NULL);
    return issued(op, !wrong, WSAGetLastError());
}

static struct outcome start_sendto(struct operation *op, struct endpoint *on, struct endpoint *to)
{
    int wrong;
    op->on = on;
    wrong = WSASendTo(on->handle, &op->buffer, 1, NULL, 0, (struct sockaddr *)address_of(to), length_of(&to->address), &op->overlapped, NULL);
    return issued(op, !wrong, WSAGetLastError());
}

static struct outcome post(struct operation *op, HANDLE port, ULONG_PTR key, DWORD bytes)
{
    return call(PostQueuedCompletionStatus(port, bytes, key, &op->overlapped));
}

/* Everything that the socket has outstanding. */
static struct outcome cancel_all(struct endpoint *on)
{
    return on->closed ? failed(WSAENOTSOCK) : call(CancelIoEx((HANDLE)on->handle, NULL));
}

static struct outcome cancel(struct operation *op)
{
    if (!op || !op->on) return failed(ERROR_NOT_FOUND); /* another thread is about to start it */
    return op->on->closed ? failed(WSAENOTSOCK) : call(CancelIoEx((HANDLE)op->on->handle, &op->overlapped));
}

/* Waits. */

/* Finds out what a packet is for, and finishes accepts and connects. */
static struct operation *dequeued(int line, const OVERLAPPED_ENTRY *entry)
{
    struct operation *op;
    EnterCriticalSection(&lock);
    for (op = operations; op && &op->overlapped != entry->lpOverlapped; op = op->next);
    if (op) {
        op->packets++;
        op->status = (DWORD)op->overlapped.Internal;
        op->bytes = entry->dwNumberOfBytesTransferred;
        op->key = entry->lpCompletionKey;
    }
    LeaveCriticalSection(&lock);
    if (!op) otherwise(line, "a packet that is for nothing that was started", "packets of what was started");
    if (op->packets > 1) otherwise(line, "a second packet for one operation", "one packet an operation");
    if (op->status == 0 && !op->keeps_context) { /* without it the socket has no names and cannot be shut down */
        if (op->kind == ACCEPT && !op->on->closed) update_context(op->into, op->on);
        if (op->kind == CONNECT && !op->on->closed) update_context(op->on, NULL);
    }
    return op;
}

static void waited(struct wait *wait)
{
    struct wait **at;
    EnterCriticalSection(&lock);
    for (at = &waits; *at != wait; at = &(*at)->next);
    *at = wait->next;
    LeaveCriticalSection(&lock);
}

/* One call. */
static struct outcome wait_once(int line, HANDLE *port, int most, DWORD timeout)
{
    OVERLAPPED_ENTRY entries[MOST];
    struct outcome got = {CALL};
    struct wait wait;
    ULONG i, n = 0;
    BOOL success;
    EnterCriticalSection(&lock);
    wait.port = *port;
    wait.next = waits;
    waits = &wait;
    LeaveCriticalSection(&lock);
    success = GetQueuedCompletionStatusEx(wait.port, entries, most < MOST ? most : MOST, &n, timeout, FALSE);
    if (!success) got.error = GetLastError();
    waited(&wait);
    if (!success) return got;
    got.kind = PACKETS;
    for (i = 0; i < n; i++) got.packets[got.count++] = dequeued(line, &entries[i]);
    return got;
}

/* Takes packets until those have come that are named, of which a list follows that NULL ends; any will do if none is. Others are put aside for the waits
   that ask for them. */
static struct outcome wait_for(int line, HANDLE *port, int most, ...)
{
    struct operation **wanted[MOST], *op;
    struct outcome got = {CALL}, more;
    ULONGLONG end = GetTickCount64() + PATIENCE;
    int i, k, wants = 0;
    va_list names;
    va_start(names, most);
    while (wants < MOST && (wanted[wants] = va_arg(names, struct operation **)) != NULL) wants++;
    va_end(names);
    got.error = WAIT_TIMEOUT;
    for (;;) {
        EnterCriticalSection(&lock);
        for (k = 0; k < wants; k++)
            if ((op = *wanted[k]) != NULL && op->aside) {
                op->aside = 0;
                got.kind = PACKETS;
                got.packets[got.count++] = op;
            }
        LeaveCriticalSection(&lock);
        if ((got.count && got.count >= wants) || GetTickCount64() >= end) return got;
        more = wait_once(line, port, most, 20); /* short: another thread may have put aside what is wanted here */
        if (more.kind == CALL && more.error != WAIT_TIMEOUT) return more;
        EnterCriticalSection(&lock);
        for (i = 0; i < more.count; i++) {
            int mine = wants == 0;
            for (k = 0; k < wants; k++) mine = mine || more.packets[i] == *wanted[k];
            if (mine && got.count < MOST) {
                got.kind = PACKETS;
                got.packets[got.count++] = more.packets[i];
            } else {
                more.packets[i]->aside = 1;
            }
        }
        LeaveCriticalSection(&lock);
        if (more.count) end = GetTickCount64() + PATIENCE;
    }
}

/* What was taken by a wait that expects nothing in particular may be asked for later, and need not be. */
static void leave(const struct outcome *got)
{
    int i;
    EnterCriticalSection(&lock);
    for (i = 0; got->kind == PACKETS && i < got->count; i++) got->packets[i]->aside = 2;
    LeaveCriticalSection(&lock);
}
