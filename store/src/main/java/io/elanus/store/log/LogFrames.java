package io.elanus.store.log;

import io.elanus.store.format.Crc;
import io.elanus.store.format.FileHeader;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * The bytes of a log file. It is named by its first operation in 16 hexadecimal digits and begins
 * with a {@link FileHeader} of kind {@code ELANLOG1}, whose own fields are
 *
 * <pre>
 * offset  bytes  what
 *     16      8  first operation of the file
 *     24      8  identity of the log, given by whoever opens it
 * </pre>
 *
 * and goes on with frames, one after the other, little-endian:
 *
 * <pre>
 * offset  bytes  what
 *      0      4  length of the record
 *      4      4  CRC-32C of: identity of the log, first operation of the file, offset of the frame,
 *                bytes 0–3 and 8–23, the record. A block from another file or place never passes.
 *      8      8  operation number
 *     16      8  last operation known durable when this frame was written
 *     24      n  the record
 * </pre>
 *
 * <p>Frames from the first operation of the next file on are no part of the log: they were on their
 * way when the disk became full, and were never acknowledged.
 *
 * <p>The durable operation tells a torn tail from damage: where a frame is broken but a later one
 * is intact and says that the broken one had been durable, acknowledged data was damaged. So that
 * the last records are guarded too, a log that is closed ends with a closing frame: no record,
 * operation {@link #CLOSING}. The next append overwrites it.
 */
final class LogFrames {
  static final String MAGIC = "ELANLOG1";
  static final int VERSION = 1;
  static final int FRAME_BYTES = 24;
  static final int RECORD_BYTES_MAX = 256 << 20;
  static final String SUFFIX = ".log";
  static final long CLOSING = Long.MAX_VALUE;

  private LogFrames() {}

  /** What a block belongs to: a log, and the file of it that begins with this operation. */
  record Place(long log, long firstOperation) {}

  /** A record that waits to be written. */
  record Pending(long operation, byte[] content) {}

  static String fileName(long firstOperation) {
    return "%016x".formatted(firstOperation) + SUFFIX;
  }

  static MemorySegment header(Place place) {
    MemorySegment header = MemorySegment.ofArray(new byte[FileHeader.BYTES]);
    header.set(FileHeader.LONG, FileHeader.OWN_OFFSET, place.firstOperation);
    header.set(FileHeader.LONG, FileHeader.OWN_OFFSET + 8, place.log);
    FileHeader.seal(header, MAGIC, VERSION);
    return header;
  }

  /** Whether a header that passed its own check belongs here. */
  static boolean belongs(MemorySegment file, Place place) {
    return file.get(FileHeader.LONG, FileHeader.OWN_OFFSET) == place.firstOperation
        && file.get(FileHeader.LONG, FileHeader.OWN_OFFSET + 8) == place.log;
  }

  /** Appends one frame to the buffer, which has room. */
  static void frame(
      ByteBuffer into, Place place, long offset, Pending record, long durableOperation) {
    into.order(ByteOrder.LITTLE_ENDIAN);
    int start = into.position();
    into.putInt(record.content.length);
    into.putInt(0);
    into.putLong(record.operation);
    into.putLong(durableOperation);
    into.put(record.content);
    MemorySegment frame = MemorySegment.ofBuffer(into.duplicate().flip().position(start));
    into.putInt(start + 4, checksum(frame, place, offset));
  }

  static ByteBuffer closing(Place place, long offset, long durableOperation) {
    ByteBuffer bytes = ByteBuffer.allocate(FRAME_BYTES);
    frame(bytes, place, offset, new Pending(CLOSING, new byte[0]), durableOperation);
    return bytes.flip();
  }

  /** The length of the intact frame of this operation at this offset, or −1. */
  static long intact(MemorySegment file, Place place, long offset, long operation) {
    if (file.byteSize() - offset < FRAME_BYTES) {
      return -1;
    }
    int length = file.get(FileHeader.INT, offset);
    if (length < 0
        || length > RECORD_BYTES_MAX
        || length > file.byteSize() - offset - FRAME_BYTES
        || operation(file, offset) != operation) {
      return -1;
    }
    MemorySegment frame = file.asSlice(offset, FRAME_BYTES + length);
    return frame.get(FileHeader.INT, 4) == checksum(frame, place, offset) ? frame.byteSize() : -1;
  }

  /** The length of a frame that is known to be intact. */
  static long length(MemorySegment file, long offset) {
    return FRAME_BYTES + (long) file.get(FileHeader.INT, offset);
  }

  static long operation(MemorySegment file, long offset) {
    return file.get(FileHeader.LONG, offset + 8);
  }

  static long durableOperation(MemorySegment file, long offset) {
    return file.get(FileHeader.LONG, offset + 16);
  }

  private static int checksum(MemorySegment frame, Place place, long offset) {
    CRC32C crc = new CRC32C();
    ByteBuffer identity = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
    identity.putLong(place.log).putLong(place.firstOperation).putLong(offset);
    crc.update(identity.flip());
    Crc.update(crc, frame.asSlice(0, 4));
    Crc.update(crc, frame.asSlice(8));
    return (int) crc.getValue();
  }
}
