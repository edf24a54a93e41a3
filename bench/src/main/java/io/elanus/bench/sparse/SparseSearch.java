package io.elanus.bench.sparse;

import io.elanus.index.BuildMonitor;
import io.elanus.index.Neighbors;
import io.elanus.index.QueryVector;
import io.elanus.index.RowBitmap;
import io.elanus.index.VectorData;
import io.elanus.index.VectorIndex;
import io.elanus.index.VectorQuery;
import io.elanus.index.sparse.SparseInvertedFormat;
import io.elanus.model.query.SearchParams;
import io.elanus.model.rows.SparseVector;
import io.elanus.model.schema.Metric;
import io.elanus.store.object.MemoryObjects;
import io.elanus.store.object.ObjectStore;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;

/**
 * Queries per second of CPU, ours and a plain term at a time, alternating, best of 10 hits:
 *
 * <pre>java … io.elanus.bench.sparse.SparseSearch [rows [rounds]]</pre>
 */
public final class SparseSearch {
  private static final int K = 10;

  private SparseSearch() {}

  public static void main(String[] args) {
    int rows = args.length > 0 ? Integer.parseInt(args[0]) : 200_000;
    int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 7;
    compare("learned", SparseSet.Shape.LEARNED, rows, rounds);
    compare("words", SparseSet.Shape.WORDS, rows, rounds);
  }

  private static void compare(String name, SparseSet.Shape shape, int rows, int rounds) {
    try (Arena arena = Arena.ofShared()) {
      SparseSet set = SparseSet.make(shape, rows, 200, 1, arena);
      long start = cpuNanos();
      VectorIndex index = build(set, arena);
      print(
          "%s: %d rows, %d entries; built in %.1f s of CPU, %.2f of the rows' bytes",
          name,
          rows,
          set.rows().entries(),
          (cpuNanos() - start) / 1e9,
          index.sizeBytes() / (8.0 * set.rows().entries() + 4.0 * rows));
      PlainPostings plain = new PlainPostings(set.rows());
      List<Function<SparseVector, Neighbors>> contenders = new ArrayList<>();
      List<String> names = new ArrayList<>();
      names.add("term at a time");
      contenders.add(q -> plain.search(q, K));
      names.add("ours");
      contenders.add(q -> index.search(query(q, null, rows, SearchParams.NONE)));
      names.add("ours, drop ratio 0.2");
      SearchParams dropped = new SearchParams(Map.of("drop_ratio_search", "0.2"));
      contenders.add(q -> index.search(query(q, null, rows, dropped)));
      for (double share : new double[] {0.5, 0.1, 0.01, 0.001}) {
        RowBitmap allowed = share(rows, share);
        int count = allowed.cardinality();
        names.add("ours, filter passes " + 100 * share + " %");
        contenders.add(q -> index.search(query(q, allowed, count, SearchParams.NONE)));
      }
      race(set, contenders, names, rounds);
    }
  }

  private static void race(
      SparseSet set,
      List<Function<SparseVector, Neighbors>> contenders,
      List<String> names,
      int rounds) {
    List<List<Double>> rates = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      rates.add(new ArrayList<>());
    }
    for (int round = -2; round < rounds; round++) {
      for (int i = 0; i < names.size(); i++) {
        double rate = rate(set.queries(), contenders.get(i));
        if (round >= 0) {
          rates.get(i).add(rate);
        }
      }
    }
    for (int i = 0; i < names.size(); i++) {
      double[] sorted = rates.get(i).stream().mapToDouble(d -> d).sorted().toArray();
      print(
          "  %-28s %8.0f queries/CPU s (%.0f–%.0f), recall %.3f",
          names.get(i),
          sorted[sorted.length / 2],
          sorted[0],
          sorted[sorted.length - 1],
          i > 2 ? 1 : recall(set.queries(), contenders.get(i), contenders.getFirst()));
    }
  }

  private static double recall(
      List<SparseVector> queries,
      Function<SparseVector, Neighbors> contender,
      Function<SparseVector, Neighbors> truth) {
    int hits = 0;
    int wanted = 0;
    for (SparseVector query : queries) {
      RowBitmap right = new RowBitmap(1 << 26);
      for (int row : truth.apply(query).rows()) {
        right.set(row);
        wanted++;
      }
      for (int row : contender.apply(query).rows()) {
        hits += right.get(row) ? 1 : 0;
      }
    }
    return (double) hits / wanted;
  }

  private static double rate(
      List<SparseVector> queries, Function<SparseVector, Neighbors> contender) {
    long start = cpuNanos();
    long hits = 0;
    int asked = 0;
    while (cpuNanos() - start < 300_000_000L) {
      hits += contender.apply(queries.get(asked % queries.size())).size();
      asked++;
    }
    if (hits == 0) {
      throw new IllegalStateException("no hits");
    }
    return asked * 1e9 / (cpuNanos() - start);
  }

  private static VectorQuery query(
      SparseVector vector,
      @org.jspecify.annotations.Nullable RowBitmap allowed,
      int count,
      SearchParams params) {
    return new VectorQuery(
        new QueryVector.Sparse(vector),
        K,
        allowed,
        count,
        Float.NEGATIVE_INFINITY,
        Float.POSITIVE_INFINITY,
        params);
  }

  private static RowBitmap share(int rows, double share) {
    Random random = new Random(5);
    RowBitmap allowed = new RowBitmap(rows);
    for (int row = 0; row < rows; row++) {
      if (random.nextDouble() < share) {
        allowed.set(row);
      }
    }
    return allowed;
  }

  private static VectorIndex build(SparseSet set, Arena arena) {
    SparseInvertedFormat format = new SparseInvertedFormat("SPARSE_INVERTED_INDEX");
    VectorData vectors = new VectorData(set.rows());
    MemoryObjects objects = new MemoryObjects();
    try (ObjectStore.Writer out = objects.create("index")) {
      format.build(vectors, Metric.IP, Map.of(), 1, BuildMonitor.NONE, out);
      out.commit();
    }
    byte[] file = objects.read("index");
    MemorySegment mapped = arena.allocate(file.length, 64).copyFrom(MemorySegment.ofArray(file));
    return format.open(mapped, vectors, Metric.IP);
  }

  private static long cpuNanos() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  private static void print(String format, Object... values) {
    System.out.println(String.format(Locale.ROOT, format, values));
  }
}
