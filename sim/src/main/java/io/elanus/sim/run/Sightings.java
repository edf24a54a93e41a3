package io.elanus.sim.run;

import java.util.Map;
import java.util.TreeMap;

/** How often what should happen sometimes did. */
public final class Sightings {
  private final TreeMap<String, Long> counts = new TreeMap<>();

  void saw(String what) {
    counts.merge(what, 1L, Long::sum);
  }

  void saw(String what, long times) {
    if (times > 0) {
      counts.merge(what, times, Long::sum);
    }
  }

  public void add(Sightings other) {
    other.counts.forEach((what, times) -> counts.merge(what, times, Long::sum));
  }

  public Map<String, Long> counts() {
    return counts;
  }
}
