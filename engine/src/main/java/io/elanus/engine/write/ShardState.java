package io.elanus.engine.write;

import io.elanus.engine.segment.GrowingSegment;
import io.elanus.engine.segment.Lifetime;
import io.elanus.engine.segment.SealedSegment;
import io.elanus.engine.segment.SegmentFacts;
import io.elanus.engine.write.bytes.LogRecord;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongPredicate;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Which segments there are at a moment: immutable, replaced as a whole.
 *
 * @param growing by partition, being appended to
 * @param sealing no longer appended to, on their way to the disk
 * @param sealedThrough per partition, the last operation whose rows are sealed
 */
record ShardState(
    Map<Long, GrowingSegment> growing,
    List<Sealing> sealing,
    List<SealedSegment> sealed,
    Map<Long, Long> sealedThrough) {

  /** A full growing segment; it holds all rows of its partition up to this operation. */
  record Sealing(GrowingSegment segment, long throughOperation) {}

  ShardState {
    // In one order in every process: a simulation's seed replays it.
    growing = Collections.unmodifiableMap(new TreeMap<>(growing));
    sealing = List.copyOf(sealing);
    sealed = List.copyOf(sealed);
    sealedThrough = Map.copyOf(sealedThrough);
  }

  static final ShardState EMPTY = new ShardState(Map.of(), List.of(), List.of(), Map.of());

  List<GrowingSegment> unsealed() {
    List<GrowingSegment> all = new ArrayList<>();
    sealing.forEach(s -> all.add(s.segment()));
    all.addAll(growing.values());
    return all;
  }

  /** Of all segments, whose memory a reader pins. */
  List<Lifetime> lifetimes() {
    List<Lifetime> all = new ArrayList<>();
    unsealed().forEach(segment -> all.add(segment.lifetime()));
    sealed.forEach(segment -> all.add(segment.lifetime()));
    return all;
  }

  ShardState withGrowing(GrowingSegment segment) {
    Map<Long, GrowingSegment> more = new HashMap<>(growing);
    more.put(segment.partitionId(), segment);
    return new ShardState(more, sealing, sealed, sealedThrough);
  }

  /** The partition's growing segment takes no more rows. */
  ShardState rotate(long partitionId, long throughOperation) {
    Map<Long, GrowingSegment> fewer = new HashMap<>(growing);
    GrowingSegment full = fewer.remove(partitionId);
    if (full == null) {
      return this;
    }
    List<Sealing> more = new ArrayList<>(sealing);
    more.add(new Sealing(full, throughOperation));
    return new ShardState(fewer, more, sealed, sealedThrough);
  }

  /** The segment on disk takes the sealing one's place; null where no row was left. */
  ShardState sealed(Sealing done, @Nullable SealedSegment segment) {
    List<Sealing> fewer = new ArrayList<>(sealing);
    fewer.remove(done);
    List<SealedSegment> more = new ArrayList<>(sealed);
    if (segment != null) {
      more.add(segment);
    }
    Map<Long, Long> through = new HashMap<>(sealedThrough);
    through.put(done.segment().partitionId(), done.throughOperation());
    return new ShardState(growing, fewer, more, through);
  }

  /**
   * Other segments take the place of those with these ids; deletions are shared or carried over.
   */
  ShardState replaced(List<Long> ids, List<SealedSegment> by) {
    List<SealedSegment> others = new ArrayList<>();
    for (SealedSegment segment : sealed) {
      if (!ids.contains(segment.id())) {
        others.add(segment);
      }
    }
    others.addAll(by);
    return new ShardState(growing, sealing, others, sealedThrough);
  }

  /** Without the segments whose partition and last timestamp pass the test. */
  ShardState without(Predicate<Long> partition, long beforeTimestamp) {
    Map<Long, GrowingSegment> keptGrowing = new HashMap<>(growing);
    keptGrowing.keySet().removeIf(partition);
    return new ShardState(
        keptGrowing,
        sealing.stream().filter(s -> !partition.test(s.segment().partitionId())).toList(),
        sealed.stream()
            .filter(
                s ->
                    !(partition.test(s.partitionId())
                        && s.facts().maxTimestamp() < beforeTimestamp))
            .toList(),
        sealedThrough);
  }

  /** A delete that cannot tell which rows it means is refused before the log has it. */
  void requireKeys(LogRecord record) {
    boolean deletes =
        record instanceof LogRecord.Delete
            || record instanceof LogRecord.Insert insert && insert.replaced() != null;
    if (deletes) {
      sealed.forEach(SealedSegment::requireKeys);
    }
  }

  @Nullable SealedSegment sealedById(long id) {
    for (SealedSegment segment : sealed) {
      if (segment.id() == id) {
        return segment;
      }
    }
    return null;
  }

  /** Rows of these partitions that are not deleted, with duplicates of a key counted each. */
  long rowCount(LongPredicate partition) {
    long rows = 0;
    for (SegmentView segment : views()) {
      if (partition.test(segment.partitionId())) {
        rows += segment.rowCount() - segment.deletedCount();
      }
    }
    return rows;
  }

  List<SegmentView> views() {
    List<SegmentView> all = new ArrayList<>();
    for (GrowingSegment s : unsealed()) {
      all.add(
          new SegmentView(
              s.id(), s.partitionId(), true, s.rowCount(), s.deletions().count(), s.bytes(), 0));
    }
    for (SealedSegment s : sealed) {
      long indexId =
          s.facts().indexes().stream()
              .mapToLong(SegmentFacts.IndexFile::indexId)
              .filter(id -> id > 0)
              .findFirst()
              .orElse(0);
      all.add(
          new SegmentView(
              s.id(),
              s.partitionId(),
              false,
              s.rowCount(),
              s.deletions().count(),
              s.facts().dataBytes(),
              indexId));
    }
    return all;
  }
}
