package io.elanus.engine.write;

import io.elanus.store.object.ObjectStore;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** Objects whose commits, puts and deletes are steps that can fail. */
record FaultyObjects(ObjectStore disk, Faults faults) implements ObjectStore {
  @Override
  public Writer create(String key) {
    Writer to = disk.create(key);
    return new Writer() {
      @Override
      public void write(MemorySegment bytes) {
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
        faults.step("commit " + key, to::commit);
      }

      @Override
      public void close() {
        to.close();
      }
    };
  }

  @Override
  public MemorySegment map(String key, Arena arena) {
    return disk.map(key, arena);
  }

  @Override
  public byte[] read(String key) {
    return disk.read(key);
  }

  @Override
  public void put(String key, byte[] content) {
    faults.step("put " + key, () -> disk.put(key, content));
  }

  @Override
  public boolean putIfAbsent(String key, byte[] content) {
    boolean[] mine = new boolean[1];
    faults.step("put " + key, () -> mine[0] = disk.putIfAbsent(key, content));
    return mine[0];
  }

  @Override
  public boolean exists(String key) {
    return disk.exists(key);
  }

  @Override
  public long size(String key) {
    return disk.size(key);
  }

  @Override
  public void delete(String key) {
    faults.step("delete " + key, () -> disk.delete(key));
  }

  @Override
  public void deleteAll(String prefix) {
    faults.step("delete all " + prefix, () -> disk.deleteAll(prefix));
  }

  @Override
  public List<String> list(String prefix) {
    return disk.list(prefix);
  }
}
