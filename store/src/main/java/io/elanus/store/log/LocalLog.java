package io.elanus.store.log;

import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.store.format.FileHeader;
import io.elanus.store.log.LogFiles.LogFile;
import io.elanus.store.log.LogFrames.Pending;
import io.elanus.store.log.LogFrames.Place;
import io.elanus.store.object.LocalFolders;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A log in files of bounded size. Appending only queues the record; the first thread that waits for
 * durability becomes the leader, writes everything queued, forces once, and wakes the rest, who
 * meanwhile queue for the next round. Layout: {@link LogFrames}.
 */
public final class LocalLog implements Log {
  /** About as much is gathered for one write; a single larger record goes alone. */
  private static final int WRITE_BYTES = 8 << 20;

  private final LogFiles files;
  private final long fileBytesMax;
  private final long identity;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition progress = lock.newCondition();

  /** Files by first operation; the last one is written to. Guarded by lock. */
  private final NavigableMap<Long, Long> sizes;

  // Guarded by lock.
  private List<Pending> queue = new ArrayList<>();
  private long lastOperation;
  private long durableOperation;
  private boolean writing;
  private boolean closed;
  private @Nullable ElanusException failure;
  private @Nullable ElanusException truncationFailure;

  // Touched only by the leader (or before the log is shared).
  private @Nullable LogFile current;
  private Place place = new Place(0, 0);
  private long currentSize;

  private LocalLog(LogFiles files, long fileBytesMax, long identity, LogRecovery found) {
    this.files = files;
    this.fileBytesMax = fileBytesMax;
    this.identity = identity;
    sizes = found.sizes;
    lastOperation = found.lastOperation;
    durableOperation = found.lastOperation;
    current = found.current;
    if (!sizes.isEmpty()) {
      place = new Place(identity, sizes.lastKey());
      currentSize = sizes.lastEntry().getValue();
    }
  }

  /** Opens a log whose identity is 0. */
  public static LocalLog open(LogFiles files, long fileBytesMax) {
    return open(files, fileBytesMax, 0);
  }

  /**
   * Opens the log, cutting off a torn tail.
   *
   * @param fileBytesMax a file that reached this size is followed by a new one
   * @param identity a number that other logs do not have, so that their files are never taken for
   *     this one's
   * @throws ElanusException DATA_CORRUPT where durable records are damaged, LOG_FAILED where the
   *     disk refuses
   */
  public static LocalLog open(LogFiles files, long fileBytesMax, long identity) {
    try {
      return new LocalLog(files, fileBytesMax, identity, LogRecovery.run(files, identity));
    } catch (IOException e) {
      throw new ElanusException(
          ErrorCode.LOG_FAILED, "the log could not be opened: " + e.getMessage(), e);
    }
  }

  /**
   * Opens a log that has failed once more, in a new file after its last durable operation. The file
   * whose write or force failed is not touched again, and whatever stands behind that operation is
   * no part of the log from now on. The failed log stays as it is; it may be read and closed.
   *
   * @param durableOperation of the failed log
   * @throws ElanusException DISK_LIMIT where there is still no space, LOG_FAILED where the disk
   *     refuses, DATA_CORRUPT where durable records are damaged; may be called again
   */
  public static LocalLog resume(
      LogFiles files, long fileBytesMax, long identity, long durableOperation) {
    try {
      LogRecovery found = LogRecovery.resume(files, identity, durableOperation);
      return new LocalLog(files, fileBytesMax, identity, found);
    } catch (IOException e) {
      throw new ElanusException(
          LocalFolders.isFull(e) ? ErrorCode.DISK_LIMIT : ErrorCode.LOG_FAILED,
          "the log could not go on in a new file: " + e.getMessage(),
          e);
    }
  }

  /** Makes the files of a log that holds nothing and whose next operation is this one. */
  public static void begin(LogFiles files, long identity, long firstOperation) throws IOException {
    try (LogFile file = files.create(LogFrames.fileName(firstOperation))) {
      file.write(LogFrames.header(new Place(identity, firstOperation)).asByteBuffer(), 0);
      file.force();
    }
    files.forceFolder();
  }

  @Override
  public long append(MemorySegment record) {
    LogBounds.refuseLarge(record);
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
      if (operation > lastOperation) {
        throw new IllegalStateException(
            "operation " + operation + " was never appended; the last one is " + lastOperation);
      }
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
      failure = refused(error);
    }
    progress.signalAll();
  }

  private static ElanusException refused(Throwable error) {
    String message = String.valueOf(error.getMessage());
    boolean full = LocalFolders.isFull(error);
    return new ElanusException(
        full ? ErrorCode.DISK_LIMIT : ErrorCode.LOG_FAILED,
        full
            ? "the disk is full (%s): writes to this collection go on soon after there is space again; free disk space"
                .formatted(message)
            : "the disk refused a write to the log (%s); writes stop until the server restarts"
                .formatted(message),
        error);
  }

  private void write(List<Pending> batch, long durableBefore) throws IOException {
    int from = 0;
    while (from < batch.size()) {
      LogFile file = fileFor(batch.get(from).operation());
      int to = from;
      long bytes = 0;
      do {
        bytes += LogFrames.FRAME_BYTES + batch.get(to++).content().length;
      } while (to < batch.size() && bytes < WRITE_BYTES && currentSize + bytes < fileBytesMax);
      ByteBuffer buffer = ByteBuffer.allocate(Math.toIntExact(bytes));
      for (Pending record : batch.subList(from, to)) {
        LogFrames.frame(buffer, place, currentSize + buffer.position(), record, durableBefore);
      }
      file.write(buffer.flip(), currentSize);
      currentSize += bytes;
      from = to;
    }
    LogFile file = current;
    if (file != null) {
      file.force();
    }
    remember();
  }

  /** The file to write to: the current one, or a fresh one when that is full. */
  private LogFile fileFor(long operation) throws IOException {
    LogFile file = current;
    if (file != null && currentSize < fileBytesMax) {
      return file;
    }
    if (file != null) {
      // A closing frame left at the very end may stay: it is true.
      file.force();
      file.close();
    }
    place = new Place(identity, operation);
    LogFile fresh = files.create(LogFrames.fileName(operation));
    current = fresh;
    fresh.write(LogFrames.header(place).asByteBuffer(), 0);
    fresh.force();
    files.forceFolder();
    currentSize = FileHeader.BYTES;
    remember();
    return fresh;
  }

  private void remember() {
    lock.lock();
    try {
      sizes.put(place.firstOperation(), currentSize);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public boolean isOutOfSpace() {
    lock.lock();
    try {
      return failure != null && failure.code() == ErrorCode.DISK_LIMIT;
    } finally {
      lock.unlock();
    }
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
    long through;
    long from = Math.max(1, fromOperation);
    lock.lock();
    try {
      firsts = new ArrayList<>(sizes.keySet());
      through = durableOperation;
      LogBounds.refuseGap(
          from, firsts.isEmpty() ? lastOperation + 1 : firsts.getFirst(), lastOperation);
    } finally {
      lock.unlock();
    }
    for (int i = 0; i < firsts.size(); i++) {
      long end = i + 1 < firsts.size() ? firsts.get(i + 1) - 1 : through;
      if (end >= from) {
        replayFile(firsts.get(i), end, from, reader);
      }
    }
  }

  private void replayFile(long first, long end, long from, Reader reader) {
    try (Arena arena = Arena.ofConfined();
        LogFile file = files.open(LogFrames.fileName(first))) {
      MemorySegment bytes = file.map(arena);
      long offset = FileHeader.BYTES;
      for (long operation = first; operation <= end; operation++) {
        long length = LogFrames.intact(bytes, new Place(identity, first), offset, operation);
        if (length < 0) {
          throw LogRecovery.damaged(first, offset);
        }
        if (operation >= from) {
          long content = length - LogFrames.FRAME_BYTES;
          reader.accept(operation, bytes.asSlice(offset + LogFrames.FRAME_BYTES, content));
        }
        offset += length;
      }
    } catch (IOException e) {
      throw new ElanusException(
          ErrorCode.LOG_FAILED, "the log could not be read: " + e.getMessage(), e);
    }
  }

  /**
   * {@inheritDoc}
   *
   * <p>One file at a time, from the front, each deletion forced before the next: whatever a crash
   * leaves has no gap. After a failure the rest stays until the log is opened again, which costs
   * only space.
   */
  @Override
  public void truncateBefore(long operation) {
    for (long first = removable(operation); first > 0; first = removable(operation)) {
      try {
        files.delete(LogFrames.fileName(first));
        files.forceFolder();
      } catch (IOException e) {
        lock.lock();
        truncationFailure =
            new ElanusException(
                ErrorCode.INTERNAL, "old log files could not be removed: " + e.getMessage(), e);
        lock.unlock();
        continue;
      }
      lock.lock();
      sizes.remove(first);
      lock.unlock();
    }
  }

  /** The first operation of the first file, when all of it is below this operation; or 0. */
  private long removable(long operation) {
    lock.lock();
    try {
      if (sizes.size() < 2 || sizes.higherKey(sizes.firstKey()) > operation) {
        return 0;
      }
      ElanusException failed = truncationFailure;
      if (failed != null) {
        throw new ElanusException(failed.code(), failed.getMessage(), failed);
      }
      return sizes.firstKey();
    } finally {
      lock.unlock();
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
      boolean toldBefore = failure != null;
      while (writing || (failure == null && !queue.isEmpty())) {
        if (writing) {
          progress.awaitUninterruptibly();
        } else {
          lead();
        }
      }
      closed = true;
      progress.signalAll();
      closeFile();
      if (!toldBefore && failure != null) {
        refuseFailed();
      }
    } finally {
      lock.unlock();
    }
  }

  private void closeFile() {
    LogFile file = current;
    if (file == null) {
      return;
    }
    try (file) {
      if (failure == null) {
        file.write(LogFrames.closing(place, currentSize, durableOperation), currentSize);
        file.force();
        witness();
      }
    } catch (IOException e) {
      // Every record had been forced before. Without a whole closing frame the log opens as after
      // a kill, which loses nothing.
      return;
    }
  }

  /**
   * An empty file that says where the next operation goes: should this one lose its end, closing
   * frame and all, the gap between both is seen.
   */
  private void witness() throws IOException {
    if (currentSize == FileHeader.BYTES) {
      return;
    }
    Place next = new Place(identity, durableOperation + 1);
    try (LogFile empty = files.create(LogFrames.fileName(next.firstOperation()))) {
      empty.write(LogFrames.header(next).asByteBuffer(), 0);
      empty.force();
    }
    files.forceFolder();
  }

  private void refuseFailed() {
    ElanusException failed = failure;
    if (failed != null) {
      throw new ElanusException(failed.code(), failed.getMessage(), failed);
    }
    if (closed) {
      throw new ElanusException(ErrorCode.NOT_READY, "the log is closed");
    }
  }
}
