package io.elanus.model;

import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;

/**
 * The door to everything. {@code server}, {@code rag} and {@code console} know only this; it has a
 * local implementation (one process) and, later, a cluster one. Every method may throw {@link
 * io.elanus.model.error.ElanusException} and nothing else that a user could cause. Implementations
 * are safe for use by many threads; calls block the calling thread.
 */
public interface Database extends AutoCloseable {
  Databases databases();

  Collections collections();

  Partitions partitions();

  Indexes indexes();

  Aliases aliases();

  Rows rows();

  Jobs jobs();

  /** Analyzers; not every database has them. */
  default Texts texts() {
    throw new ElanusException(
        ErrorCode.UNSUPPORTED, "this database does not take texts apart on their own");
  }

  /** A fresh hybrid timestamp: physical milliseconds &lt;&lt; 18 | logical; strictly growing. */
  long allocateTimestamp();

  /** Stops taking calls, makes everything durable, and releases files. Idempotent. */
  @Override
  void close();
}
