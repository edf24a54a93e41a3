package io.elanus.index.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.model.rows.SparseVector;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Analyzers by Milvus's names and parameters. */
class AnalyzersTest {
  private static List<String> words(String params, String text) {
    return Analyzers.of(params).words(text);
  }

  @Test
  void theStandardAnalyzerIsTheDefault() {
    for (String params : List.of("", "{}", "{\"type\": \"standard\"}")) {
      assertThat(words(params, "Hello, the WORLD of don't and 3.14!"))
          .containsExactly("hello", "the", "world", "of", "don't", "and", "3.14");
    }
    assertThat(words("", "向量数据库")).containsExactly("向", "量", "数", "据", "库");
    assertThat(words("", "")).isEmpty();
  }

  @Test
  void builtInAnalyzersTakeStopWords() {
    assertThat(words("{\"type\": \"english\"}", "The runner was running through the FOXES"))
        .containsExactly("runner", "run", "through", "fox");
    assertThat(words("{\"type\": \"english\", \"stop_words\": [\"fox\"]}", "running foxes"))
        .containsExactly("run");
    assertThat(
            words(
                "{\"type\": \"standard\", \"stop_words\": [\"of\", \"_english_\"]}",
                "A Point of View"))
        .containsExactly("point", "view");
  }

  @Test
  void filtersRunInTheirOrder() {
    assertThat(words("{\"tokenizer\": \"whitespace\"}", "Foo, Bar-baz"))
        .containsExactly("Foo,", "Bar-baz");
    String both = "{\"tokenizer\": {\"type\": \"standard\"}, \"filter\": [%s]}";
    assertThat(words(both.formatted("\"asciifolding\", \"lowercase\""), "Élan ÜBER"))
        .containsExactly("elan", "uber");
    String stop = "{\"type\": \"stop\", \"stop_words\": [\"the\"]}";
    assertThat(words(both.formatted("\"lowercase\"," + stop), "The end")).containsExactly("end");
    assertThat(words(both.formatted(stop + ",\"lowercase\""), "The end"))
        .containsExactly("the", "end");
    assertThat(words(both.formatted("{\"type\": \"length\", \"max\": 4}"), "one three élan"))
        .containsExactly("one");
    assertThat(
            words(
                both.formatted("{\"type\": \"stemmer\", \"language\": \"German\"}"),
                "häuser katzen"))
        .containsExactly("haus", "katz");
    assertThat(words(both.formatted("{\"type\": \"regex\", \"expr\": \"^[a-c]\"}"), "ant dog cow"))
        .containsExactly("ant", "cow");
    assertThat(words(both.formatted("\"alphanumonly\""), "abc 量 été a1"))
        .containsExactly("abc", "a1");
    assertThat(words(both.formatted("\"cnalphanumonly\""), "abc 量 été"))
        .containsExactly("abc", "量");
    assertThat(words(both.formatted("\"cncharonly\""), "abc 量 été")).containsExactly("量");
    assertThat(words("{\"tokenizer\": \"whitespace\", \"filter\": [\"removepunct\"]}", "a - b, !?"))
        .containsExactly("a", "b,");
  }

  @Test
  void tokensSayWhereTheyStand() {
    String params =
        "{\"tokenizer\": \"standard\", \"filter\": [\"lowercase\", {\"type\": \"stop\", \"stop_words\": [\"of\"]}]}";
    assertThat(Analyzers.of(params).tokens("Point of View"))
        .containsExactly(new Token("point", 0, 5, 0, 1), new Token("view", 9, 13, 2, 1));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[]",
        "\"english\"",
        "{\"type\": \"english\"",
        "{\"type\": \"english\"} {}",
        "{\"type\": \"klingon\"}",
        "{\"type\": \"chinese\"}",
        "{\"type\": 3}",
        "{\"type\": \"standard\", \"stopwords\": [\"a\"]}",
        "{\"type\": \"standard\", \"stop_words\": [3]}",
        "{\"type\": \"standard\", \"stop_words\": [\"_klingon_\"]}",
        "{\"type\": \"standard\", \"tokenizer\": \"standard\"}",
        "{\"type\": \"standard\", \"filter\": [\"lowercase\"]}",
        "{\"tokenizer\": \"jieba\"}",
        "{\"tokenizer\": \"nothing\"}",
        "{\"tokenizer\": {\"type\": \"standard\", \"mode\": \"search\"}}",
        "{\"tokenizer\": \"standard\", \"filter\": \"lowercase\"}",
        "{\"tokenizer\": \"standard\", \"filter\": [\"uppercase\"]}",
        "{\"tokenizer\": \"standard\", \"filter\": [\"decompounder\"]}",
        "{\"tokenizer\": \"standard\", \"filter\": [{\"max\": 3}]}",
        "{\"tokenizer\": \"standard\", \"filter\": [\"length\"]}",
        "{\"tokenizer\": \"standard\", \"filter\": [{\"type\": \"length\", \"max\": 0}]}",
        "{\"tokenizer\": \"standard\", \"filter\": [{\"type\": \"stemmer\", \"language\": \"klingon\"}]}",
        "{\"tokenizer\": \"standard\", \"filter\": [{\"type\": \"regex\", \"expr\": \"(\"}]}",
        "{\"tokenizer\": \"standard\", \"filter\": [[[[[[[[[[]]]]]]]]]]}",
        "{\"type\": null}"
      })
  void wrongParametersAreRefused(String params) {
    assertThatThrownBy(() -> Analyzers.of(params))
        .isInstanceOfSatisfying(
            ElanusException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
              assertThat(e).hasMessageContaining("invalid analyzer");
            });
  }

  @Test
  void parametersAreBounded() {
    String words = "\"aaaaaaaaaa\",".repeat(4000);
    assertThatThrownBy(() -> Analyzers.of("{\"stop_words\": [" + words + "\"b\"]}"))
        .hasMessageContaining("32768 bytes");
  }

  @Test
  void oneAnalyzerServesManyThreads() throws Exception {
    TextAnalyzer analyzer = Analyzers.of("{\"type\": \"english\"}");
    List<Callable<List<String>>> tasks = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      String text = ("running number" + i + " foxes ").repeat(20);
      tasks.add(() -> analyzer.words(text));
    }
    try (var threads = Executors.newFixedThreadPool(8)) {
      List<Future<List<String>>> answers = threads.invokeAll(tasks);
      for (int i = 0; i < 400; i++) {
        List<String> words = answers.get(i).get();
        assertThat(words).hasSize(60).startsWith("run", "number" + i, "fox", "run");
      }
    }
  }

  @Test
  void termsAreHashedAsMilvusDoes() {
    // CRC-32's check value.
    assertThat(Terms.hash("123456789")).isEqualTo(0xCBF43926);
    assertThat(Terms.hash("x".repeat(100))).isEqualTo(Terms.hash("x".repeat(101)));
    SparseVector counts = Terms.counts(List.of("a", "b", "a", "c"));
    assertThat(counts.size()).isEqualTo(3);
    for (int i = 0; i < 3; i++) {
      boolean twice = counts.indices()[i] == Terms.hash("a");
      assertThat(counts.values()[i]).isEqualTo(twice ? 2 : 1);
      assertThat(
              i == 0 || Integer.compareUnsigned(counts.indices()[i - 1], counts.indices()[i]) < 0)
          .isTrue();
    }
    assertThat(Terms.counts(List.of())).isEqualTo(SparseVector.EMPTY);
  }
}
