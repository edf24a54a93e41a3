package io.elanus.bench.race;

import com.sun.management.OperatingSystemMXBean;
import io.elanus.index.BuildMonitor;
import io.elanus.index.Neighbors;
import io.elanus.index.RowBitmap;
import io.elanus.index.VectorIndex;
import io.elanus.index.VectorIndexFormat;
import io.elanus.index.VectorIndexes;
import io.elanus.index.VectorQuery;
import io.elanus.model.query.SearchParams;
import io.elanus.store.object.LocalObjects;
import io.elanus.store.object.ObjectStore;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.foreign.Arena;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One index of Elanus, built and searched in this process by one thread, on the word of standard
 * input.
 *
 * <p>Options: {@code --data FOLDER --type HNSW --build M=16,efConstruction=200 --name NAME}, and
 * {@code --keep} to open the index file of an earlier run with the same type and parameters instead
 * of building it. Prints a line of JSON with the build's figures, then answers each line of
 * name=value words with one of JSON: {@code filter} (percent), {@code seconds} (CPU time to
 * measure), {@code warm} (CPU time before that, by default long where the compiler has not seen a
 * search yet) speak to the race, everything else is a search parameter of the index. {@code
 * cpu_seconds} is the searching thread's CPU time; {@code process_cpu_seconds} adds the compiler's
 * and the collector's.
 */
public final class InProcess {
  private static final int K = 10;
  private static final String INDEX = "index";
  private static final String COSTS = "costs";

  /** The first search of all also waits for the compiler. */
  private static final double FIRST_WARM_SECONDS = 6;

  private static final double WARM_SECONDS = 0.3;

  private final PrintStream out;
  private final Map<String, String> options;
  private final DataSet data;
  private final VectorIndexFormat format;
  private boolean compiled;

  private InProcess(PrintStream out, Map<String, String> options, DataSet data) {
    this.out = out;
    this.options = options;
    this.data = data;
    this.format = VectorIndexes.format(options.getOrDefault("type", "HNSW"));
  }

  public static void main(String[] args) throws IOException {
    run(
        args,
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)),
        System.out);
  }

  static void run(String[] args, BufferedReader in, PrintStream out) throws IOException {
    Map<String, String> options = new LinkedHashMap<>();
    for (int i = 0; i < args.length; i++) {
      boolean valued = i + 1 < args.length && !args[i + 1].startsWith("--");
      options.put(args[i].substring(2), valued ? args[++i] : "");
    }
    String folder = options.get("data");
    if (folder == null) {
      throw new IllegalArgumentException("--data is missing: a folder of bench/target/race-data");
    }
    try (Arena arena = Arena.ofShared()) {
      new InProcess(out, options, DataSet.read(Path.of(folder), arena)).answer(in, arena);
    }
  }

  private void answer(BufferedReader in, Arena arena) throws IOException {
    VectorIndex index = built(arena);
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      if (!line.isBlank()) {
        point(index, Words.parse(line));
      }
    }
  }

  private VectorIndex built(Arena arena) throws IOException {
    Map<String, String> params = Words.parse(options.getOrDefault("build", ""));
    format.checkBuild(params, data.base().dim());
    String key = (format.type() + params).replaceAll("[^A-Za-z0-9.=]", "_");
    boolean kept = options.containsKey("keep");
    // A folder each: opening one clears away what others have not finished.
    Path folder =
        data.folder()
            .resolve("indexes/in-process")
            .resolve(kept ? key : key + "-" + ProcessHandle.current().pid());
    Files.createDirectories(folder);
    LocalObjects objects = new LocalObjects(folder);
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("event", "ready");
    figures.put("system", options.getOrDefault("name", "elanus-" + format.type()));
    figures.put("version", "JDK " + Runtime.version());
    if (!objects.exists(COSTS)) {
      long wall = System.nanoTime();
      double cpu = processSeconds();
      try (ObjectStore.Writer file = objects.create(INDEX)) {
        format.build(data.base(), data.metric(), params, 1, BuildMonitor.NONE, file);
        file.commit();
      }
      double spent = processSeconds() - cpu;
      double waited = (System.nanoTime() - wall) / 1e9;
      String cost = "build_cpu_seconds=" + spent + " build_wall_seconds=" + waited;
      objects.put(COSTS, cost.getBytes(StandardCharsets.UTF_8));
    }
    Words.parse(new String(objects.read(COSTS), StandardCharsets.UTF_8))
        .forEach((name, value) -> figures.put(name, Double.valueOf(value)));
    VectorIndex index = format.open(objects.map(INDEX, arena), data.base(), data.metric());
    figures.put("index_bytes", objects.size(INDEX));
    if (!kept) {
      objects.delete(INDEX);
      objects.delete(COSTS);
      Files.deleteIfExists(folder);
    }
    out.println(Words.json(figures));
    return index;
  }

  private void point(VectorIndex index, Map<String, String> words) {
    String filter = words.remove("filter");
    double seconds = number(words.remove("seconds"), 0.3);
    String given = words.remove("warm");
    double warming = number(given, compiled ? WARM_SECONDS : FIRST_WARM_SECONDS);
    SearchParams params = new SearchParams(words);
    format.checkSearch(params, K);
    RowBitmap allowed = filter == null ? null : data.passing(filter);
    int count = allowed == null ? index.size() : allowed.cardinality();
    VectorQuery[] queries = new VectorQuery[data.queries().length];
    for (int q = 0; q < queries.length; q++) {
      queries[q] =
          new VectorQuery(
              data.queries()[q],
              K,
              allowed,
              count,
              Float.NEGATIVE_INFINITY,
              Float.POSITIVE_INFINITY,
              params);
    }
    int[][] found = new int[queries.length][];
    pass(index, queries, found, warming);
    compiled = true;
    double process = processSeconds();
    Map<String, Long> before = index.counters();
    Spent spent = pass(index, queries, found, seconds);
    Map<String, Object> point = new LinkedHashMap<>();
    point.put("event", "point");
    point.put("system", options.getOrDefault("name", "elanus-" + format.type()));
    point.put("params", words);
    point.put("filter", filter == null ? "" : filter);
    point.put("recall", recall(found, data.truth(filter, K)));
    point.put("queries", spent.queries);
    point.put("cpu_seconds", spent.cpuSeconds);
    point.put("wall_seconds", spent.wallSeconds);
    point.put("process_cpu_seconds", processSeconds() - process);
    index
        .counters()
        .forEach(
            (name, counted) -> {
              double each = (double) (counted - before.getOrDefault(name, 0L)) / spent.queries;
              point.put(name + "_per_query", each);
            });
    out.println(Words.json(point));
  }

  private record Spent(long queries, double cpuSeconds, double wallSeconds) {}

  /** Whole passes over the queries, one query at a time, until that many CPU seconds went by. */
  private static Spent pass(
      VectorIndex index, VectorQuery[] queries, int[][] found, double seconds) {
    long wall = System.nanoTime();
    double cpu = threadSeconds();
    for (long passes = 1; ; passes++) {
      for (int q = 0; q < queries.length; q++) {
        Neighbors near = index.search(queries[q]);
        found[q] = near.rows();
      }
      double spent = threadSeconds() - cpu;
      if (spent >= seconds) {
        return new Spent(passes * queries.length, spent, (System.nanoTime() - wall) / 1e9);
      }
    }
  }

  private static double recall(int[][] found, int[][] truth) {
    long hits = 0;
    long wanted = 0;
    for (int q = 0; q < truth.length; q++) {
      Set<Integer> right = new HashSet<>();
      for (int row : truth[q]) {
        if (row >= 0) {
          right.add(row);
        }
      }
      wanted += right.size();
      for (int row : found[q]) {
        hits += right.remove(row) ? 1 : 0;
      }
    }
    return (double) hits / wanted;
  }

  private static double number(@Nullable String text, double fallback) {
    return text == null ? fallback : Double.parseDouble(text);
  }

  private static double threadSeconds() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() / 1e9;
  }

  private static double processSeconds() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime()
        / 1e9;
  }
}
