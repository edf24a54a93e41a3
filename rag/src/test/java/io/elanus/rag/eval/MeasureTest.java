package io.elanus.rag.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.elanus.rag.eval.Measure.Kind;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Against values worked by hand; beside each, how. */
class MeasureTest {
  private static final Map<String, Integer> GAINS = Map.of("a", 3, "b", 1, "c", 2, "z", 0, "y", -1);

  private static double of(Kind kind, int cut, String... ranked) {
    return new Measure(kind, cut).of(List.of(ranked), GAINS);
  }

  @Test
  void normalisedDiscountedGain() {
    // best: 3/1 + 2/log2(3) + 1/2 = 3 + 1.261860 + 0.5 = 4.761860
    assertThat(of(Kind.NDCG, 10, "a", "c", "b")).isCloseTo(1, within(1e-12));
    // b first: 1/1 + 0 + 3/2 = 2.5; 2.5 / 4.761860 = 0.525005
    assertThat(of(Kind.NDCG, 10, "b", "x", "a")).isCloseTo(0.525005, within(1e-6));
    // cut at 1: 1 / 3
    assertThat(of(Kind.NDCG, 1, "b", "a")).isCloseTo(1 / 3.0, within(1e-12));
    assertThat(of(Kind.NDCG, 10)).isZero();
    assertThat(of(Kind.NDCG, 10, "z", "y", "x")).isZero();
  }

  @Test
  void averagePrecision() {
    // relevant at ranks 1 and 3 of three: (1/1 + 2/3) / 3
    assertThat(of(Kind.AVERAGE_PRECISION, 0, "a", "x", "b")).isCloseTo(5 / 9.0, within(1e-12));
    assertThat(of(Kind.AVERAGE_PRECISION, 0, "a", "b", "c")).isCloseTo(1, within(1e-12));
  }

  @Test
  void reciprocalRankRecallPrecision() {
    assertThat(of(Kind.RECIPROCAL_RANK, 10, "x", "y", "c")).isCloseTo(1 / 3.0, within(1e-12));
    assertThat(of(Kind.RECIPROCAL_RANK, 2, "x", "y", "c")).isZero();
    assertThat(of(Kind.RECALL, 2, "a", "b", "c")).isCloseTo(2 / 3.0, within(1e-12));
    assertThat(of(Kind.PRECISION, 5, "a", "b", "x")).isCloseTo(2 / 5.0, within(1e-12));
  }

  @Test
  void aDocumentCountsOnce() {
    assertThat(of(Kind.RECALL, 10, "a", "a", "a")).isCloseTo(1 / 3.0, within(1e-12));
    assertThat(of(Kind.NDCG, 10, "a", "a")).isCloseTo(3 / 4.761860, within(1e-6));
  }

  @Test
  void withoutAnythingRelevantItIsZero() {
    for (Kind kind : Kind.values()) {
      assertThat(new Measure(kind, 10).of(List.of("a"), Map.of("a", 0))).isZero();
    }
    assertThat(new Measure(Kind.NDCG, 10).name()).isEqualTo("nDCG@10");
    assertThat(new Measure(Kind.AVERAGE_PRECISION, 0).name()).isEqualTo("MAP");
  }
}
