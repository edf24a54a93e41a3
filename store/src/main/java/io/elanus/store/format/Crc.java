package io.elanus.store.format;

import java.lang.foreign.MemorySegment;
import java.util.zip.CRC32C;

/** CRC-32C (Castagnoli) over memory. */
public final class Crc {
  private static final long PIECE_BYTES = 1L << 30;

  private Crc() {}

  /** The checksum of the segment's bytes. */
  public static int of(MemorySegment bytes) {
    CRC32C crc = new CRC32C();
    update(crc, bytes);
    return (int) crc.getValue();
  }

  /** Adds bytes, of any number, to a running checksum. */
  public static void update(CRC32C crc, MemorySegment bytes) {
    long size = bytes.byteSize();
    for (long at = 0; at < size; at += PIECE_BYTES) {
      crc.update(bytes.asSlice(at, Math.min(PIECE_BYTES, size - at)).asByteBuffer());
    }
  }
}
