package io.elanus.index;

import io.elanus.store.format.Crc;
import io.elanus.store.format.FileHeader;
import io.elanus.store.object.ObjectStore;
import java.lang.foreign.MemorySegment;
import java.util.zip.CRC32C;

/**
 * What all index files share: a header, parts that each begin at a multiple of {@value #ALIGNMENT},
 * and an end that vouches for every byte before it.
 *
 * <pre>
 * header   {@link FileHeader}
 * parts    each padded with zeros to a multiple of 64
 * end      bytes before the end (8), CRC-32C of them (4), magic "ELAE" (4)
 * </pre>
 *
 * <p>Opening checks the header and every length, but reads no part: restart time must not grow with
 * the data. {@link #verify} reads everything.
 */
public final class IndexFile {
  private static final int ALIGNMENT = 64;
  private static final int END_BYTES = 16;
  private static final int END_MAGIC = 0x45414C45;

  private final ObjectStore.Writer out;
  private final CRC32C crc = new CRC32C();
  private long position;

  private IndexFile(ObjectStore.Writer out) {
    this.out = out;
  }

  /** Starts a file with its sealed header. */
  public static IndexFile start(MemorySegment header, ObjectStore.Writer out) {
    IndexFile file = new IndexFile(out);
    file.append(header);
    return file;
  }

  /** Adds to the part being written. */
  public void append(MemorySegment bytes) {
    Crc.update(crc, bytes);
    out.write(bytes);
    position += bytes.byteSize();
  }

  /** Ends a part. */
  public void endPart() {
    int padding = (int) (-position & (ALIGNMENT - 1));
    if (padding > 0) {
      append(MemorySegment.ofArray(new byte[padding]));
    }
  }

  /** Adds one whole part. */
  public void part(MemorySegment bytes) {
    append(bytes);
    endPart();
  }

  /** Ends the file; the caller commits the writer. */
  public void finish() {
    endPart();
    MemorySegment end = MemorySegment.ofArray(new byte[END_BYTES]);
    end.set(FileHeader.LONG, 0, position);
    end.set(FileHeader.INT, 8, (int) crc.getValue());
    end.set(FileHeader.INT, 12, END_MAGIC);
    out.write(end);
  }

  /**
   * The parts of a file whose header was checked.
   *
   * @param what the file kind, for the sentence
   * @param lengths bytes of each part, unpadded, as the header tells
   * @throws io.elanus.model.error.ElanusException DATA_CORRUPT where they do not fill the file
   */
  public static MemorySegment[] parts(MemorySegment file, String what, long... lengths) {
    long body = checkEnd(file, what);
    MemorySegment[] parts = new MemorySegment[lengths.length];
    long at = FileHeader.BYTES;
    for (int i = 0; i < lengths.length; i++) {
      if (lengths[i] < 0 || lengths[i] > body - at) {
        throw FileHeader.corrupt(what + " is shorter than its header says");
      }
      parts[i] = file.asSlice(at, lengths[i]);
      at = (at + lengths[i] + ALIGNMENT - 1) & -ALIGNMENT;
    }
    if (at != body) {
      throw FileHeader.corrupt(what + " is longer than its header says");
    }
    return parts;
  }

  /** Reads the whole file; DATA_CORRUPT where any byte is not as it was written. */
  public static void verify(MemorySegment file, String what) {
    long body = checkEnd(file, what);
    if (Crc.of(file.asSlice(0, body)) != file.get(FileHeader.INT, body + 8)) {
      throw FileHeader.corrupt(what + " is damaged");
    }
  }

  private static long checkEnd(MemorySegment file, String what) {
    long body = file.byteSize() - END_BYTES;
    if (body < FileHeader.BYTES
        || file.get(FileHeader.INT, body + 12) != END_MAGIC
        || file.get(FileHeader.LONG, body) != body) {
      throw FileHeader.corrupt(what + " is cut short");
    }
    return body;
  }
}
