/* Threads: each does the lines that it is given, one after the other. */

struct worker {
    const char *name;
    void (*run)(struct worker *self, int line);
    int lines[256], given, ended;
    struct outcome last;     /* of the last line that it ran */
    HANDLE thread;
};

static DWORD WINAPI work(void *argument)
{
    struct worker *self = argument;
    EnterCriticalSection(&lock);
    for (;;) {
        int line;
        while (self->ended == self->given) SleepConditionVariableCS(&moved, &lock, INFINITE);
        line = self->lines[self->ended % 256];
        LeaveCriticalSection(&lock);
        self->run(self, line);
        EnterCriticalSection(&lock);
        self->ended++;
        WakeAllConditionVariable(&moved);
    }
    return 0;
}

/* Gives a thread a line and goes on. */
static void background(struct worker *worker, int line)
{
    if (!worker->thread && !(worker->thread = CreateThread(NULL, 0, work, worker, 0, NULL))) could_not("start a thread");
    EnterCriticalSection(&lock);
    worker->lines[worker->given++ % 256] = line;
    WakeAllConditionVariable(&moved);
    LeaveCriticalSection(&lock);
}

/* Waits until a thread has done all its lines: somewhat longer than any of them waits. */
static void finish(struct worker *worker, int line)
{
    ULONGLONG end = GetTickCount64() + PATIENCE + PATIENCE / 2;
    char saw[256];
    int at_line = 0;
    EnterCriticalSection(&lock);
    while (worker->ended != worker->given && GetTickCount64() < end) SleepConditionVariableCS(&moved, &lock, 100);
    if (worker->ended != worker->given) at_line = worker->lines[worker->ended % 256];
    LeaveCriticalSection(&lock);
    if (!at_line) return;
    snprintf(saw, sizeof saw, "thread %s still in the call of line %d", worker->name, at_line);
    otherwise(line, saw, "that it returns");
}

/* Gives a thread a line and waits until it is done. */
static void on(struct worker *worker, int line)
{
    background(worker, line);
    finish(worker, line);
}

static void *extension(GUID id)
{
    SOCKET handle = socket(AF_INET, SOCK_STREAM, 0);
    void *function = NULL;
    DWORD n;
    if (WSAIoctl(handle, SIO_GET_EXTENSION_FUNCTION_POINTER, &id, sizeof id, &function, sizeof function, &n, NULL, NULL)) could_not("find an extension function");
    closesocket(handle);
    return function;
}

static void begin(void)
{
    GUID accepts = WSAID_ACCEPTEX, connects = WSAID_CONNECTEX, disconnects = WSAID_DISCONNECTEX;
    WSADATA data;
    InitializeCriticalSection(&lock);
    InitializeConditionVariable(&moved);
    if (WSAStartup(MAKEWORD(2, 2), &data)) could_not("start Winsock");
    accept_ex = (LPFN_ACCEPTEX)extension(accepts);
    connect_ex = (LPFN_CONNECTEX)extension(connects);
    disconnect_ex = (LPFN_DISCONNECTEX)extension(disconnects);
}

/* Nothing may be left over that no line asked for, and nothing that was refused may have a packet. */
static void end_of_scenario(void)
{
    struct operation *op;
    EnterCriticalSection(&lock);
    for (op = operations; op; op = op->next) {
        int forbidden = op->packets && (op->how == REFUSED || op->silent);
        if (!forbidden && op->aside != 1) continue;
        printf("otherwise: at the end: saw a packet of %s%s, allowed none\n", op->name,
               forbidden ? op->how == REFUSED ? ", which was refused" : ", which was done on a socket that skips" : ", for which no line asked");
        fflush(stdout);
        ExitProcess(1);
    }
    printf("as the scenario has it\n");
    fflush(stdout);
    ExitProcess(0);
}
