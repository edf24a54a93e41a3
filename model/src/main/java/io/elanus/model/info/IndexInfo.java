package io.elanus.model.info;

import io.elanus.model.schema.IndexSpec;
import java.util.Map;

/**
 * An index and how far its building is.
 *
 * @param totalRows rows that exist
 * @param indexedRows rows an index (or a segment too small to need one) covers
 * @param pendingRows rows in sealed segments that wait for their index
 * @param layouts rows in segments that have it, by the type that was picked for the segment; says
 *     what AUTOINDEX chose
 * @param failure empty, or why the last build failed
 */
public record IndexInfo(
    long id,
    IndexSpec spec,
    State state,
    long totalRows,
    long indexedRows,
    long pendingRows,
    Map<String, Long> layouts,
    String failure) {
  /** Where a build stands. */
  public enum State {
    NONE,
    UNISSUED,
    IN_PROGRESS,
    FINISHED,
    FAILED
  }
}
