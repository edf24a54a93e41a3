package io.elanus.engine.write;

/**
 * What waits for background work.
 *
 * @param growingBytes of rows that are in memory and log alone
 * @param sealingSegments full, and waiting to be written; writers help where there are many
 * @param sealedSegments there are
 * @param unindexedRows of sealed segments whose index is not built yet
 * @param unclusteredRows of segments that share their range of the clustering key with others
 */
public record Backlog(
    long growingBytes,
    long sealingSegments,
    long sealedSegments,
    long unindexedRows,
    long unclusteredRows) {
  public static final Backlog NONE = new Backlog(0, 0, 0, 0, 0);

  public Backlog plus(Backlog other) {
    return new Backlog(
        growingBytes + other.growingBytes,
        sealingSegments + other.sealingSegments,
        sealedSegments + other.sealedSegments,
        unindexedRows + other.unindexedRows,
        unclusteredRows + other.unclusteredRows);
  }
}
