package io.elanus.store.backup;

import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.store.object.ObjectStore;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * Objects behind which a process dies at its n-th call, whichever it is: that call and all after it
 * fail, what a writer had not committed is gone.
 */
final class FaultyPlace implements ObjectStore {
  private final ObjectStore disk;
  private final int diesAt;
  private int calls;

  /**
   * @param diesAt counted from 1; 0 for never
   */
  FaultyPlace(ObjectStore disk, int diesAt) {
    this.disk = disk;
    this.diesAt = diesAt;
  }

  /** Whether the fault landed. */
  boolean dead() {
    return diesAt > 0 && calls >= diesAt;
  }

  int calls() {
    return calls;
  }

  private void step() {
    calls++;
    if (dead()) {
      throw new ElanusException(ErrorCode.INTERNAL, "injected at call " + calls);
    }
  }

  @Override
  public Writer create(String key) {
    step();
    Writer to = disk.create(key);
    return new Writer() {
      @Override
      public void write(MemorySegment bytes) {
        step();
        to.write(bytes);
      }

      @Override
      public long position() {
        return to.position();
      }

      @Override
      public void align(int bytes) {
        to.align(bytes);
      }

      @Override
      public void commit() {
        step();
        to.commit();
      }

      @Override
      public void close() {
        to.close();
      }
    };
  }

  @Override
  public MemorySegment map(String key, Arena arena) {
    step();
    return disk.map(key, arena);
  }

  @Override
  public byte[] read(String key) {
    step();
    return disk.read(key);
  }

  @Override
  public void put(String key, byte[] content) {
    step();
    disk.put(key, content);
  }

  @Override
  public boolean putIfAbsent(String key, byte[] content) {
    step();
    return disk.putIfAbsent(key, content);
  }

  @Override
  public boolean exists(String key) {
    step();
    return disk.exists(key);
  }

  @Override
  public long size(String key) {
    step();
    return disk.size(key);
  }

  @Override
  public void delete(String key) {
    step();
    disk.delete(key);
  }

  @Override
  public void deleteAll(String prefix) {
    step();
    disk.deleteAll(prefix);
  }

  @Override
  public List<String> list(String prefix) {
    step();
    return disk.list(prefix);
  }
}
