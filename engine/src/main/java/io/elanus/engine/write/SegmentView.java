package io.elanus.engine.write;

/** One segment, for people. */
public record SegmentView(
    long id,
    long partitionId,
    boolean growing,
    long rowCount,
    long deletedCount,
    long bytes,
    long indexId) {}
