package io.elanus.rag.reembed;

import io.elanus.model.Caller;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.rag.knowledge.ShelfGate;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/**
 * Two collections exchange their names. The one aside first catches up, then once more while nobody
 * writes documents: at the moment of the exchange both hold the same chunks.
 */
final class Exchange {
  private static final Duration GATE_PATIENCE = Duration.ofSeconds(60);

  /** Passes before the gate is closed, so that little is left for behind it. */
  private static final int PASSES_OPEN = 3;

  private static final int PASSES_CLOSED = 5;

  private final Reembeddings.Ports ports;
  private final Work work;

  Exchange(Reembeddings.Ports ports, Work work) {
    this.ports = ports;
    this.work = work;
  }

  /**
   * @param goal SWITCHED or ROLLED_BACK
   * @param deadline until which its turn is waited for
   */
  void to(Reembedding one, State goal, Instant deadline) {
    lock(one, deadline);
    try {
      if (one.state() == goal) {
        return;
      }
      boolean fits =
          goal == State.SWITCHED
              ? one.state() == State.READY || one.state() == State.ROLLED_BACK
              : one.state() == State.SWITCHED;
      if (!fits) {
        throw new ElanusException(
            ErrorCode.INVALID_ARGUMENT,
            goal == State.SWITCHED
                ? "the re-embedding %s is %s: it can be switched when it is ready"
                    .formatted(one.head.id(), one.state().spelled())
                : "the re-embedding %s is %s: only what was switched, and not finished, is rolled back"
                    .formatted(one.head.id(), one.state().spelled()));
      }
      Sides sides = work.sides(one);
      boolean turned = sides.truth().id() != one.head.first();
      if (turned != (goal == State.SWITCHED)) {
        exchange(one, sides);
      }
      one.to(goal, ports.clock().millis());
      work.save(one);
    } finally {
      one.turn.unlock();
    }
  }

  private void lock(Reembedding one, Instant deadline) {
    try {
      Instant now = ports.clock().instant();
      Instant latest = now.plus(Duration.ofHours(1));
      Duration left = Duration.between(now, deadline.isBefore(latest) ? deadline : latest);
      if (!one.turn.tryLock(Math.max(0, left.toMillis()), TimeUnit.MILLISECONDS)) {
        throw new ElanusException(
            ErrorCode.BUSY, "the re-embedding works on a page that takes long; try again");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ElanusException(ErrorCode.NOT_READY, "the server is stopping", e);
    }
  }

  private void exchange(Reembedding one, Sides sides) {
    boolean changed = true;
    for (int i = 0; i < PASSES_OPEN && changed; i++) {
      changed = pass(one, sides);
    }
    try (ShelfGate.Pass alone =
        ports
            .gate()
            .alone(one.head.shelf(), GATE_PATIENCE)
            .orElseThrow(
                () ->
                    new ElanusException(
                        ErrorCode.BUSY,
                        "documents are being written for longer than a minute; try again"))) {
      long operation = caughtUp(one, sides);
      Caller owner = one.head.owner();
      ports.database().collections().exchange(owner, sides.truth().name(), sides.copy().name());
      long late =
          ports.database().collections().version(owner, one.head.aside()).operation() - operation;
      if (late > 0) {
        one.note(
            "%d writes past /v1/ reached the collection as it was put aside, and are not in the other one; write them again"
                .formatted(late));
      }
    }
  }

  /** Until a whole pass saw the newest write; writers past {@code /v1/} pass no gate. */
  private long caughtUp(Reembedding one, Sides sides) {
    for (int i = 0; i < PASSES_CLOSED; i++) {
      long before = work.operation(one, sides);
      boolean unused = pass(one, sides);
      if (work.operation(one, sides) == before) {
        return before;
      }
    }
    throw new ElanusException(
        ErrorCode.BUSY,
        "rows of %s are written past /v1/ all the time, and nothing may be written while it is switched; stop that for a moment"
            .formatted(sides.truth().name()));
  }

  private boolean pass(Reembedding one, Sides sides) {
    boolean changed = false;
    String after = "";
    while (true) {
      Follower.Step step = work.follower(one).step(one.head.owner(), sides, after);
      one.add(step);
      changed |= step.changed();
      after = step.after();
      if (step.last()) {
        return changed;
      }
    }
  }
}
