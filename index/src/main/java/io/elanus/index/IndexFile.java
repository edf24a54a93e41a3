package io.elanus.index;

import io.elanus.store.format.Crc;
import io.elanus.store.format.FileHeader;
import io.elanus.store.object.ObjectStore;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * What all index files share: a header, parts that each begin at a multiple of {@value #ALIGNMENT},
 * and an end that vouches for every byte before it.
 *
 * <pre>
 * header      {@link FileHeader}
 * parts       each padded with zeros to a multiple of 64
 * appendices  none in older files: what a search can do without, each padded as parts are
 * directory   only with appendices, 64 bytes: per appendix its kind (4), unused (4), where it
 *             begins (8), its bytes (8); at most two, zeros after; bytes 56–63 where the first begins
 * end         bytes before the end (8), CRC-32C of them (4), magic "ELAE", with appendices "ELAF" (4)
 * </pre>
 *
 * <p>Opening checks the header and every length, but reads no part: restart time must not grow with
 * the data. {@link #verify} reads everything.
 */
public final class IndexFile {
  private static final int ALIGNMENT = 64;
  private static final int END_BYTES = 16;
  private static final int END_MAGIC = 0x45414C45;
  private static final int END_MAGIC_APPENDED = 0x46414C45;
  private static final int DIRECTORY_BYTES = 64;
  private static final int ENTRY_BYTES = 24;
  private static final int APPENDICES_MAX = 2;

  /** An appendix that holds what a {@link io.elanus.index.recall.RecallCurve} knows. */
  public static final int CURVE = 1;

  /** An appendix of codes for scans of chosen rows, see {@link io.elanus.index.scan.RowSigns}. */
  public static final int SIGNS = 2;

  private final ObjectStore.Writer out;
  private final CRC32C crc = new CRC32C();
  private final List<long[]> appendices = new ArrayList<>();
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

  /** Adds an appendix, after all parts. */
  public void appendix(int kind, MemorySegment bytes) {
    endPart();
    if (appendices.size() == APPENDICES_MAX) {
      throw new IllegalStateException("a third appendix");
    }
    appendices.add(new long[] {kind, position, bytes.byteSize()});
    part(bytes);
  }

  /** Ends the file; the caller commits the writer. */
  public void finish() {
    endPart();
    if (!appendices.isEmpty()) {
      append(directory());
    }
    MemorySegment end = MemorySegment.ofArray(new byte[END_BYTES]);
    end.set(FileHeader.LONG, 0, position);
    end.set(FileHeader.INT, 8, (int) crc.getValue());
    end.set(FileHeader.INT, 12, appendices.isEmpty() ? END_MAGIC : END_MAGIC_APPENDED);
    out.write(end);
  }

  private MemorySegment directory() {
    MemorySegment directory = MemorySegment.ofArray(new byte[DIRECTORY_BYTES]);
    for (int i = 0; i < appendices.size(); i++) {
      long[] appendix = appendices.get(i);
      directory.set(FileHeader.INT, (long) i * ENTRY_BYTES, (int) appendix[0]);
      directory.set(FileHeader.LONG, (long) i * ENTRY_BYTES + 8, appendix[1]);
      directory.set(FileHeader.LONG, (long) i * ENTRY_BYTES + 16, appendix[2]);
    }
    directory.set(FileHeader.LONG, DIRECTORY_BYTES - 8, appendices.getFirst()[1]);
    return directory;
  }

  /** The appendix of that kind, or null where a file has none, as older ones. */
  public static @Nullable MemorySegment appendix(MemorySegment file, String what, int kind) {
    long end = checkEnd(file, what);
    if (file.get(FileHeader.INT, end + 12) != END_MAGIC_APPENDED) {
      return null;
    }
    long directory = end - DIRECTORY_BYTES;
    for (long entry = directory;
        entry < directory + (long) APPENDICES_MAX * ENTRY_BYTES;
        entry += ENTRY_BYTES) {
      if (file.get(FileHeader.INT, entry) == kind) {
        long from = file.get(FileHeader.LONG, entry + 8);
        long bytes = file.get(FileHeader.LONG, entry + 16);
        if (from < FileHeader.BYTES || from > directory || bytes < 0 || bytes > directory - from) {
          throw FileHeader.corrupt(what + " has a damaged end");
        }
        return file.asSlice(from, bytes);
      }
    }
    return null;
  }

  /**
   * The parts of a file whose header was checked.
   *
   * @param what the file kind, for the sentence
   * @param lengths bytes of each part, unpadded, as the header tells
   * @throws io.elanus.model.error.ElanusException DATA_CORRUPT where they do not fill the file
   */
  public static MemorySegment[] parts(MemorySegment file, String what, long... lengths) {
    long body = bodyEnd(file, what);
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

  /** Where the parts end and appendices begin. */
  private static long bodyEnd(MemorySegment file, String what) {
    long end = checkEnd(file, what);
    if (file.get(FileHeader.INT, end + 12) == END_MAGIC) {
      return end;
    }
    long first = file.get(FileHeader.LONG, end - 8);
    if (first < FileHeader.BYTES || first > end - DIRECTORY_BYTES) {
      throw FileHeader.corrupt(what + " has a damaged end");
    }
    return first;
  }

  private static long checkEnd(MemorySegment file, String what) {
    long body = file.byteSize() - END_BYTES;
    int magic = body < FileHeader.BYTES ? 0 : file.get(FileHeader.INT, body + 12);
    boolean appended = magic == END_MAGIC_APPENDED && body >= FileHeader.BYTES + DIRECTORY_BYTES;
    if (body < FileHeader.BYTES
        || !(magic == END_MAGIC || appended)
        || file.get(FileHeader.LONG, body) != body) {
      throw FileHeader.corrupt(what + " is cut short");
    }
    return body;
  }
}
