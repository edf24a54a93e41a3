package io.elanus.bench.filter;

import io.elanus.index.BuildMonitor;
import io.elanus.index.RowBitmap;
import io.elanus.index.VectorData;
import io.elanus.index.VectorIndex;
import io.elanus.index.VectorIndexFormat;
import io.elanus.index.VectorIndexes;
import io.elanus.index.VectorQuery;
import io.elanus.model.query.SearchParams;
import io.elanus.model.schema.Metric;
import io.elanus.store.object.MemoryObjects;
import io.elanus.store.object.ObjectStore;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Nanoseconds of CPU for each row that a filter passes, by vectors and by codes, and for each unit
 * of a walk's effort without a filter and with one that passes half. Each is a slope between two
 * searches that differ in nothing else; the median of the rounds:
 *
 * <pre>java … io.elanus.bench.filter.FilterCosts [rows [dim [rounds]]]</pre>
 */
public final class FilterCosts {
  private static final int K = 10;
  private static final int QUERIES = 300;

  private final VectorData data;
  private final float[][] queries;
  private final int rounds;
  private final Random random = new Random(5);

  private FilterCosts(VectorData data, float[][] queries, int rounds) {
    this.data = data;
    this.queries = queries;
    this.rounds = rounds;
  }

  public static void main(String[] args) {
    int rows = args.length > 0 ? Integer.parseInt(args[0]) : 100_000;
    int dim = args.length > 1 ? Integer.parseInt(args[1]) : 384;
    int rounds = args.length > 2 ? Integer.parseInt(args[2]) : 9;
    try (Arena arena = Arena.ofShared()) {
      Random random = new Random(4);
      MemorySegment values = arena.allocate(4L * rows * dim, 64);
      float[][] centers = vectors(200, dim, random);
      for (int row = 0; row < rows; row++) {
        for (int d = 0; d < dim; d++) {
          float value = centers[row % 200][d] + (float) random.nextGaussian();
          values.set(ValueLayout.JAVA_FLOAT, 4L * ((long) row * dim + d), value);
        }
      }
      float[][] queries = vectors(QUERIES, dim, random);
      for (int q = 0; q < QUERIES; q++) {
        for (int d = 0; d < dim; d++) {
          queries[q][d] += centers[q % 200][d];
        }
      }
      new FilterCosts(new VectorData(values, rows, dim), queries, rounds).print(arena);
    }
  }

  private static float[][] vectors(int count, int dim, Random random) {
    float[][] vectors = new float[count][dim];
    for (float[] vector : vectors) {
      for (int d = 0; d < dim; d++) {
        vector[d] = (float) random.nextGaussian();
      }
    }
    return vectors;
  }

  private void print(Arena arena) {
    VectorIndex flat = build("FLAT", arena);
    VectorIndex graph = build("QG", arena);
    RowBitmap one = passing(0.01);
    RowBitmap ten = passing(0.1);
    RowBitmap half = passing(0.5);
    double more = ten.cardinality() - one.cardinality();
    say("a row by its vector", slope(flat, one, 64, flat, ten, 64) / more);
    say("a row by its code, as 1 to 10 % pass", slope(graph, one, 64, graph, ten, 64) / more);
    say("a search by codes where 1 % pass", median(graph, one, 64));
    say("a unit of effort", slope(graph, null, 64, graph, null, 192) / 128);
    say("a unit of effort where half pass", slope(graph, half, 32, graph, half, 96) / 64);
  }

  private static void say(String what, double nanos) {
    System.out.printf("%-40s %8.1f ns%n", what, nanos);
  }

  private VectorIndex build(String type, Arena arena) {
    VectorIndexFormat format = VectorIndexes.format(type);
    MemoryObjects objects = new MemoryObjects();
    try (ObjectStore.Writer out = objects.create(type)) {
      format.build(data, Metric.L2, Map.of(), 1, BuildMonitor.NONE, out);
      out.commit();
    }
    return format.open(objects.map(type, arena), data, Metric.L2);
  }

  private RowBitmap passing(double share) {
    RowBitmap allowed = new RowBitmap(data.count());
    for (int row = 0; row < data.count(); row++) {
      if (random.nextDouble() < share) {
        allowed.set(row);
      }
    }
    return allowed;
  }

  /** How much longer the second search takes, alternating. */
  private double slope(
      VectorIndex a,
      @Nullable RowBitmap allowedA,
      int efA,
      VectorIndex b,
      @Nullable RowBitmap allowedB,
      int efB) {
    double[] differences = new double[rounds];
    for (int round = -2; round < rounds; round++) {
      double first = nanos(a, allowedA, efA);
      double second = nanos(b, allowedB, efB);
      if (round >= 0) {
        differences[round] = second - first;
      }
    }
    Arrays.sort(differences);
    return differences[rounds / 2];
  }

  private double median(VectorIndex index, RowBitmap allowed, int ef) {
    double[] times = new double[rounds];
    for (int round = 0; round < rounds; round++) {
      times[round] = nanos(index, allowed, ef);
    }
    Arrays.sort(times);
    return times[rounds / 2];
  }

  /** Of one query, in the mean. */
  private double nanos(VectorIndex index, @Nullable RowBitmap allowed, int ef) {
    int count = allowed == null ? data.count() : allowed.cardinality();
    SearchParams params =
        index.type().equals("FLAT")
            ? SearchParams.NONE
            : new SearchParams(Map.of("ef", Integer.toString(ef)));
    float none = Float.NEGATIVE_INFINITY;
    long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    for (float[] query : queries) {
      index.search(new VectorQuery(query, K, allowed, count, none, -none, params));
    }
    long spent = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before;
    return (double) spent / queries.length;
  }
}
