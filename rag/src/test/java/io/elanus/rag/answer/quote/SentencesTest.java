package io.elanus.rag.answer.quote;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SentencesTest {
  private static List<String> of(String text) {
    return Sentences.of(text).stream().map(span -> span.of(text)).toList();
  }

  @Test
  void endAtStopsAndBlocksAndNotAtAbbreviations() {
    assertThat(
            of(
                """
                # Heading one
                A file, e.g. README.md, is read. It has
                two lines! And a list:

                - first item
                - second item. With more
                1. numbered
                | a | b |
                """))
        .containsExactly(
            "# Heading one",
            "A file, e.g. README.md, is read.",
            "It has\ntwo lines!",
            "And a list:",
            "- first item",
            "- second item.",
            "With more",
            "1. numbered",
            "| a | b |");
    assertThat(of(" \n ")).isEmpty();
  }

  @Test
  void coverEveryWordInOrderAndStayBounded() {
    SplittableRandom random = new SplittableRandom(5);
    String[] parts = {
      "word", "Stop.", "e.g.", "\n", "\n\n", "- ", "# ", "😀", " ", "x".repeat(700), "?"
    };
    for (int round = 0; round < 300; round++) {
      StringBuilder text = new StringBuilder();
      for (int i = random.nextInt(30); i > 0; i--) {
        text.append(parts[random.nextInt(parts.length)]).append(random.nextBoolean() ? " " : "");
      }
      List<Span> spans = Sentences.of(text.toString());
      StringBuilder joined = new StringBuilder();
      int end = 0;
      for (Span span : spans) {
        assertThat(span.start()).isGreaterThanOrEqualTo(end);
        assertThat(span.end() - span.start()).isBetween(1, Sentences.CHARS_MAX);
        end = span.end();
        joined.append(span.of(text.toString()));
      }
      assertThat(joined.toString().replaceAll("\\s", ""))
          .as(text.toString())
          .isEqualTo(text.toString().replaceAll("\\s", ""));
    }
  }
}
