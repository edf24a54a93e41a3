package io.elanus.store.object;

import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.NavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;

/** Objects in memory, for tests and for what no disk needs to see. */
public final class MemoryObjects implements ObjectStore {
  private static final int ALIGNMENT = 64;
  private final NavigableMap<String, byte[]> objects = new ConcurrentSkipListMap<>();

  @Override
  public Writer create(String key) {
    return new MemoryWriter(Keys.check(key));
  }

  @Override
  public MemorySegment map(String key, Arena arena) {
    byte[] content = content(key);
    MemorySegment copy = arena.allocate(Math.max(1, content.length), ALIGNMENT);
    MemorySegment.copy(content, 0, copy, ValueLayout.JAVA_BYTE, 0, content.length);
    return copy.asSlice(0, content.length).asReadOnly();
  }

  @Override
  public byte[] read(String key) {
    return content(key).clone();
  }

  private byte[] content(String key) {
    byte[] content = objects.get(Keys.check(key));
    if (content == null) {
      throw new ElanusException(ErrorCode.DATA_CORRUPT, "the data file " + key + " is missing");
    }
    return content;
  }

  @Override
  public void put(String key, byte[] content) {
    objects.put(Keys.check(key), content.clone());
  }

  @Override
  public boolean putIfAbsent(String key, byte[] content) {
    return objects.putIfAbsent(Keys.check(key), content.clone()) == null;
  }

  @Override
  public boolean exists(String key) {
    return objects.containsKey(Keys.check(key));
  }

  @Override
  public long size(String key) {
    return content(key).length;
  }

  @Override
  public void delete(String key) {
    objects.remove(Keys.check(key));
  }

  @Override
  public void deleteAll(String prefix) {
    list(prefix).forEach(objects::remove);
  }

  @Override
  public List<String> list(String prefix) {
    Keys.checkPrefix(prefix);
    return objects.tailMap(prefix, true).keySet().stream()
        .takeWhile(key -> key.startsWith(prefix))
        .toList();
  }

  private final class MemoryWriter implements Writer {
    private final String key;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private boolean done;

    MemoryWriter(String key) {
      this.key = key;
    }

    @Override
    public void write(MemorySegment more) {
      refuseDone();
      bytes.writeBytes(more.toArray(ValueLayout.JAVA_BYTE));
    }

    @Override
    public long position() {
      return bytes.size();
    }

    @Override
    public void align(int to) {
      if (Integer.bitCount(to) != 1) {
        throw new IllegalArgumentException("not a power of two: " + to);
      }
      bytes.writeBytes(new byte[(int) (-position() & (to - 1))]);
    }

    @Override
    public void commit() {
      refuseDone();
      done = true;
      objects.put(key, bytes.toByteArray());
    }

    @Override
    public void close() {
      done = true;
    }

    private void refuseDone() {
      if (done) {
        throw new IllegalStateException("the writer of " + key + " is done");
      }
    }
  }
}
