package io.elanus.engine.write.merge;

import io.elanus.engine.range.KeyRange;
import io.elanus.engine.segment.SealedSegment;
import io.elanus.engine.write.WriteConfig;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;

/**
 * How the segments of a partition lie to each other by the ranges of their clustering key, and what
 * follows for background work.
 *
 * <p>Segments that overlap, directly or through others, make a <em>heap</em>; heaps follow each
 * other. A heap that fits into one segment is left to ordinary merges. Of a larger one the heaviest
 * row of segments that do not overlap each other is <em>in order</em>, and the rows of the others
 * are <em>out of order</em>: when these are many, the whole heap is clustered.
 *
 * <p>Background work comes to rest. Let a shard be measured by the rows that are out of order, and
 * then by the number of its segments. Clustering a heap leaves no row of it out of order, and makes
 * ranges within that of the heap, so others stay as they are. Every merge lessens the number of
 * segments, and may only take segments that are out of order; or any of a heap that fits into one
 * segment; or whole heaps, one after the other, that fit into one together: none of which puts rows
 * out of order. So each step lessens the measure.
 */
public final class KeyOrder {
  /** While rows are written, a heap is clustered when this part of it is out of order. */
  private static final int STEADY_DIVISOR = 2;

  /** In quiet times, this part. */
  private static final int QUIET_DIVISOR = 8;

  private static final Comparator<SealedSegment> BY_LOW =
      Comparator.comparing(KeyOrder::range, (a, b) -> KeyRange.compare(a.low(), b.low()))
          .thenComparing(KeyOrder::range, (a, b) -> KeyRange.compare(a.high(), b.high()));

  private static final Comparator<SealedSegment> BY_HIGH =
      Comparator.comparing(KeyOrder::range, (a, b) -> KeyRange.compare(a.high(), b.high()))
          .thenComparing(KeyOrder::range, (a, b) -> KeyRange.compare(a.low(), b.low()));

  private KeyOrder() {}

  private static KeyRange range(SealedSegment segment) {
    return Objects.requireNonNull(segment.range());
  }

  /** Whether the segments are of a collection with a clustering key. */
  static boolean applies(List<SealedSegment> segments) {
    return segments.stream().anyMatch(segment -> segment.range() != null);
  }

  /** Ascending. Segments whose range is not known yet are left out. */
  private static List<List<SealedSegment>> heaps(List<SealedSegment> partition) {
    List<SealedSegment> sorted = new ArrayList<>(partition);
    sorted.removeIf(segment -> segment.range() == null);
    sorted.sort(BY_LOW);
    List<List<SealedSegment>> heaps = new ArrayList<>();
    SealedSegment furthest = null;
    for (SealedSegment segment : sorted) {
      // What overlaps any of the heap overlaps the one that ends last, which began no later.
      if (furthest == null || !range(segment).overlaps(range(furthest))) {
        heaps.add(new ArrayList<>());
      }
      heaps.getLast().add(segment);
      if (furthest == null
          || KeyRange.compare(range(furthest).high(), range(segment).high()) <= 0) {
        furthest = segment;
      }
    }
    return heaps;
  }

  private static boolean fits(List<SealedSegment> segments, WriteConfig config) {
    long rows = 0;
    long bytes = 0;
    for (SealedSegment segment : segments) {
      rows += MergePolicy.live(segment);
      bytes += segment.facts().dataBytes();
    }
    return rows <= config.mergeRowsMax() && bytes <= config.mergeBytesMax();
  }

  private static boolean isLarge(List<SealedSegment> heap, WriteConfig config) {
    return heap.size() > 1 && !fits(heap, config);
  }

  /** Segments of a heap that are not in order: all but the heaviest row of those that are. */
  private static List<SealedSegment> outOfOrder(List<SealedSegment> heap) {
    List<SealedSegment> sorted = new ArrayList<>(heap);
    sorted.sort(BY_HIGH);
    int n = sorted.size();
    long[] weight = new long[n];
    int[] before = new int[n];
    int heaviest = 0;
    for (int i = 0; i < n; i++) {
      before[i] = -1;
      for (int j = 0; j < i; j++) {
        boolean free =
            KeyRange.compare(range(sorted.get(j)).high(), range(sorted.get(i)).low()) <= 0;
        if (free && (before[i] < 0 || weight[j] > weight[before[i]])) {
          before[i] = j;
        }
      }
      weight[i] = MergePolicy.live(sorted.get(i)) + (before[i] < 0 ? 0 : weight[before[i]]);
      heaviest = weight[i] > weight[heaviest] ? i : heaviest;
    }
    Set<SealedSegment> ordered = new HashSet<>();
    for (int i = heaviest; i >= 0; i = before[i]) {
      ordered.add(sorted.get(i));
    }
    return heap.stream().filter(segment -> !ordered.contains(segment)).toList();
  }

  private static long rows(List<SealedSegment> segments) {
    return segments.stream().mapToLong(MergePolicy::live).sum();
  }

  /** Rows that are out of order, in all partitions. */
  public static long rowsOutOfOrder(List<SealedSegment> segments, WriteConfig config) {
    long rows = 0;
    for (List<SealedSegment> partition : MergePolicy.partitions(segments)) {
      for (List<SealedSegment> heap : heaps(partition)) {
        rows += isLarge(heap, config) ? rows(outOfOrder(heap)) : 0;
      }
    }
    return rows;
  }

  /** A heap to be clustered, or none. */
  public static List<SealedSegment> choose(
      List<SealedSegment> segments, WriteConfig config, Occasion occasion) {
    for (List<SealedSegment> partition : MergePolicy.partitions(segments)) {
      for (List<SealedSegment> heap : heaps(partition)) {
        long disordered = isLarge(heap, config) ? rows(outOfOrder(heap)) : 0;
        long least =
            switch (occasion) {
              case STEADY -> rows(heap) / STEADY_DIVISOR;
              case QUIET -> rows(heap) / QUIET_DIVISOR;
              case ASKED -> 1;
            };
        if (disordered >= Math.max(1, least)) {
          return heap;
        }
      }
    }
    return List.of();
  }

  /** Segments any of which may be merged. */
  static List<List<SealedSegment>> pools(List<SealedSegment> partition, WriteConfig config) {
    if (!applies(partition)) {
      return List.of(partition);
    }
    List<List<SealedSegment>> pools = new ArrayList<>();
    for (List<SealedSegment> heap : heaps(partition)) {
      pools.add(isLarge(heap, config) ? outOfOrder(heap) : heap);
    }
    return pools;
  }

  /** The longest row of heaps that fit into one segment together, and pass a test. */
  static List<SealedSegment> neighbours(
      List<SealedSegment> partition,
      WriteConfig config,
      Predicate<List<SealedSegment>> worthwhile) {
    List<List<SealedSegment>> heaps =
        applies(partition) ? heaps(partition) : List.<List<SealedSegment>>of();
    List<SealedSegment> longest = List.of();
    for (int first = 0; first < heaps.size(); first++) {
      List<SealedSegment> taken = new ArrayList<>(heaps.get(first));
      for (int next = first + 1; next < heaps.size(); next++) {
        taken.addAll(heaps.get(next));
        if (!fits(taken, config)) {
          break;
        }
        if (taken.size() > longest.size() && worthwhile.test(taken)) {
          longest = List.copyOf(taken);
        }
      }
    }
    return longest;
  }
}
