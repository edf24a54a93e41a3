package io.elanus.store.log;

import io.elanus.model.error.ElanusException;
import io.elanus.store.format.FileHeader;
import io.elanus.store.log.LogFiles.LogFile;
import io.elanus.store.log.LogFrames.Place;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a log finds when it is opened. Only the last file may end in a torn frame, which was never
 * acknowledged and is cut off; anything else that is not as it was written is damage, and refused.
 *
 * <p>A file ends where the next one begins: a log that met a full disk goes on in a new file after
 * its last durable operation, and leaves what was not durable behind in the old one.
 */
final class LogRecovery {
  private static final long COPY_BYTES = 1 << 20;
  private static final long NONE = -1;

  /** What a file is called until its header is durable, where another may have its name. */
  private static final String FRESH = ".fresh";

  private final LogFiles files;
  private final long identity;

  /** Sizes of the files, without a closing frame, by first operation. */
  final NavigableMap<Long, Long> sizes = new TreeMap<>();

  long lastOperation;

  /** The last file, open for writing. */
  @Nullable LogFile current;

  private LogRecovery(LogFiles files, long identity) {
    this.files = files;
    this.identity = identity;
  }

  static LogRecovery run(LogFiles files, long identity) throws IOException {
    LogRecovery recovery = new LogRecovery(files, identity);
    try {
      recovery.read();
      return recovery;
    } catch (IOException | RuntimeException e) {
      recovery.abandon(e);
      throw e;
    }
  }

  /** See {@link LocalLog#resume}. */
  static LogRecovery resume(LogFiles files, long identity, long durable) throws IOException {
    LogRecovery recovery = new LogRecovery(files, identity);
    try {
      recovery.goOnAfter(durable);
      return recovery;
    } catch (IOException | RuntimeException e) {
      recovery.abandon(e);
      throw e;
    }
  }

  private void goOnAfter(long durable) throws IOException {
    List<Long> firsts = firsts();
    List<Long> later = firsts.stream().filter(first -> first > durable).toList();
    List<Long> kept = firsts.stream().filter(first -> first <= durable).toList();
    for (int i = 0; i < kept.size(); i++) {
      readFile(kept.get(i), i + 1 < kept.size() ? kept.get(i + 1) : durable + 1);
    }
    long next = durable + 1;
    // From the end, one after the other: whatever a crash leaves has no gap.
    for (long first : later.reversed()) {
      if (first != next) {
        files.delete(LogFrames.fileName(first));
        files.forceFolder();
      }
    }
    // The file that failed may have this very name, and be the only one: it is replaced in one
    // step.
    String fresh = LogFrames.fileName(next) + FRESH;
    current = files.create(fresh);
    current.write(LogFrames.header(new Place(identity, next)).asByteBuffer(), 0);
    current.force();
    files.rename(fresh, LogFrames.fileName(next));
    files.forceFolder();
    sizes.put(next, (long) FileHeader.BYTES);
    lastOperation = durable;
  }

  private List<Long> firsts() throws IOException {
    List<Long> firsts = new ArrayList<>();
    for (String name : files.list()) {
      if (name.matches("[0-7][0-9a-f]{15}\\" + LogFrames.SUFFIX)) {
        firsts.add(Long.parseLong(name.substring(0, 16), 16));
      }
    }
    Collections.sort(firsts);
    return firsts;
  }

  private void read() throws IOException {
    for (String name : files.list()) {
      if (name.endsWith(FRESH)) {
        files.delete(name);
      }
    }
    List<Long> firsts = firsts();
    for (int i = 0; i < firsts.size(); i++) {
      readFile(firsts.get(i), i + 1 < firsts.size() ? firsts.get(i + 1) : NONE);
    }
    if (!sizes.isEmpty()) {
      current = files.open(LogFrames.fileName(sizes.lastKey()));
      writeAgain(current, sizes.lastKey(), sizes.lastEntry().getValue());
    }
    files.forceFolder();
  }

  private void abandon(Exception cause) {
    if (current != null) {
      try {
        current.close();
      } catch (IOException e) {
        cause.addSuppressed(e);
      }
    }
  }

  private void readFile(long first, long next) throws IOException {
    boolean last = next == NONE;
    Place place = new Place(identity, first);
    try (Arena arena = Arena.ofConfined();
        LogFile file = files.open(LogFrames.fileName(first))) {
      MemorySegment bytes = file.map(arena);
      boolean follows = sizes.isEmpty() || first == lastOperation + 1;
      if (last && follows && unborn(bytes)) {
        files.delete(LogFrames.fileName(first));
        lastOperation = first - 1;
        return;
      }
      String what = "log file " + LogFrames.fileName(first);
      FileHeader.check(bytes, LogFrames.MAGIC, LogFrames.VERSION, what);
      if (!LogFrames.belongs(bytes, place)) {
        throw FileHeader.corrupt(what + " belongs to another log or place");
      }
      if (!follows) {
        throw FileHeader.corrupt(
            what + " does not follow the one before it; records between them are missing");
      }
      lastOperation = first - 1;
      long end = scan(bytes, place, last ? Long.MAX_VALUE : next - 1);
      long closing = LogFrames.intact(bytes, place, end, LogFrames.CLOSING);
      // Where the next file goes on, every operation is here, and what follows them is none.
      boolean complete = next == lastOperation + 1;
      if (!complete && end + Math.max(0, closing) < bytes.byteSize()) {
        refuseDamage(bytes, place, end, last);
        file.truncate(end);
      }
      sizes.put(first, end);
    }
  }

  /**
   * What a killed process wrote was just read from the system's memory, and counts as durable from
   * now on, so it must be. Forcing is not enough: where the process died of a failed force, the
   * system takes the lost bytes for clean and would skip them. Only writing them again helps.
   */
  private void writeAgain(LogFile file, long first, long end) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment bytes = file.map(arena);
      for (long at = unsureFrom(bytes, first, end); at < end; at += COPY_BYTES) {
        long length = Math.min(COPY_BYTES, end - at);
        byte[] copy = bytes.asSlice(at, length).toArray(ValueLayout.JAVA_BYTE);
        file.write(ByteBuffer.wrap(copy), at);
      }
    }
    file.force();
  }

  /** Where the bytes begin that no intact frame says to be durable. */
  private long unsureFrom(MemorySegment bytes, long first, long end) {
    if (LogFrames.intact(bytes, new Place(identity, first), end, LogFrames.CLOSING) > 0) {
      return end;
    }
    long durable = first - 1;
    for (long at = FileHeader.BYTES; at < end; at += LogFrames.length(bytes, at)) {
      durable = LogFrames.durableOperation(bytes, at);
    }
    if (durable < first) {
      return 0;
    }
    long at = FileHeader.BYTES;
    for (long operation = first; operation <= durable; operation++) {
      at += LogFrames.length(bytes, at);
    }
    return at;
  }

  /**
   * A header is forced before any frame is written, so a crash before that leaves no more than a
   * header that is not whole: short, zeroed or torn. A longer file without one has lost it to
   * damage.
   */
  private static boolean unborn(MemorySegment bytes) {
    return bytes.byteSize() <= FileHeader.BYTES && !FileHeader.isSealed(bytes);
  }

  /** Walks the intact frames up to this operation and answers where they end. */
  private long scan(MemorySegment bytes, Place place, long through) {
    long offset = FileHeader.BYTES;
    while (lastOperation < through) {
      long length = LogFrames.intact(bytes, place, offset, lastOperation + 1);
      if (length < 0) {
        return offset;
      }
      lastOperation++;
      offset += length;
    }
    return offset;
  }

  /** Throws when the bytes after the last intact frame hold damage rather than a torn tail. */
  private void refuseDamage(MemorySegment bytes, Place place, long end, boolean last) {
    if (!last) {
      throw damaged(place.firstOperation(), end);
    }
    long broken = lastOperation + 1;
    // Anything may stand in a torn record. Only numbers that could follow are worth a checksum,
    // which keeps this walk linear.
    long operationMax = broken + (bytes.byteSize() - end) / LogFrames.FRAME_BYTES;
    for (long at = end + 1; at + LogFrames.FRAME_BYTES <= bytes.byteSize(); at++) {
      long operation = LogFrames.operation(bytes, at);
      long durable = LogFrames.durableOperation(bytes, at);
      boolean later =
          operation == LogFrames.CLOSING || (operation > broken && operation <= operationMax);
      if (later
          && durable >= broken
          && durable < operation
          && LogFrames.intact(bytes, place, at, operation) > 0) {
        throw damaged(place.firstOperation(), end);
      }
    }
  }

  static ElanusException damaged(long firstOperation, long offset) {
    return FileHeader.corrupt(
        "log file %s is damaged at byte %d, and what stood there had been acknowledged"
            .formatted(LogFrames.fileName(firstOperation), offset));
  }
}
