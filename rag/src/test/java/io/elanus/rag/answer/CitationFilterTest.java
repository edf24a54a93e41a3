package io.elanus.rag.answer;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.rag.answer.quote.Span;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CitationFilterTest {
  private static String all(CitationFilter filter, String text) {
    return filter.feed(text) + filter.finish();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Kites fly [1].|Kites fly [1].",
        "Kites fly [9].|Kites fly.",
        "Kites fly [1, 9].|Kites fly [1].",
        "Kites [1][9][2] fly|Kites [1][2] fly",
        "Kites [2-3] fly|Kites [2-3] fly",
        "Kites [2-7] fly|Kites [2, 3] fly",
        "Kites [0] fly [00004]|Kites fly [00004]",
        "Kites [a] and [1 and [2]|Kites [a] and [1 and [2]",
        "Code `a[9]` stays, a [9] goes|Code `a[9]` stays, a goes",
        "Open [1|Open [1",
        "Two  [9]  spaces|Two  spaces",
      })
  void keepsWhatIsThereAndTakesOutWhatIsNot(String text, String expected) {
    assertThat(all(new CitationFilter(3), text)).isEqualTo(expected.replace("[00004]", "[00004]"));
  }

  @Test
  void saysWhereAndWhat() {
    CitationFilter filter = new CitationFilter(3);
    String text = all(filter, "One [1]. Two [7, 3]. Three [12].");
    assertThat(text).isEqualTo("One [1]. Two [3]. Three.");
    assertThat(filter.unknown()).containsExactly(7, 12);
    assertThat(filter.marks())
        .extracting(mark -> text.substring(mark.start(), mark.end()))
        .containsExactly("[1]", "[3]");
    assertThat(filter.marks())
        .extracting(CitationFilter.Mark::numbers)
        .containsExactly(List.of(1), List.of(3));
  }

  @Test
  void piecesChangeNothing() {
    SplittableRandom random = new SplittableRandom(11);
    String[] parts = {
      "word ", "[1]", "[9]", " [2, 8]", "[", "]", "`", " ", "[1-3]", "[x]", "😀", "[12345]"
    };
    for (int round = 0; round < 500; round++) {
      StringBuilder made = new StringBuilder();
      for (int i = random.nextInt(12); i > 0; i--) {
        made.append(parts[random.nextInt(parts.length)]);
      }
      String text = made.toString();
      CitationFilter whole = new CitationFilter(3);
      String expected = all(whole, text);
      CitationFilter pieces = new CitationFilter(3);
      StringBuilder out = new StringBuilder();
      int at = 0;
      while (at < text.length()) {
        int to = Math.min(text.length(), at + 1 + random.nextInt(4));
        out.append(pieces.feed(text.substring(at, to)));
        at = to;
      }
      out.append(pieces.finish());
      assertThat(out.toString()).as(text).isEqualTo(expected);
      assertThat(pieces.marks()).isEqualTo(whole.marks());
      assertThat(pieces.unknown()).isEqualTo(whole.unknown());
    }
  }

  @Test
  void sentencesWithoutCitationAreFlagged() {
    CitationFilter filter = new CitationFilter(2);
    String text =
        all(
            filter,
            "Kites nest in trees. [1] Ships carry heavy guns. Willows [2] stand near rivers.\n\n"
                + "In short, these are facts:\n- first long item [1]\n- second long item\n");
    assertThat(Uncited.of(text, filter.marks()))
        .extracting((Span span) -> span.of(text))
        .containsExactly("Ships carry heavy guns.", "- second long item");
  }
}
