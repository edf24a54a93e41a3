package io.elanus.rag.generate;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;

/** A provider on loopback that does on each connection what its script says, down to the byte. */
public final class Provider implements AutoCloseable {
  /** What happens on a connection after its request was read. */
  public interface Script {
    void play(Wire wire) throws IOException, InterruptedException;
  }

  /** The connection's own end. */
  public static final class Wire {
    private final Socket socket;
    private final AtomicLong written;

    private Wire(Socket socket, AtomicLong written) {
      this.socket = socket;
      this.written = written;
    }

    public Wire send(String text) throws IOException {
      return send(text.getBytes(StandardCharsets.UTF_8));
    }

    Wire send(byte[] bytes) throws IOException {
      OutputStream out = socket.getOutputStream();
      out.write(bytes);
      out.flush();
      written.addAndGet(bytes.length);
      return this;
    }

    /** The head of a stream that the connection's end ends. */
    public Wire head() throws IOException {
      return send(
          "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n");
    }

    public Wire delta(String text) throws IOException {
      return send(
          "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"%s\"}}]}\n\n".formatted(text));
    }

    public Wire finish(String reason) throws IOException {
      return send(
          "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"%s\"}]}\n\n".formatted(reason));
    }

    public Wire done() throws IOException {
      return send("data: [DONE]\n\n");
    }

    Wire status(int status, String headers, String body) throws IOException {
      return send(
          "HTTP/1.1 %d x\r\ncontent-type: application/json\r\n%sconnection: close\r\ncontent-length: %d\r\n\r\n%s"
              .formatted(status, headers, body.length(), body));
    }

    /** Until the other side closes. */
    void awaitClose() throws IOException {
      InputStream in = socket.getInputStream();
      while (in.read() >= 0) {
        // Nothing more is expected.
      }
    }
  }

  /** Streams a whole answer. */
  public static Script answering(String... pieces) {
    return wire -> {
      wire.head();
      for (String piece : pieces) {
        wire.delta(piece);
      }
      wire.finish("stop")
          .send(
              "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":3}}\n\n")
          .done();
    };
  }

  private final ServerSocket server;
  private final BlockingQueue<Script> scripts = new LinkedBlockingQueue<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final ConcurrentLinkedQueue<Socket> sockets = new ConcurrentLinkedQueue<>();
  private final AtomicLong written = new AtomicLong();
  private volatile Script otherwise = answering("ok");

  public Provider() throws IOException {
    server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  public URI uri() {
    return URI.create("http://127.0.0.1:" + server.getLocalPort() + "/v1");
  }

  /** The next connection without a script plays this one. */
  public Provider next(Script script) {
    scripts.add(script);
    return this;
  }

  /** What connections play for which there is no script of their own. */
  public Provider always(Script script) {
    otherwise = script;
    return this;
  }

  /** Heads and bodies, in the order they came. */
  public List<String> requests() {
    return requests;
  }

  long bytesWritten() {
    return written.get();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        sockets.add(socket);
        Thread.ofVirtual().start(() -> serve(socket));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      requests.add(request(new BufferedInputStream(socket.getInputStream())));
      Script script = scripts.poll();
      (script == null ? otherwise : script).play(new Wire(socket, written));
    } catch (IOException e) {
      // The other side went away, which some scripts wait for.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static String request(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    while (!head.toString(StandardCharsets.UTF_8).endsWith("\r\n\r\n")) {
      int b = in.read();
      if (b < 0) {
        throw new IOException("no request");
      }
      head.write(b);
    }
    String text = head.toString(StandardCharsets.UTF_8);
    int length =
        text.lines()
            .filter(line -> line.toLowerCase().startsWith("content-length:"))
            .mapToInt(line -> Integer.parseInt(line.substring(15).strip()))
            .findFirst()
            .orElse(0);
    return text + new String(in.readNBytes(length), StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    try {
      server.close();
      for (Socket socket : sockets) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
