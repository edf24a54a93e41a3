package io.elanus.engine.write;

import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Counts the steps that change the disk and makes one of them fail. What happens then is of three
 * kinds: the step alone fails, or the process is gone before or after it took effect.
 */
final class Faults {
  /** What happens at the chosen step. */
  enum Kind {
    /** The step fails and leaves nothing; later ones work again. */
    FAIL,
    /** The step works but says it failed; later ones work again. */
    FAIL_AFTER,
    /** Nothing reaches the disk from this step on. */
    DIE_BEFORE,
    /** This step is the last one to reach the disk. */
    DIE_AFTER
  }

  private final Kind kind;
  private final int at;
  private final List<String> steps = new ArrayList<>();
  private Consumer<String> watcher = step -> {};
  private boolean dead;

  /**
   * @param at which step fails, counted from 1; 0 for none
   */
  Faults(Kind kind, int at) {
    this.kind = kind;
    this.at = at;
  }

  static Faults none() {
    return new Faults(Kind.FAIL, 0);
  }

  /** Calls back before each step. */
  synchronized void watch(Consumer<String> each) {
    watcher = each;
  }

  synchronized void step(String what, Runnable effect) {
    watcher.accept(what);
    if (dead) {
      throw gone(what);
    }
    steps.add(what);
    if (steps.size() != at) {
      effect.run();
      return;
    }
    dead = kind == Kind.DIE_BEFORE || kind == Kind.DIE_AFTER;
    if (kind == Kind.FAIL_AFTER || kind == Kind.DIE_AFTER) {
      effect.run();
    }
    throw gone(what);
  }

  private static ElanusException gone(String what) {
    return new ElanusException(ErrorCode.DISK_LIMIT, "injected: " + what);
  }

  /** Steps so far. */
  synchronized int count() {
    return steps.size();
  }

  /** Whether the fault landed. */
  synchronized boolean landed() {
    return at > 0 && steps.size() >= at;
  }

  synchronized boolean dead() {
    return dead;
  }

  synchronized String where() {
    return landed() ? kind + " at step " + at + ", " + steps.get(at - 1) : "untouched";
  }
}
