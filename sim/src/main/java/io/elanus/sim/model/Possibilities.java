package io.elanus.sim.model;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The contents a collection may have now. Where an operation failed or was cut off, both those with
 * and those without it; what is read after the next start decides, or a later write of rows in the
 * same process: once that is acknowledged, those that failed before it never come back.
 */
public final class Possibilities {
  private List<Contents> now = List.of(Contents.NONE);
  private @Nullable List<Contents> before;

  /** Those of now in which no write of rows has happened that failed in this process. */
  private List<Contents> unfailed = now;

  private final List<Set<Contents>> windows = new ArrayList<>();

  /** Any one of them. */
  public Contents any() {
    return now.getFirst();
  }

  public List<Contents> all() {
    return now;
  }

  public boolean sure() {
    return now.size() == 1;
  }

  /** Whether a write of rows failed in this process, and may have happened all the same. */
  public boolean failedRows() {
    List<Contents> begun = before;
    return (begun == null ? now : begun).size() > unfailed.size();
  }

  /** The operation is under way: it may have happened. */
  public void begin(Effect effect) {
    before = now;
    LinkedHashSet<Contents> either = new LinkedHashSet<>();
    for (Contents contents : now) {
      Contents after = effect.on(contents);
      if (after != null) {
        either.add(after);
      }
      either.add(contents);
    }
    become(List.copyOf(either));
  }

  /**
   * The operation happened; answers false where that was impossible.
   *
   * @param possible whether what it answered fits contents from before
   * @param writesRows it went through the log, as did those that failed before it
   */
  public boolean done(Effect effect, Predicate<Contents> possible, boolean writesRows) {
    LinkedHashSet<Contents> without = after(unfailed, effect, possible);
    LinkedHashSet<Contents> all = after(begun(), effect, possible);
    boolean settled = settle(writesRows ? without : all);
    unfailed = without.isEmpty() ? now : List.copyOf(without);
    return settled;
  }

  private static LinkedHashSet<Contents> after(
      List<Contents> contents, Effect effect, Predicate<Contents> possible) {
    LinkedHashSet<Contents> after = new LinkedHashSet<>();
    for (Contents each : contents) {
      Contents next = effect.on(each);
      if (next != null && possible.test(each)) {
        after.add(next);
      }
    }
    return after;
  }

  /** The operation was refused and changed nothing; answers false where that was impossible. */
  public boolean refused(Effect effect) {
    LinkedHashSet<Contents> after = new LinkedHashSet<>();
    for (Contents contents : begun()) {
      if (effect.on(contents) == null && now.contains(contents)) {
        after.add(contents);
      }
    }
    return settle(after);
  }

  /**
   * Nobody knows; both stay possible.
   *
   * @param writesRows then it has not happened where a later write of rows is acknowledged
   */
  public void unknown(Effect effect, boolean writesRows) {
    before = null;
    if (!writesRows) {
      LinkedHashSet<Contents> either = new LinkedHashSet<>(unfailed);
      either.addAll(after(unfailed, effect, contents -> true));
      unfailed = List.copyOf(either);
    }
  }

  /** Only those that pass are left; answers false where none did. */
  public boolean keep(Predicate<Contents> possible) {
    boolean kept = settle(new LinkedHashSet<>(now.stream().filter(possible).toList()));
    unfailed = now;
    return kept;
  }

  /**
   * Somebody read what fits these contents only, while nothing else changed. Where it takes the
   * operation under way to explain it, the operation has happened: what was seen once stays.
   */
  public void saw(Predicate<Contents> fits) {
    List<Contents> begun = before;
    if (begun == null || begun.stream().anyMatch(fits)) {
      return;
    }
    List<Contents> after = now.stream().filter(fits).toList();
    if (!after.isEmpty()) {
      become(after);
    }
  }

  private List<Contents> begun() {
    List<Contents> begun = before;
    if (begun == null) {
      throw new IllegalStateException("nothing was begun");
    }
    return begun;
  }

  private boolean settle(LinkedHashSet<Contents> after) {
    before = null;
    if (after.isEmpty()) {
      return false;
    }
    become(List.copyOf(after));
    return true;
  }

  private void become(List<Contents> next) {
    now = next;
    List<Contents> still = unfailed.stream().filter(next::contains).toList();
    unfailed = still.isEmpty() ? next : still;
    windows.forEach(window -> window.addAll(next));
  }

  /** From now until it is closed, everything that is possible at some moment. */
  public Set<Contents> watch() {
    Set<Contents> window = new LinkedHashSet<>(now);
    windows.add(window);
    return window;
  }

  public void unwatch(Set<Contents> window) {
    windows.removeIf(each -> each == window);
  }
}
