package io.elanus.engine.write.merge;

import io.elanus.engine.segment.SealedSegment;
import io.elanus.engine.write.WriteConfig;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * Which segments to merge: towards few, large ones, and away from deleted rows. Segments of a
 * partition are classed by the power of four of their live rows; a class that holds as many as the
 * fan-in is merged, as is a single segment of which a fifth is deleted. While nobody writes, there
 * is time to merge whatever makes a good part of what is rewritten. Where there is a clustering
 * key, {@link KeyOrder} says which segments may meet.
 */
final class MergePolicy {
  private static final int DELETED_DIVISOR = 5;

  /** In quiet times a segment is rewritten for this part of its rows, and not for fewer. */
  private static final int QUIET_DIVISOR = 8;

  private MergePolicy() {}

  /**
   * The group to merge into one, or none.
   *
   * @param segments of all partitions, also those that are not to be merged
   * @param wanted those to pick from
   */
  static List<SealedSegment> choose(
      List<SealedSegment> segments,
      Predicate<SealedSegment> wanted,
      WriteConfig config,
      Occasion occasion) {
    for (SealedSegment segment : segments) {
      long deleted = segment.deletions().count();
      boolean any = occasion == Occasion.ASKED;
      if (wanted.test(segment) && deleted > (any ? 0 : segment.rowCount() / DELETED_DIVISOR)) {
        return List.of(segment);
      }
    }
    return firstGroup(
        segments,
        config,
        wanted,
        pool ->
            switch (occasion) {
              case STEADY -> sizeClass(pool, config);
              case QUIET -> smallest(pool, config, QUIET_DIVISOR);
              case ASKED -> smallest(pool, config, Integer.MAX_VALUE);
            },
        row ->
            switch (occasion) {
              // What is made is half as large again as the largest: a row is copied few times in
              // all.
              case STEADY -> row.size() >= config.mergeFanIn() && largestFactor(row) <= 1;
              case QUIET -> largestFactor(row) <= QUIET_DIVISOR;
              case ASKED -> true;
            });
  }

  /** How many times the others together the largest is, rounded down. */
  private static long largestFactor(List<SealedSegment> row) {
    long largest = row.stream().mapToLong(MergePolicy::live).max().orElse(0);
    long all = row.stream().mapToLong(MergePolicy::live).sum();
    return largest / Math.max(1, all - largest);
  }

  /**
   * Segments of one partition that wait for an index and fit together: one build over all of them
   * costs little more than one over each, and searches walk one graph instead of many.
   */
  static List<SealedSegment> together(
      List<SealedSegment> segments, Predicate<SealedSegment> waiting, WriteConfig config) {
    return firstGroup(
        segments, config, waiting, pool -> smallest(pool, config, Integer.MAX_VALUE), row -> true);
  }

  static Collection<List<SealedSegment>> partitions(List<SealedSegment> segments) {
    Map<Long, List<SealedSegment>> byPartition = new TreeMap<>();
    for (SealedSegment segment : segments) {
      byPartition.computeIfAbsent(segment.partitionId(), p -> new ArrayList<>()).add(segment);
    }
    return byPartition.values();
  }

  /**
   * What is picked of the first pool of which two segments or more are; else none.
   *
   * @param wanted segments to pick from
   * @param neighbours whether wanted segments that follow each other are to be merged, all of them
   */
  private static List<SealedSegment> firstGroup(
      List<SealedSegment> segments,
      WriteConfig config,
      Predicate<SealedSegment> wanted,
      UnaryOperator<List<SealedSegment>> pick,
      Predicate<List<SealedSegment>> neighbours) {
    for (List<SealedSegment> partition : partitions(segments)) {
      for (List<SealedSegment> pool : KeyOrder.pools(partition, config)) {
        List<SealedSegment> group = pick.apply(pool.stream().filter(wanted).toList());
        if (group.size() > 1) {
          return group;
        }
      }
      List<SealedSegment> group =
          KeyOrder.neighbours(
              partition, config, row -> row.stream().allMatch(wanted) && neighbours.test(row));
      if (!group.isEmpty()) {
        return group;
      }
    }
    return List.of();
  }

  /**
   * As many of the smallest as fit into one segment, the largest of them no larger than so many
   * times the others together.
   */
  private static List<SealedSegment> smallest(
      List<SealedSegment> partition, WriteConfig config, int largestFactor) {
    List<SealedSegment> sorted = new ArrayList<>(partition);
    sorted.sort(Comparator.comparingLong(MergePolicy::live));
    int taken = 0;
    long rows = 0;
    long bytes = 0;
    for (int i = 0; i < sorted.size(); i++) {
      long live = live(sorted.get(i));
      boolean worthIt = i > 0 && live / largestFactor <= rows;
      rows += live;
      bytes += sorted.get(i).facts().dataBytes();
      if (rows > config.mergeRowsMax() || bytes > config.mergeBytesMax()) {
        break;
      }
      taken = worthIt ? i + 1 : taken;
    }
    return sorted.subList(0, taken);
  }

  private static List<SealedSegment> sizeClass(List<SealedSegment> partition, WriteConfig config) {
    Map<Integer, List<SealedSegment>> classes = new TreeMap<>();
    for (SealedSegment segment : partition) {
      int log4 = (64 - Long.numberOfLeadingZeros(Math.max(1, live(segment)))) / 2;
      classes.computeIfAbsent(log4, c -> new ArrayList<>()).add(segment);
    }
    for (List<SealedSegment> members : classes.values()) {
      if (members.size() >= config.mergeFanIn()) {
        List<SealedSegment> group = smallest(members, config, Integer.MAX_VALUE);
        if (group.size() >= config.mergeFanIn()) {
          return group;
        }
      }
    }
    return List.of();
  }

  static long live(SealedSegment segment) {
    return (long) segment.rowCount() - segment.deletions().count();
  }
}
