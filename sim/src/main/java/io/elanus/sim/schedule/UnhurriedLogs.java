package io.elanus.sim.schedule;

import io.elanus.engine.database.Stores;
import io.elanus.store.log.Log;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Random;

/**
 * Logs whose callers give way before they wait for durability, and after it. A collection has one
 * writer here, who would force its own record at once: so others force it first, and go on with
 * what they do before the writer has made it visible.
 *
 * @param idlePercent of waits that last long
 */
public record UnhurriedLogs(Stores.Logs logs, int idlePercent, Random chance)
    implements Stores.Logs {
  private static final int IDLE_TURNS_MAX = 150;

  private void idle() {
    int turns = chance.nextInt(100) < idlePercent ? chance.nextInt(IDLE_TURNS_MAX) : 1;
    for (int i = 0; i < turns; i++) {
      Thread.yield();
    }
  }

  @Override
  public Log open(long collectionId) {
    return new UnhurriedLog(logs.open(collectionId), this);
  }

  @Override
  public Log resume(long collectionId, long durableOperation) {
    return new UnhurriedLog(logs.resume(collectionId, durableOperation), this);
  }

  @Override
  public List<Long> collections() {
    return logs.collections();
  }

  @Override
  public void delete(long collectionId) {
    logs.delete(collectionId);
  }

  private record UnhurriedLog(Log log, UnhurriedLogs all) implements Log {
    @Override
    public long append(MemorySegment record) {
      return log.append(record);
    }

    @Override
    public void awaitDurable(long operation) {
      all.idle();
      log.awaitDurable(operation);
      all.idle();
    }

    @Override
    public boolean isOutOfSpace() {
      return log.isOutOfSpace();
    }

    @Override
    public long durableOperation() {
      return log.durableOperation();
    }

    @Override
    public long lastOperation() {
      return log.lastOperation();
    }

    @Override
    public void replay(long fromOperation, Reader reader) {
      log.replay(fromOperation, reader);
    }

    @Override
    public void truncateBefore(long operation) {
      log.truncateBefore(operation);
    }

    @Override
    public long sizeBytes() {
      return log.sizeBytes();
    }

    @Override
    public void close() {
      log.close();
    }
  }
}
