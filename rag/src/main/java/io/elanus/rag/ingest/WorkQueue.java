package io.elanus.rag.ingest;

import io.elanus.model.error.ElanusException;

/**
 * Where workers get documents. A document that was taken and neither finished nor put back (its
 * worker's process died) is given out again; to ingest one twice does no harm.
 */
public interface WorkQueue {
  /** The next document; waits for one. No two of one document are out at a time. */
  Work take() throws InterruptedException;

  void finish(Work work, Outcome outcome);

  /** For another try later: what failed may pass. */
  void later(Work work, ElanusException reason);

  /** Whether a job was canceled: whoever works for it stops. */
  boolean isCanceled(String job);
}
