package io.elanus.store.object.s3;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The road to a real S3 server, with accidents: requests and answers are lost, cut, turned, held
 * up, or met by an answer of somebody else. Each accident befalls the next request that it fits.
 */
final class FaultyRoad implements AutoCloseable {
  private static final Pattern LENGTH = Pattern.compile("(?im)^content-length: *(\\d+)");

  private final ServerSocket listening;
  private final URI server;
  private final ConcurrentLinkedQueue<Accident> coming = new ConcurrentLinkedQueue<>();
  private final AtomicInteger landed = new AtomicInteger();
  private final List<String> seen = new ArrayList<>();

  /** What happens. */
  enum Kind {
    /** The server never hears of it. */
    REQUEST_LOST,
    /** The server has done it, and nobody hears of it. */
    ANSWER_LOST,
    /** Of the answer's body, only the first bytes come. */
    ANSWER_CUT,
    /** A bit of the answer's body, if it has one. */
    ANSWER_TURNED,
    /** A bit of the request's body. */
    REQUEST_TURNED,
    /** Nothing is answered for longer than anybody waits. */
    SILENCE,
    /** Somebody else answers in the server's place. */
    OTHER_ANSWER
  }

  /**
   * @param fits the beginning of the request's first line, as "PUT"
   * @param at byte of the body
   * @param answer a whole one, for {@link Kind#OTHER_ANSWER}
   */
  record Accident(Kind kind, String fits, int at, String answer) {
    Accident(Kind kind, String fits) {
      this(kind, fits, 0, "");
    }

    static Accident status(String fits, int status, String code, String... headers) {
      String body =
          "<Error><Code>%s</Code><Message>said the road</Message></Error>".formatted(code);
      StringBuilder more = new StringBuilder();
      for (String header : headers) {
        more.append(header).append("\r\n");
      }
      return new Accident(
          Kind.OTHER_ANSWER,
          fits,
          0,
          "HTTP/1.1 %d X\r\nContent-Type: application/xml\r\nContent-Length: %d\r\n%sConnection: close\r\n\r\n%s"
              .formatted(status, body.length(), more, fits.startsWith("HEAD") ? "" : body));
    }
  }

  FaultyRoad(URI server) throws IOException {
    this.server = server;
    listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  URI endpoint() {
    return URI.create("http://127.0.0.1:" + listening.getLocalPort());
  }

  void next(Accident... accidents) {
    coming.addAll(List.of(accidents));
  }

  /** How many there were. */
  int landed() {
    return landed.get();
  }

  /** First lines of requests since the last call. */
  synchronized List<String> requests() {
    List<String> all = List.copyOf(seen);
    seen.clear();
    return all;
  }

  private void accept() {
    while (!listening.isClosed()) {
      try {
        Socket client = listening.accept();
        Thread.ofVirtual().start(() -> serve(client));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Socket client) {
    try (client) {
      InputStream in = client.getInputStream();
      String head = head(in);
      if (head.isEmpty()) {
        return;
      }
      synchronized (this) {
        String range = head.toLowerCase(Locale.ROOT).contains("\r\nrange: ") ? " range" : "";
        seen.add(head.substring(0, head.indexOf(" HTTP/")) + range);
      }
      if (head.toLowerCase(Locale.ROOT).contains("\r\nexpect: 100-continue")) {
        client.getOutputStream().write(bytes("HTTP/1.1 100 Continue\r\n\r\n"));
      }
      byte[] body = in.readNBytes(length(head));
      travel(client, head, body, accident(head));
    } catch (IOException e) {
      // Whoever asked went away, which accidents are about.
      return;
    }
  }

  private synchronized Accident accident(String head) {
    Accident first = coming.peek();
    if (first == null || !head.startsWith(first.fits)) {
      return new Accident(Kind.ANSWER_TURNED, "", -1, "");
    }
    coming.remove();
    landed.incrementAndGet();
    return first;
  }

  private void travel(Socket client, String head, byte[] body, Accident accident)
      throws IOException {
    switch (accident.kind) {
      case REQUEST_LOST -> {}
      case OTHER_ANSWER -> client.getOutputStream().write(bytes(accident.answer));
      case SILENCE -> {
        int ignored = client.getInputStream().read();
      }
      case REQUEST_TURNED -> {
        body[accident.at] ^= 4;
        client.getOutputStream().write(answer(head, body));
      }
      case ANSWER_LOST -> answer(head, body);
      case ANSWER_CUT -> {
        byte[] whole = answer(head, body);
        client.getOutputStream().write(whole, 0, bodyAt(whole) + accident.at);
      }
      case ANSWER_TURNED -> {
        byte[] whole = answer(head, body);
        if (accident.at >= 0) {
          whole[bodyAt(whole) + accident.at] ^= 4;
        }
        client.getOutputStream().write(whole);
      }
    }
    client.getOutputStream().flush();
  }

  /** What the server says, to the end. */
  private byte[] answer(String head, byte[] body) throws IOException {
    try (Socket to = new Socket(server.getHost(), server.getPort())) {
      String alone =
          head.replaceAll("(?im)^(connection|expect):.*\r\n", "")
              .replaceFirst("\r\n", "\r\nConnection: close\r\n");
      OutputStream out = to.getOutputStream();
      out.write(bytes(alone));
      out.write(body);
      out.flush();
      return to.getInputStream().readAllBytes();
    }
  }

  private static int bodyAt(byte[] answer) {
    return new String(answer, StandardCharsets.ISO_8859_1).indexOf("\r\n\r\n") + 4;
  }

  private static int length(String head) {
    Matcher length = LENGTH.matcher(head);
    return length.find() ? Integer.parseInt(length.group(1)) : 0;
  }

  private static String head(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    int ends = 0;
    for (int b = in.read(); b >= 0; b = in.read()) {
      head.write(b);
      ends = b == '\r' || b == '\n' ? ends + 1 : 0;
      if (ends == 4) {
        return head.toString(StandardCharsets.ISO_8859_1);
      }
    }
    return "";
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  @Override
  public void close() throws IOException {
    listening.close();
  }
}
