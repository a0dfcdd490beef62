import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.NetworkChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * An ioconform adapter to begin with: accept, recv and send work, over non-blocking channels that are tried every millisecond. Your library goes where it
 * says YOURS. Java 17, nothing else.
 */
public final class Adapter {
    static final String END = ""; // behind the last line

    static final class Port {
        boolean closed;
        final ArrayDeque<String> packets = new ArrayDeque<>();
        final List<Wait> waits = new ArrayList<>();
    }

    record Wait(String id, int most, long until) {} // until: System.nanoTime, Long.MAX_VALUE for ever

    static final class Sock {
        ServerSocketChannel listener; // of one that is bound: channels that accept listen as soon as they are bound
        SocketChannel connection; // of one that was accepted
        boolean closed;
        Port port;
        String key;

        void close() throws IOException { // YOURS
            closed = true;
            if (listener != null) listener.close();
            if (connection != null) connection.close();
        }
    }

    record Operation(Sock sock, String what, String token, int as, ByteBuffer data) {}

    final Map<Integer, Port> ports = new HashMap<>();
    final Map<Integer, Sock> socks = new HashMap<>();
    final List<Operation> started = new ArrayList<>(); // and not over, in the order of the starts
    final PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);

    /** A request is a flat object, and no string in it has an escape: a field is found by its name. Null if it is not there. */
    static String field(String line, String name) {
        int at = line.indexOf("\"" + name + "\":");
        if (at < 0) return null;
        at += name.length() + 3;
        if (line.charAt(at) == '"') return line.substring(at + 1, line.indexOf('"', at + 1));
        int end = at;
        while (",}".indexOf(line.charAt(end)) < 0) end++;
        return line.substring(at, end).trim();
    }

    static int number(String line, String name) {
        String text = field(line, name);
        return text == null ? -1 : Integer.parseInt(text);
    }

    static String status(String word) {
        return ",\"status\":\"" + word + "\"";
    }

    static String failure(IOException e) {
        String said = String.valueOf(e.getMessage());
        if (said.contains("reset") || said.contains("Broken pipe")) return status("reset");
        return status(said.contains("in use") ? "inuse" : "invalid");
    }

    static String written(NetworkChannel c) throws IOException {
        InetSocketAddress a = (InetSocketAddress) c.getLocalAddress();
        return a.getAddress().getHostAddress() + ":" + a.getPort();
    }

    void say(String id, String rest) {
        out.print("{\"id\":" + id + rest + "}\n");
    }

    /** Queues the packet of an operation, of which rest is what differs. */
    void over(Operation o, String rest) {
        o.sock.port.packets.add("{\"key\":\"" + o.sock.key + "\",\"token\":\"" + o.token + "\"" + rest + "}");
    }

    /** Moves an operation on; returns the rest of its packet, or null while it is not over. YOURS: a library that completes by itself calls over(). */
    String attempt(Operation o) {
        try {
            if (o.what.equals("accept")) {
                SocketChannel c = o.sock.listener.accept();
                if (c == null) return null;
                c.configureBlocking(false);
                Sock s = new Sock();
                s.connection = c;
                socks.put(o.as, s);
                InetSocketAddress from = (InetSocketAddress) c.getRemoteAddress();
                return ",\"socket\":" + o.as + ",\"from\":\"" + from.getAddress().getHostAddress() + ":" + from.getPort() + "\"";
            }
            if (o.what.equals("recv")) {
                int n = o.sock.connection.read(o.data);
                if (n == 0 && o.data.capacity() > 0) return null;
                byte[] data = new byte[Math.max(n, 0)];
                o.data.flip().get(data);
                return ",\"data\":\"" + Base64.getEncoder().encodeToString(data) + "\"";
            }
            o.sock.connection.write(o.data);
            return o.data.hasRemaining() ? null : ",\"bytes\":" + o.data.capacity();
        } catch (IOException e) {
            return failure(e);
        }
    }

    String start(Sock s, String what, String m) {
        if (s.port == null || what.equals("accept") && s.listener == null) return status("invalid");
        if (!what.equals("accept") && s.connection == null) return status("notconnected");
        ByteBuffer data = null;
        if (what.equals("recv")) data = ByteBuffer.allocate(number(m, "length"));
        if (what.equals("send")) data = ByteBuffer.wrap(Base64.getDecoder().decode(field(m, "data")));
        started.add(new Operation(s, what, field(m, "token"), number(m, "as"), data));
        return "";
    }

    /** Does what a request asks for; returns what its answer says besides the number, or null if it comes later. */
    String answer(String what, String m) throws IOException {
        Port p = ports.get(number(m, "port"));
        Sock s = socks.get(number(m, "socket"));
        switch (what) {
            case "hello":
                String os = System.getProperty("os.name") + " " + System.getProperty("os.version");
                return ",\"protocol\":1,\"name\":\"mine\",\"version\":\"0.1\",\"os\":\"" + os + "\",\"capabilities\":[\"accept\"]," // YOURS
                    + "\"axes\":{\"buffer\":\"backend\",\"zero-receive\":\"at-once\",\"inline\":\"never\",\"after-reset\":\"end\"}";
            case "ping":
                return "";
            case "reset":
                for (Sock x : socks.values()) x.close();
                started.clear();
                socks.clear();
                ports.clear();
                return "";
            case "port":
                ports.put(number(m, "port"), new Port());
                return "";
            case "socket":
                if (!field(m, "net").equals("tcp4")) return status("unsupported");
                socks.put(number(m, "socket"), new Sock());
                return "";
        }
        if (p != null && p.closed || s != null && s.closed) return status("closed");
        if (p != null && what.equals("wait")) {
            long timeout = number(m, "timeout");
            long until = timeout < 0 ? Long.MAX_VALUE : System.nanoTime() + timeout * 1_000_000;
            p.waits.add(new Wait(field(m, "id"), number(m, "max"), until));
            return null;
        }
        if (p != null && what.equals("close-port")) {
            p.closed = true;
            return "";
        }
        if (s == null) return status("unsupported");
        switch (what) {
            case "associate":
                if (s.port != null) return status("invalid");
                s.port = p;
                s.key = field(m, "key");
                return "";
            case "bind":
                String[] address = field(m, "address").split(":");
                s.listener = ServerSocketChannel.open(java.net.StandardProtocolFamily.INET); // YOURS
                s.listener.configureBlocking(false);
                s.listener.bind(new InetSocketAddress(address[0], Integer.parseInt(address[1])), 128);
                return "";
            case "listen":
                return s.listener == null ? status("invalid") : "";
            case "local":
                NetworkChannel c = s.listener != null ? s.listener : s.connection;
                return c == null ? status("invalid") : ",\"address\":\"" + written(c) + "\"";
            case "accept":
                return field(m, "into") != null || field(m, "length") != null ? status("unsupported") : start(s, what, m);
            case "recv":
            case "send":
                return field(m, "waitall") != null ? status("unsupported") : start(s, what, m);
            case "close":
                for (Operation o : started) if (o.sock == s) over(o, status("aborted"));
                started.removeIf(o -> o.sock == s);
                s.close();
                return "";
        }
        return status("unsupported");
    }

    /** Moves on what was started, in the order of the starts; behind one that waits, operations of its kind on its socket wait too. */
    void turn() {
        Set<List<Object>> waiting = new HashSet<>();
        for (Iterator<Operation> i = started.iterator(); i.hasNext();) {
            Operation o = i.next();
            List<Object> kind = List.of(o.sock, o.what);
            String rest = waiting.contains(kind) ? null : attempt(o);
            if (rest == null) {
                waiting.add(kind);
                continue;
            }
            i.remove();
            over(o, rest);
        }
        for (Port p : ports.values()) {
            for (Iterator<Wait> i = p.waits.iterator(); i.hasNext();) {
                Wait w = i.next();
                if (!p.packets.isEmpty()) {
                    List<String> taken = new ArrayList<>();
                    while (taken.size() < w.most && !p.packets.isEmpty()) taken.add(p.packets.remove());
                    say(w.id, ",\"packets\":[" + String.join(",", taken) + "]");
                } else if (p.closed || w.until != Long.MAX_VALUE && w.until - System.nanoTime() <= 0) {
                    say(w.id, status(p.closed ? "abandoned" : "timedout"));
                } else {
                    continue;
                }
                i.remove();
            }
        }
    }

    void run(BlockingQueue<String> lines) throws InterruptedException {
        for (;;) {
            boolean busy = !started.isEmpty() || ports.values().stream().anyMatch(p -> !p.waits.isEmpty());
            String m = busy ? lines.poll(1, TimeUnit.MILLISECONDS) : lines.take();
            if (m == END) return;
            if (m != null) {
                String rest;
                try {
                    rest = answer(field(m, "do"), m);
                } catch (IOException e) {
                    rest = failure(e);
                }
                if (rest != null) say(field(m, "id"), rest);
            }
            turn();
            out.flush();
        }
    }

    public static void main(String[] args) throws InterruptedException {
        BlockingQueue<String> lines = new LinkedBlockingQueue<>();
        Thread reader = new Thread(() -> {
            try (BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
                for (String line; (line = in.readLine()) != null;) lines.add(line);
            } catch (IOException e) {
                System.err.println("adapter: " + e);
            }
            lines.add(END);
        });
        reader.setDaemon(true);
        reader.start();
        new Adapter().run(lines);
    }
}
