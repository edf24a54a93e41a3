package io.elanus.index.quantgraph;

import io.elanus.index.BuildMonitor;
import io.elanus.index.Parameters;
import io.elanus.index.Twins;
import io.elanus.index.VectorData;
import io.elanus.index.VectorIndex;
import io.elanus.index.VectorIndexFormat;
import io.elanus.index.recall.Efforts;
import io.elanus.index.recall.RecallCurve;
import io.elanus.index.recall.RecallMeasure;
import io.elanus.index.recall.RecallPlan;
import io.elanus.index.recall.RecallWanted;
import io.elanus.kernel.graph.HopLayout;
import io.elanus.kernel.graph.HopLayout.Cells;
import io.elanus.model.query.SearchParams;
import io.elanus.model.schema.Metric;
import io.elanus.store.format.FileHeader;
import io.elanus.store.object.ObjectStore;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * QG, the quantised graph. Build parameters: {@code efConstruction}, the effort of the searches
 * that find a node's neighbours, {@code passes} of them, and {@code bits} of a code. Search
 * parameter: {@code ef}, how many nodes wait by their estimates; about as many are read; or {@code
 * recall} instead.
 */
public final class QuantGraphFormat implements VectorIndexFormat {
  static final String TYPE = "QG";

  private static final int EF_CONSTRUCTION_DEFAULT = 200;
  private static final int EF_DEFAULT = 100;
  private static final int PASSES_DEFAULT = 1;
  private static final int FEW_DIMENSIONS = 128;
  private static final int EXTRA_BITS = 48;
  static final int BITS_MAX = 1 << 16;
  private static final String EF = "ef";

  /** What a filter costs where no curve says it; measured at 100 and 384 dimensions. */
  private static final double FILTER_POWER = -0.7;

  /** A query takes half a microsecond for each unit of effort: about a second for a segment. */
  private static final RecallPlan PLAN =
      new RecallPlan(
          new double[] {1, 0.5, 0.1},
          new int[] {12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512},
          256,
          false);

  @Override
  public String type() {
    return TYPE;
  }

  @Override
  public void checkBuild(Map<String, String> params, int dim) {
    efConstruction(params);
    passes(params);
    bits(params, Metric.L2, dim);
  }

  @Override
  public boolean takesRecall() {
    return true;
  }

  @Override
  public void checkSearch(SearchParams params, int limit) {
    int ef = Parameters.integer(params.values(), EF, Math.max(limit, 1), 1, Integer.MAX_VALUE);
    if (ef < limit) {
      throw Parameters.invalid("ef(%d) should be larger than k(%d)".formatted(ef, limit));
    }
    RecallWanted.check(params, EF);
  }

  @Override
  public void build(
      VectorData vectors,
      Metric metric,
      Map<String, String> params,
      long seed,
      BuildMonitor monitor,
      ObjectStore.Writer out) {
    Twins twins = Twins.find(vectors, monitor);
    Space space =
        Space.of(
            metric,
            vectors.dim(),
            bits(params, metric, vectors.dim()),
            Space.longest(vectors),
            seed);
    HopLayout layout = space.layout();
    int rows = vectors.count();
    try (Arena arena = monitor.arena()) {
      MemorySegment room = arena.allocate(Math.max(64, (long) layout.stride() * rows), 64);
      int entry = 0;
      int hubCount = 0;
      MemorySegment hubs = room.asSlice(0, 0);
      if (rows > 0) {
        VectorData placed = place(vectors, space, arena);
        VectorData rotated = rotate(placed, space, arena);
        int[] members = IntStream.range(0, rows).filter(row -> !twins.follows(row)).toArray();
        hubCount = Hubs.count(members.length);
        hubs =
            arena
                .allocate(Math.max(64, (long) layout.stride() * hubCount), 64)
                .asSlice(0, (long) layout.stride() * hubCount);
        GraphBuilder graph = new GraphBuilder(space, placed, rotated, members, room);
        graph.build(efConstruction(params), passes(params), seed, monitor);
        graph.hubs(hubCount, seed, hubs);
        entry = graph.entry();
      }
      MemorySegment nodes = room.asSlice(0, (long) layout.stride() * rows);
      Rounding rounding = Rounding.of(space, nodes, hubs);
      QuantGraphFile graph = QuantGraphFile.of(rounding, entry, twins);
      RecallCurve curve =
          RecallMeasure.curve(
              new QuantGraphIndex(
                  type(), graph, vectors, efforts(null, OptionalDouble.empty(), EF_DEFAULT)),
              vectors,
              metric,
              PLAN,
              seed,
              monitor);
      QuantGraphFile.write(rounding, seed, entry, twins, curve, vectors, monitor, out);
    }
  }

  private static VectorData place(VectorData vectors, Space space, Arena arena) {
    int dim = space.layout().dim();
    MemorySegment values = arena.allocate(4L * dim * vectors.count(), 64);
    float[] placed = new float[dim];
    for (int row = 0; row < vectors.count(); row++) {
      space.row(vectors.vector(row), placed);
      MemorySegment.copy(placed, 0, values, ValueLayout.JAVA_FLOAT, 4L * dim * row, dim);
    }
    return new VectorData(values, vectors.count(), dim);
  }

  private static VectorData rotate(VectorData placed, Space space, Arena arena) {
    int bits = space.layout().bits();
    MemorySegment values = arena.allocate(4L * bits * placed.count(), 64);
    float[] rotated = new float[bits];
    for (int row = 0; row < placed.count(); row++) {
      space.rotate(placed.vector(row), rotated);
      MemorySegment.copy(rotated, 0, values, ValueLayout.JAVA_FLOAT, 4L * bits * row, bits);
    }
    return new VectorData(values, placed.count(), bits);
  }

  /** Memory off the heap that a build takes at most, in bytes. */
  public static long buildBytes(VectorData vectors, Metric metric) {
    int bits = bits(Map.of(), metric, vectors.dim());
    int stride =
        new HopLayout(HopLayout.padded(coordinates(metric, vectors.dim())), bits, Cells.FLOATS)
            .stride();
    long rowBytes = stride + 4L * HopLayout.padded(vectors.dim() + 1) + 4L * bits;
    return rowBytes * vectors.count();
  }

  @Override
  public VectorIndex open(MemorySegment file, VectorData vectors, Metric metric) {
    return open(file, vectors, metric, type(), OptionalDouble.empty(), EF_DEFAULT);
  }

  /**
   * Opens it under the name of another format.
   *
   * @param recall where a query says nothing
   * @param effort where it says nothing and that is empty, or the file has no curve
   */
  public VectorIndex open(
      MemorySegment file,
      VectorData vectors,
      Metric metric,
      String type,
      OptionalDouble recall,
      int effort) {
    QuantGraphFile graph = QuantGraphFile.open(file, metric, vectors);
    return new QuantGraphIndex(type, graph, vectors, efforts(graph.curve(), recall, effort));
  }

  private static Efforts efforts(@Nullable RecallCurve curve, OptionalDouble recall, int fallback) {
    return new Efforts(EF, fallback, recall, FILTER_POWER, curve);
  }

  /** Whether a file says that it is one of these. */
  public static boolean wrote(MemorySegment file) {
    return FileHeader.isOf(file, QuantGraphFile.MAGIC);
  }

  private static int efConstruction(Map<String, String> params) {
    return Parameters.integer(params, "efConstruction", EF_CONSTRUCTION_DEFAULT, 1, 100_000);
  }

  /** Measured: below 128 dimensions, more bits than that cost less than the hops they save. */
  private static int bits(Map<String, String> params, Metric metric, int dim) {
    int own = coordinates(metric, dim);
    int usual = own <= FEW_DIMENSIONS ? own + EXTRA_BITS : own;
    return HopLayout.padded(Parameters.integer(params, "bits", usual, own, BITS_MAX));
  }

  private static int coordinates(Metric metric, int dim) {
    return metric == Metric.IP ? dim + 1 : dim;
  }

  private static int passes(Map<String, String> params) {
    return Parameters.integer(params, "passes", PASSES_DEFAULT, 1, 8);
  }
}
