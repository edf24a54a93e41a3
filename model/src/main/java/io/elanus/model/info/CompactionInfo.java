package io.elanus.model.info;

/** A compaction asked for by hand. */
public record CompactionInfo(
    long id, State state, int executingPlans, int completedPlans, int failedPlans) {
  /** Milvus's compaction states. */
  public enum State {
    EXECUTING,
    COMPLETED
  }
}
