import java.io.*;
import java.net.*;
import java.nio.ByteBuffer;
import java.nio.channels.*;
import java.nio.charset.StandardCharsets;
import java.util.*;
import java.util.concurrent.atomic.AtomicLong;

/** Lets ioconform judge java.nio.channels.Selector, as a readiness back end. */
public class Adapter {
    public static void main(String[] args) throws IOException {
        Adapter adapter = new Adapter();
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line; (line = in.readLine()) != null; ) {
            Request request = new Request(Json.parse(line));
            String answer;
            try {
                answer = adapter.handle(request);
            } catch (Refusal r) {
                answer = field("status", r.status);
            } catch (Exception e) {
                String status = statusOf(e);
                answer = status != null ? field("status", status) : field("error", e.toString());
            }
            if (answer != null) adapter.write(request.id(), answer);
        }
        System.exit(0);
    }

    // ---- what there is in a case

    /** What a key has attached: replaced as a whole by a modify, so that a wait sees the old one or the new one. */
    static final class Watch {
        final String token;
        final Set<String> ask;
        final AtomicLong turn; // the lowest is told of first, where there is no room for all; the same for all watches of a key
        Watch(Request r, AtomicLong turn) { token = r.text("token"); ask = Set.copyOf(r.list("ask")); this.turn = turn; }
    }

    /** A socket of the suite. One for TCP is a SocketChannel until it listens, since Java has a class of its own for listeners. */
    static final class Socket {
        final ProtocolFamily family;
        SelectableChannel channel;
        boolean closed, sendingOver;
        Socket(ProtocolFamily family, SelectableChannel channel) throws IOException {
            this.family = family;
            this.channel = channel;
            channel.configureBlocking(false);
        }
        SocketChannel stream() throws Refusal {
            if (channel instanceof ServerSocketChannel) throw new Refusal("notconnected");
            return as(SocketChannel.class);
        }
        <T> T as(Class<T> type) throws Refusal {
            if (!type.isInstance(channel)) throw new Refusal("invalid");
            return type.cast(channel);
        }
        boolean connecting() { return channel instanceof SocketChannel && ((SocketChannel) channel).isConnectionPending(); }
        int interest(Watch watch) {
            int ops = 0;
            if (watch.ask.contains("in")) ops |= channel instanceof ServerSocketChannel ? SelectionKey.OP_ACCEPT : SelectionKey.OP_READ;
            if (watch.ask.contains("out")) ops |= connecting() ? SelectionKey.OP_CONNECT : SelectionKey.OP_WRITE;
            return ops & channel.validOps();
        }
    }

    /** A Selector and what a program has to do to change its keys while a thread is in select(). */
    static final class Poller {
        final Selector selector;
        private final Object gate = new Object();
        private int visitors;
        private final AtomicLong turns = new AtomicLong();
        Poller() throws IOException { selector = Selector.open(); }

        SelectionKey keyOf(Socket socket) {
            SelectionKey key = socket.channel.keyFor(selector);
            return key != null && key.isValid() ? key : null;
        }
        void watch(Socket socket, Watch watch) throws IOException {
            socket.channel.register(selector, socket.interest(watch), watch);
            selector.wakeup(); // a select() under way does not see the new key
        }
        void change(SelectionKey key, Socket socket, Watch watch) {
            key.attach(watch);
            key.interestOps(socket.interest(watch));
            selector.wakeup();
        }
        /** Cancelled keys, and the channels behind them, are let go of by a selection only. Have one, between those of a thread that waits. */
        void letGo() throws IOException {
            synchronized (gate) { visitors++; }
            selector.wakeup();
            synchronized (selector) {
                selector.selectedKeys().clear();
                selector.selectNow();
            }
            synchronized (gate) { visitors--; gate.notifyAll(); }
        }
        /** Events as JSON, or null if the time is over. */
        String await(int max, long timeout) throws IOException, InterruptedException {
            long deadline = System.nanoTime() + timeout * 1_000_000;
            while (true) {
                synchronized (gate) { while (visitors > 0) gate.wait(); }
                long left = timeout < 0 ? 0 : Math.max(0, deadline - System.nanoTime());
                synchronized (selector) {
                    selector.selectedKeys().clear();
                    if (timeout >= 0 && left == 0) selector.selectNow();
                    else selector.select((left + 999_999) / 1_000_000);
                    String events = take(max);
                    if (!events.isEmpty()) return events;
                }
                if (timeout >= 0 && left == 0) return null;
            }
        }
        /** Up to max of what is selected, what was not told for the longest time first: a Selector brings everything, and knows no max. */
        private String take(int max) {
            List<SelectionKey> keys = new ArrayList<>(selector.selectedKeys());
            keys.removeIf(key -> key.attachment() == null);
            keys.sort(Comparator.comparingLong(key -> ((Watch) key.attachment()).turn.get()));
            StringJoiner events = new StringJoiner(",");
            int taken = 0;
            for (SelectionKey key : keys) {
                if (taken == max) break;
                try {
                    Watch watch = (Watch) key.attachment();
                    List<String> names = new ArrayList<>();
                    if ((key.readyOps() & (SelectionKey.OP_READ | SelectionKey.OP_ACCEPT)) != 0 && watch.ask.contains("in")) names.add("\"in\"");
                    if ((key.readyOps() & (SelectionKey.OP_WRITE | SelectionKey.OP_CONNECT)) != 0 && watch.ask.contains("out")) names.add("\"out\"");
                    if (names.isEmpty()) continue; // modified meanwhile
                    watch.turn.set(turns.incrementAndGet());
                    taken++;
                    events.add("{" + field("token", watch.token) + ",\"events\":[" + String.join(",", names) + "]}");
                } catch (CancelledKeyException e) {
                    continue; // removed, or closed, meanwhile
                }
            }
            return events.toString();
        }
    }

    private final Map<Long, Socket> sockets = new HashMap<>();
    private final Map<Long, Poller> pollers = new HashMap<>();
    private long cases; // guarded by out
    private final PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8);

    private void write(long id, String fields) {
        synchronized (out) {
            out.print("{\"id\":" + id + (fields.isEmpty() ? "" : "," + fields) + "}\n");
            out.flush();
        }
    }

    // ---- requests

    /** The fields of the answer besides id; null if it comes later. */
    private String handle(Request r) throws Exception {
        switch (r.text("do")) {
            case "hello":
                return hello();
            case "ping":
                return "";
            case "reset":
                synchronized (out) { cases++; } // no wait is answered from now on
                for (Socket socket : sockets.values()) socket.channel.close();
                for (Poller poller : pollers.values()) poller.selector.close();
                sockets.clear();
                pollers.clear();
                return "";
            case "poller":
                pollers.put(r.number("poller"), new Poller());
                return "";
            case "close-poller":
                poller(r).selector.close();
                return "";
            case "add": {
                refuseWhatIsNotDeclared(r);
                Poller poller = poller(r);
                Socket socket = socket(r);
                if (poller.keyOf(socket) != null) throw new Refusal("inuse");
                poller.watch(socket, new Watch(r, new AtomicLong(poller.turns.incrementAndGet())));
                return "";
            }
            case "modify": {
                refuseWhatIsNotDeclared(r);
                Poller poller = poller(r);
                Socket socket = socket(r);
                SelectionKey key = poller.keyOf(socket);
                if (key == null) throw new Refusal("notfound");
                poller.change(key, socket, new Watch(r, ((Watch) key.attachment()).turn));
                return "";
            }
            case "remove": {
                refuseWhatIsNotDeclared(r);
                Poller poller = poller(r);
                SelectionKey key = poller.keyOf(socket(r));
                if (key == null) throw new Refusal("notfound");
                key.cancel();
                poller.letGo();
                return "";
            }
            case "wait-ready": {
                Poller poller = poller(r);
                long started;
                synchronized (out) { started = cases; }
                Thread waiter = new Thread(() -> waitFor(poller, r, started));
                waiter.setDaemon(true);
                waiter.start();
                return null;
            }
            case "socket": {
                ProtocolFamily family = r.text("net").endsWith("6") ? StandardProtocolFamily.INET6 : StandardProtocolFamily.INET;
                sockets.put(r.number("socket"), new Socket(family,
                        r.text("net").startsWith("udp") ? DatagramChannel.open(family) : SocketChannel.open(family)));
                return "";
            }
            case "bind":
                ((NetworkChannel) socket(r).channel).bind(parseAddress(r.text("address")));
                return "";
            case "listen":
                listen(socket(r), (int) r.number("backlog"));
                return "";
            case "local": {
                Socket socket = socket(r);
                SocketAddress local = ((NetworkChannel) socket.channel).getLocalAddress();
                if (local == null) return field("address", socket.family == StandardProtocolFamily.INET6 ? "[::]:0" : "0.0.0.0:0");
                return field("address", format(local));
            }
            case "shutdown": {
                Socket socket = socket(r);
                SocketChannel channel = socket.stream();
                if (!r.text("side").equals("send")) channel.shutdownInput();
                if (!r.text("side").equals("receive")) { channel.shutdownOutput(); socket.sendingOver = true; }
                return "";
            }
            case "close": {
                Socket socket = socket(r);
                Set<Poller> watching = watches(socket).keySet();
                socket.closed = true;
                socket.channel.close();
                for (Poller poller : watching) poller.letGo();
                return "";
            }
            case "try-accept": {
                Socket socket = socket(r);
                SocketChannel accepted = socket.as(ServerSocketChannel.class).accept();
                if (accepted == null) throw new Refusal("wouldblock");
                sockets.put(r.number("as"), new Socket(socket.family, accepted));
                return field("from", format(accepted.getRemoteAddress()));
            }
            case "try-connect":
                return tryConnect(socket(r), parseAddress(r.text("to")));
            case "try-recv": {
                ByteBuffer buffer = ByteBuffer.allocate((int) r.number("length"));
                int n = socket(r).stream().read(buffer);
                if (n == 0 && buffer.capacity() > 0) throw new Refusal("wouldblock");
                return "\"bytes\":" + buffer.position() + "," + field("data", base64(buffer));
            }
            case "try-send": {
                Socket socket = socket(r);
                ByteBuffer data = ByteBuffer.wrap(Base64.getDecoder().decode(r.text("data")));
                if (socket.sendingOver) throw new Refusal("shutdown"); // Java: ClosedChannelException, the same as for a closed one
                int n = socket.stream().write(data);
                if (n == 0 && data.hasRemaining()) throw new Refusal("wouldblock");
                return "\"bytes\":" + n;
            }
            case "try-recvfrom": {
                ByteBuffer buffer = ByteBuffer.allocate((int) r.number("length"));
                SocketAddress from = socket(r).as(DatagramChannel.class).receive(buffer);
                if (from == null) throw new Refusal("wouldblock");
                return "\"bytes\":" + buffer.position() + "," + field("data", base64(buffer)) + "," + field("from", format(from));
            }
            case "try-sendto": {
                ByteBuffer data = ByteBuffer.wrap(Base64.getDecoder().decode(r.text("data")));
                int length = data.remaining(), n = socket(r).as(DatagramChannel.class).send(data, parseAddress(r.text("to")));
                if (n == 0 && length > 0) throw new Refusal("wouldblock");
                return "\"bytes\":" + n;
            }
            default:
                throw new Refusal("unsupported");
        }
    }

    private String hello() {
        String capabilities = "\"poller\",\"accept\",\"connect\",\"shutdown\",\"datagram\"";
        try (DatagramChannel probe = DatagramChannel.open(StandardProtocolFamily.INET6)) {
            probe.bind(new InetSocketAddress("::1", 0));
            capabilities += ",\"ipv6\"";
        } catch (Exception e) { /* this machine has none */ }
        return "\"protocol\":1,\"name\":\"nio-selector\"," + field("version", System.getProperty("java.version")) + ","
                + field("os", System.getProperty("os.name").toLowerCase() + " " + System.getProperty("os.version").replaceFirst("^(\\d+\\.\\d+).*", "$1"))
                + ",\"capabilities\":[" + capabilities + "]"
                + ",\"axes\":{\"hangups\":\"folded\",\"truncation\":\"silent\",\"consumers\":\"1\"}";
    }

    private void waitFor(Poller poller, Request r, long started) {
        String answer;
        try {
            String events = poller.await((int) r.number("max"), r.number("timeout"));
            answer = events == null ? field("status", "timedout") : "\"ready\":[" + events + "]";
        } catch (ClosedSelectorException e) {
            answer = field("status", "closed");
        } catch (Exception e) {
            answer = field("error", e.toString());
        }
        synchronized (out) {
            if (started == cases) write(r.id(), answer);
        }
    }

    /** A ServerSocketChannel takes the place of the SocketChannel, at the same address. */
    private void listen(Socket socket, int backlog) throws Exception {
        if (socket.channel instanceof ServerSocketChannel) return; // Java cannot listen twice; the platform can
        SocketChannel old = socket.stream();
        if (old.isConnected() || old.isConnectionPending()) throw new Refusal("invalid");
        ServerSocketChannel listener = ServerSocketChannel.open(socket.family);
        old.setOption(StandardSocketOptions.SO_REUSEADDR, true); // a ServerSocketChannel has it already, so that both may be bound
        listener.bind(old.getLocalAddress(), backlog);
        replace(socket, listener, watches(socket));
    }

    private String tryConnect(Socket socket, SocketAddress to) throws Exception {
        SocketChannel channel = socket.stream();
        Map<Poller, Watch> watches = watches(socket);
        try {
            if (channel.isConnectionPending() ? channel.finishConnect() : channel.connect(to)) return "";
        } finally {
            if (!channel.isOpen()) replace(socket, SocketChannel.open(socket.family), watches); // Java closes what could not connect
            else watches.forEach((poller, watch) -> poller.change(poller.keyOf(socket), socket, watch)); // OP_CONNECT and OP_WRITE take turns
        }
        throw new Refusal("wouldblock");
    }

    /** Another channel is what the socket is from now on, in the same pollers. */
    private void replace(Socket socket, SelectableChannel channel, Map<Poller, Watch> watches) throws IOException {
        SelectableChannel old = socket.channel;
        channel.configureBlocking(false);
        socket.channel = channel;
        for (Map.Entry<Poller, Watch> w : watches.entrySet()) w.getKey().watch(socket, w.getValue());
        old.close();
        for (Poller poller : watches.keySet()) poller.letGo();
    }

    private Map<Poller, Watch> watches(Socket socket) {
        Map<Poller, Watch> found = new HashMap<>();
        for (Poller poller : pollers.values()) {
            SelectionKey key = poller.selector.isOpen() ? poller.keyOf(socket) : null;
            if (key != null) found.put(poller, (Watch) key.attachment());
        }
        return found;
    }

    private Socket socket(Request r) throws Refusal {
        Socket socket = sockets.get(r.number("socket"));
        if (socket == null) throw new IllegalStateException("no socket " + r.number("socket"));
        if (socket.closed) throw new Refusal("closed");
        return socket;
    }

    private Poller poller(Request r) throws Refusal {
        Poller poller = pollers.get(r.number("poller"));
        if (poller == null) throw new IllegalStateException("no poller " + r.number("poller"));
        if (!poller.selector.isOpen()) throw new Refusal("closed");
        return poller;
    }

    private static void refuseWhatIsNotDeclared(Request r) throws Refusal {
        boolean asksForMore = r.has("ask") && !Set.of("in", "out").containsAll(r.list("ask"));
        if (r.has("inner") || asksForMore) throw new Refusal("unsupported");
    }

    // ---- statuses, addresses, bytes

    /** The back end has answered that it does not do it, for the reason with this name. */
    @SuppressWarnings("serial") static final class Refusal extends Exception {
        final String status;
        Refusal(String status) { this.status = status; }
    }

    private static String statusOf(Exception e) {
        String text = String.valueOf(e.getMessage());
        if (e instanceof NotYetConnectedException || e instanceof NoConnectionPendingException) return "notconnected";
        if (e instanceof AlreadyConnectedException) return "connected";
        if (e instanceof ConnectionPendingException) return "wouldblock";
        if (e instanceof ClosedSelectorException) return "closed";
        if (e instanceof ClosedChannelException) return "invalid";
        if (e instanceof AlreadyBoundException || e instanceof NotYetBoundException || e instanceof UnsupportedAddressTypeException
                || e instanceof UnresolvedAddressException) return "invalid";
        if (e instanceof NoRouteToHostException || text.contains("unreachable")) return "unreachable";
        if (text.contains("Connection refused") || e instanceof PortUnreachableException) return "refused";
        if (text.contains("Connection timed out")) return "timedout";
        if (text.contains("Connection reset") || text.contains("Broken pipe")) return "reset";
        if (text.contains("Address already in use")) return "inuse";
        if (text.contains("not connected")) return "notconnected";
        if (text.contains("Too many open files") || text.contains("No buffer space")) return "noresources";
        if (text.contains("Cannot assign requested address") || text.contains("Message too long") || text.contains("Invalid argument")) return "invalid";
        return null;
    }

    private static InetSocketAddress parseAddress(String text) throws UnknownHostException {
        int colon = text.lastIndexOf(':');
        String host = text.substring(0, colon).replace("[", "").replace("]", "");
        return new InetSocketAddress(InetAddress.getByName(host), Integer.parseInt(text.substring(colon + 1)));
    }

    private static String format(SocketAddress address) {
        InetSocketAddress inet = (InetSocketAddress) address;
        String host = inet.getAddress().getHostAddress().replaceFirst("%.*", "");
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + inet.getPort();
    }

    private static String base64(ByteBuffer filled) {
        return Base64.getEncoder().encodeToString(Arrays.copyOf(filled.array(), filled.position()));
    }

    private static String field(String name, String value) {
        return "\"" + name + "\":\"" + value.replace("\\", "\\\\").replace("\"", "\\\"").replaceAll("\\p{Cntrl}", " ") + "\"";
    }

    // ---- JSON

    static final class Request {
        private final Map<String, Object> fields;
        @SuppressWarnings("unchecked") Request(Object json) { fields = (Map<String, Object>) json; }
        long id() { return number("id"); }
        boolean has(String name) { return fields.containsKey(name); }
        long number(String name) { return (Long) fields.get(name); }
        String text(String name) { return (String) fields.get(name); }
        @SuppressWarnings("unchecked") List<String> list(String name) { return (List<String>) fields.get(name); }
    }

    /** Objects, arrays, strings, integers, true and false: all that a request consists of. */
    static final class Json {
        private final String text;
        private int at;
        private Json(String text) { this.text = text; }
        static Object parse(String text) { return new Json(text).value(); }
        private char peek() { while (Character.isWhitespace(text.charAt(at))) at++; return text.charAt(at); }
        private boolean skip(char c) { if (peek() != c) return false; at++; return true; }
        private Object value() {
            char c = peek();
            if (c == '"') return string();
            if (skip('{')) {
                Map<String, Object> object = new HashMap<>();
                while (!skip('}')) { peek(); String name = string(); skip(':'); object.put(name, value()); skip(','); }
                return object;
            }
            if (skip('[')) {
                List<Object> array = new ArrayList<>();
                while (!skip(']')) { array.add(value()); skip(','); }
                return array;
            }
            int start = at;
            while (at < text.length() && (Character.isLetterOrDigit(text.charAt(at)) || text.charAt(at) == '-')) at++;
            String word = text.substring(start, at);
            return word.equals("true") || word.equals("false") ? (Object) Boolean.valueOf(word) : (Object) Long.valueOf(word);
        }
        private String string() {
            StringBuilder s = new StringBuilder();
            for (at++; text.charAt(at) != '"'; at++) {
                char c = text.charAt(at);
                if (c == '\\') {
                    c = text.charAt(++at);
                    if (c == 'u') { c = (char) Integer.parseInt(text.substring(at + 1, at + 5), 16); at += 4; }
                    else if (c == 'n') c = '\n'; else if (c == 't') c = '\t'; else if (c == 'r') c = '\r';
                }
                s.append(c);
            }
            at++;
            return s.toString();
        }
    }
}
