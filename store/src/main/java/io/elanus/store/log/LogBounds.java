package io.elanus.store.log;

import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import java.lang.foreign.MemorySegment;

/** What every log refuses. */
final class LogBounds {
  private LogBounds() {}

  static void refuseLarge(MemorySegment record) {
    if (record.byteSize() > LogFrames.RECORD_BYTES_MAX) {
      throw new ElanusException(
          ErrorCode.TOO_LARGE,
          "one write may hold at most %d bytes, got %d; send smaller batches"
              .formatted(LogFrames.RECORD_BYTES_MAX, record.byteSize()));
    }
  }

  /** Replaying from a gap would answer fewer records than were acknowledged. */
  static void refuseGap(long fromOperation, long first, long last) {
    if (fromOperation < first || fromOperation > last + 1) {
      throw new ElanusException(
          ErrorCode.DATA_CORRUPT,
          "the log holds the operations %d to %d, but those from %d on are needed; log files are missing"
              .formatted(first, last, fromOperation));
    }
  }
}
