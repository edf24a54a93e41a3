package io.elanus.store.format;

import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * The first bytes of every file kind of our own. All numbers little-endian.
 *
 * <pre>
 * offset  bytes  what
 *      0      8  magic, ASCII
 *      8      4  format version, from 1
 *     12      4  CRC-32C of bytes 0–11 and 16–(BYTES−1)
 *     16     48  the kind's own fields
 * </pre>
 */
public final class FileHeader {
  public static final int BYTES = 64;

  /** Where the kind's own 48 bytes begin. */
  public static final int OWN_OFFSET = 16;

  public static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  public static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  public static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private FileHeader() {}

  /** Fills in magic, version and checksum; the kind's own fields must be set before. */
  public static void seal(MemorySegment header, String magic, int version) {
    byte[] name = magic.getBytes(StandardCharsets.US_ASCII);
    if (name.length != 8) {
      throw new IllegalArgumentException("a magic has 8 characters: " + magic);
    }
    MemorySegment.copy(name, 0, header, ValueLayout.JAVA_BYTE, 0, 8);
    header.set(INT, 8, version);
    header.set(INT, 12, checksum(header));
  }

  /** Whether a file says that it is of this kind; nothing else is checked. */
  public static boolean isOf(MemorySegment file, String magic) {
    return file.byteSize() >= BYTES
        && magic.equals(
            new String(
                file.asSlice(0, 8).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.US_ASCII));
  }

  /**
   * Checks a file's header.
   *
   * @param what the file kind, for the sentence
   * @throws ElanusException DATA_CORRUPT when it is short, foreign, newer, or damaged
   */
  public static void check(MemorySegment file, String magic, int versionMax, String what) {
    if (file.byteSize() < BYTES) {
      throw corrupt(what + " is only " + file.byteSize() + " bytes long");
    }
    byte[] name = file.asSlice(0, 8).toArray(ValueLayout.JAVA_BYTE);
    if (!magic.equals(new String(name, StandardCharsets.US_ASCII))) {
      throw corrupt(what + " does not start as one should");
    }
    int version = file.get(INT, 8);
    if (version < 1 || version > versionMax) {
      throw corrupt(
          "%s has format version %d, and this program reads up to %d"
              .formatted(what, version, versionMax));
    }
    if (!isSealed(file)) {
      throw corrupt(what + " has a damaged header");
    }
  }

  public static ElanusException corrupt(String message) {
    return new ElanusException(ErrorCode.DATA_CORRUPT, message);
  }

  /** Whether the first bytes are a header as {@link #seal} leaves it, of whatever kind. */
  public static boolean isSealed(MemorySegment file) {
    return file.byteSize() >= BYTES && file.get(INT, 12) == checksum(file);
  }

  private static int checksum(MemorySegment header) {
    java.util.zip.CRC32C crc = new java.util.zip.CRC32C();
    Crc.update(crc, header.asSlice(0, 12));
    Crc.update(crc, header.asSlice(OWN_OFFSET, BYTES - OWN_OFFSET));
    return (int) crc.getValue();
  }
}
