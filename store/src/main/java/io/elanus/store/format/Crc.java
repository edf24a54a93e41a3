package io.elanus.store.format;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.zip.CRC32C;

/** CRC-32C (Castagnoli) over memory. */
public final class Crc {
  private static final long PIECE_BYTES = 1L << 30;
  private static final long COPY_BYTES = 1L << 16;

  private Crc() {}

  /** The checksum of the segment's bytes. */
  public static int of(MemorySegment bytes) {
    CRC32C crc = new CRC32C();
    update(crc, bytes);
    return (int) crc.getValue();
  }

  /** Adds bytes, of any number and over any kind of array, to a running checksum. */
  public static void update(CRC32C crc, MemorySegment bytes) {
    // Segments over arrays of floats or ints have no view as a buffer of bytes.
    boolean viewable = bytes.isNative() || bytes.heapBase().orElse(null) instanceof byte[];
    long pieceBytes = viewable ? PIECE_BYTES : COPY_BYTES;
    for (long at = 0; at < bytes.byteSize(); at += pieceBytes) {
      MemorySegment piece = bytes.asSlice(at, Math.min(pieceBytes, bytes.byteSize() - at));
      if (viewable) {
        crc.update(piece.asByteBuffer());
      } else {
        crc.update(piece.toArray(ValueLayout.JAVA_BYTE));
      }
    }
  }
}
