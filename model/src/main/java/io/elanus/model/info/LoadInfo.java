package io.elanus.model.info;

/**
 * Whether a collection or partition can be searched.
 *
 * @param progress percent, 0–100
 */
public record LoadInfo(State state, int progress) {
  /** Milvus's load states. */
  public enum State {
    NOT_EXIST,
    NOT_LOADED,
    LOADING,
    LOADED
  }
}
