package io.elanus.bench.retrieve;

import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.ServerBuilder;
import io.elanus.model.Caller;
import io.elanus.model.query.Consistency;
import io.elanus.model.query.SearchRequest;
import io.elanus.model.rows.Column;
import io.elanus.rag.cache.AccessLog;
import io.elanus.rag.cache.CacheConfig;
import io.elanus.rag.cache.CacheCounts;
import io.elanus.rag.cache.CachedRetriever;
import io.elanus.rag.http.RagService;
import io.elanus.rag.knowledge.KnowledgeSchema;
import io.elanus.rag.policy.MandatoryFilters;
import io.elanus.rag.retrieve.Question;
import io.elanus.rag.retrieve.Question.Mode;
import io.elanus.rag.retrieve.Retriever;
import io.elanus.rag.retrieve.SearchRetriever;
import io.elanus.rag.retrieve.route.SearchRoutes;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Latency of the parts of a question, and how many remembered answers a CPU-second serves over
 * HTTP, the client's part included. What is compared is alternated.
 */
public final class RetrievalPath {
  private static final int QUERIES = 300;
  private static final int TOP_K = 10;
  private static final int CANDIDATES = 50;
  private static final int CACHED_REQUESTS = 20_000;
  private static final int INSIDE_FACTOR = 50;

  private RetrievalPath() {}

  private interface Ask {
    void ask(String query) throws IOException;
  }

  /** Arguments: chunks, rounds. */
  public static void main(String[] arguments) throws Exception {
    int rows = Integer.parseInt(arguments[0]);
    int rounds = Integer.parseInt(arguments[1]);
    try (ChunkFolder folder = new ChunkFolder(rows, QUERIES);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      InstantSource clock = InstantSource.system();
      Retriever search =
          new SearchRetriever(
              folder.database, folder.embedder(), MandatoryFilters.NONE, Optional.empty(), clock);
      CachedRetriever cached =
          new CachedRetriever(
              search,
              folder.database,
              MandatoryFilters.NONE,
              new CachedRetriever.Parts(
                  CacheConfig.DEFAULT,
                  "",
                  Optional.empty(),
                  clock,
                  threads,
                  new CacheCounts(new SimpleMeterRegistry()),
                  new AccessLog()));
      ServerBuilder builder = Server.builder().http(0).idleTimeout(Duration.ofHours(1));
      RagService service = new RagService(headers -> Caller.SYSTEM, threads);
      service.mount(builder, new SearchRoutes(search, ChunkFolder.COLLECTION, false).routes());
      Server plain = builder.build();
      plain.start().join();
      ServerBuilder remembering = Server.builder().http(0).idleTimeout(Duration.ofHours(1));
      service.mount(remembering, new SearchRoutes(cached, ChunkFolder.COLLECTION, false).routes());
      Server remembers = remembering.build();
      remembers.start().join();
      try (Connection direct = new Connection(plain.activeLocalPort());
          Connection kept = new Connection(remembers.activeLocalPort())) {
        latencies(folder, search, direct, rounds);
        cachedRate(folder, cached, kept, rounds);
      } finally {
        plain.stop().join();
        remembers.stop().join();
      }
    }
  }

  private static void latencies(ChunkFolder folder, Retriever search, Connection http, int rounds)
      throws IOException {
    Map<String, Ask> parts = new TreeMap<>();
    parts.put("1 vector search, 50 keys", query -> dense(folder, query));
    parts.put("2 word search, 50 keys", query -> text(folder, query));
    parts.put("3 retriever, mode dense", query -> find(search, query, Mode.DENSE));
    parts.put("4 retriever, mode hybrid", query -> find(search, query, Mode.HYBRID));
    parts.put("5 /v1/search, mode dense", query -> http.post(body(query, "dense")));
    parts.put("6 /v1/search, mode hybrid", query -> http.post(body(query, "hybrid")));
    Map<String, double[]> medians = new TreeMap<>();
    parts.keySet().forEach(name -> medians.put(name, new double[rounds]));
    for (int round = -2; round < rounds; round++) {
      for (Map.Entry<String, Ask> part : parts.entrySet()) {
        double median = median(folder, part.getValue());
        if (round >= 0) {
          Objects.requireNonNull(medians.get(part.getKey()))[round] = median;
        }
      }
    }
    System.out.println("p50 in microseconds: median (least-most) of the rounds");
    medians.forEach((name, all) -> System.out.println(line(name, all)));
  }

  private static String line(String name, double[] all) {
    Arrays.sort(all);
    return String.format(
        Locale.ROOT,
        "%-28s %8.0f (%.0f-%.0f)",
        name,
        all[all.length / 2],
        all[0],
        all[all.length - 1]);
  }

  private static double median(ChunkFolder folder, Ask ask) throws IOException {
    long[] nanos = new long[QUERIES];
    for (int i = 0; i < QUERIES; i++) {
      long start = System.nanoTime();
      ask.ask(folder.queries.get(i));
      nanos[i] = System.nanoTime() - start;
    }
    Arrays.sort(nanos);
    return nanos[QUERIES / 2] / 1e3;
  }

  private static void dense(ChunkFolder folder, String query) {
    float[] vector = Objects.requireNonNull(folder.vectors.get(query));
    search(folder, KnowledgeSchema.DENSE, new Column.FloatVectors(vector.length, vector));
  }

  private static void text(ChunkFolder folder, String query) {
    search(folder, KnowledgeSchema.SPARSE, new Column.Strings(new String[] {query}));
  }

  private static void search(ChunkFolder folder, String field, Column query) {
    folder
        .database
        .rows()
        .search(
            Caller.SYSTEM,
            SearchRequest.of(ChunkFolder.COLLECTION, query, CANDIDATES)
                .vectorField(field)
                .consistency(Consistency.STRONG)
                .build());
  }

  private static void find(Retriever search, String query, Mode mode) {
    search.find(Caller.SYSTEM, Question.of(ChunkFolder.COLLECTION, query, TOP_K).withMode(mode));
  }

  private static String body(String query, String mode) {
    return "{\"query\": \"%s\", \"mode\": \"%s\", \"top_k\": %d}".formatted(query, mode, TOP_K);
  }

  private static void cachedRate(
      ChunkFolder folder, CachedRetriever cached, Connection http, int rounds) throws IOException {
    for (String query : folder.queries) {
      http.post(body(query, "hybrid"));
    }
    double[] overHttp = new double[rounds];
    double[] inProcess = new double[rounds];
    int bytes = 0;
    for (int round = -1; round < rounds; round++) {
      long cpu = cpuNanos();
      for (int i = 0; i < CACHED_REQUESTS; i++) {
        bytes = http.post(body(folder.queries.get(i % QUERIES), "hybrid"));
      }
      double rate = CACHED_REQUESTS / ((cpuNanos() - cpu) / 1e9);
      cpu = cpuNanos();
      for (int i = 0; i < INSIDE_FACTOR * CACHED_REQUESTS; i++) {
        find(cached, folder.queries.get(i % QUERIES), Mode.HYBRID);
      }
      double inside = (double) INSIDE_FACTOR * CACHED_REQUESTS / ((cpuNanos() - cpu) / 1e9);
      if (round >= 0) {
        overHttp[round] = rate;
        inProcess[round] = inside;
      }
    }
    System.out.printf("remembered answers per CPU-second (%d bytes each)%n", bytes);
    System.out.println(line("over HTTP, client included", overHttp));
    System.out.println(line("in the process", inProcess));
  }

  private static long cpuNanos() {
    return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  /** One kept connection of HTTP/1.1, as thin as it can be. */
  private static final class Connection implements AutoCloseable {
    private final Socket socket;
    private final InputStream in;
    private final byte[] buffer = new byte[1 << 20];

    Connection(int port) throws IOException {
      socket = new Socket(InetAddress.getLoopbackAddress(), port);
      socket.setTcpNoDelay(true);
      in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
    }

    int post(String body) throws IOException {
      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
      String head =
          "POST /v1/search HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n"
              .formatted(bytes.length);
      byte[] all =
          Arrays.copyOf(head.getBytes(StandardCharsets.US_ASCII), head.length() + bytes.length);
      System.arraycopy(bytes, 0, all, head.length(), bytes.length);
      socket.getOutputStream().write(all);
      int length = -1;
      String line = line();
      if (!line.contains(" 200 ")) {
        throw new IOException(line);
      }
      while (!line.isEmpty()) {
        if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
          length = Integer.parseInt(line.substring(line.indexOf(':') + 1).strip());
        }
        line = line();
      }
      return in.readNBytes(buffer, 0, length);
    }

    private String line() throws IOException {
      StringBuilder line = new StringBuilder();
      for (int c = in.read(); c != '\n'; c = in.read()) {
        if (c < 0) {
          throw new IOException("the server closed the connection");
        }
        if (c != '\r') {
          line.append((char) c);
        }
      }
      return line.toString();
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
