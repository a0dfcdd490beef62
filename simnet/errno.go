package simnet

// Errno is an error number of Linux (asm-generic), 0 for success. The numbers are the same on every
// platform the simulator runs on: golang.org/x/sys/unix has others on other systems.
type Errno int32

const (
	OK            Errno = 0
	ENOENT        Errno = 2
	EINTR         Errno = 4
	EBADF         Errno = 9
	EAGAIN        Errno = 11
	ENOMEM        Errno = 12
	EACCES        Errno = 13
	EEXIST        Errno = 17
	EINVAL        Errno = 22
	EMFILE        Errno = 24
	EPIPE         Errno = 32
	ELOOP         Errno = 40
	ENOTSOCK      Errno = 88
	EDESTADDRREQ  Errno = 89
	EMSGSIZE      Errno = 90
	EOPNOTSUPP    Errno = 95
	EAFNOSUPPORT  Errno = 97
	EADDRINUSE    Errno = 98
	EADDRNOTAVAIL Errno = 99
	ENETUNREACH   Errno = 101
	ECONNABORTED  Errno = 103
	ECONNRESET    Errno = 104
	ENOBUFS       Errno = 105
	EISCONN       Errno = 106
	ENOTCONN      Errno = 107
	ETIMEDOUT     Errno = 110
	ECONNREFUSED  Errno = 111
	EALREADY      Errno = 114
	EINPROGRESS   Errno = 115
	ECANCELED     Errno = 125
)

var errnoTexts = map[Errno][2]string{
	OK:            {"OK", "success"},
	ENOENT:        {"ENOENT", "no such file or directory"},
	EINTR:         {"EINTR", "interrupted system call"},
	EBADF:         {"EBADF", "bad file descriptor"},
	EAGAIN:        {"EAGAIN", "resource temporarily unavailable"},
	ENOMEM:        {"ENOMEM", "cannot allocate memory"},
	EACCES:        {"EACCES", "permission denied"},
	EEXIST:        {"EEXIST", "file exists"},
	EINVAL:        {"EINVAL", "invalid argument"},
	EMFILE:        {"EMFILE", "too many open files"},
	EPIPE:         {"EPIPE", "broken pipe"},
	ELOOP:         {"ELOOP", "too many levels of epoll instances"},
	ENOTSOCK:      {"ENOTSOCK", "socket operation on non-socket"},
	EDESTADDRREQ:  {"EDESTADDRREQ", "destination address required"},
	EMSGSIZE:      {"EMSGSIZE", "message too long"},
	EOPNOTSUPP:    {"EOPNOTSUPP", "operation not supported"},
	EAFNOSUPPORT:  {"EAFNOSUPPORT", "address family not supported"},
	EADDRINUSE:    {"EADDRINUSE", "address already in use"},
	EADDRNOTAVAIL: {"EADDRNOTAVAIL", "cannot assign requested address"},
	ENETUNREACH:   {"ENETUNREACH", "network is unreachable"},
	ECONNABORTED:  {"ECONNABORTED", "software caused connection abort"},
	ECONNRESET:    {"ECONNRESET", "connection reset by peer"},
	ENOBUFS:       {"ENOBUFS", "no buffer space available"},
	EISCONN:       {"EISCONN", "transport endpoint is already connected"},
	ENOTCONN:      {"ENOTCONN", "transport endpoint is not connected"},
	ETIMEDOUT:     {"ETIMEDOUT", "connection timed out"},
	ECONNREFUSED:  {"ECONNREFUSED", "connection refused"},
	EALREADY:      {"EALREADY", "operation already in progress"},
	EINPROGRESS:   {"EINPROGRESS", "operation now in progress"},
	ECANCELED:     {"ECANCELED", "operation canceled: the run is over"},
}

// String returns the symbolic name.
func (e Errno) String() string {
	if t, ok := errnoTexts[e]; ok {
		return t[0]
	}
	return "errno " + decimal(int(e))
}

// Error returns the text of strerror.
func (e Errno) Error() string {
	if t, ok := errnoTexts[e]; ok {
		return t[1]
	}
	return "errno " + decimal(int(e))
}
