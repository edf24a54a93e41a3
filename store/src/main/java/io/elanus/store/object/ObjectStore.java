package io.elanus.store.object;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Immutable objects by key ("collection/12/segment/7/data.arrow"). An object is there whole and
 * durable, or not at all. Keys are slash-separated, relative, without "..".
 */
public interface ObjectStore {
  /** The most that {@link #stream} gives at once. */
  long PIECE_BYTES = 1 << 20;

  /**
   * Starts an object. Nothing is visible before {@link Writer#commit}; an existing one is replaced.
   */
  Writer create(String key);

  /** Maps (or reads) the whole object; it stays valid as long as the arena, even when deleted. */
  MemorySegment map(String key, Arena arena);

  /** Small objects as bytes. */
  byte[] read(String key);

  /** Writes a small object at once, durable and atomic when this returns. */
  void put(String key, byte[] content);

  /**
   * As {@link #put}, where there is no such object yet; of several who try at once, one succeeds.
   *
   * @return false where there is one, which stays as it is
   */
  boolean putIfAbsent(String key, byte[] content);

  /**
   * Gives the whole object front to back, in pieces that are valid during their call alone. What
   * was given is good only when this returns: a checksum is compared at the end.
   */
  default void stream(String key, Consumer<MemorySegment> to) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment whole = map(key, arena);
      for (long at = 0; at < whole.byteSize(); at += PIECE_BYTES) {
        to.accept(whole.asSlice(at, Math.min(PIECE_BYTES, whole.byteSize() - at)));
      }
    }
  }

  boolean exists(String key);

  long size(String key);

  /** Deleting what is not there does nothing. */
  void delete(String key);

  /** Deletes every object whose key starts with this prefix. */
  void deleteAll(String prefix);

  /** Keys that start with this prefix, sorted; unfinished objects are not among them. */
  List<String> list(String prefix);

  /** As {@link #list}, with the size of each in bytes. */
  default SortedMap<String, Long> sizes(String prefix) {
    SortedMap<String, Long> sizes = new TreeMap<>();
    list(prefix).forEach(key -> sizes.put(key, size(key)));
    return sizes;
  }

  /** Writes one object front to back. */
  interface Writer extends AutoCloseable {
    void write(MemorySegment bytes);

    /** Bytes written so far. */
    long position();

    /** Writes zeros up to the next multiple of this power of two. */
    void align(int bytes);

    /** Makes it durable and visible. */
    void commit();

    /** Without a commit before, throws away what was written. */
    @Override
    void close();
  }
}
