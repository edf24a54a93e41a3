package io.elanus.store.backup;

import io.elanus.model.Cut;
import io.elanus.store.object.ObjectStore;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.BiPredicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Objects that are written, replaced and deleted while one state of them is copied. Others write
 * beside a database, in an order that a crash may break off anywhere; so a copy need only be what a
 * crash would have left: no write happens from before the database's state is taken until these
 * objects are listed. From then on writes go on, and what they would take from the state is kept:
 * small objects in memory, large ones on the disk, out of sight, until the state is let go.
 *
 * <p>A crash in the meantime leaves large deleted objects behind; small ones, which say what
 * counts, are deleted at once.
 */
public final class HeldObjects implements ObjectStore {
  private static final long SMALL_BYTES = 1 << 16;

  private final ObjectStore objects;

  /** Shared: a write. Exclusive: a state is taken, or let go. */
  private final ReadWriteLock writes = new ReentrantReadWriteLock();

  private volatile @Nullable State held;

  public HeldObjects(ObjectStore objects) {
    this.objects = objects;
  }

  // --- a state ----------------------------------------------------------------------------------

  /** What is kept for one state. Guarded by itself. */
  private final class State {
    private final SortedMap<String, Long> sizes;

    /** Of objects that were replaced or deleted since. */
    private final Map<String, byte[]> before = new HashMap<>();

    /** Deleted for everybody but this state. */
    private final Set<String> hidden = new HashSet<>();

    State(SortedMap<String, Long> sizes) {
      this.sizes = sizes;
    }

    synchronized MemorySegment content(String key) {
      byte[] kept = before.get(key);
      return MemorySegment.ofArray(kept == null ? objects.read(key) : kept);
    }

    private void keep(String key) {
      if (sizes.containsKey(key) && !before.containsKey(key)) {
        before.put(key, objects.read(key));
      }
    }

    synchronized void replace(String key, Runnable write) {
      keep(key);
      write.run();
      hidden.remove(key);
    }

    synchronized void delete(String key) {
      @Nullable Long bytes = sizes.get(key);
      if (bytes == null || before.containsKey(key)) {
        objects.delete(key);
      } else if (bytes <= SMALL_BYTES) {
        keep(key);
        objects.delete(key);
      } else {
        hidden.add(key);
      }
    }

    synchronized boolean isHidden(String key) {
      return hidden.contains(key);
    }

    synchronized void end() {
      hidden.forEach(objects::delete);
      hidden.clear();
    }
  }

  /** A state of a database with the objects that belong to it. */
  private record Both(Cut database, List<Part> parts, Runnable end) implements Cut {
    @Override
    public long timestamp() {
      return database.timestamp();
    }

    @Override
    public List<Entry> entries() {
      return database.entries();
    }

    @Override
    public void close() {
      try {
        database.close();
      } finally {
        end.run();
      }
    }
  }

  private record HeldPart(State state, String key) implements Cut.Part {
    @Override
    public MemorySegment content() {
      return state.content(key);
    }

    @Override
    public long bytes() {
      return state.sizes.getOrDefault(key, 0L);
    }

    /** These objects carry no checksums; what they name, whoever wrote them compares. */
    @Override
    public void verify() {}
  }

  /**
   * Takes a state of a database together with objects under a prefix.
   *
   * @param belongs says of a key whether its object belongs to that state
   * @throws IllegalStateException where one is held already
   */
  public Cut with(Supplier<Cut> database, String prefix, BiPredicate<Cut, String> belongs) {
    writes.writeLock().lock();
    try {
      if (held != null) {
        throw new IllegalStateException("two states at once");
      }
      Cut cut = database.get();
      boolean done = false;
      try {
        TreeMap<String, Long> sizes = new TreeMap<>(objects.sizes(prefix));
        sizes.keySet().removeIf(key -> !belongs.test(cut, key));
        State state = new State(sizes);
        List<Cut.Part> parts = new ArrayList<>(cut.parts());
        sizes.keySet().forEach(key -> parts.add(new HeldPart(state, key)));
        held = state;
        done = true;
        return new Both(cut, List.copyOf(parts), this::end);
      } finally {
        if (!done) {
          cut.close();
        }
      }
    } finally {
      writes.writeLock().unlock();
    }
  }

  private void end() {
    writes.writeLock().lock();
    try {
      State state = held;
      held = null;
      if (state != null) {
        state.end();
      }
    } finally {
      writes.writeLock().unlock();
    }
  }

  // --- writes -----------------------------------------------------------------------------------

  private void write(String key, Runnable write) {
    writes.readLock().lock();
    try {
      State state = held;
      if (state == null) {
        write.run();
      } else {
        state.replace(key, write);
      }
    } finally {
      writes.readLock().unlock();
    }
  }

  @Override
  public void put(String key, byte[] content) {
    write(key, () -> objects.put(key, content));
  }

  @Override
  public boolean putIfAbsent(String key, byte[] content) {
    boolean[] done = new boolean[1];
    write(
        key,
        () -> {
          State state = held;
          if (state != null && state.isHidden(key)) {
            objects.put(key, content);
            done[0] = true;
          } else {
            done[0] = objects.putIfAbsent(key, content);
          }
        });
    return done[0];
  }

  @Override
  public Writer create(String key) {
    Writer to = objects.create(key);
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
        HeldObjects.this.write(key, to::commit);
      }

      @Override
      public void close() {
        to.close();
      }
    };
  }

  @Override
  public void delete(String key) {
    writes.readLock().lock();
    try {
      State state = held;
      if (state == null) {
        objects.delete(key);
      } else {
        state.delete(key);
      }
    } finally {
      writes.readLock().unlock();
    }
  }

  @Override
  public void deleteAll(String prefix) {
    writes.readLock().lock();
    try {
      if (held == null) {
        objects.deleteAll(prefix);
        return;
      }
    } finally {
      writes.readLock().unlock();
    }
    objects.list(prefix).forEach(this::delete);
  }

  // --- reads ------------------------------------------------------------------------------------

  private boolean isHidden(String key) {
    State state = held;
    return state != null && state.isHidden(key);
  }

  @Override
  public MemorySegment map(String key, Arena arena) {
    return objects.map(key, arena);
  }

  @Override
  public byte[] read(String key) {
    return objects.read(key);
  }

  @Override
  public boolean exists(String key) {
    return !isHidden(key) && objects.exists(key);
  }

  @Override
  public long size(String key) {
    return objects.size(key);
  }

  @Override
  public List<String> list(String prefix) {
    return objects.list(prefix).stream().filter(key -> !isHidden(key)).toList();
  }
}
