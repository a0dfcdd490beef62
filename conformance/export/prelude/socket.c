/* Sockets. */

static int length_of(const struct sockaddr_storage *address)
{
    return address->ss_family == AF_INET6 ? sizeof(struct sockaddr_in6) : sizeof(struct sockaddr_in);
}

static struct sockaddr_storage loopback(int family)
{
    struct sockaddr_storage address;
    memset(&address, 0, sizeof address);
    address.ss_family = (short)family;
    if (family == AF_INET6)
        ((struct sockaddr_in6 *)&address)->sin6_addr.s6_addr[15] = 1;
    else
        ((struct sockaddr_in *)&address)->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

static struct endpoint *new_endpoint(int family, int type, DWORD flags)
{
    struct endpoint *end = calloc(1, sizeof *end);
    if (!end) could_not("allocate");
    end->datagrams = type == SOCK_DGRAM;
    end->address.ss_family = (short)family;
    if ((end->handle = WSASocketW(family, type, 0, NULL, 0, flags)) == INVALID_SOCKET) could_not("open a socket");
    return end;
}

static BOOL bind_loopback(struct endpoint *end)
{
    struct sockaddr_storage address = loopback(end->address.ss_family);
    int length = sizeof end->address;
    if (bind(end->handle, (struct sockaddr *)&address, length_of(&address))) return FALSE;
    return getsockname(end->handle, (struct sockaddr *)&end->address, &length) == 0;
}

/* Calls of GetQueuedCompletionStatusEx that are under way. */
static struct wait {
    HANDLE port;
    struct wait *next;
} *waits;

/* The number of a closed port is free at once, and a thread that is about to wait on that one would wait on the new one that has it: so none gets it until that thread
   is back. */
static struct outcome open_port(HANDLE *port, DWORD concurrency)
{
    struct wait *wait;
    HANDLE handle, other;
    EnterCriticalSection(&lock);
    handle = CreateIoCompletionPort(INVALID_HANDLE_VALUE, NULL, 0, concurrency);
    for (wait = waits; handle && wait;) {
        if (wait->port != handle) {
            wait = wait->next;
            continue;
        }
        other = CreateIoCompletionPort(INVALID_HANDLE_VALUE, NULL, 0, concurrency);
        CloseHandle(handle); /* after the other was made, so that it has another number */
        handle = other;
        wait = waits;
    }
    *port = handle;
    LeaveCriticalSection(&lock);
    return call(handle != NULL);
}

static struct outcome open_event(HANDLE *event)
{
    *event = CreateEventW(NULL, TRUE, FALSE, NULL); /* reset by the start of each operation that signals it */
    return call(*event != NULL);
}

static struct outcome await(HANDLE event, DWORD timeout)
{
    DWORD waited = WaitForSingleObject(event, timeout);
    return waited == WAIT_FAILED ? call(FALSE) : failed(waited); /* 0, or WAIT_TIMEOUT */
}

static struct outcome associate(struct endpoint *end, HANDLE port, ULONG_PTR key)
{
    HANDLE tied;
    if (end->closed || !port) return failed(ERROR_INVALID_HANDLE); /* with no port the call would make one */
    tied = CreateIoCompletionPort((HANDLE)end->handle, port, key, 0);
    if (tied) {
        end->port = port;
        end->port_key = key;
    }
    return call(tied != NULL);
}

static struct outcome open_socket(struct endpoint **end, int family, int type, int bound)
{
    *end = new_endpoint(family, type, WSA_FLAG_OVERLAPPED);
    return call(!bound || bind_loopback(*end));
}

static struct outcome open_listener(struct endpoint **end, int family, int backlog, HANDLE port, ULONG_PTR key)
{
    *end = new_endpoint(family, SOCK_STREAM, WSA_FLAG_OVERLAPPED);
    if (!bind_loopback(*end) || listen((*end)->handle, backlog)) return call(FALSE);
    return port ? associate(*end, port, key) : call(TRUE);
}

static struct outcome skip_on_success(struct endpoint *end)
{
    BOOL success;
    if (end->closed) return failed(WSAENOTSOCK);
    success = SetFileCompletionNotificationModes((HANDLE)end->handle, FILE_SKIP_COMPLETION_PORT_ON_SUCCESS | FILE_SKIP_SET_EVENT_ON_HANDLE);
    end->skips = end->skips || success;
    return call(success);
}

static struct outcome shut_down(struct endpoint *end, int side)
{
    return call(shutdown(end->handle, side) == 0);
}

static struct outcome close_socket(struct endpoint *end)
{
    SOCKET handle;
    EnterCriticalSection(&lock);
    handle = end->handle;
    end->handle = INVALID_SOCKET;
    end->closed = 1;
    LeaveCriticalSection(&lock);
    return handle == INVALID_SOCKET ? failed(WSAENOTSOCK) : call(closesocket(handle) == 0);
}

static struct outcome close_port(HANDLE *port)
{
    HANDLE handle = InterlockedExchangePointer(port, NULL);
    return handle ? call(CloseHandle(handle)) : failed(ERROR_INVALID_HANDLE);
}

/* from: the listener of an accepted socket, NULL for one that has connected. */
static struct outcome update_context(struct endpoint *end, struct endpoint *from)
{
    int wrong;
    if (from)
        wrong = setsockopt(end->handle, SOL_SOCKET, SO_UPDATE_ACCEPT_CONTEXT, (char *)&from->handle, sizeof from->handle);
    else
        wrong = setsockopt(end->handle, SOL_SOCKET, SO_UPDATE_CONNECT_CONTEXT, NULL, 0);
    return call(!wrong);
}

static struct outcome own_name(struct endpoint *end)
{
    struct sockaddr_storage address;
    int length = sizeof address;
    return call(getsockname(end->handle, (struct sockaddr *)&address, &length) == 0);
}

static struct outcome far_name(struct endpoint *end)
{
    struct sockaddr_storage address;
    int length = sizeof address;
    return call(getpeername(end->handle, (struct sockaddr *)&address, &length) == 0);
}

/* The address of a socket, which may have got one since: a send gives it one. */
static struct sockaddr_storage *address_of(struct endpoint *end)
{
    struct sockaddr_storage address;
    int length = sizeof address;
    if (((struct sockaddr_in *)&end->address)->sin_port == 0 && getsockname(end->handle, (struct sockaddr *)&address, &length) == 0) end->address = address;
    return &end->address;
}
