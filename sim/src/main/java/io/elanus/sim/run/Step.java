package io.elanus.sim.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * One operation of a client; its details come from its own seed, so that others can be left out.
 */
record Step(Kind kind, long seed) {
  /** What is done. */
  enum Kind {
    INSERT(12),
    UPSERT(10),
    DELETE_KEYS(6),
    DELETE_FILTER(4),
    TRUNCATE(1),
    FLUSH(6),
    COMPACT(4),
    VECTOR_INDEX(1),
    NUMBER_INDEX(3),
    PARTITION(4),
    LOAD(2),
    ALIAS(2),
    DROP(1),
    QUERY(6),
    COUNT(3),
    SEARCH(6),
    LOOK(2),
    KILL(2),
    POWER_CUT(4),
    RESTART(1),
    FAULT(4),
    HEAL(2),
    TICK(3),
    CLOCK(1);

    private final int weight;

    Kind(int weight) {
      this.weight = weight;
    }

    int weight() {
      return weight;
    }
  }

  static List<Step> draw(int count, Map<Kind, Integer> weights, Random chance) {
    int total = weights.values().stream().mapToInt(Integer::intValue).sum();
    List<Step> steps = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int at = chance.nextInt(total);
      for (Map.Entry<Kind, Integer> entry : weights.entrySet()) {
        at -= entry.getValue();
        if (at < 0) {
          steps.add(new Step(entry.getKey(), chance.nextLong()));
          break;
        }
      }
    }
    return steps;
  }
}
