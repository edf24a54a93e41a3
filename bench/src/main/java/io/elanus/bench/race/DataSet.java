package io.elanus.bench.race;

import io.elanus.index.RowBitmap;
import io.elanus.index.VectorData;
import io.elanus.model.schema.Metric;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * One data set of the race, as {@code bench/race/datasets.py} writes it.
 *
 * <p>{@code base.fvecs}, {@code queries.fvecs}: per row an int32 of the dimension, then float32s,
 * little-endian. {@code truth.ivecs}: per query an int32 of the length, then the nearest rows as
 * int32, −1 where there are no more; {@code truth-P.ivecs} the same among the rows that pass P
 * percent. {@code labels.i32}: an int32 per row, equally likely in [0, 1000).
 */
record DataSet(Path folder, Metric metric, VectorData base, float[][] queries, int[] labels) {
  /** Labels below the bound pass. */
  private static final Map<String, Integer> BOUNDS =
      Map.of("50", 500, "10", 100, "1", 10, "0.1", 1);

  static DataSet read(Path folder, Arena arena) throws IOException {
    Properties about = new Properties();
    try (Reader in = Files.newBufferedReader(folder.resolve("meta.properties"))) {
      about.load(in);
    }
    Metric metric = Metric.parse(about.getProperty("metric")).orElseThrow();
    IntBuffer labels = ints(folder.resolve("labels.i32"));
    int[] label = new int[labels.remaining()];
    labels.get(label);
    IntBuffer rows = ints(folder.resolve("queries.fvecs"));
    int dim = rows.get(0);
    float[][] queries = new float[rows.remaining() / (dim + 1)][dim];
    for (int q = 0; q < queries.length; q++) {
      for (int d = 0; d < dim; d++) {
        queries[q][d] = Float.intBitsToFloat(rows.get(q * (dim + 1) + 1 + d));
      }
    }
    return new DataSet(
        folder, metric, base(folder.resolve("base.fvecs"), dim, arena), queries, label);
  }

  /** The vectors off the heap without the lengths between them. */
  private static VectorData base(Path file, int dim, Arena arena) {
    IntBuffer rows = ints(file);
    int count = rows.remaining() / (dim + 1);
    MemorySegment values = arena.allocate(4L * count * dim, 64);
    int[] row = new int[dim];
    for (int r = 0; r < count; r++) {
      rows.get(r * (dim + 1) + 1, row);
      MemorySegment.copy(row, 0, values, ValueLayout.JAVA_INT, 4L * r * dim, dim);
    }
    return new VectorData(values, count, dim);
  }

  /** The nearest rows of each query among those that pass, at most so many. */
  int[][] truth(@Nullable String percent, int depth) {
    IntBuffer rows =
        ints(folder.resolve(percent == null ? "truth.ivecs" : "truth-" + percent + ".ivecs"));
    int width = rows.get(0) + 1;
    int[][] nearest = new int[rows.remaining() / width][depth];
    for (int q = 0; q < nearest.length; q++) {
      rows.get(q * width + 1, nearest[q]);
    }
    return nearest;
  }

  /** The rows that pass that many percent. */
  RowBitmap passing(String percent) {
    int bound =
        Optional.ofNullable(BOUNDS.get(percent))
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "no filter of " + percent + " %; there are " + BOUNDS.keySet()));
    RowBitmap allowed = new RowBitmap(labels.length);
    for (int row = 0; row < labels.length; row++) {
      if (labels[row] < bound) {
        allowed.set(row);
      }
    }
    return allowed;
  }

  private static IntBuffer ints(Path file) {
    try {
      return ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
