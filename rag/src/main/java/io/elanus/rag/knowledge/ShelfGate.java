package io.elanus.rag.knowledge;

import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * Writers of documents on one side, many at a time; on the other whoever puts another collection in
 * the place of theirs, alone. A writer looks up its collection inside.
 */
public final class ShelfGate {
  private final Map<Long, Gate> gates = new ConcurrentHashMap<>();

  private static final class Gate {
    /** Fair: whoever waits to be alone is not overtaken for ever. */
    final ReentrantReadWriteLock lock = new ReentrantReadWriteLock(true);

    final AtomicInteger waiting = new AtomicInteger();
  }

  /** Given back on the thread that took it. */
  @FunctionalInterface
  public interface Pass extends AutoCloseable {
    @Override
    void close();
  }

  private Gate gate(long shelf) {
    return gates.computeIfAbsent(shelf, s -> new Gate());
  }

  /** For one document, or a part of one; waits while somebody is alone. */
  public Pass enter(long shelf) {
    Lock shared = gate(shelf).lock.readLock();
    shared.lock();
    return shared::unlock;
  }

  /** Whether a writer should leave as soon as it can, to come back later. */
  public boolean isWanted(long shelf) {
    return gate(shelf).waiting.get() > 0;
  }

  /** Alone; empty where writers did not leave in time. */
  public Optional<Pass> alone(long shelf, Duration patience) {
    Gate gate = gate(shelf);
    Lock exclusive = gate.lock.writeLock();
    gate.waiting.incrementAndGet();
    try {
      return exclusive.tryLock(patience.toMillis(), TimeUnit.MILLISECONDS)
          ? Optional.of(exclusive::unlock)
          : Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ElanusException(ErrorCode.NOT_READY, "the server is stopping", e);
    } finally {
      gate.waiting.decrementAndGet();
    }
  }
}
