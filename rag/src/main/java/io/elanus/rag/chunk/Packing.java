package io.elanus.rag.chunk;

import java.util.ArrayList;
import java.util.List;

/** Puts units that follow each other together, as many as a chunk holds. */
final class Packing {
  private final Units units;
  private final int tokensMax;
  private final int overlap;

  Packing(Units units, int tokensMax, int overlap) {
    this.units = units;
    this.tokensMax = tokensMax;
    this.overlap = overlap;
  }

  /** First and last of what was packed, by their places in the list. */
  private record Run(int first, int last) {}

  /** The stretches that all of these units make, each {@code [start, end)}. */
  List<int[]> pack(List<Unit> list) {
    List<int[]> stretches = new ArrayList<>();
    int next = 0;
    int first = 0;
    while (next < list.size()) {
      Run run = run(list, first, next);
      stretches.add(new int[] {list.get(run.first).start(), list.get(run.last).end()});
      next = run.last + 1;
      first = overlapped(list, run);
    }
    return stretches;
  }

  /**
   * @param from where the overlap begins
   * @param next the first that was in no chunk yet, and will be in this one
   */
  private Run run(List<Unit> list, int from, int next) {
    int first = from;
    int sum = 0;
    for (int i = first; i <= next; i++) {
      sum += list.get(i).tokens();
    }
    while (first < next && sum > tokensMax) {
      sum -= list.get(first++).tokens();
    }
    int last = next;
    while (last + 1 < list.size() && sum + list.get(last + 1).tokens() <= tokensMax) {
      sum += list.get(++last).tokens();
    }
    // The sum is what the parts have; the whole may have other tokens between them.
    while (last > next && !units.fits(list.get(first).start(), list.get(last).end())) {
      last -= Math.max(1, (last - next) / 4);
    }
    while (first < next && !units.fits(list.get(first).start(), list.get(last).end())) {
      first++;
    }
    return new Run(first, last);
  }

  /** The first of those at the run's end that the next one repeats. */
  private int overlapped(List<Unit> list, Run run) {
    int first = run.last + 1;
    int sum = 0;
    while (first - 1 > run.first && sum + list.get(first - 1).tokens() <= overlap) {
      sum += list.get(--first).tokens();
    }
    return first;
  }
}
