import java.io.*;
import java.net.*;
import java.nio.ByteBuffer;
import java.nio.channels.*;
import java.nio.charset.StandardCharsets;
import java.util.*;
import java.util.concurrent.*;

/**
 * Adapter for Java's asynchronous channels (NIO.2). Operations have completion handlers, which the threads of one channel group call; with --futures they
 * have futures, for only a future can be cancelled.
 *
 * What the channels do not have is bookkeeping here: ports and keys are numbers, and accepts and sends of one socket take turns, because a second one
 * would be an AcceptPendingException or a WritePendingException; a shutdown waits for the sends before it, as what becomes of them else is "not specified"
 * (AsynchronousSocketChannel.shutdownOutput). A second receive is a ReadPendingException and refused.
 */
public class Adapter {
	static boolean futures;
	static AsynchronousChannelGroup group;
	static final ExecutorService waiters = Executors.newCachedThreadPool(Worker::new);
	static final Map<Long, Port> ports = new HashMap<>();
	static final Map<Long, Sock> socks = new ConcurrentHashMap<>();
	static final List<Op> served = new ArrayList<>(); // receives of this case whose packet is out
	static final PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8);
	static int epoch; // cases so far; guarded by out
	static final byte FILL = (byte) 0xA5;

	static final class Port {
		boolean closed;
	}

	/** An operation, from its start until its packet. */
	static final class Op implements CompletionHandler<Object, Void> {
		final String what, token;
		final Sock sock;
		final Map<String, Object> m;
		final int born;
		ByteBuffer buf;
		byte[] kept;
		Future<?> future;

		Op(Sock sock, Map<String, Object> m) {
			this.sock = sock;
			this.m = m;
			what = (String) m.get("do");
			token = (String) m.get("token");
			born = epoch;
			if (what.equals("recv")) { // a direct buffer is the one that the kernel fills
				buf = ByteBuffer.allocateDirect((int) num(m, "length"));
				while (buf.hasRemaining()) buf.put(FILL);
				buf.clear();
			} else if (what.equals("send")) {
				buf = ByteBuffer.wrap(Base64.getDecoder().decode((String) m.get("data")));
			}
		}

		/** Itself, as what the channel wants for this result. */
		@SuppressWarnings("unchecked")
		<T> CompletionHandler<T, Void> me() {
			return (CompletionHandler<T, Void>) (CompletionHandler<?, Void>) this;
		}

		/** Starts it. What the channel throws is a refusal. */
		void begin() throws IOException {
			AsynchronousSocketChannel s = sock.stream;
			switch (what) {
			case "accept":
				if (futures) future = sock.listener.accept();
				else sock.listener.accept(null, me());
				break;
			case "connect":
				if (futures) future = s.connect(address(m, "to"));
				else s.connect(address(m, "to"), null, me());
				break;
			case "recv":
				if (futures) future = s.read(buf);
				else s.read(buf, null, me());
				break;
			default:
				if (futures) future = s.write(buf);
				else s.write(buf, null, me());
			}
			if (futures) waiters.execute(this::await);
		}

		void await() {
			try {
				completed(future.get(), null);
			} catch (ExecutionException e) {
				failed(e.getCause(), null);
			} catch (Exception e) {
				failed(e, null);
			}
		}

		@Override
		public void completed(Object result, Void nothing) {
			StringBuilder p = packet();
			if (what.equals("accept")) {
				AsynchronousSocketChannel c = (AsynchronousSocketChannel) result;
				synchronized (out) {
					if (born != epoch) {
						shut(c);
						return;
					}
					socks.put(num(m, "as"), new Sock(c));
				}
				p.append(",\"socket\":").append(num(m, "as"));
				try {
					p.append(",\"from\":\"").append(written(c.getRemoteAddress())).append('"');
				} catch (IOException gone) { // the connection is there no more, and neither is its address
				}
			} else if (buf != null) {
				int n = Math.max(0, (Integer) result); // -1 is the end
				p.append(",\"bytes\":").append(n);
				if (what.equals("recv")) shown(p, n);
			}
			end(p);
		}

		@Override
		public void failed(Throwable e, Void nothing) {
			StringBuilder p = packet();
			p.append(",\"status\":\"").append(status(e)).append("\",\"bytes\":0");
			if (what.equals("recv")) shown(p, 0);
			end(p);
		}

		StringBuilder packet() {
			return new StringBuilder("{\"key\":\"").append(sock.key).append("\",\"token\":\"").append(token).append('"');
		}

		/** Shows the buffer, and keeps it to look at once more. */
		void shown(StringBuilder p, int n) {
			kept = bytes();
			p.append(",\"data\":\"").append(Base64.getEncoder().encodeToString(Arrays.copyOf(kept, n))).append('"');
			boolean changed = false;
			for (int i = n; i < kept.length; i++) changed |= kept[i] != FILL;
			if (n < kept.length) p.append(",\"beyond\":\"").append(changed ? "changed" : "intact").append('"');
		}

		byte[] bytes() {
			byte[] b = new byte[buf.capacity()];
			buf.get(0, b);
			return b;
		}

		void end(StringBuilder p) {
			synchronized (out) {
				if (born != epoch) return;
				if (kept != null) served.add(this);
				String worker = Thread.currentThread() instanceof Worker w ? ",\"worker\":" + w.number : "";
				say("{\"do\":\"deliver\",\"port\":" + sock.port + worker + ",\"packets\":[" + p + "}]}");
			}
			sock.ended(this);
		}

		String status(Throwable e) {
			if (e instanceof CancellationException || e instanceof AsynchronousCloseException) return "aborted";
			if (e instanceof ClosedChannelException) // a channel that is open has had its output shut down
				return sock.stream != null && sock.stream.isOpen() ? "shutdown" : sock.closed ? "aborted" : "closed";
			return word(e);
		}
	}

	static final class Sock {
		String key, net;
		long port;
		boolean closed;
		InetSocketAddress bound;
		AsynchronousSocketChannel stream;
		AsynchronousServerSocketChannel listener;
		final List<Op> turns = new ArrayList<>(); // accepts or sends, the first one begun
		final List<Op> others = new ArrayList<>();
		Op shutBehind; // the send that the output is shut down behind

		Sock(AsynchronousSocketChannel stream) {
			this.stream = stream;
		}

		synchronized String start(Op o) throws IOException {
			boolean takesTurn = o.what.equals("accept") || o.what.equals("send");
			if (closed) return "{\"status\":\"closed\"";
			if (o.what.equals("accept") ? listener == null : listener != null) return "{\"status\":\"invalid\"";
			if (stream == null && o.what.equals("connect")) stream = AsynchronousSocketChannel.open(group);
			if (stream == null && listener == null) return "{\"status\":\"notconnected\"";
			(takesTurn ? turns : others).add(o);
			if (!takesTurn || turns.size() == 1) {
				try {
					o.begin();
				} catch (Throwable e) {
					(takesTurn ? turns : others).remove(o);
					throw e;
				}
			}
			return "{";
		}

		synchronized void shutdown(String side) throws IOException {
			if (closed) throw new ClosedChannelException(); // sends whose packets are still to come keep their turns
			if (!side.equals("send")) stream.shutdownInput();
			if (side.equals("receive")) return;
			if (turns.isEmpty()) stream.shutdownOutput();
			else if (shutBehind == null) shutBehind = turns.get(turns.size() - 1); // one that waits already goes on waiting where it is
		}

		/** Begins the next one, under the lock, so that a cancel finds it begun or not. */
		synchronized void ended(Op o) {
			others.remove(o);
			if (!turns.remove(o)) return;
			try {
				if (o == shutBehind && !closed) stream.shutdownOutput();
			} catch (IOException e) {
				System.err.println("shutdownOutput: " + e);
			}
			if (turns.isEmpty()) return;
			Op next = turns.get(0);
			try {
				next.begin();
			} catch (Throwable e) {
				next.failed(e, null);
			}
		}

		synchronized List<Op> outstanding() {
			List<Op> all = new ArrayList<>(turns);
			all.addAll(others);
			return all;
		}

		/** Cancels those that it can, of one token or of all. Those whose turn has not come are none of the channel's; they go first, else their turn would come. */
		boolean cancel(String token) {
			boolean any = false;
			List<Op> all = outstanding();
			Collections.reverse(all);
			for (Op o : all) {
				if (token != null && !o.token.equals(token)) continue;
				Future<?> f;
				synchronized (this) {
					f = o.future;
					int at = turns.indexOf(o);
					if (f == null && at < 0) continue;
					if (f == null && o == shutBehind && at > 0) shutBehind = turns.get(at - 1);
					if (f == null) turns.remove(o);
				}
				if (f == null) o.failed(new CancellationException(), null);
				any |= f == null || f.cancel(false);
			}
			return any;
		}

		void close() {
			synchronized (this) {
				closed = true;
			}
			shut(stream);
			shut(listener);
		}
	}

	static void shut(Channel c) {
		try {
			if (c != null) c.close();
		} catch (IOException e) {
			System.err.println("close: " + e);
		}
	}

	static String word(Throwable e) {
		String s = String.valueOf(e.getMessage());
		if (e instanceof ReadPendingException || e instanceof ConnectionPendingException) return "busy";
		if (e instanceof NotYetConnectedException) return "notconnected";
		if (e instanceof AlreadyConnectedException) return "connected";
		if (e instanceof ClosedChannelException) return "closed";
		if (e instanceof UnsupportedAddressTypeException) return "unsupported";
		if (e instanceof BindException && s.contains("in use")) return "inuse";
		if (e instanceof NoRouteToHostException || s.contains("unreachable")) return "unreachable";
		if (s.contains("refused")) return "refused";
		if (s.contains("reset") || s.contains("Broken pipe")) return "reset"; // Java has no class of its own for these
		if (s.contains("timed out")) return "timedout";
		if (s.contains("Too many open files")) return "noresources";
		System.err.println(e);
		return "invalid";
	}

	static String run(Map<String, Object> m) throws Exception {
		String what = (String) m.get("do");
		switch (what) {
		case "hello": return hello();
		case "ping": return "{";
		case "reset": return reset();
		case "port":
			ports.put(num(m, "port"), new Port());
			return "{";
		case "close-port":
			Port p = ports.get(num(m, "port"));
			if (p.closed) return "{\"status\":\"closed\"";
			p.closed = true;
			return "{";
		case "socket":
			if (!((String) m.get("net")).startsWith("tcp")) return "{\"status\":\"unsupported\"";
			socks.put(num(m, "socket"), new Sock(null));
			return "{";
		}
		Sock s = socks.get(num(m, "socket"));
		if (s == null) return "{\"status\":\"unsupported\"";
		switch (what) {
		case "associate":
			if (s.closed || ports.get(num(m, "port")).closed) return "{\"status\":\"closed\"";
			if (s.key != null) return "{\"status\":\"invalid\"";
			s.port = num(m, "port");
			s.key = (String) m.get("key");
			return "{";
		case "bind": // what the socket is to be is not known before listen or connect
			if (s.closed) return "{\"status\":\"closed\"";
			if (s.stream == null) s.stream = AsynchronousSocketChannel.open(group);
			s.bound = address(m, "address");
			s.stream.bind(s.bound);
			return "{";
		case "listen":
			if (s.stream == null) return "{\"status\":\"invalid\"";
			shut(s.stream);
			s.stream = null;
			s.listener = AsynchronousServerSocketChannel.open(group).bind(s.bound, (int) num(m, "backlog"));
			return "{";
		case "local":
			SocketAddress at = s.listener != null ? s.listener.getLocalAddress() : s.stream == null ? null : s.stream.getLocalAddress();
			return at == null ? "{\"status\":\"invalid\"" : "{\"address\":\"" + written(at) + '"';
		case "peer":
			at = s.stream == null ? null : s.stream.getRemoteAddress();
			return at == null ? "{\"status\":\"notconnected\"" : "{\"address\":\"" + written(at) + '"';
		case "shutdown":
			if (s.stream == null) return "{\"status\":\"notconnected\"";
			s.shutdown((String) m.get("side"));
			return "{";
		case "close":
			if (s.closed) return "{\"status\":\"closed\"";
			s.close();
			return "{";
		case "cancel": case "cancel-all":
			if (futures) return s.cancel((String) m.get("token")) ? "{" : "{\"status\":\"notfound\"";
			break;
		case "accept": case "connect": case "recv": case "send":
			if (m.containsKey("into") || m.containsKey("length") && what.equals("accept") || m.containsKey("waitall") || m.containsKey("data") && what.equals("connect")) break;
			if (s.key == null) return "{\"status\":\"invalid\"";
			return s.start(new Op(s, m));
		}
		return "{\"status\":\"unsupported\"";
	}

	static String hello() {
		String release = System.getProperty("os.version").split("-")[0].replaceAll("^(\\d+\\.\\d+).*", "$1");
		return "{\"protocol\":1,\"name\":\"nio2" + (futures ? "-futures" : "") + "\",\"version\":\"" + System.getProperty("java.version")
			+ "\",\"os\":\"" + System.getProperty("os.name").toLowerCase(Locale.ROOT) + " " + release + "\",\"capabilities\":[\"accept\",\"connect\",\"shutdown\",\"workers\""
			+ (futures ? ",\"cancel\",\"cancel-all\"" : "") + (six() ? ",\"ipv6\"" : "") + "],\"axes\":{\"delivery\":\"push\",\"receives\":\"1\",\"send\":\"short\""
			+ ",\"zero-receive\":\"at-once\",\"inline\":\"never\",\"after-reset\":\"end\"" // the kernel tells of a reset once
			+ (futures ? ",\"after-cancel\":\"unspecified\"" : "") + "}"; // further reads throw
	}

	static boolean six() {
		try {
			new ServerSocket(0, 1, InetAddress.getByName("::1")).close();
			return true;
		} catch (IOException e) {
			return false;
		}
	}

	static String reset() {
		for (Sock s : socks.values()) s.close();
		List<String> late = new ArrayList<>();
		synchronized (out) {
			epoch++;
			for (Op o : served) if (!Arrays.equals(o.kept, o.bytes())) late.add('"' + o.token + '"');
			served.clear();
		}
		socks.clear();
		ports.clear();
		return late.isEmpty() ? "{" : "{\"late\":[" + String.join(",", late) + "]";
	}

	static void say(String line) {
		synchronized (out) {
			out.print(line + "\n");
			out.flush();
		}
	}

	/** A thread that calls back, by its number. */
	static final class Worker extends Thread {
		static int all;
		final int number;

		Worker(Runnable r) {
			super(r);
			setDaemon(true);
			synchronized (Worker.class) {
				number = all++;
			}
		}
	}

	static String written(SocketAddress a) {
		InetSocketAddress i = (InetSocketAddress) a;
		String host = i.getAddress().getHostAddress();
		return (host.contains(":") ? "[" + host + "]" : host) + ":" + i.getPort();
	}

	static InetSocketAddress address(Map<String, Object> m, String field) throws UnknownHostException {
		String s = (String) m.get(field);
		int colon = s.lastIndexOf(':');
		return new InetSocketAddress(InetAddress.getByName(s.substring(0, colon).replaceAll("[\\[\\]]", "")), Integer.parseInt(s.substring(colon + 1)));
	}

	static long num(Map<String, Object> m, String field) {
		return m.containsKey(field) ? (Long) m.get(field) : -1;
	}

	/** Reads one flat object of strings, integers, true and false. Requests have nothing else, and no escapes in strings. */
	static Map<String, Object> parse(String line) {
		Map<String, Object> m = new HashMap<>();
		int i = line.indexOf('{') + 1;
		while (line.charAt(i) != '}') {
			int name = line.indexOf('"', i) + 1, colon = line.indexOf('"', name) + 1, end;
			String field = line.substring(name, colon - 1);
			i = line.indexOf(':', colon) + 1;
			if (line.charAt(i) == '"') {
				end = line.indexOf('"', i + 1) + 1;
				m.put(field, line.substring(i + 1, end - 1));
			} else {
				for (end = i; ",}".indexOf(line.charAt(end)) < 0; ) end++;
				String v = line.substring(i, end).trim();
				m.put(field, v.equals("true") || v.equals("false") ? (Object) v.equals("true") : (Object) Long.valueOf(v));
			}
			i = line.charAt(end) == ',' ? end + 1 : end;
		}
		return m;
	}

	public static void main(String[] args) throws IOException {
		futures = Arrays.asList(args).contains("--futures");
		group = AsynchronousChannelGroup.withFixedThreadPool(2, Worker::new);
		BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
		for (String line; (line = in.readLine()) != null; ) {
			Map<String, Object> m = parse(line);
			String answer;
			try {
				answer = run(m);
			} catch (Exception e) {
				answer = "{\"status\":\"" + word(e) + '"';
			}
			say(answer + (answer.length() > 1 ? "," : "") + "\"id\":" + m.get("id") + "}");
		}
		System.exit(0);
	}
}
