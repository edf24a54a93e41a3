package io.elanus.store.limit;

import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import java.lang.foreign.Arena;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** Bytes that may be taken, and who has taken them. Safe for many threads. */
public final class MemoryBudget {
  private final long limitBytes;
  private final AtomicLong leased = new AtomicLong();
  private final Map<String, AtomicLong> byPurpose = new ConcurrentHashMap<>();

  private MemoryBudget(long limitBytes) {
    this.limitBytes = limitBytes;
  }

  /**
   * @param bytes at least 1
   */
  public static MemoryBudget of(long bytes) {
    if (bytes < 1) {
      throw new IllegalArgumentException("a budget of %d bytes".formatted(bytes));
    }
    return new MemoryBudget(bytes);
  }

  /** A budget that never refuses, but counts. */
  public static MemoryBudget unlimited() {
    return new MemoryBudget(Long.MAX_VALUE);
  }

  public long limitBytes() {
    return limitBytes;
  }

  public long leasedBytes() {
    return leased.get();
  }

  /** What is left; below 0 where more was taken by force than there was. */
  public long leftBytes() {
    return limitBytes - leased.get();
  }

  /** Bytes taken now, by what for. */
  public Map<String, Long> byPurpose() {
    Map<String, Long> taken = new TreeMap<>();
    byPurpose.forEach((purpose, bytes) -> taken.put(purpose, bytes.get()));
    return taken;
  }

  /**
   * Memory that is leased as it is allocated, and given back when the arena is closed. An
   * allocation that does not fit throws MEMORY_LIMIT and takes nothing.
   *
   * @param purpose what for, as people read it: "index builds"
   */
  public Arena arena(String purpose) {
    return new LeasedArena(this, purpose, true);
  }

  /**
   * The same, but it never refuses: for those who asked with {@link #require} before they began
   * what cannot be undone, and for what is there already, as rows that are replayed from the log.
   */
  public Arena arenaByForce(String purpose) {
    return new LeasedArena(this, purpose, false);
  }

  /** Throws MEMORY_LIMIT where so many bytes would not fit now; takes nothing. */
  public void require(long bytes, String purpose) {
    if (bytes > leftBytes()) {
      throw refusal(bytes, purpose);
    }
  }

  /** Counts what is taken elsewhere, on the heap say, and never refuses. */
  public void takeByForce(long bytes, String purpose) {
    take(bytes, purpose, false);
  }

  void take(long bytes, String purpose, boolean refusing) {
    long before;
    do {
      before = leased.get();
      if (refusing && bytes > limitBytes - before) {
        throw refusal(bytes, purpose);
      }
    } while (!leased.compareAndSet(before, before + bytes));
    byPurpose.computeIfAbsent(purpose, p -> new AtomicLong()).addAndGet(bytes);
  }

  public void giveBack(long bytes, String purpose) {
    leased.addAndGet(-bytes);
    byPurpose.computeIfAbsent(purpose, p -> new AtomicLong()).addAndGet(-bytes);
  }

  private ElanusException refusal(long bytes, String purpose) {
    return new ElanusException(
        ErrorCode.MEMORY_LIMIT,
        "%s would take %s, and %s of the memory budget of %s are left; taken are %s"
            .formatted(
                purpose,
                Mebibytes.of(bytes),
                Mebibytes.of(Math.max(0, leftBytes())),
                Mebibytes.of(limitBytes),
                told()));
  }

  private String told() {
    StringBuilder all = new StringBuilder();
    byPurpose()
        .forEach(
            (purpose, bytes) ->
                all.append(all.isEmpty() ? "" : ", ")
                    .append("%s for %s".formatted(Mebibytes.of(bytes), purpose)));
    return all.isEmpty() ? "none" : all.toString();
  }
}
