package io.elanus.rag.answer.quote;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.rag.fixture.WordEmbedder;
import java.util.List;
import org.junit.jupiter.api.Test;

class QuoterTest {
  private static final List<String> PASSAGES =
      List.of(
          "Kites are birds of prey. The red kite builds its nest in tall trees. Ships sail far away.",
          "The red kite builds its nest in tall trees. A red kite lays three eggs in its nest in spring.");

  private final WordEmbedder embedder = new WordEmbedder();

  private List<String> quotes(String question, int most) {
    return new Quoter(embedder)
        .quote(question, PASSAGES, most).quotes().stream()
            .map(quote -> quote.span().of(PASSAGES.get(quote.passage())))
            .toList();
  }

  @Test
  void theNearestSentencesComeInTheDocumentsOrderAndNoneTwice() {
    assertThat(quotes("where does the red kite build its nest", 1))
        .containsExactly("The red kite builds its nest in tall trees.");
    assertThat(quotes("how many eggs in the nest of a red kite", 3))
        .contains("A red kite lays three eggs in its nest in spring.")
        .doesNotHaveDuplicates()
        .doesNotContain("Ships sail far away.");
  }

  @Test
  void aSentenceIsQuotedRatherThanTheHeadingOverIt() {
    String passage = "# The nest of the red kite\n\nThe red kite builds its nest in tall trees.\n";
    List<Quote> quotes =
        new Quoter(embedder).quote("the nest of the red kite", List.of(passage), 1).quotes();
    assertThat(quotes.getFirst().span().of(passage)).startsWith("The red kite builds");
  }

  @Test
  void wordsChooseWhereNoVectorsCome() {
    embedder.failure = new ElanusException(ErrorCode.NOT_READY, "the provider is down");
    Quoter.Quoted quoted = new Quoter(embedder).quote("red kite nest trees", PASSAGES, 1);
    assertThat(quoted.degraded()).contains("words alone", "the provider is down");
    assertThat(quoted.quotes()).hasSize(1);
    assertThat(quotes("ships sail", 1)).containsExactly("Ships sail far away.");
  }

  @Test
  void nothingIsQuotedFromNothing() {
    assertThat(new Quoter(embedder).quote("kite", List.of("", "a. b."), 3).quotes()).isEmpty();
    assertThat(embedder.calls).hasValue(0);
  }

  @Test
  void manySentencesAreNotAllEmbedded() {
    String long_ = "Sentence number one speaks of kites and rivers. ".repeat(1);
    StringBuilder text = new StringBuilder(long_);
    for (int i = 0; i < 3000; i++) {
      text.append("Sentence ").append(i).append(" speaks of ships and guns. ");
    }
    assertThat(
            new Quoter(embedder)
                .quote("kites rivers", List.of(text.toString()), 2)
                .quotes()
                .getFirst()
                .span())
        .isEqualTo(new Span(0, long_.length() - 1));
  }
}
