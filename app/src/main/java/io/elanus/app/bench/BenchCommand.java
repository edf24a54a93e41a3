package io.elanus.app.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.model.schema.Metric;
import io.milvus.grpc.InsertRequest;
import io.milvus.grpc.SearchRequest;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code elanus bench}. */
@Command(
    name = "bench",
    description =
        "Load a data set into a running server (./elanus serve) and measure ingest, index build, and"
            + " searches at their recall.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    showDefaultValues = true)
@SuppressWarnings("NullAway.Init") // picocli fills the fields
public final class BenchCommand implements Callable<Integer> {
  /** The filter field holds the row number modulo this. */
  static final int BUCKETS = 10_000;

  private static final int BATCH_FLOATS = 1_000_000;
  private static final int POLL_MILLIS = 100;

  @Option(names = "--address", description = "Host and port of the server.")
  private String address = "127.0.0.1:19530";

  @Option(names = "--file", description = "Vectors to load, as fvecs; else a set is generated.")
  private @Nullable Path file;

  @Option(names = "--queries-file", description = "Query vectors, as fvecs; else held out of it.")
  private @Nullable Path queriesFile;

  @Option(names = "--rows", description = "Rows of the generated set.")
  private int rows = 100_000;

  @Option(names = "--dim", description = "Dimension of the generated set.")
  private int dim = 100;

  @Option(names = "--clusters", description = "Clusters of the generated set.")
  private int clusters = 300;

  @Option(names = "--seed", description = "Seed of the generated set.")
  private long seed = 1;

  @Option(names = "--queries", description = "Query vectors, generated or held out.")
  private int queries = 500;

  @Option(names = "--index", description = "FLAT, IVF_FLAT, HNSW or AUTOINDEX.")
  private String index = "HNSW";

  @Option(names = "--metric", description = "L2, IP or COSINE.")
  private Metric metric = Metric.L2;

  @Option(names = "--params", description = "Build parameters, M=16 say; repeatable.")
  private Map<String, String> params = new TreeMap<>();

  @Option(names = "--sweep", description = "A search parameter and its values, ef=32,64,128 say.")
  private String sweep = "ef=32,64,128,256";

  @Option(names = "--filters", split = ",", description = "Shares of rows that filters pass.")
  private List<Double> filters = List.of(1.0);

  @Option(names = "--clients", split = ",", description = "Numbers of concurrent clients.")
  private List<Integer> clients = List.of(1);

  @Option(names = "-k", description = "Hits a query asks for.")
  private int k = 10;

  @Option(names = "--seconds", description = "How long each row of the table is measured.")
  private int seconds = 5;

  @Option(
      names = "--write-rate",
      description = "Measure each row once more while so many rows a second are inserted.")
  private int writeRate;

  @Option(
      names = "--server-pid",
      description = "Process number of a server on this machine, to measure its CPU time.")
  private @Nullable Long serverPid;

  @Option(names = "--keep", description = "Leave the collection there afterwards.")
  private boolean keep;

  @Option(names = "--loaded", description = "Search what an earlier run with --keep left there.")
  private boolean loaded;

  @Option(
      names = "--ask",
      description =
          "Instead of the table: answer each line of standard input, \"ef=64 filter=0.1 clients=8"
              + " seconds=3\" say, with one line of JSON.")
  private boolean ask;

  @Option(names = "--json", paramLabel = "FILE", description = "Write the results there, too.")
  private @Nullable Path json;

  @Spec private CommandSpec spec;

  /** The first key that nothing has been written under. */
  private long nextKey;

  /** What a row of the table asks, and the exact answers. */
  record Setting(int[][] exact, Map<String, String> search, String filter, int threads) {}

  /** One measured row. */
  record Measured(double recall, Clients.Calls calls, double serverMicros) {
    ObjectNode json() {
      ObjectNode json = new ObjectMapper().createObjectNode();
      json.put("recall", recall).put("qps", calls.perSecond());
      json.put("p50_ms", calls.percentileMillis(0.50)).put("p99_ms", calls.percentileMillis(0.99));
      json.put("calls", calls.sortedNanos().length);
      // No call is free: 0 says that the server's process was not named.
      return serverMicros == 0 ? json : json.put("server_cpu_us", serverMicros);
    }
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    DataSet data = data();
    try (BenchClient client = new BenchClient(address)) {
      measureAll(client, data);
    }
    return 0;
  }

  private void measureAll(BenchClient client, DataSet data)
      throws IOException, InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    ObjectNode report = new ObjectMapper().createObjectNode();
    report.put("data", data.name()).put("index", index).put("metric", metric.name()).put("k", k);
    report.put("params", params.toString());
    PrintWriter told = ask ? spec.commandLine().getErr() : out;
    told.printf("%s, %s %s under %s%n", data.name(), index, params, metric);
    if (!loaded) {
      load(client, data, report, told);
    } else {
      // A server that was started anew since has it on disk only.
      client.load();
    }
    if (ask) {
      out.println(report);
      out.flush();
      answerLines(client, data, out);
    } else {
      searchAll(client, data, report, out);
    }
    if (!keep) {
      client.drop();
    }
    if (json != null) {
      new ObjectMapper().writerWithDefaultPrettyPrinter().writeValue(json.toFile(), report);
    }
  }

  private DataSet data() {
    Path given = file;
    Path asked = queriesFile;
    if (given == null && asked != null) {
      throw new ElanusException(
          ErrorCode.INVALID_ARGUMENT, "--queries-file goes with --file; give the vectors to load");
    }
    if (given == null) {
      return DataSet.clustered(rows, dim, clusters, queries, seed);
    }
    return asked == null ? DataSet.file(given, queries) : DataSet.files(given, asked, queries);
  }

  private void load(BenchClient client, DataSet data, ObjectNode report, PrintWriter out)
      throws InterruptedException {
    client.create(data.dim());
    int batch = Math.max(1, BATCH_FLOATS / data.dim());
    List<InsertRequest> messages = new ArrayList<>();
    for (int from = 0; from < data.rows(); from += batch) {
      messages.add(BenchClient.rows(data, from, Math.min(data.rows(), from + batch)));
    }
    long start = System.nanoTime();
    messages.forEach(client::insert);
    double ingest = since(start);
    client.flush();
    start = System.nanoTime();
    client.index(index.toUpperCase(Locale.ROOT), metric.name(), params);
    while (!client.indexed(data.rows())) {
      Thread.sleep(POLL_MILLIS);
    }
    double build = since(start);
    client.load();
    report.put("ingest_rows_per_second", data.rows() / ingest).put("build_seconds", build);
    out.printf("ingest  %,.0f rows/s%nbuild   %.1f s%n%n", data.rows() / ingest, build);
    out.flush();
  }

  private void searchAll(BenchClient client, DataSet data, ObjectNode report, PrintWriter out)
      throws InterruptedException {
    String[] swept = sweep.split("=", 2);
    if (swept.length != 2) {
      throw new ElanusException(
          ErrorCode.INVALID_ARGUMENT, "--sweep wants name=value,value, got " + sweep);
    }
    nextKey = data.rows();
    out.printf(
        "%-10s %8s %8s %8s %10s %9s %9s %10s%n",
        swept[0], "filter", "clients", "recall", "QPS", "p50 ms", "p99 ms", "server µs");
    ArrayNode results = report.putArray("results");
    for (double share : filters) {
      int passing = (int) Math.max(1, Math.round(share * BUCKETS));
      int[][] exact = Truth.exact(data, metric, k, passing);
      String filter = passing >= BUCKETS ? "" : "bucket < " + passing;
      for (String value : swept[1].split(",")) {
        for (int threads : clients) {
          Setting setting = new Setting(exact, Map.of(swept[0], value), filter, threads);
          Measured row = measure(client, data, setting);
          double median = row.calls().percentileMillis(0.50);
          double late = row.calls().percentileMillis(0.99);
          String server = serverPid == null ? "-" : "%.0f".formatted(row.serverMicros());
          out.printf(
              "%-10s %8.4f %8d %8.4f %,10.0f %9.2f %9.2f %10s%n",
              value, share, threads, row.recall(), row.calls().perSecond(), median, late, server);
          out.flush();
          ObjectNode result = results.addObject();
          result.put(swept[0], value).put("filter", share).put("clients", threads);
          result.setAll(row.json());
          if (writeRate > 0) {
            result.set("writing", meanwhile(client, data, setting, row, out));
          }
        }
      }
    }
  }

  /** Times only: rows that come in are among the nearest, so that the recall is another one. */
  private ObjectNode meanwhile(
      BenchClient client, DataSet data, Setting setting, Measured idle, PrintWriter out)
      throws InterruptedException {
    Measured row;
    Writing writing;
    BuildWatch builds;
    try (BenchClient writer = new BenchClient(address);
        BenchClient watcher = new BenchClient(address)) {
      writing = Writing.start(writer, data, writeRate, nextKey);
      builds = BuildWatch.start(watcher);
      try (writing;
          builds) {
        row = measure(client, data, setting);
      }
    }
    nextKey = writing.nextKey();
    double times = row.calls().percentileMillis(0.99) / idle.calls().percentileMillis(0.99);
    out.printf(
        "%-10s %8s %8s %8s %,10.0f %9.2f %9.2f   p99 %.1f times, %s%s%n",
        "  writing",
        "",
        "",
        "",
        row.calls().perSecond(),
        row.calls().percentileMillis(0.50),
        row.calls().percentileMillis(0.99),
        times,
        builds.share() == 0
            ? "no index was being built (let it take longer)"
            : "indexes being built %.0f %% of the time".formatted(100 * builds.share()),
        writing.late() == 0 ? "" : ", %d batches late".formatted(writing.late()));
    out.flush();
    return row.json()
        .put("p99_times_idle", times)
        .put("building_share", builds.share())
        .put("late_batches", writing.late());
  }

  /** One process for a whole race: its own compiled code is warm, and it loads the data once. */
  private void answerLines(BenchClient client, DataSet data, PrintWriter out)
      throws IOException, InterruptedException {
    Map<Integer, int[][]> truths = new TreeMap<>();
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      AskedLine asked = AskedLine.of(line);
      int passing = (int) Math.max(1, Math.round(asked.share() * BUCKETS));
      int[][] exact = truths.computeIfAbsent(passing, p -> Truth.exact(data, metric, k, p));
      seconds = asked.seconds();
      String filter = passing >= BUCKETS ? "" : "bucket < " + passing;
      Measured row =
          measure(client, data, new Setting(exact, asked.search(), filter, asked.clients()));
      out.println(row.json());
      out.flush();
    }
  }

  private Measured measure(BenchClient client, DataSet data, Setting setting)
      throws InterruptedException {
    List<SearchRequest> requests = new ArrayList<>();
    for (int q = 0; q < data.queryCount(); q++) {
      requests.add(
          BenchClient.search(data.query(q), k, metric.name(), setting.search(), setting.filter()));
    }
    // The recall run warms up, too.
    long[][] found = new long[requests.size()][];
    for (int q = 0; q < found.length; q++) {
      found[q] = client.search(requests.get(q));
    }
    double before = serverMicros();
    Clients.Calls calls =
        Clients.run(
            setting.threads(),
            seconds * 1_000_000_000L,
            number -> client.search(requests.get((int) (number % requests.size()))));
    double micros = (serverMicros() - before) / calls.sortedNanos().length;
    return new Measured(Truth.recall(setting.exact(), found), calls, micros);
  }

  /** CPU time that the server has used so far; 0 where its process was not named. */
  private double serverMicros() {
    Long pid = serverPid;
    if (pid == null) {
      return 0;
    }
    return ProcessHandle.of(pid)
            .flatMap(server -> server.info().totalCpuDuration())
            .orElseThrow(
                () ->
                    new ElanusException(
                        ErrorCode.INVALID_ARGUMENT,
                        "--server-pid %d: no such process on this machine".formatted(pid)))
            .toNanos()
        / 1e3;
  }

  private static double since(long nanos) {
    return (System.nanoTime() - nanos) / 1e9;
  }
}
