//! Adapter for mio as a readiness back end.
//!
//! A poller is a Poll, in which one thread waits at a time; what is watched is changed through a Registry of it meanwhile. The sockets are plain
//! descriptors, watched as SourceFd, since a socket of mio's own is bound to one Poll for life. They are deregistered before they are closed, as mio wants
//! it. An Interest is in reading, in writing or in both: who asks for neither is registered for reading, and is not told of that.

use std::collections::HashMap;
use std::io::{self, BufRead, Write};
use std::net::{IpAddr, SocketAddr};
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd, RawFd};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use libc::{c_int, c_void, sockaddr, socklen_t};
use mio::event::Event;
use mio::unix::SourceFd;
use mio::{Events, Interest, Poll, Registry, Token, Waker};

const WORDS: [&str; 6] = ["in", "out", "pri", "rdhup", "err", "hup"];
const IN: u8 = 1;
const OUT: u8 = 2;
const PRI: u8 = 4;
const RDHUP: u8 = 8;
const ERR: u8 = 16;
const HUP: u8 = 32;

struct Poller {
    poll: Mutex<Poll>,
    registry: Registry,
    waker: Waker,                     // woken by a close alone, so that its token is never taken for one of the suite's
    asked: Mutex<HashMap<Token, u8>>, // what was asked for with a token last; held while that is changed
    closed: AtomicBool,
}

#[derive(Default)]
struct Adapter {
    pollers: HashMap<i64, Option<Arc<Poller>>>, // None: it has been closed
    socks: HashMap<i64, Option<OwnedFd>>,
    out: Arc<Mutex<u64>>, // held by whoever writes; the number of resets
}

/// What an answer says besides the number; None if it comes later.
type Answer = io::Result<Option<String>>;

/// A request is a flat object, and no string in it has an escape: a field is found by its name.
fn field<'a>(line: &'a str, name: &str) -> Option<&'a str> {
    let want = format!("\"{name}\":");
    let value = &line[line.find(&want)? + want.len()..];
    match value.as_bytes().first()? {
        b'"' => value[1..].split('"').next(),
        b'[' => value[1..].split(']').next(),
        _ => value.split([',', '}']).next(),
    }
}

fn number(line: &str, name: &str) -> i64 {
    field(line, name).and_then(|text| text.trim().parse().ok()).unwrap_or(-1)
}

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

fn encode(data: &[u8]) -> String {
    let mut text = String::new();
    for three in data.chunks(3) {
        let v = three.iter().fold(0u32, |v, b| v << 8 | u32::from(*b)) << (8 * (3 - three.len()));
        for i in 0..4 {
            text.push(if i <= three.len() { DIGITS[(v >> (18 - 6 * i)) as usize & 63] as char } else { '=' });
        }
    }
    text
}

fn decode(text: &str) -> Vec<u8> {
    let (mut data, mut v, mut bits) = (Vec::new(), 0u32, 0);
    for c in text.bytes().take_while(|c| *c != b'=') {
        let digit = match c {
            b'A'..=b'Z' => c - b'A',
            b'a'..=b'z' => c - b'a' + 26,
            b'0'..=b'9' => c - b'0' + 52,
            b'+' => 62,
            _ => 63,
        };
        v = v << 6 | u32::from(digit);
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            data.push((v >> bits) as u8);
        }
    }
    data
}

fn status(word: &str) -> String {
    format!(",\"status\":\"{word}\"")
}

fn failure(e: &io::Error) -> String {
    let n = e.raw_os_error().unwrap_or(0);
    let word = match n {
        libc::EAGAIN | libc::EINPROGRESS | libc::EALREADY => "wouldblock",
        libc::ECONNRESET => "reset",
        libc::ECONNREFUSED => "refused",
        libc::EPIPE => "shutdown",
        libc::ENOTCONN | libc::EDESTADDRREQ => "notconnected",
        libc::EISCONN => "connected",
        libc::EADDRINUSE | libc::EEXIST => "inuse",
        libc::ENOENT => "notfound",
        libc::EMSGSIZE => "truncated",
        libc::ETIMEDOUT => "timedout",
        libc::EHOSTUNREACH | libc::ENETUNREACH => "unreachable",
        libc::EMFILE | libc::ENFILE | libc::ENOMEM | libc::ENOBUFS => "noresources",
        libc::EOPNOTSUPP | libc::EAFNOSUPPORT => "unsupported",
        _ => "invalid",
    };
    format!("{},\"native\":{n},\"space\":\"errno\"", status(word))
}

fn write(id: i64, rest: &str) {
    let mut out = io::stdout().lock();
    // a reader that is gone ends standard input as well
    let _ = writeln!(out, "{{\"id\":{id}{rest}}}").and_then(|()| out.flush());
}

// ---- sockets

/// What a call of libc answered, or the error that it left.
fn checked(n: isize) -> io::Result<usize> {
    usize::try_from(n).map_err(|_| io::Error::last_os_error())
}

/// Takes what a call has made.
fn owned(fd: c_int) -> io::Result<OwnedFd> {
    checked(fd as isize)?;
    Ok(unsafe { OwnedFd::from_raw_fd(fd) }) // it is new, and nobody else has it
}

/// An address as the platform has it: room for the larger of the two.
#[derive(Clone, Copy)]
struct Address {
    room: libc::sockaddr_in6,
    len: socklen_t,
}

impl Address {
    fn empty() -> Address {
        let room = libc::sockaddr_in6 { sin6_family: 0, sin6_port: 0, sin6_flowinfo: 0, sin6_addr: libc::in6_addr { s6_addr: [0; 16] }, sin6_scope_id: 0 };
        Address { room, len: size_of_val(&room) as socklen_t }
    }

    /// Of IPv4 the four bytes stand where IPv6 has its flow information.
    fn read(text: &str) -> io::Result<Address> {
        let address: SocketAddr = text.parse().map_err(io::Error::other)?;
        let mut a = Address::empty();
        a.room.sin6_port = address.port().to_be();
        match address.ip() {
            IpAddr::V4(ip) => {
                a.room.sin6_family = libc::AF_INET as u16;
                a.room.sin6_flowinfo = u32::from_ne_bytes(ip.octets());
                a.len = size_of::<libc::sockaddr_in>() as socklen_t;
            }
            IpAddr::V6(ip) => {
                a.room.sin6_family = libc::AF_INET6 as u16;
                a.room.sin6_addr.s6_addr = ip.octets();
            }
        }
        Ok(a)
    }

    fn written(&self) -> String {
        let ip = match c_int::from(self.room.sin6_family) {
            libc::AF_INET => IpAddr::from(self.room.sin6_flowinfo.to_ne_bytes()),
            _ => IpAddr::from(self.room.sin6_addr.s6_addr),
        };
        format!("\"{}\"", SocketAddr::new(ip, u16::from_be(self.room.sin6_port)))
    }

    fn at(&self) -> *const sockaddr {
        (&raw const self.room).cast()
    }

    fn room(&mut self) -> (*mut sockaddr, *mut socklen_t) {
        ((&raw mut self.room).cast(), &raw mut self.len)
    }
}

fn socket(net: &str) -> io::Result<OwnedFd> {
    let family = if net.ends_with('6') { libc::AF_INET6 } else { libc::AF_INET };
    let kind = if net.starts_with('u') { libc::SOCK_DGRAM } else { libc::SOCK_STREAM };
    owned(unsafe { libc::socket(family, kind | libc::SOCK_NONBLOCK | libc::SOCK_CLOEXEC, 0) })
}

fn bind(fd: RawFd, a: &Address) -> io::Result<usize> {
    checked(unsafe { libc::bind(fd, a.at(), a.len) } as isize)
}

fn accept(fd: RawFd) -> io::Result<(OwnedFd, Address)> {
    let mut a = Address::empty();
    let (at, len) = a.room();
    let made = owned(unsafe { libc::accept4(fd, at, len, libc::SOCK_NONBLOCK | libc::SOCK_CLOEXEC) })?;
    Ok((made, a))
}

/// Returns the true size of a datagram as well, which may be more than there was room for.
fn receive(fd: RawFd, length: usize, datagram: bool) -> io::Result<(Vec<u8>, usize, Address)> {
    let (mut data, mut a) = (vec![0u8; length], Address::empty());
    let (at, len) = a.room();
    let flags = if datagram { libc::MSG_TRUNC } else { 0 }; // which would throw bytes of a stream away
    let n = checked(unsafe { libc::recvfrom(fd, data.as_mut_ptr().cast::<c_void>(), length, flags, at, len) })?;
    data.truncate(n);
    Ok((data, n, a))
}

fn send(fd: RawFd, data: &[u8], to: Option<Address>) -> io::Result<usize> {
    let (at, len) = to.as_ref().map_or((std::ptr::null(), 0), |a| (a.at(), a.len));
    checked(unsafe { libc::sendto(fd, data.as_ptr().cast::<c_void>(), data.len(), libc::MSG_NOSIGNAL, at, len) })
}

fn name(fd: RawFd, far: bool) -> io::Result<Address> {
    let mut a = Address::empty();
    let (at, len) = a.room();
    let call = if far { libc::getpeername } else { libc::getsockname };
    checked(unsafe { call(fd, at, len) } as isize)?;
    Ok(a)
}

fn has_ipv6() -> bool {
    socket("tcp6").is_ok_and(|s| Address::read("[::1]:0").is_ok_and(|a| bind(s.as_raw_fd(), &a).is_ok()))
}

// ---- pollers

/// What is asked for, None if that has what mio has not.
fn asked(line: &str) -> Option<u8> {
    let (mut ask, mut edge) = (0, false);
    for word in field(line, "ask")?.split(',').map(|word| word.trim_matches('"')) {
        match word {
            "in" => ask |= IN,
            "out" => ask |= OUT,
            "rdhup" => ask |= RDHUP,
            "edge" => edge = true,
            "oneshot" | "exclusive" => return None,
            _ => {} // errors and hang-ups are told unasked, and of urgent data nobody is
        }
    }
    edge.then_some(ask)
}

fn interest(ask: u8) -> Interest {
    match (ask & (IN | RDHUP) != 0, ask & OUT != 0) {
        (true, true) => Interest::READABLE | Interest::WRITABLE,
        (false, true) => Interest::WRITABLE,
        _ => Interest::READABLE,
    }
}

/// An event in the bits of the protocol, None if nothing in it was asked for. What is closed for reading and for writing is hung up.
fn told(event: &Event, ask: u8) -> Option<u8> {
    let says = [
        (IN, event.is_readable()),
        (OUT, event.is_writable()),
        (PRI, event.is_priority()),
        (RDHUP, event.is_read_closed() && ask & RDHUP != 0),
        (ERR, event.is_error()),
        (HUP, event.is_read_closed() && event.is_write_closed()),
    ];
    let unasked = ask & IN == 0 && interest(ask).is_readable();
    let bits = says.iter().filter(|(bit, is)| *is && !(unasked && *bit == IN)).fold(0, |bits, (bit, _)| bits | bit);
    (bits != 0 || !unasked).then_some(bits)
}

fn written((token, bits): &(Token, u8)) -> String {
    let words: Vec<String> = (0..WORDS.len()).filter(|i| bits & (1 << i) != 0).map(|i| format!("\"{}\"", WORDS[i])).collect();
    format!("{{\"token\":\"{:#x}\",\"events\":[{}]}}", token.0, words.join(","))
}

impl Poller {
    fn new() -> io::Result<Poller> {
        let poll = Poll::new()?;
        let registry = poll.registry().try_clone()?;
        let waker = Waker::new(&registry, Token(usize::MAX))?;
        Ok(Poller { poll: Mutex::new(poll), registry, waker, asked: Mutex::default(), closed: AtomicBool::new(false) })
    }

    fn set(&self, fd: RawFd, token: Token, ask: u8, add: bool) -> io::Result<()> {
        let mut asked = self.asked.lock().unwrap();
        if add {
            self.registry.register(&mut SourceFd(&fd), token, interest(ask))?;
        } else {
            self.registry.reregister(&mut SourceFd(&fd), token, interest(ask))?;
        }
        asked.insert(token, ask);
        Ok(())
    }

    /// Answers a wait. Where something that came was not asked for, it goes on: for the first event, or for others that there is room for.
    fn wait(&self, most: usize, timeout: i64) -> String {
        let until = u64::try_from(timeout).ok().map(|t| Instant::now() + Duration::from_millis(t));
        let mut ready: Vec<(Token, u8)> = Vec::new();
        let mut poll = self.poll.lock().unwrap();
        loop {
            let room = most - ready.len();
            let mut events = Events::with_capacity(room);
            // what is below a millisecond mio 0.8.4 cuts off
            let left = until.map(|t| Duration::from_micros(t.saturating_duration_since(Instant::now()).as_micros() as u64 + 999));
            match poll.poll(&mut events, if ready.is_empty() { left } else { Some(Duration::ZERO) }) {
                Err(e) if e.kind() == io::ErrorKind::Interrupted => continue,
                Err(e) => return failure(&e),
                Ok(()) if self.closed.load(Ordering::SeqCst) => return status("closed"),
                Ok(()) => {}
            }
            let asked = self.asked.lock().unwrap();
            for event in &events {
                let token = event.token();
                match (told(event, asked.get(&token).copied().unwrap_or(IN | OUT)), ready.iter_mut().find(|r| r.0 == token)) {
                    (Some(bits), Some(before)) => before.1 |= bits,
                    (Some(bits), None) => ready.push((token, bits)),
                    (None, _) => {}
                }
            }
            let all = events.iter().count() < room;
            if ready.len() == most || all && !ready.is_empty() {
                return format!(",\"ready\":[{}]", ready.iter().map(written).collect::<Vec<_>>().join(","));
            }
            if all && until.is_some_and(|t| Instant::now() >= t) {
                return status("timedout");
            }
        }
    }
}

impl Adapter {
    fn close_poller(&mut self, n: i64) -> io::Result<()> {
        if let Some(p) = self.pollers.insert(n, None).flatten() {
            self.forget(p.registry.as_raw_fd());
            p.closed.store(true, Ordering::SeqCst);
            p.waker.wake()?;
        }
        Ok(())
    }

    /// Has no poller watch a descriptor any longer.
    fn forget(&self, fd: RawFd) {
        for p in self.pollers.values().flatten() {
            let _ = p.registry.deregister(&mut SourceFd(&fd)); // few of them do
        }
    }

    fn reset(&mut self) -> io::Result<()> {
        *self.out.lock().unwrap() += 1; // which ends those that wait
        for n in self.pollers.keys().copied().collect::<Vec<_>>() {
            self.close_poller(n)?;
        }
        self.pollers.clear();
        self.socks.clear();
        Ok(())
    }

    fn keep(&mut self, n: i64, fd: OwnedFd) {
        self.socks.insert(n, Some(fd));
    }

    fn hello(&self) -> String {
        let release = std::fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
        let release: Vec<&str> = release.split(['.', '-']).take(2).collect();
        format!(
            ",\"protocol\":1,\"name\":\"mio\",\"version\":\"{}\",\"os\":\"{} {}\",\
             \"capabilities\":[\"poller\",\"accept\",\"connect\",\"shutdown\",\"datagram\",\"duplicate\",\"nested\",\"edge\",\"rdhup\"{}],\
             \"axes\":{{\"consumers\":\"1\",\"level\":\"no\"}}",
            option_env!("MIO_VERSION").unwrap_or("0.8"),
            std::env::consts::OS,
            release.join("."),
            if has_ipv6() { ",\"ipv6\"" } else { "" },
        )
    }

    fn on_poller(&mut self, what: &str, line: &str) -> Answer {
        let said = |word: &str| Ok(Some(status(word)));
        let n = number(line, "poller");
        let Some(p) = self.pollers.get(&n).cloned().flatten() else { return said("closed") };
        match what {
            "wait-ready" => {
                let (id, most, timeout) = (number(line, "id"), number(line, "max") as usize, number(line, "timeout"));
                let (out, resets) = (self.out.clone(), *self.out.lock().unwrap());
                thread::spawn(move || {
                    let answer = p.wait(most, timeout);
                    let now = out.lock().unwrap();
                    if *now == resets {
                        write(id, &answer);
                    }
                });
                return Ok(None);
            }
            "close-poller" => self.close_poller(n)?,
            _ => {
                let fd = if field(line, "inner").is_some() {
                    self.pollers.get(&number(line, "inner")).and_then(|p| p.as_ref()).map(|p| p.registry.as_raw_fd())
                } else {
                    self.socks.get(&number(line, "socket")).and_then(|s| s.as_ref()).map(|s| s.as_raw_fd())
                };
                let Some(fd) = fd else { return said("closed") };
                if what == "remove" {
                    p.registry.deregister(&mut SourceFd(&fd))?;
                } else {
                    let token = field(line, "token").and_then(|t| usize::from_str_radix(t.trim_start_matches("0x"), 16).ok()).unwrap_or(0);
                    let Some(ask) = asked(line) else { return said("unsupported") };
                    p.set(fd, Token(token), ask, what == "add")?;
                }
            }
        }
        Ok(Some(String::new()))
    }

    /// Does what a request asks for.
    fn answer(&mut self, line: &str) -> Answer {
        let (number, text) = (|name| number(line, name), |name| field(line, name).unwrap_or(""));
        let what = text("do");
        let say = |rest: String| Ok(Some(rest));
        match what {
            "hello" => return say(self.hello()),
            "ping" => return say(String::new()),
            "reset" => {
                self.reset()?;
                return say(String::new());
            }
            "poller" => {
                self.pollers.insert(number("poller"), Some(Arc::new(Poller::new()?)));
                return say(String::new());
            }
            "socket" => {
                self.keep(number("socket"), socket(text("net"))?);
                return say(String::new());
            }
            "add" | "modify" | "remove" | "wait-ready" | "close-poller" => return self.on_poller(what, line),
            _ => {}
        }
        let fd = match self.socks.get(&number("socket")) {
            Some(Some(s)) => s.as_raw_fd(),
            Some(None) => return say(status("closed")),
            None => return say(status("unsupported")),
        };
        match what {
            "bind" => drop(bind(fd, &Address::read(text("address"))?)?),
            "listen" => drop(checked(unsafe { libc::listen(fd, number("backlog") as c_int) } as isize)?),
            "local" | "peer" => return say(format!(",\"address\":{}", name(fd, what == "peer")?.written())),
            "shutdown" => {
                let side = match text("side") {
                    "receive" => libc::SHUT_RD,
                    "send" => libc::SHUT_WR,
                    _ => libc::SHUT_RDWR,
                };
                checked(unsafe { libc::shutdown(fd, side) } as isize)?;
            }
            "close" => {
                self.forget(fd);
                self.socks.insert(number("socket"), None);
            }
            "dup" => {
                let made = self.socks[&number("socket")].as_ref().map(OwnedFd::try_clone).transpose()?;
                self.socks.insert(number("as"), made);
            }
            "try-accept" => {
                let (made, from) = accept(fd)?;
                self.keep(number("as"), made);
                return say(format!(",\"from\":{}", from.written()));
            }
            "try-connect" => {
                let to = Address::read(text("to"))?;
                checked(unsafe { libc::connect(fd, to.at(), to.len) } as isize)?;
            }
            "try-recv" => {
                let (data, ..) = receive(fd, number("length") as usize, false)?;
                return say(format!(",\"data\":\"{}\"", encode(&data)));
            }
            "try-recvfrom" => {
                let (data, size, from) = receive(fd, number("length") as usize, true)?;
                let cut = if size > data.len() { status("truncated") } else { String::new() };
                return say(format!(",\"data\":\"{}\",\"from\":{}{cut}", encode(&data), from.written()));
            }
            "try-send" => return say(format!(",\"bytes\":{}", send(fd, &decode(text("data")), None)?)),
            "try-sendto" => return say(format!(",\"bytes\":{}", send(fd, &decode(text("data")), Some(Address::read(text("to"))?))?)),
            _ => return say(status("unsupported")),
        }
        say(String::new())
    }
}

fn main() {
    let mut adapter = Adapter::default();
    for line in io::stdin().lock().lines().map_while(Result::ok) {
        let answer = adapter.answer(&line).unwrap_or_else(|e| Some(failure(&e)));
        if let Some(rest) = answer {
            let _writing = adapter.out.lock().unwrap();
            write(number(&line, "id"), &rest);
        }
    }
}
