package io.elanus.store.log;

import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.store.format.FileHeader;
import io.elanus.store.log.LogFiles.LogFile;
import io.elanus.store.log.LogFrames.Pending;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A log in files of bounded size. Appending only queues the record; the first thread that waits for
 * durability becomes the leader, writes everything queued, forces once, and wakes the rest, who
 * meanwhile queue for the next round. Layout: {@link LogFrames}.
 */
public final class LocalLog implements Log {
  private final LogFiles files;
  private final long fileBytesMax;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition progress = lock.newCondition();

  /** Files by first operation; the last one is written to. Guarded by lock. */
  private final NavigableMap<Long, Long> sizes = new TreeMap<>();

  // Guarded by lock.
  private List<Pending> queue = new ArrayList<>();
  private long lastOperation;
  private long durableOperation;
  private boolean writing;
  private boolean closed;
  private @Nullable ElanusException failure;

  // Touched only by the leader (or before the log is shared).
  private @Nullable LogFile current;
  private long currentFirst;
  private long currentSize;

  private LocalLog(LogFiles files, long fileBytesMax) {
    this.files = files;
    this.fileBytesMax = fileBytesMax;
  }

  /**
   * Opens the log, cutting off a torn tail.
   *
   * @param fileBytesMax a file that reached this size is followed by a new one
   * @throws ElanusException DATA_CORRUPT where durable records are damaged
   */
  public static LocalLog open(LogFiles files, long fileBytesMax) {
    LocalLog log = new LocalLog(files, fileBytesMax);
    try {
      log.recover();
    } catch (IOException e) {
      throw new ElanusException(
          ErrorCode.LOG_FAILED, "the log could not be opened: " + e.getMessage(), e);
    }
    return log;
  }

  @Override
  public long append(MemorySegment record) {
    if (record.byteSize() > LogFrames.RECORD_BYTES_MAX) {
      throw new ElanusException(
          ErrorCode.TOO_LARGE,
          "one write may hold at most %d bytes, got %d; send smaller batches"
              .formatted(LogFrames.RECORD_BYTES_MAX, record.byteSize()));
    }
    byte[] content = record.toArray(ValueLayout.JAVA_BYTE);
    lock.lock();
    try {
      refuseFailed();
      queue.add(new Pending(++lastOperation, content));
      return lastOperation;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void awaitDurable(long operation) {
    lock.lock();
    try {
      while (durableOperation < operation) {
        refuseFailed();
        if (writing) {
          progress.awaitUninterruptibly();
        } else {
          lead();
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** Writes and forces what is queued. Holds the lock on entry and exit, not in between. */
  private void lead() {
    List<Pending> batch = queue;
    long durableBefore = durableOperation;
    queue = new ArrayList<>();
    writing = true;
    lock.unlock();
    @Nullable Throwable error = null;
    try {
      write(batch, durableBefore);
    } catch (IOException | RuntimeException | Error e) {
      error = e;
    }
    lock.lock();
    writing = false;
    if (error == null) {
      if (!batch.isEmpty()) {
        durableOperation = batch.getLast().operation();
      }
    } else {
      // After a failed force nobody knows what the disk holds: no retry, ever.
      failure =
          new ElanusException(
              ErrorCode.LOG_FAILED,
              "the disk refused a write to the log (%s); writes stop until the server restarts"
                  .formatted(error.getMessage()),
              error);
    }
    progress.signalAll();
  }

  private void write(List<Pending> batch, long durableBefore) throws IOException {
    int from = 0;
    while (from < batch.size()) {
      LogFile file = fileFor(batch.get(from).operation());
      int to = from;
      long bytes = 0;
      while (to < batch.size()
          && (to == from || currentSize + bytes < fileBytesMax)
          && bytes < LogFrames.RECORD_BYTES_MAX) {
        bytes += LogFrames.FRAME_BYTES + batch.get(to++).content().length;
      }
      ByteBuffer buffer = ByteBuffer.allocate(Math.toIntExact(bytes));
      for (Pending record : batch.subList(from, to)) {
        LogFrames.frame(
            buffer, currentFirst, currentSize + buffer.position(), record, durableBefore);
      }
      file.write(buffer.flip(), currentSize);
      currentSize += bytes;
      from = to;
      if (from < batch.size()) {
        file.force();
      }
    }
    LogFile file = current;
    if (file != null) {
      file.force();
    }
    lock.lock();
    try {
      sizes.put(currentFirst, currentSize);
    } finally {
      lock.unlock();
    }
  }

  /** The file to write to: the current one, or a fresh one when that is full. */
  private LogFile fileFor(long operation) throws IOException {
    LogFile file = current;
    if (file != null && currentSize < fileBytesMax) {
      return file;
    }
    if (file != null) {
      file.force();
      file.close();
    }
    LogFile fresh = files.open(LogFrames.fileName(operation));
    // A leftover of a crash between creation and first force may hold anything.
    fresh.truncate(0);
    fresh.write(LogFrames.header(operation).asByteBuffer(), 0);
    fresh.force();
    files.forceFolder();
    current = fresh;
    currentFirst = operation;
    currentSize = FileHeader.BYTES;
    lock.lock();
    try {
      sizes.put(currentFirst, currentSize);
    } finally {
      lock.unlock();
    }
    return fresh;
  }

  @Override
  public long durableOperation() {
    lock.lock();
    try {
      return durableOperation;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public long lastOperation() {
    lock.lock();
    try {
      return lastOperation;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void replay(long fromOperation, Reader reader) {
    List<Long> firsts;
    lock.lock();
    try {
      firsts = new ArrayList<>(sizes.keySet());
    } finally {
      lock.unlock();
    }
    for (int i = 0; i < firsts.size(); i++) {
      boolean needed = i + 1 == firsts.size() || firsts.get(i + 1) > fromOperation;
      if (needed) {
        replayFile(firsts.get(i), fromOperation, reader);
      }
    }
  }

  private void replayFile(long first, long fromOperation, Reader reader) {
    try (Arena arena = Arena.ofConfined();
        LogFile file = files.open(LogFrames.fileName(first))) {
      MemorySegment bytes = file.map(arena);
      long offset = FileHeader.BYTES;
      long operation = first;
      while (offset < bytes.byteSize() && operation <= durableOperation()) {
        long length = LogFrames.intact(bytes, first, offset, operation);
        if (length < 0) {
          throw damaged(first, offset);
        }
        if (operation >= fromOperation) {
          reader.accept(
              operation,
              bytes.asSlice(offset + LogFrames.FRAME_BYTES, length - LogFrames.FRAME_BYTES));
        }
        operation++;
        offset += length;
      }
    } catch (IOException e) {
      throw new ElanusException(
          ErrorCode.LOG_FAILED, "the log could not be read: " + e.getMessage(), e);
    }
  }

  @Override
  public void truncateBefore(long operation) {
    List<Long> gone = new ArrayList<>();
    lock.lock();
    try {
      while (sizes.size() > 1 && sizes.higherKey(sizes.firstKey()) <= operation) {
        gone.add(sizes.pollFirstEntry().getKey());
      }
    } finally {
      lock.unlock();
    }
    try {
      for (long first : gone) {
        files.delete(LogFrames.fileName(first));
      }
      if (!gone.isEmpty()) {
        files.forceFolder();
      }
    } catch (IOException e) {
      // The records are no longer needed; a file that stays costs only space.
      throw new ElanusException(
          ErrorCode.INTERNAL, "old log files could not be removed: " + e.getMessage(), e);
    }
  }

  @Override
  public long sizeBytes() {
    lock.lock();
    try {
      return sizes.values().stream().mapToLong(Long::longValue).sum();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      if (closed) {
        return;
      }
      while (writing) {
        progress.awaitUninterruptibly();
      }
      if (failure == null && !queue.isEmpty()) {
        lead();
      }
      closed = true;
      LogFile file = current;
      if (file != null) {
        file.close();
      }
    } catch (IOException e) {
      throw new ElanusException(
          ErrorCode.LOG_FAILED, "the log could not be closed: " + e.getMessage(), e);
    } finally {
      lock.unlock();
    }
  }

  private void refuseFailed() {
    ElanusException failed = failure;
    if (failed != null) {
      throw new ElanusException(ErrorCode.LOG_FAILED, failed.getMessage(), failed);
    }
    if (closed) {
      throw new ElanusException(ErrorCode.NOT_READY, "the log is closed");
    }
  }

  // --- recovery -------------------------------------------------------------------------------

  private void recover() throws IOException {
    List<Long> firsts = new ArrayList<>();
    for (String name : files.list()) {
      if (name.matches("[0-9a-f]{16}\\" + LogFrames.SUFFIX)) {
        firsts.add(Long.parseUnsignedLong(name.substring(0, 16), 16));
      }
    }
    java.util.Collections.sort(firsts);
    for (int i = 0; i < firsts.size(); i++) {
      recoverFile(firsts.get(i), i + 1 == firsts.size());
    }
    durableOperation = lastOperation;
  }

  private void recoverFile(long first, boolean last) throws IOException {
    LogFile file = files.open(LogFrames.fileName(first));
    boolean keep = false;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment bytes = file.map(arena);
      if (last && unborn(bytes)) {
        discard(first);
        return;
      }
      FileHeader.check(bytes, LogFrames.MAGIC, LogFrames.VERSION, "log file " + name(first));
      boolean follows = sizes.isEmpty() || first == lastOperation + 1;
      if (bytes.get(FileHeader.LONG, FileHeader.OWN_OFFSET) != first || !follows) {
        throw FileHeader.corrupt("log file " + name(first) + " does not follow the one before it");
      }
      lastOperation = first - 1;
      long end = scan(bytes, first);
      if (end < bytes.byteSize()) {
        refuseDamage(bytes, first, end, last);
        file.truncate(end);
        file.force();
      }
      sizes.put(first, end);
      if (last) {
        current = file;
        currentFirst = first;
        currentSize = end;
        keep = true;
      }
    } finally {
      if (!keep) {
        file.close();
      }
    }
  }

  /** A crash between a file's creation and its first force leaves it empty or all zeros. */
  private static boolean unborn(MemorySegment bytes) {
    long size = Math.min(bytes.byteSize(), FileHeader.BYTES);
    for (long i = 0; i < size; i++) {
      if (bytes.get(ValueLayout.JAVA_BYTE, i) != 0) {
        return bytes.byteSize() < FileHeader.BYTES;
      }
    }
    return true;
  }

  private void discard(long first) throws IOException {
    files.delete(LogFrames.fileName(first));
    files.forceFolder();
    lastOperation = first - 1;
    var before = sizes.lastEntry();
    if (before != null) {
      current = files.open(LogFrames.fileName(before.getKey()));
      currentFirst = before.getKey();
      currentSize = before.getValue();
    }
  }

  /** Walks the intact frames and answers where they end. */
  private long scan(MemorySegment bytes, long first) {
    long offset = FileHeader.BYTES;
    while (true) {
      long length = LogFrames.intact(bytes, first, offset, lastOperation + 1);
      if (length < 0) {
        return offset;
      }
      lastOperation++;
      offset += length;
    }
  }

  /** Throws when the bytes after the last intact frame hold damage rather than a torn tail. */
  private void refuseDamage(MemorySegment bytes, long first, long end, boolean last) {
    if (!last) {
      throw damaged(first, end);
    }
    long broken = lastOperation + 1;
    for (long at = end + 1; at + LogFrames.FRAME_BYTES <= bytes.byteSize(); at++) {
      long operation = LogFrames.operation(bytes, at);
      boolean later = operation > broken && LogFrames.durableOperation(bytes, at) >= broken;
      if (later && LogFrames.intact(bytes, first, at, operation) > 0) {
        throw damaged(first, end);
      }
    }
  }

  private static ElanusException damaged(long first, long offset) {
    return FileHeader.corrupt(
        "log file %s is damaged at byte %d, and records after it had been acknowledged"
            .formatted(name(first), offset));
  }

  private static String name(long first) {
    return LogFrames.fileName(first);
  }
}
