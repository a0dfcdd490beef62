/* The adapter protocol's lines, for adapters in C and C++: requests in, answers out. ../PROTOCOL.md says what they mean.

   lines    what has been read: lines_read hands over each request that is complete
   field    the fields of a request; cJSON (Debian: libcjson-dev) has read it
   text     what is to be written. Answers are numbers and a few words, so that printf is enough to write JSON
   buffer   a receive's buffer under guard: what is behind the received bytes, and what changes after the packet, is told
   table    things by the numbers that the suite gives them

   Everything is static, so that an adapter is one source file and this. Memory that is not to be had ends the process. */
#ifndef IOCONFORM_WIRE_H
#define IOCONFORM_WIRE_H

#include <arpa/inet.h>
#include <cjson/cJSON.h>
#include <errno.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/utsname.h>
#include <unistd.h>

static inline void give_up(const char *what) {
	fprintf(stderr, "%s: %s\n", what, strerror(errno));
	exit(1);
}

static inline void *grown(void *old, size_t size) {
	void *p = realloc(old, size ? size : 1);
	if (!p) give_up("memory");
	return p;
}

/* text */

struct text {
	char *b;
	size_t n, most;
};

static inline void text_room(struct text *t, size_t more) {
	if (t->n + more <= t->most) return;
	t->most = 2 * (t->n + more) + 256;
	t->b = (char *)grown(t->b, t->most);
}

__attribute__((format(printf, 2, 3))) static inline void text_add(struct text *t, const char *format, ...) {
	va_list args;
	text_room(t, 128);
	va_start(args, format);
	size_t need = (size_t)vsnprintf(t->b + t->n, t->most - t->n, format, args);
	va_end(args);
	if (need >= t->most - t->n) {
		text_room(t, need + 1);
		va_start(args, format);
		vsnprintf(t->b + t->n, t->most - t->n, format, args);
		va_end(args);
	}
	t->n += need;
}

static const char base64_digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* text_base64 adds bytes in base64 (RFC 4648, section 4). */
static inline void text_base64(struct text *t, const unsigned char *b, size_t n) {
	text_room(t, n / 3 * 4 + 4);
	char *to = t->b + t->n;
	for (; n >= 3; b += 3, n -= 3) {
		uint32_t v = (uint32_t)b[0] << 16 | (uint32_t)b[1] << 8 | b[2];
		*to++ = base64_digits[v >> 18], *to++ = base64_digits[v >> 12 & 63], *to++ = base64_digits[v >> 6 & 63], *to++ = base64_digits[v & 63];
	}
	if (n > 0) {
		uint32_t v = (uint32_t)b[0] << 16 | (n > 1 ? (uint32_t)b[1] << 8 : 0);
		*to++ = base64_digits[v >> 18], *to++ = base64_digits[v >> 12 & 63], *to++ = n > 1 ? base64_digits[v >> 6 & 63] : '=', *to++ = '=';
	}
	t->n = (size_t)(to - t->b);
}

/* text_address adds "127.0.0.1:80" or "[::1]:80", quoted. */
static inline void text_address(struct text *t, const struct sockaddr *a) {
	char s[INET6_ADDRSTRLEN] = "";
	if (a->sa_family == AF_INET6) {
		const struct sockaddr_in6 *a6 = (const struct sockaddr_in6 *)a;
		inet_ntop(AF_INET6, &a6->sin6_addr, s, sizeof s);
		text_add(t, "\"[%s]:%d\"", s, ntohs(a6->sin6_port));
	} else {
		const struct sockaddr_in *a4 = (const struct sockaddr_in *)a;
		inet_ntop(AF_INET, &a4->sin_addr, s, sizeof s);
		text_add(t, "\"%s:%d\"", s, ntohs(a4->sin_port));
	}
}

/* text_status adds the status, if it is not ok, and the errno that it was made of, if it was. */
static inline void text_status(struct text *t, const char *word, int number) {
	if (strcmp(word, "ok") == 0) return;
	text_add(t, ",\"status\":\"%s\"", word);
	if (number) text_add(t, ",\"native\":%d,\"space\":\"errno\"", number);
}

/* text_out writes all of it to standard output. */
static inline void text_out(struct text *t) {
	for (size_t at = 0; at < t->n;) {
		ssize_t n = write(1, t->b + at, t->n - at);
		if (n < 0 && errno != EINTR) give_up("standard output");
		if (n > 0) at += (size_t)n;
	}
	t->n = 0;
}

/* status_word is the status that an errno means where nothing is known of the operation; 0 is ok. */
static inline const char *status_word(int number) {
	switch (number) {
	case 0: return "ok";
	case ECANCELED: return "aborted";
	case ECONNRESET: case EPIPE: return "reset";
	case ECONNREFUSED: return "refused";
	case ETIMEDOUT: return "timedout";
	case EBADF: return "closed";
	case ENOTCONN: return "notconnected";
	case EISCONN: return "connected";
	case EADDRINUSE: return "inuse";
	case EHOSTUNREACH: case ENETUNREACH: return "unreachable";
	case EMFILE: case ENFILE: case ENOBUFS: case ENOMEM: return "noresources";
	case EAFNOSUPPORT: case EOPNOTSUPP: return "unsupported";
	}
	return "invalid";
}

/* text_os adds the platform as the hello has it: "linux 6.18", quoted. */
static inline void text_os(struct text *t) {
	struct utsname u;
	int major = 0, minor = 0;
	if (uname(&u) != 0) give_up("uname");
	sscanf(u.release, "%d.%d", &major, &minor);
	text_add(t, "\"linux %d.%d\"", major, minor);
}

/* field */

static inline long long field(const cJSON *m, const char *name, long long missing) {
	const cJSON *f = cJSON_GetObjectItemCaseSensitive(m, name);
	return cJSON_IsNumber(f) ? (long long)f->valuedouble : missing;
}

static inline bool field_true(const cJSON *m, const char *name) { return cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(m, name)); }

static inline const char *field_word(const cJSON *m, const char *name) {
	const cJSON *f = cJSON_GetObjectItemCaseSensitive(m, name);
	return cJSON_IsString(f) ? f->valuestring : "";
}

static inline uint64_t field_64(const cJSON *m, const char *name) { return strtoull(field_word(m, name), NULL, 0); }

/* field_bytes is a field in base64, decoded; the caller frees it. */
static inline unsigned char *field_bytes(const cJSON *m, const char *name, size_t *n) {
	const char *s = field_word(m, name);
	unsigned char *b = (unsigned char *)grown(NULL, strlen(s) / 4 * 3 + 3);
	static signed char value[256];
	if (!value['B']) {
		memset(value, -1, sizeof value);
		for (int i = 0; i < 64; i++) value[(unsigned char)base64_digits[i]] = (signed char)i;
	}
	uint32_t v = 0;
	int bits = 0;
	for (*n = 0; value[(unsigned char)*s] >= 0; s++) {
		v = v << 6 | (uint32_t)value[(unsigned char)*s];
		if ((bits += 6) >= 8) b[(*n)++] = (unsigned char)(v >> (bits -= 8));
	}
	return b;
}

/* field_address is an address; false if the field has none. */
static inline bool field_address(const cJSON *m, const char *name, struct sockaddr_storage *a, socklen_t *n) {
	char host[64] = "";
	const char *s = field_word(m, name), *colon = strrchr(s, ':');
	memset(a, 0, sizeof *a);
	if (!colon || (size_t)(colon - s) >= sizeof host) return false;
	uint16_t port = htons((uint16_t)atoi(colon + 1));
	if (*s == '[') {
		struct sockaddr_in6 *a6 = (struct sockaddr_in6 *)a;
		memcpy(host, s + 1, (size_t)(colon - s) - 2);
		a6->sin6_family = AF_INET6, a6->sin6_port = port, *n = sizeof *a6;
		return inet_pton(AF_INET6, host, &a6->sin6_addr) == 1;
	}
	struct sockaddr_in *a4 = (struct sockaddr_in *)a;
	memcpy(host, s, (size_t)(colon - s));
	a4->sin_family = AF_INET, a4->sin_port = port, *n = sizeof *a4;
	return inet_pton(AF_INET, host, &a4->sin_addr) == 1;
}

/* answer answers a request with a status: word, or what the errno means if that is NULL. */
static inline void answer(struct text *t, const cJSON *m, const char *word, int number) {
	text_add(t, "{\"id\":%lld", field(m, "id", 0));
	text_status(t, word ? word : status_word(number), number);
	text_add(t, "}\n");
}

/* lines */

struct lines {
	char *b;
	size_t n, seen, most;
};

/* lines_read reads once and has each request done that is complete then, one after the other. False is the end of the input. */
static inline bool lines_read(struct lines *l, void (*each)(const cJSON *m)) {
	if (l->most - l->n < 64 << 10) l->b = (char *)grown(l->b, l->most = 2 * l->most + (128 << 10));
	ssize_t n = read(0, l->b + l->n, l->most - l->n);
	if (n < 0) return errno == EINTR || errno == EAGAIN;
	if (n == 0) return false;
	l->n += (size_t)n;
	char *from = l->b, *end;
	while ((end = (char *)memchr(l->b + l->seen, '\n', l->n - l->seen))) {
		cJSON *m = cJSON_ParseWithLength(from, (size_t)(end - from)), *one;
		if (!m) {
			fprintf(stderr, "a line that is no JSON: %.*s\n", (int)(end - from > 200 ? 200 : end - from), from);
			exit(1);
		}
		if (cJSON_IsArray(m)) {
			cJSON_ArrayForEach(one, m) each(one);
		} else {
			each(m);
		}
		cJSON_Delete(m);
		from = end + 1;
		l->seen = (size_t)(from - l->b);
	}
	l->n -= (size_t)(from - l->b);
	memmove(l->b, from, l->n);
	l->seen = l->n;
	return true;
}

/* buffer */

struct buffer {
	unsigned char *b;
	size_t len;
	uint64_t token, sum;
	bool told; /* its packet has been made */
	struct buffer *next;
};

static inline unsigned char buffer_mark(const struct buffer *f, size_t i) { return (unsigned char)(0xA5 ^ f->token ^ i * 131); }

static inline uint64_t buffer_sum(const struct buffer *f) { /* FNV-1a */
	uint64_t sum = 0xcbf29ce484222325;
	for (size_t i = 0; i < f->len; i++) sum = (sum ^ f->b[i]) * 0x100000001b3;
	return sum;
}

/* buffer_new makes a buffer of exactly that length, filled, and puts it in front of the list. */
static inline struct buffer *buffer_new(struct buffer **list, size_t len, uint64_t token) {
	struct buffer *f = (struct buffer *)grown(NULL, sizeof *f);
	f->b = (unsigned char *)grown(NULL, len);
	f->len = len, f->token = token, f->told = false, f->next = *list;
	for (size_t i = 0; i < len; i++) f->b[i] = buffer_mark(f, i);
	return *list = f;
}

/* text_buffer adds what a packet says of the first n bytes, and whether those behind are as they were. */
static inline void text_buffer(struct text *t, struct buffer *f, long long n) {
	size_t got = n < 0 ? 0 : (size_t)n > f->len ? f->len : (size_t)n, i = got;
	while (i < f->len && f->b[i] == buffer_mark(f, i)) i++;
	text_add(t, ",\"bytes\":%lld,\"data\":\"", n);
	text_base64(t, f->b, got);
	text_add(t, "\",\"beyond\":\"%s\"", i < f->len ? "changed" : "intact");
	f->sum = buffer_sum(f), f->told = true;
}

/* text_late adds the tokens of buffers that changed after their packet, and frees all. No operation may be left that writes to one. */
static inline void text_late(struct text *t, struct buffer **list) {
	bool first = true;
	for (struct buffer *f; (f = *list); free(f->b), free(f)) {
		*list = f->next;
		if (!f->told || f->sum == buffer_sum(f)) continue;
		text_add(t, "%s\"0x%" PRIx64 "\"", first ? ",\"late\":[" : ",", f->token);
		first = false;
	}
	if (!first) text_add(t, "]");
}

/* table */

struct table {
	void **at;
	size_t n;
};

static inline void *table_get(const struct table *t, long long number) { return number >= 0 && (size_t)number < t->n ? t->at[number] : NULL; }

static inline void table_put(struct table *t, long long number, void *thing) {
	if ((size_t)number >= t->n) {
		size_t n = 2 * (size_t)number + 16;
		t->at = (void **)grown(t->at, n * sizeof *t->at);
		memset(t->at + t->n, 0, (n - t->n) * sizeof *t->at);
		t->n = n;
	}
	t->at[number] = thing;
}

#endif
