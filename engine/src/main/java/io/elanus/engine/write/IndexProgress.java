package io.elanus.engine.write;

/**
 * How far an index is built.
 *
 * @param pendingRows rows of sealed segments that wait for it
 * @param failure empty, or why the last build failed
 */
public record IndexProgress(
    long totalRows, long indexedRows, long pendingRows, boolean building, String failure) {}
