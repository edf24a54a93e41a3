package io.elanus.rag.reembed.shadow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class AgreementTest {
  @Test
  void equalRankingsAgreeWhollyAndDisjointOnesNotAtAll() {
    List<String> ten = List.of("a", "b", "c", "d", "e", "f", "g", "h", "i", "j");
    assertThat(Agreement.overlap(ten, ten, 10)).isEqualTo(1);
    assertThat(Agreement.rankBiased(ten, ten)).isCloseTo(1, within(1e-12));
    assertThat(Agreement.overlap(List.of("a"), List.of("b"), 10)).isZero();
    assertThat(Agreement.rankBiased(List.of("a", "b"), List.of("c", "d"))).isZero();
    assertThat(Agreement.rankBiased(List.of(), List.of())).isEqualTo(1);
    assertThat(Agreement.rankBiased(List.of("a"), List.of())).isZero();
  }

  /** By hand: agreements 0, 1, 1 at p = 0.9, extrapolated with 1: 1 − 0.1. */
  @Test
  void theFirstRankWeighsATenth() {
    assertThat(Agreement.rankBiased(List.of("a", "b", "c"), List.of("b", "a", "c")))
        .isCloseTo(0.9, within(1e-12));
  }

  /**
   * By hand: X = 1, 1, 1; s = 1, l = 3: 0.1/0.9 (0.9 + 0.81/2 + 0.729/3 + 0.81/2 + 2·0.729/3) +
   * 0.729.
   */
  @Test
  void listsMayDifferInLength() {
    double sum = 0.9 + 0.81 / 2 + 0.729 / 3 + 0.81 / 2 + 2 * 0.729 / 3;
    assertThat(Agreement.rankBiased(List.of("a", "b", "c"), List.of("a")))
        .isCloseTo(0.1 / 0.9 * sum + 0.729, within(1e-12));
    assertThat(Agreement.rankBiased(List.of("a"), List.of("a", "b", "c")))
        .isEqualTo(Agreement.rankBiased(List.of("a", "b", "c"), List.of("a")));
    assertThat(Agreement.overlap(List.of("a", "b"), List.of("b"), 10)).isEqualTo(0.5);
  }

  @Test
  void aTallyIsReadAsItWasWritten() {
    Tally tally = new Tally();
    for (int i = 0; i < 2_100; i++) {
      tally.add(
          new Both(List.of("a", "b"), i % 2 == 0 ? List.of("a") : List.of("c"), 1_000, 2_000));
    }
    Tally read = new Tally();
    read.read(tally.toJson());
    assertThat(read.report()).isEqualTo(tally.report());
    assertThat(read.report().path("questions").asInt()).isEqualTo(2_100);
    assertThat(read.report().path("measured").asInt()).isEqualTo(2_000);
    assertThat(read.report().path("overlap@10").path("mean").asDouble()).isEqualTo(0.25);
    assertThat(read.report().path("same_first").path("mean").asDouble()).isEqualTo(0.5);
    assertThat(read.report().path("latency_ratio").path("mean").asDouble()).isEqualTo(2);
  }
}
