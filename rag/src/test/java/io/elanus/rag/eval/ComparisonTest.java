package io.elanus.rag.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class ComparisonTest {
  @Test
  void theSameIsNoDifference() {
    double[] a = {0.1, 0.5, 0.9};
    Comparison same = Comparison.of(a, a, 1);
    assertThat(same).isEqualTo(new Comparison(0, 0, 0, 1, 0, 0));
  }

  /** Three differences of one sign: 2 of the 8 throws of signs are as large, so 1/4. */
  @Test
  void fewQuestionsProveLittle() {
    Comparison three = Comparison.of(new double[] {0, 0, 0}, new double[] {0.2, 0.2, 0.2}, 3);
    assertThat(three.probability()).isCloseTo(0.25, within(0.02));
    assertThat(three.better()).isEqualTo(3);
    assertThat(three.difference()).isCloseTo(0.2, within(1e-12));
  }

  @Test
  void aSteadyDifferenceIsSeenAndNoiseIsNot() {
    Random random = new Random(10);
    double[] a = random.doubles(200).toArray();
    double[] better = new double[200];
    double[] noise = new double[200];
    for (int i = 0; i < 200; i++) {
      better[i] = a[i] + 0.05 + 0.1 * random.nextGaussian();
      noise[i] = a[i] + 0.1 * random.nextGaussian();
    }
    Comparison seen = Comparison.of(a, better, 1);
    assertThat(seen.probability()).isLessThan(0.001);
    assertThat(seen.low()).isPositive().isLessThan(seen.difference());
    assertThat(seen.high()).isGreaterThan(seen.difference());
    Comparison unseen = Comparison.of(a, noise, 1);
    assertThat(unseen.probability()).isGreaterThan(0.05);
    assertThat(unseen.low()).isNegative();
    assertThat(unseen.high()).isPositive();
    assertThat(Comparison.of(a, better, 1)).isEqualTo(seen);
  }

  /** Were the test too eager, more than one in twenty pairs of equals would differ. */
  @Test
  void equalsSeldomDiffer() {
    Random random = new Random(12);
    int differ = 0;
    for (int round = 0; round < 200; round++) {
      double[] a = random.doubles(30).toArray();
      double[] b = random.doubles(30).toArray();
      differ += Comparison.of(a, b, round).probability() < 0.05 ? 1 : 0;
    }
    assertThat(differ).isBetween(1, 22);
  }
}
