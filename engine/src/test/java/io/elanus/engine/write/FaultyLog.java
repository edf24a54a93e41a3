package io.elanus.engine.write;

import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.store.log.Log;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * A log whose forces and cuts are steps that can fail, over a disk that outlives it. Records that
 * were not forced are lost with it, and a failed force poisons it, as {@link Log} promises.
 */
final class FaultyLog implements Log {
  /** What survives. */
  static final class Disk {
    final NavigableMap<Long, byte[]> records = new TreeMap<>();
    long last;
  }

  private final Disk disk;
  private final Faults faults;
  private final NavigableMap<Long, byte[]> unforced = new TreeMap<>();
  private boolean failed;
  private boolean closed;

  FaultyLog(Disk disk, Faults faults) {
    this.disk = disk;
    this.faults = faults;
  }

  @Override
  public synchronized long append(MemorySegment record) {
    refuse();
    long operation = lastOperation() + 1;
    unforced.put(operation, record.toArray(ValueLayout.JAVA_BYTE));
    return operation;
  }

  @Override
  public synchronized void awaitDurable(long operation) {
    if (operation <= disk.last) {
      return;
    }
    refuse();
    try {
      faults.step("force", this::force);
    } catch (ElanusException e) {
      failed = true;
      throw new ElanusException(ErrorCode.LOG_FAILED, "injected: force", e);
    }
  }

  private void force() {
    disk.records.putAll(unforced);
    disk.last = lastOperation();
    unforced.clear();
  }

  private void refuse() {
    if (failed || closed) {
      throw new ElanusException(ErrorCode.LOG_FAILED, "injected: the log has failed or is closed");
    }
  }

  @Override
  public synchronized long durableOperation() {
    return disk.last;
  }

  @Override
  public synchronized long lastOperation() {
    return unforced.isEmpty() ? disk.last : unforced.lastKey();
  }

  @Override
  public synchronized void replay(long fromOperation, Reader reader) {
    new TreeMap<>(disk.records.tailMap(fromOperation, true))
        .forEach((operation, bytes) -> reader.accept(operation, MemorySegment.ofArray(bytes)));
  }

  @Override
  public synchronized void truncateBefore(long operation) {
    faults.step("cut", () -> disk.records.headMap(operation, false).clear());
  }

  @Override
  public synchronized long sizeBytes() {
    return disk.records.values().stream().mapToLong(bytes -> bytes.length).sum();
  }

  @Override
  public synchronized void close() {
    closed = true;
  }
}
