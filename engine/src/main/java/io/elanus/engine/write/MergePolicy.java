package io.elanus.engine.write;

import io.elanus.engine.segment.SealedSegment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which segments to merge: towards few, large ones, and away from deleted rows. Segments of a
 * partition are classed by the power of four of their live rows; a class that holds as many as the
 * fan-in is merged, as is a single segment of which a fifth is deleted.
 */
final class MergePolicy {
  private static final int DELETED_DIVISOR = 5;

  private MergePolicy() {}

  /**
   * @param asked someone asked for a compaction: any two segments that fit together, any deleted
   *     row
   * @return the group to merge into one, or none
   */
  static List<SealedSegment> choose(
      List<SealedSegment> segments, WriteConfig config, boolean asked) {
    Map<Long, List<SealedSegment>> byPartition = new TreeMap<>();
    for (SealedSegment segment : segments) {
      byPartition.computeIfAbsent(segment.partitionId(), p -> new ArrayList<>()).add(segment);
      long deleted = segment.deletions().count();
      if (deleted > (asked ? 0 : segment.rowCount() / DELETED_DIVISOR)) {
        return List.of(segment);
      }
    }
    for (List<SealedSegment> partition : byPartition.values()) {
      List<SealedSegment> group =
          asked ? smallest(partition, config) : sizeClass(partition, config);
      if (group.size() > 1) {
        return group;
      }
    }
    return List.of();
  }

  /** As many of the smallest as fit into one segment. */
  private static List<SealedSegment> smallest(List<SealedSegment> partition, WriteConfig config) {
    List<SealedSegment> sorted = new ArrayList<>(partition);
    sorted.sort(Comparator.comparingLong(MergePolicy::live));
    List<SealedSegment> group = new ArrayList<>();
    long rows = 0;
    for (SealedSegment segment : sorted) {
      rows += live(segment);
      if (rows > config.mergeRowsMax()) {
        break;
      }
      group.add(segment);
    }
    return group;
  }

  private static List<SealedSegment> sizeClass(List<SealedSegment> partition, WriteConfig config) {
    Map<Integer, List<SealedSegment>> classes = new TreeMap<>();
    for (SealedSegment segment : partition) {
      int log4 = (64 - Long.numberOfLeadingZeros(Math.max(1, live(segment)))) / 2;
      classes.computeIfAbsent(log4, c -> new ArrayList<>()).add(segment);
    }
    for (List<SealedSegment> members : classes.values()) {
      long rows = members.stream().mapToLong(MergePolicy::live).sum();
      if (members.size() >= config.mergeFanIn() && rows <= config.mergeRowsMax()) {
        return members;
      }
    }
    return List.of();
  }

  private static long live(SealedSegment segment) {
    return (long) segment.rowCount() - segment.deletions().count();
  }
}
