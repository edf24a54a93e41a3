package io.elanus.engine.write.merge;

import io.elanus.engine.segment.SealedSegment;
import io.elanus.engine.write.WriteConfig;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * Which segments a shard merges next. All segments are looked at, also those that must not be
 * merged: what lies between two of them by the clustering key keeps these apart.
 */
public final class NextMerge {
  private final WriteConfig config;
  private final Predicate<SealedSegment> awaited;

  /** Segments whose merge failed: left alone until the next start, so that they block nothing. */
  private final Set<Long> unmergeable = ConcurrentHashMap.newKeySet();

  /**
   * @param awaited whether a segment waits for an index
   */
  public NextMerge(WriteConfig config, Predicate<SealedSegment> awaited) {
    this.config = config;
    this.awaited = awaited;
  }

  /** These could not be merged. */
  public void leaveAlone(Collection<SealedSegment> segments) {
    segments.forEach(segment -> unmergeable.add(segment.id()));
  }

  public boolean isMergeable(SealedSegment segment) {
    return !unmergeable.contains(segment.id());
  }

  /** What an occasion by itself would merge, or nothing. */
  public List<SealedSegment> on(Occasion occasion, List<SealedSegment> sealed) {
    return MergePolicy.choose(sealed, this::isMergeable, config, occasion);
  }

  /**
   * The most urgent merge, or none.
   *
   * @param asked the segments that someone asked to be merged
   */
  public List<SealedSegment> of(
      List<SealedSegment> sealed, Predicate<SealedSegment> asked, boolean quiet) {
    Predicate<SealedSegment> mergeable = this::isMergeable;
    List<SealedSegment> group =
        MergePolicy.choose(sealed, mergeable.and(asked), config, Occasion.ASKED);
    if (group.isEmpty()) {
      group = on(Occasion.STEADY, sealed);
    }
    if (group.isEmpty()) {
      group = MergePolicy.together(sealed, mergeable.and(awaited), config);
    }
    return group.isEmpty() && quiet ? on(Occasion.QUIET, sealed) : group;
  }
}
