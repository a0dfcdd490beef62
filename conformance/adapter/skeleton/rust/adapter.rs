//! An ioconform adapter to begin with: accept, recv and send work, over non-blocking sockets that are tried every millisecond. Your library goes where it
//! says YOURS. The standard library, nothing else.

use std::collections::{HashMap, HashSet, VecDeque};
use std::io::{self, BufRead, ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{channel, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

#[derive(Default)]
struct Port {
    closed: bool,
    packets: VecDeque<String>,
    waits: VecDeque<Wait>,
}

struct Wait {
    id: i64,
    most: usize,
    until: Option<Instant>,
}

#[derive(Default)]
struct Sock {
    listener: Option<TcpListener>, // of one that is bound: the standard library has no socket that is bound and does not listen
    stream: Option<TcpStream>,     // of one that was accepted
    closed: bool,
    port: Option<i64>,
    key: String,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum What {
    Accept,
    Recv,
    Send,
}

struct Operation {
    socket: i64,
    what: What,
    token: String,
    accepted: i64,
    data: Vec<u8>, // to send, or room to receive
    sent: usize,
}

#[derive(Default)]
struct Adapter {
    ports: HashMap<i64, Port>,
    socks: HashMap<i64, Sock>,
    started: VecDeque<Operation>, // and not over, in the order of the starts
}

/// A request is a flat object, and no string in it has an escape: a field is found by its name.
fn field<'a>(line: &'a str, name: &str) -> Option<&'a str> {
    let want = format!("\"{name}\":");
    let value = &line[line.find(&want)? + want.len()..];
    match value.strip_prefix('"') {
        Some(text) => text.split('"').next(),
        None => value.split([',', '}']).next(),
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
        v = v << 6 | DIGITS.iter().position(|d| *d == c).unwrap_or(0) as u32;
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
    let word = match e.kind() {
        ErrorKind::ConnectionReset | ErrorKind::BrokenPipe => "reset",
        ErrorKind::AddrInUse => "inuse",
        _ => "invalid",
    };
    match e.raw_os_error() {
        Some(n) if cfg!(unix) => format!("{},\"native\":{n},\"space\":\"errno\"", status(word)),
        _ => status(word),
    }
}

fn say(id: i64, rest: &str) {
    println!("{{\"id\":{id}{rest}}}");
}

impl Sock {
    /// Moves an operation on, and returns the rest of its packet, or WouldBlock while it is not over; an accept brings a socket. YOURS: a library that
    /// completes by itself calls Adapter::over instead.
    fn attempt(&mut self, o: &mut Operation) -> io::Result<(String, Option<Sock>)> {
        match (o.what, &self.listener, &mut self.stream) {
            (What::Accept, Some(listener), _) => {
                let (stream, from) = listener.accept()?;
                stream.set_nonblocking(true)?;
                let rest = format!(",\"socket\":{},\"from\":\"{from}\"", o.accepted);
                Ok((rest, Some(Sock { stream: Some(stream), ..Sock::default() })))
            }
            (What::Recv, _, Some(stream)) => {
                let n = stream.read(&mut o.data)?;
                Ok((format!(",\"data\":\"{}\"", encode(&o.data[..n])), None))
            }
            (What::Send, _, Some(stream)) => {
                while o.sent < o.data.len() {
                    o.sent += stream.write(&o.data[o.sent..])?;
                }
                Ok((format!(",\"bytes\":{}", o.sent), None))
            }
            _ => Err(ErrorKind::NotConnected.into()),
        }
    }
}

impl Adapter {
    /// Queues the packet of an operation, of which rest is what differs.
    fn over(&mut self, o: &Operation, rest: &str) {
        let s = &self.socks[&o.socket];
        if let Some(p) = s.port.and_then(|n| self.ports.get_mut(&n)) {
            p.packets.push_back(format!("{{\"key\":\"{}\",\"token\":\"{}\"{rest}}}", s.key, o.token));
        }
    }

    fn start(&mut self, what: What, line: &str) -> String {
        let socket = number(line, "socket");
        let s = &self.socks[&socket];
        if s.port.is_none() || what == What::Accept && s.listener.is_none() {
            return status("invalid");
        }
        if what != What::Accept && s.stream.is_none() {
            return status("notconnected");
        }
        let data = match what {
            What::Accept => Vec::new(),
            What::Recv => vec![0; number(line, "length") as usize],
            What::Send => decode(field(line, "data").unwrap_or("")),
        };
        let token = field(line, "token").unwrap_or("").to_string();
        self.started.push_back(Operation { socket, what, token, accepted: number(line, "as"), data, sent: 0 });
        String::new()
    }

    fn close(&mut self, socket: i64) {
        let (gone, kept): (VecDeque<_>, VecDeque<_>) = self.started.drain(..).partition(|o| o.socket == socket);
        self.started = kept;
        for o in gone {
            self.over(&o, &status("aborted"));
        }
        if let Some(s) = self.socks.get_mut(&socket) {
            (s.listener, s.stream, s.closed) = (None, None, true); // YOURS
        }
    }

    /// Does what a request asks for; returns what its answer says besides the number, or None if it comes later.
    fn answer(&mut self, line: &str) -> io::Result<Option<String>> {
        let (number, field) = (|name| number(line, name), |name| field(line, name));
        let what = field("do").unwrap_or("");
        let done = Ok(Some(String::new()));
        let said = |word: &str| Ok(Some(status(word)));
        match what {
            "hello" => {
                let os = std::env::consts::OS; // YOURS, as are the name and the version
                return Ok(Some(format!(
                    ",\"protocol\":1,\"name\":\"mine\",\"version\":\"0.1\",\"os\":\"{os}\",\"capabilities\":[\"accept\"],\
                     \"axes\":{{\"buffer\":\"backend\",\"zero-receive\":\"at-once\",\"inline\":\"never\",\"after-reset\":\"end\"}}"
                )));
            }
            "ping" => return done,
            "reset" => {
                *self = Adapter::default();
                return done;
            }
            "port" => {
                self.ports.insert(number("port"), Port::default());
                return done;
            }
            "socket" if field("net") == Some("tcp4") => {
                self.socks.insert(number("socket"), Sock::default());
                return done;
            }
            _ => {}
        }
        let (p, s) = (self.ports.get_mut(&number("port")), self.socks.get_mut(&number("socket")));
        if p.as_ref().is_some_and(|p| p.closed) || s.as_ref().is_some_and(|s| s.closed) {
            return said("closed");
        }
        match (what, p, s) {
            ("wait", Some(p), _) => {
                let until = u64::try_from(number("timeout")).ok().map(|t| Instant::now() + Duration::from_millis(t));
                p.waits.push_back(Wait { id: number("id"), most: number("max") as usize, until });
                return Ok(None);
            }
            ("close-port", Some(p), _) => p.closed = true,
            ("associate", Some(_), Some(s)) => {
                if s.port.is_some() {
                    return said("invalid");
                }
                s.port = Some(number("port"));
                s.key = field("key").unwrap_or("").to_string();
            }
            ("bind", _, Some(s)) => {
                let listener = TcpListener::bind(field("address").unwrap_or(""))?; // YOURS
                listener.set_nonblocking(true)?;
                s.listener = Some(listener);
            }
            ("listen", _, Some(s)) if s.listener.is_some() => {}
            ("local", _, Some(s)) => {
                let address = match (&s.listener, &s.stream) {
                    (Some(listener), _) => listener.local_addr()?,
                    (_, Some(stream)) => stream.local_addr()?,
                    _ => return said("invalid"),
                };
                return Ok(Some(format!(",\"address\":\"{address}\"")));
            }
            ("accept", _, Some(_)) if field("into").is_none() && field("length").is_none() => return Ok(Some(self.start(What::Accept, line))),
            ("recv", _, Some(_)) if field("waitall").is_none() => return Ok(Some(self.start(What::Recv, line))),
            ("send", _, Some(_)) => return Ok(Some(self.start(What::Send, line))),
            ("close", _, Some(_)) => self.close(number("socket")),
            _ => return said("unsupported"),
        }
        done
    }

    /// Moves on what was started, in the order of the starts; behind one that waits, operations of its kind on its socket wait too.
    fn turn(&mut self) {
        let mut waiting = HashSet::new();
        for mut o in std::mem::take(&mut self.started) {
            let result = match self.socks.get_mut(&o.socket) {
                Some(s) if !waiting.contains(&(o.socket, o.what)) => s.attempt(&mut o),
                _ => Err(ErrorKind::WouldBlock.into()),
            };
            match result {
                Ok((rest, accepted)) => {
                    if let Some(s) = accepted {
                        self.socks.insert(o.accepted, s);
                    }
                    self.over(&o, &rest);
                }
                Err(e) if matches!(e.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted) => {
                    waiting.insert((o.socket, o.what));
                    self.started.push_back(o);
                }
                Err(e) => self.over(&o, &failure(&e)),
            }
        }
        for p in self.ports.values_mut() {
            for w in std::mem::take(&mut p.waits) {
                if !p.packets.is_empty() {
                    let taken: Vec<String> = p.packets.drain(..w.most.min(p.packets.len())).collect();
                    say(w.id, &format!(",\"packets\":[{}]", taken.join(",")));
                } else if p.closed {
                    say(w.id, &status("abandoned"));
                } else if w.until.is_some_and(|t| Instant::now() >= t) {
                    say(w.id, &status("timedout"));
                } else {
                    p.waits.push_back(w);
                }
            }
        }
    }
}

fn main() {
    let (sender, lines) = channel();
    thread::spawn(move || io::stdin().lock().lines().map_while(Result::ok).for_each(|line| sender.send(line).unwrap_or(())));
    let mut adapter = Adapter::default();
    loop {
        let busy = !adapter.started.is_empty() || adapter.ports.values().any(|p| !p.waits.is_empty());
        let line = match lines.recv_timeout(Duration::from_millis(if busy { 1 } else { 60_000 })) {
            Ok(line) => line,
            Err(RecvTimeoutError::Timeout) => String::new(),
            Err(RecvTimeoutError::Disconnected) => return,
        };
        if !line.is_empty() {
            let answer = adapter.answer(&line).unwrap_or_else(|e| Some(failure(&e)));
            if let Some(rest) = answer {
                say(number(&line, "id"), &rest);
            }
        }
        adapter.turn();
    }
}
