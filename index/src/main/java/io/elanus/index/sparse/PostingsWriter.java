package io.elanus.index.sparse;

import io.elanus.index.BuildMonitor;
import io.elanus.index.IndexFile;
import io.elanus.model.schema.Metric;
import io.elanus.store.object.ObjectStore;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Turns rows into postings: counts the rows of each dimension, then puts every entry into its
 * dimension's place. Takes about 12 bytes per entry off the heap meanwhile.
 */
final class PostingsWriter {
  private static final int PROGRESS_ROWS = 1024;

  private final SparseRows rows;
  private final BuildMonitor monitor;
  private int[] dimensions = {};
  // Per dimension, where its postings begin; the end of the last behind them.
  private int[] starts = {0};
  // Counts at first, then which number a dimension has among the sorted ones.
  private final DimensionCounts numbers = new DimensionCounts();

  // Under BM25: tokens of each row, and what occurrences are worth; else empty and null.
  private int[] lengths = {};
  private @Nullable Saturation saturation;
  private long tokens;

  PostingsWriter(SparseRows rows, BuildMonitor monitor) {
    this.rows = rows;
    this.monitor = monitor;
  }

  /**
   * Writes postings of rows whose values count occurrences.
   *
   * @param bm25 what they are worth; the average length is taken from these rows
   */
  void writeTerms(Bm25 bm25, ObjectStore.Writer out) {
    lengths = new int[rows.count()];
    for (int row = 0; row < lengths.length; row++) {
      double length = 0;
      for (int entry = rows.start(row); entry < rows.start(row + 1); entry++) {
        length += rows.value(entry);
      }
      lengths[row] = (int) length;
      tokens += lengths[row];
    }
    saturation = bm25.saturation(lengths.length == 0 ? 0 : (double) tokens / lengths.length);
    write(Metric.BM25, out);
  }

  void write(Metric metric, ObjectStore.Writer out) {
    count();
    int postings = starts[dimensions.length];
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment rowOf = arena.allocate(Math.max(4, 4L * postings), 64);
      MemorySegment valueOf = arena.allocate(Math.max(4, 4L * postings), 64);
      place(rowOf, valueOf);
      Blocks blocks = new Blocks(dimensions.length);
      MemorySegment places = arena.allocate(Math.max(2, 2L * postings), 64);
      MemorySegment impacts = arena.allocate(Math.max(1, postings), 64);
      for (int d = 0; d < dimensions.length; d++) {
        blocks.blockStarts[d] = blocks.size;
        cut(starts[d], starts[d + 1], rowOf, valueOf, blocks, places, impacts);
      }
      blocks.blockStarts[dimensions.length] = blocks.size;
      blocks.end(postings);
      IndexFile file =
          IndexFile.start(
              PostingsFile.header(
                  metric,
                  rows.count(),
                  dimensions.length,
                  blocks.size,
                  postings,
                  saturation,
                  tokens),
              out);
      file.part(MemorySegment.ofArray(dimensions));
      file.part(MemorySegment.ofArray(blocks.blockStarts));
      file.part(MemorySegment.ofArray(blocks.windows).asSlice(0, 4L * blocks.size));
      file.part(MemorySegment.ofArray(blocks.starts).asSlice(0, 4L * (blocks.size + 1L)));
      file.part(MemorySegment.ofArray(blocks.steps).asSlice(0, 4L * blocks.size));
      file.part(places.asSlice(0, 2L * postings));
      file.part(impacts.asSlice(0, postings));
      file.part(MemorySegment.ofArray(lengths));
      file.finish();
    }
    monitor.progress(rows.count());
  }

  private void count() {
    for (int row = 0; row < rows.count(); row++) {
      if (row % PROGRESS_ROWS == 0) {
        monitor.progress(row / 2);
      }
      int end = rows.start(row + 1);
      for (int entry = rows.start(row); entry < end; entry++) {
        if (rows.value(entry) > 0) {
          numbers.add(rows.index(entry));
        }
      }
    }
    dimensions = numbers.sortedDimensions();
    starts = new int[dimensions.length + 1];
    for (int d = 0; d < dimensions.length; d++) {
      starts[d + 1] = starts[d] + numbers.of(dimensions[d]);
      numbers.set(dimensions[d], d);
    }
  }

  private void place(MemorySegment rowOf, MemorySegment valueOf) {
    int[] next = Arrays.copyOf(starts, dimensions.length);
    for (int row = 0; row < rows.count(); row++) {
      if (row % PROGRESS_ROWS == 0) {
        monitor.progress(rows.count() / 2 + row / 2);
      }
      int end = rows.start(row + 1);
      for (int entry = rows.start(row); entry < end; entry++) {
        float value = rows.value(entry);
        if (value > 0) {
          int at = next[numbers.of(rows.index(entry))]++;
          rowOf.set(ValueLayout.JAVA_INT, 4L * at, row);
          valueOf.set(ValueLayout.JAVA_FLOAT, 4L * at, worth(row, value));
        }
      }
    }
  }

  /** Rounded up: a bound must not be less than what it bounds. */
  private float worth(int row, float value) {
    return saturation == null ? value : Math.nextUp((float) saturation.of(value, lengths[row]));
  }

  /** Cuts one dimension's postings into the blocks of their windows. */
  private static void cut(
      int from,
      int to,
      MemorySegment rowOf,
      MemorySegment valueOf,
      Blocks blocks,
      MemorySegment places,
      MemorySegment impacts) {
    int at = from;
    while (at < to) {
      int window = rowOf.get(ValueLayout.JAVA_INT, 4L * at) / PostingsFile.WINDOW;
      int end = at;
      float max = 0;
      while (end < to
          && rowOf.get(ValueLayout.JAVA_INT, 4L * end) / PostingsFile.WINDOW == window) {
        max = Math.max(max, valueOf.get(ValueLayout.JAVA_FLOAT, 4L * end));
        end++;
      }
      float step = Impacts.step(max);
      blocks.add(window, at, step);
      for (int i = at; i < end; i++) {
        int row = rowOf.get(ValueLayout.JAVA_INT, 4L * i);
        places.set(PostingsFile.PLACE, 2L * i, (char) (row % PostingsFile.WINDOW));
        int impact = Impacts.of(valueOf.get(ValueLayout.JAVA_FLOAT, 4L * i), step);
        impacts.set(ValueLayout.JAVA_BYTE, i, (byte) impact);
      }
      at = end;
    }
  }

  /** The blocks so far, as the file has them. */
  private static final class Blocks {
    final int[] blockStarts;
    int[] windows = new int[1024];
    int[] starts = new int[1024];
    float[] steps = new float[1024];
    int size;

    Blocks(int dimensions) {
      blockStarts = new int[dimensions + 1];
    }

    void add(int window, int start, float step) {
      grow();
      windows[size] = window;
      starts[size] = start;
      steps[size++] = step;
    }

    void end(int postings) {
      grow();
      starts[size] = postings;
    }

    private void grow() {
      if (size == starts.length) {
        int larger = Math.multiplyExact(size, 2);
        windows = Arrays.copyOf(windows, larger);
        starts = Arrays.copyOf(starts, larger);
        steps = Arrays.copyOf(steps, larger);
      }
    }
  }
}
