package io.elanus.app.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class DemoTest {
  @Test
  void splitsAtSentencesAndLosesNoWord() {
    String text = "one two three four five six seven. ".repeat(100).strip();
    List<Passage> passages = Passage.split("T", "u", text);
    assertThat(passages)
        .hasSizeGreaterThan(3)
        .allSatisfy(p -> assertThat(p.text()).endsWith("seven."))
        .allSatisfy(
            p -> assertThat(p.text().split(" ")).hasSizeLessThanOrEqualTo(Passage.WORDS_MAX));
    assertThat(String.join(" ", passages.stream().map(Passage::text).toList())).isEqualTo(text);
    assertThat(Passage.split("T", "u", " ")).isEmpty();
  }

  @Test
  void similarSentencesAreCloser() throws Exception {
    try (Embedder embedder = new Embedder(1)) {
      List<float[]> v =
          embedder.embed(
              List.of("A cat sits on the mat.", "A kitten rests on a rug.", "Taxes rose in May."));
      assertThat(dot(v.get(0), v.get(0))).isBetween(0.999, 1.001);
      assertThat(dot(v.get(0), v.get(1))).isGreaterThan(dot(v.get(0), v.get(2)) + 0.2);
    }
  }

  private static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int d = 0; d < a.length; d++) {
      sum += (double) a[d] * b[d];
    }
    return sum;
  }
}
