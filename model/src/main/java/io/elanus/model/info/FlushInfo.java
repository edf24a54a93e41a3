package io.elanus.model.info;

import java.util.List;

/**
 * What a flush sealed.
 *
 * @param segmentIds the segments sealed by it
 * @param timestamp everything written at or before is in sealed segments
 */
public record FlushInfo(
    long collectionId, List<Long> segmentIds, List<Long> sealedSegmentIds, long timestamp) {
  public FlushInfo {
    segmentIds = List.copyOf(segmentIds);
    sealedSegmentIds = List.copyOf(sealedSegmentIds);
  }
}
