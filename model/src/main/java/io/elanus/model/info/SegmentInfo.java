package io.elanus.model.info;

/**
 * A segment, for people who want to see inside.
 *
 * @param memoryBytes mapped and off-heap bytes
 */
public record SegmentInfo(
    long id,
    long collectionId,
    long partitionId,
    State state,
    long rowCount,
    long deletedRowCount,
    long memoryBytes,
    String indexName,
    long indexId) {
  /** Life of a segment. */
  public enum State {
    GROWING,
    SEALED,
    INDEXED
  }
}
