package io.elanus.engine.write;

import java.util.Map;

/**
 * How far an index is built.
 *
 * @param totalRows that are not deleted, growing ones too
 * @param indexedRows of sealed segments that have it, or are too small to need it
 * @param pendingRows of sealed segments that wait for it, those of a running build too
 * @param building whether a build runs right now
 * @param layouts rows in segments that have it, by what the segment's file holds ("QG", "FLAT")
 * @param failure empty, or why the last build failed
 */
public record IndexProgress(
    long totalRows,
    long indexedRows,
    long pendingRows,
    boolean building,
    Map<String, Long> layouts,
    String failure) {}
