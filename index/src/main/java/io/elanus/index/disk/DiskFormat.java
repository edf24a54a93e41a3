package io.elanus.index.disk;

import io.elanus.index.BuildMonitor;
import io.elanus.index.Twins;
import io.elanus.index.VectorData;
import io.elanus.index.VectorIndex;
import io.elanus.index.VectorIndexFormat;
import io.elanus.index.code.row.GridCodes;
import io.elanus.index.code.row.PlacedVectors;
import io.elanus.index.code.row.RowCodeKind;
import io.elanus.index.code.row.RowCodeKind.Cell;
import io.elanus.index.code.row.RowCodes;
import io.elanus.index.hnsw.GraphShape;
import io.elanus.index.hnsw.HnswBuilder;
import io.elanus.model.query.SearchParams;
import io.elanus.model.schema.Metric;
import io.elanus.store.object.ObjectStore;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * DISKANN. The build reads the vectors front to back a few times and never at random: the graph is
 * built over codes of a byte per coordinate. It takes, per row, {@code dim} bytes for those, four
 * for each neighbour, and some ten; never the vectors. Of lists that are too long edges are dropped
 * by Vamana's rule with α = 1.2, which leaves the longer ones that save reads.
 */
public final class DiskFormat implements VectorIndexFormat {
  private static final float ALPHA = 1.2f;
  private static final int ROWS_PER_HUB = 64;
  private static final int HUBS_MAX = 2048;
  private static final int BUILD_BITS = 8;

  @Override
  public String type() {
    return "DISKANN";
  }

  @Override
  public void checkBuild(Map<String, String> params, int dim) {
    DiskParameters.degree(params);
    DiskParameters.buildEffort(params);
    DiskParameters.codeBits(params);
    DiskParameters.checkCache(params);
  }

  @Override
  public void checkSearch(SearchParams params, int limit) {
    DiskParameters.checkSearch(params, limit);
  }

  @Override
  public void build(
      VectorData vectors,
      Metric metric,
      Map<String, String> params,
      long seed,
      BuildMonitor monitor,
      ObjectStore.Writer out) {
    int degree = DiskParameters.degree(params);
    int rotation = (int) seed;
    int bits = DiskParameters.codeBits(params);
    try (Arena arena = monitor.arena()) {
      Twins twins = Twins.find(vectors, monitor);
      PlacedVectors rows = PlacedVectors.of(vectors, metric, rotation, monitor);
      GridCodes bytes =
          GridCodes.encode(rows, BUILD_BITS, arena, monitor, done -> monitor.progress(0));
      // Distances of the space are squared, and so is α; inner products have no such ratio.
      float ease = rows.space().euclidean() ? ALPHA * ALPHA : 1;
      GraphShape shape =
          new GraphShape(degree / 2, degree, DiskParameters.buildEffort(params), ease);
      HnswBuilder graph = new HnswBuilder(bytes.pairs(), twins, shape, arena);
      graph.build(seed, monitor);
      RowCodeKind kind = RowCodeKind.of(bits == 8 ? Cell.SQ8 : bits == 6 ? Cell.SQ6 : Cell.SQ4U);
      RowCodes codes =
          bits == BUILD_BITS
              ? bytes
              : kind.encode(rows, seed, arena, monitor, done -> monitor.progress(0));
      NodeLayout layout = new NodeLayout(vectors.dim(), vectors.type(), degree);
      int[] hubs = hubs(vectors.count(), twins, graph.entryNode());
      DiskFile.write(
          new DiskFile.Made(graph, twins, hubs, rows, rotation, kind, codes, layout),
          vectors,
          metric,
          out);
    }
  }

  /** Rows at even distances, and where the build's own walks begin. */
  private static int[] hubs(int rows, Twins twins, int entry) {
    if (rows == 0) {
      return new int[0];
    }
    int count = Math.clamp(rows / ROWS_PER_HUB, 1, HUBS_MAX);
    int[] even = IntStream.range(0, count).map(i -> (int) ((long) i * rows / count)).toArray();
    return IntStream.concat(IntStream.of(entry), Arrays.stream(even))
        .filter(row -> !twins.follows(row))
        .distinct()
        .toArray();
  }

  @Override
  public VectorIndex open(MemorySegment file, VectorData vectors, Metric metric) {
    return new DiskIndex(DiskFile.open(file, vectors, metric), vectors, metric);
  }
}
