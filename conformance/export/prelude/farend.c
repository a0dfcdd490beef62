/* Far ends: plain blocking sockets. */

static struct endpoint *far_socket(int family, int type)
{
    struct endpoint *end = new_endpoint(family, type, WSA_FLAG_OVERLAPPED);
    DWORD patience = PATIENCE;
    setsockopt(end->handle, SOL_SOCKET, SO_SNDTIMEO, (char *)&patience, sizeof patience);
    return end;
}

static int readable(struct endpoint *end, DWORD timeout)
{
    struct timeval time;
    fd_set set;
    time.tv_sec = timeout / 1000;
    time.tv_usec = timeout % 1000 * 1000;
    FD_ZERO(&set);
    FD_SET(end->handle, &set);
    return select(0, &set, NULL, NULL, &time) == 1;
}

static struct outcome far_connects(struct endpoint **end, struct endpoint *to)
{
    int length = sizeof (*end)->address;
    *end = far_socket(to->address.ss_family, SOCK_STREAM);
    if (connect((*end)->handle, (struct sockaddr *)&to->address, length_of(&to->address))) return call(FALSE);
    getsockname((*end)->handle, (struct sockaddr *)&(*end)->address, &length);
    return call(TRUE);
}

/* backlog 0: an address that is held, and at which nobody listens. */
static struct outcome far_listens(struct endpoint **end, int family, int backlog)
{
    *end = far_socket(family, SOCK_STREAM);
    if (!bind_loopback(*end) || (backlog && listen((*end)->handle, backlog))) return call(FALSE);
    return call(TRUE);
}

static struct outcome far_accepts(struct endpoint **end, struct endpoint *listener)
{
    struct endpoint *accepted = calloc(1, sizeof *accepted);
    if (!accepted) could_not("allocate");
    if (!readable(listener, PATIENCE)) return failed(WSAETIMEDOUT);
    accepted->handle = accept(listener->handle, NULL, NULL);
    accepted->address = listener->address;
    *end = accepted;
    return call(accepted->handle != INVALID_SOCKET);
}

static struct outcome far_udp(struct endpoint **end, int family)
{
    *end = far_socket(family, SOCK_DGRAM);
    return call(bind_loopback(*end));
}

static struct outcome far_sends(struct endpoint *end, int length)
{
    char *bytes = calloc(1, length + 1);
    int n, sent = 0;
    if (!bytes) could_not("allocate");
    while (sent < length) {
        if ((n = send(end->handle, bytes + sent, length - sent, 0)) <= 0) break;
        sent += n;
    }
    if (sent < length) return call(FALSE);
    free(bytes);
    return call(TRUE);
}

static struct outcome far_sends_to(struct endpoint **end, int length, struct endpoint *to)
{
    char *bytes = calloc(1, length + 1);
    int n;
    if (!bytes) could_not("allocate");
    if (!*end) far_udp(end, to->address.ss_family);
    n = sendto((*end)->handle, bytes, length, 0, (struct sockaddr *)address_of(to), length_of(&to->address));
    if (n != length) return call(FALSE);
    free(bytes);
    return call(TRUE);
}

/* Reads until so many bytes, or one datagram, have come, or the end of the stream, or nothing for so long. */
static struct outcome far_reads(struct endpoint *end, int most, DWORD timeout)
{
    static char bytes[1 << 16]; /* what they are does not matter, so several threads may read into it */
    struct outcome got = {BYTES};
    int n = 1;
    while (n > 0 && got.count < most) {
        n = end->datagrams || most - got.count > (int)sizeof bytes ? (int)sizeof bytes : most - got.count;
        if (!readable(end, timeout)) {
            got.error = WSAETIMEDOUT;
            return got;
        }
        n = recv(end->handle, bytes, n, 0);
        if (n < 0) got.error = WSAGetLastError();
        if (n > 0) got.count += n;
        if (end->datagrams) return got;
    }
    got.over = n == 0;
    return got;
}

static struct outcome far_resets(struct endpoint *end)
{
    struct linger now = {1, 0};
    setsockopt(end->handle, SOL_SOCKET, SO_LINGER, (char *)&now, sizeof now);
    return close_socket(end);
}

/* The usual beginning: a port and a listener on it under key 1, unless there; a far end that connects; and its socket, associated under a key. */
static struct outcome session(int line, HANDLE *port, struct endpoint **listener, int family, struct endpoint **end, struct endpoint **far_end, ULONG_PTR key,
                              int skips)
{
    struct operation *op = new_operation("the accept", ACCEPT, 0);
    struct outcome got;
    if (!*port && (got = open_port(port, 0), got.error)) return got;
    if (!*listener && (got = open_listener(listener, family, 16, *port, 1), got.error)) return got;
    open_socket(end, (*listener)->address.ss_family, SOCK_STREAM, 0);
    if (got = start_accept(op, *listener, *end), refused(&got)) return got;
    if (got = far_connects(far_end, *listener), got.error) return got;
    if (got = wait_for(line, port, 1, &op, NULL), !has(&got, op) || !packet(op, "ok", 0, 0)) return got;
    got = associate(*end, *port, key);
    if (!got.error && skips) got = skip_on_success(*end);
    return got;
}
