package io.elanus.bench.race;

import io.elanus.index.BuildMonitor;
import io.elanus.index.NearestHeap;
import io.elanus.index.VectorData;
import io.elanus.index.VectorIndex;
import io.elanus.index.VectorIndexFormat;
import io.elanus.index.VectorIndexes;
import io.elanus.index.VectorQuery;
import io.elanus.index.distance.Scorer;
import io.elanus.model.query.SearchParams;
import io.elanus.model.schema.Metric;
import io.elanus.store.object.LocalObjects;
import io.elanus.store.object.ObjectStore;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * DISKANN over a file that does not fit the memory it may use: {@code build FOLDER ROWS DIM} makes
 * clustered vectors, an index and the truth; {@code search FOLDER ROWS DIM EFFORT} searches, and is
 * meant to run where the memory is bounded, as {@code bench/race/larger-than-memory} does. Prints
 * JSON: recall, reads of nodes per query and how many of them went to the disk, memory.
 */
public final class LargerThanMemory {
  private static final int K = 10;
  private static final int QUERIES = 200;
  private static final int CLUSTERS = 200;

  private final LocalObjects objects;
  private final int rows;
  private final int dim;

  private LargerThanMemory(Path folder, int rows, int dim) throws IOException {
    Files.createDirectories(folder);
    this.objects = new LocalObjects(folder);
    this.rows = rows;
    this.dim = dim;
  }

  public static void main(String[] args) throws IOException {
    LargerThanMemory race =
        new LargerThanMemory(
            Path.of(args[1]), Integer.parseInt(args[2]), Integer.parseInt(args[3]));
    try (Arena arena = Arena.ofShared()) {
      if (args[0].equals("build")) {
        race.build(arena, System.out);
      } else {
        race.search(arena, args[4], System.out);
      }
    }
  }

  private void build(Arena arena, PrintStream out) {
    SplittableRandom random = new SplittableRandom(1);
    float[] centers = gaussian(random, CLUSTERS * dim, 1);
    write("vectors", centers, random, rows);
    write("queries", centers, random, QUERIES);
    VectorData vectors = mapped("vectors", rows, arena);
    VectorIndexFormat format = VectorIndexes.format("DISKANN");
    long begun = System.nanoTime();
    try (ObjectStore.Writer file = objects.create("index")) {
      format.build(vectors, Metric.L2, Map.of(), 1, BuildMonitor.NONE, file);
      file.commit();
    }
    truth(vectors, mapped("queries", QUERIES, arena));
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("index_bytes", objects.size("index"));
    figures.put("vector_bytes", objects.size("vectors"));
    figures.put("build_wall_seconds", (System.nanoTime() - begun) / 1e9);
    out.println(Words.json(figures));
  }

  private static float[] gaussian(SplittableRandom random, int length, double scale) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) (random.nextGaussian() * scale);
    }
    return values;
  }

  private void write(String name, float[] centers, SplittableRandom random, int count) {
    try (ObjectStore.Writer file = objects.create(name)) {
      for (int row = 0; row < count; row++) {
        int center = random.nextInt(CLUSTERS) * dim;
        float[] vector = gaussian(random, dim, 0.7);
        for (int d = 0; d < dim; d++) {
          vector[d] += centers[center + d];
        }
        file.write(MemorySegment.ofArray(vector));
      }
      file.commit();
    }
  }

  private VectorData mapped(String name, int count, Arena arena) {
    return new VectorData(objects.map(name, arena), count, dim);
  }

  private void truth(VectorData vectors, VectorData queries) {
    float[] distances = new float[rows];
    int[] all = new int[QUERIES * K];
    for (int q = 0; q < QUERIES; q++) {
      Scorer.of(Metric.L2, vectors, null).query(queries.vector(q)).to(0, rows, distances);
      NearestHeap heap = new NearestHeap(K);
      for (int row = 0; row < rows; row++) {
        heap.offer(distances[row], row);
      }
      System.arraycopy(heap.drain().rows(), 0, all, q * K, K);
    }
    try (ObjectStore.Writer file = objects.create("truth")) {
      file.write(MemorySegment.ofArray(all));
      file.commit();
    }
  }

  private void search(Arena arena, String effort, PrintStream out) throws IOException {
    VectorData vectors = mapped("vectors", rows, arena);
    VectorData queries = mapped("queries", QUERIES, arena);
    int[] truth = objects.map("truth", arena).toArray(ValueLayout.JAVA_INT);
    VectorIndex index =
        VectorIndexes.format("DISKANN").open(objects.map("index", arena), vectors, Metric.L2);
    SearchParams params = new SearchParams(Map.of("search_list", effort));
    for (int pass = 0; pass < 3; pass++) {
      Map<String, Long> before = index.counters();
      long begun = System.nanoTime();
      int hits = 0;
      for (int q = 0; q < QUERIES; q++) {
        VectorQuery query =
            new VectorQuery(
                queries.vector(q),
                K,
                null,
                rows,
                Float.NEGATIVE_INFINITY,
                Float.POSITIVE_INFINITY,
                params);
        for (int row : index.search(query).rows()) {
          for (int i = 0; i < K; i++) {
            hits += truth[q * K + i] == row ? 1 : 0;
          }
        }
      }
      Map<String, Object> figures = new LinkedHashMap<>();
      figures.put("pass", pass);
      figures.put("search_list", effort);
      figures.put("recall", hits / (double) (QUERIES * K));
      index
          .counters()
          .forEach(
              (name, count) ->
                  figures.put(
                      name + "_per_query",
                      (count - before.getOrDefault(name, 0L)) / (double) QUERIES));
      figures.put("milliseconds_per_query", (System.nanoTime() - begun) / 1e6 / QUERIES);
      figures.put("memory", resident());
      out.println(Words.json(figures));
    }
  }

  private static String resident() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.exists(status)) {
      return "";
    }
    return Files.readAllLines(status).stream()
        .filter(line -> line.startsWith("RssAnon") || line.startsWith("RssFile"))
        .map(line -> line.replaceAll("\\s+", " "))
        .reduce("", (a, b) -> a + b + "; ");
  }
}
