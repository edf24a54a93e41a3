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
}
