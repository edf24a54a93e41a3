package io.elanus.index.quantgraph;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The pool against a sorted list of everything that was offered. */
class PoolTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 10, 100, 1000})
  void takesTheNearestAndRefusesWhatCannotBeAmongTheNearest(int effort) {
    SplittableRandom random = new SplittableRandom(effort);
    Pool pool = new Pool();
    for (int round = 0; round < 20; round++) {
      pool.begin(effort);
      List<Float> offered = new ArrayList<>();
      List<Float> waiting = new ArrayList<>();
      for (int i = 0; i < 3 * effort + 50; i++) {
        // Some are far below all others, or below zero, as estimates can be.
        float estimate = (float) (random.nextInt(20) == 0 ? -0.01 : random.nextDouble() * 2);
        float before = pool.bound();
        pool.offer(estimate, i);
        if (estimate < before) {
          offered.add(estimate);
          waiting.add(estimate);
        }
        Collections.sort(offered);
        if (offered.size() >= effort) {
          float exact = offered.get(effort - 1);
          assertThat(pool.bound()).isGreaterThanOrEqualTo(exact);
          assertThat(pool.bound()).isLessThanOrEqualTo(Math.max(exact, 0) * 1.01f + 0.01f);
        }
        if (random.nextInt(3) == 0) {
          float nearest = Collections.min(waiting.isEmpty() ? List.of(9f) : waiting);
          boolean below = nearest < pool.bound() && !waiting.isEmpty();
          assertThat(pool.take() >= 0).isEqualTo(below);
          if (below) {
            waiting.remove((Object) nearest);
          } else {
            waiting.clear();
          }
        }
      }
    }
  }
}
