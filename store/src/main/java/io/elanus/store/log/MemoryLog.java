package io.elanus.store.log;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.NavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;

/** A log that lives as long as the object: for tests and for data nobody wants back. */
public final class MemoryLog implements Log {
  private final NavigableMap<Long, byte[]> records = new ConcurrentSkipListMap<>();
  private long last;

  @Override
  public synchronized long append(MemorySegment record) {
    records.put(++last, record.toArray(ValueLayout.JAVA_BYTE));
    return last;
  }

  @Override
  public void awaitDurable(long operation) {}

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
    records
        .tailMap(fromOperation, true)
        .forEach((operation, record) -> reader.accept(operation, MemorySegment.ofArray(record)));
  }

  @Override
  public void truncateBefore(long operation) {
    records.headMap(operation, false).clear();
  }

  @Override
  public long sizeBytes() {
    return records.values().stream().mapToLong(r -> r.length).sum();
  }

  @Override
  public void close() {}
}
