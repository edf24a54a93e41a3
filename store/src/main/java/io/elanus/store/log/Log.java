package io.elanus.store.log;

import java.lang.foreign.MemorySegment;

/**
 * A shard's write-ahead log: records in one order, numbered by operation 1, 2, 3 … without gaps.
 * Appending is cheap and ordered by the caller's lock; durability is awaited outside of it, so that
 * many writers share one force (group commit).
 *
 * <p>A failed force poisons the log: every later call throws LOG_FAILED, or DISK_LIMIT where the
 * disk was full; nothing is retried.
 */
public interface Log extends AutoCloseable {
  /** Adds a record and answers its operation number. Not durable yet. Callers serialise. */
  long append(MemorySegment record);

  /**
   * Returns when all operations up to this one, which must have been appended, are durable. Safe
   * from many threads.
   */
  void awaitDurable(long operation);

  /**
   * Whether it failed because the disk was full. Then nothing but what is durable will ever be read
   * from it, and another log may be opened that goes on from there.
   */
  default boolean isOutOfSpace() {
    return false;
  }

  /** The last durable operation, 0 for none. */
  long durableOperation();

  /** The last appended operation, 0 for none. */
  long lastOperation();

  /**
   * Calls the reader with every intact record from this operation on, in order. A torn tail was cut
   * when the log was opened; damage before the tail throws DATA_CORRUPT, never a shorter answer. So
   * does asking for an operation that is gone: let go by {@link #truncateBefore}, or more than one
   * beyond the last, which means that files of the log were lost.
   */
  void replay(long fromOperation, Reader reader);

  /** Lets go of whole files whose records are all below this operation. */
  void truncateBefore(long operation);

  /** Bytes on disk. */
  long sizeBytes();

  /** Forces what is appended, then closes. */
  @Override
  void close();

  /** Receives records. */
  interface Reader {
    /** The record is only valid during the call. */
    void accept(long operation, MemorySegment record);
  }
}
