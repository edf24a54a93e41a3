package io.elanus.store.limit;

import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import java.util.function.LongSupplier;

/**
 * Space of the disk that new rows may not take: on a full disk deletes must still be logged and
 * merges written, or it stays full for ever.
 *
 * @param freeBytes what the disk of the data folder has left
 * @param reservedBytes what is kept of it
 */
public record DiskReserve(LongSupplier freeBytes, long reservedBytes) {
  public static final DiskReserve NONE = new DiskReserve(() -> Long.MAX_VALUE, 0);

  /** Throws DISK_LIMIT where no more than the reserve would be left. */
  public void require(long bytes) {
    long free = freeBytes.getAsLong();
    if (free - bytes < reservedBytes) {
      throw new ElanusException(
          ErrorCode.DISK_LIMIT,
          "the disk has %s left, of which %s are kept for deletes and compaction; free some space"
              .formatted(Mebibytes.of(free), Mebibytes.of(reservedBytes)));
    }
  }
}
