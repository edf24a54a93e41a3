package io.elanus.store.log;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.NavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;

/** A log that lives as long as the object: for tests and for data nobody wants back. */
public final class MemoryLog implements Log {
  private final NavigableMap<Long, byte[]> records = new ConcurrentSkipListMap<>();
  private long first = 1;
  private long last;

  @Override
  public synchronized long append(MemorySegment record) {
    LogBounds.refuseLarge(record);
    records.put(++last, record.toArray(ValueLayout.JAVA_BYTE));
    return last;
  }

  @Override
  public synchronized void awaitDurable(long operation) {
    if (operation > last) {
      throw new IllegalStateException(
          "operation " + operation + " was never appended; the last one is " + last);
    }
  }

  @Override
  public synchronized long durableOperation() {
    return last;
  }

  @Override
  public synchronized long lastOperation() {
    return last;
  }

  @Override
  public void replay(long fromOperation, Reader reader) {
    long from = Math.max(1, fromOperation);
    synchronized (this) {
      LogBounds.refuseGap(from, first, last);
    }
    records
        .tailMap(from, true)
        .forEach((operation, record) -> reader.accept(operation, MemorySegment.ofArray(record)));
  }

  @Override
  public synchronized void truncateBefore(long operation) {
    first = Math.max(first, Math.min(operation, last + 1));
    records.headMap(operation, false).clear();
  }

  @Override
  public long sizeBytes() {
    return records.values().stream().mapToLong(r -> r.length).sum();
  }

  @Override
  public void close() {}
}
