package io.elanus.testkit.contract.rows;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.model.error.ErrorCode;
import io.elanus.model.query.Filter;
import io.elanus.model.schema.DataType;
import io.elanus.model.schema.Field;
import io.elanus.testkit.contract.DatabaseUnderTest;
import io.elanus.testkit.contract.OpenCollection;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Filters by words and phrases. */
public interface TextMatchContract extends DatabaseUnderTest {
  private static Field text(String name, String match) {
    return Field.named(name, DataType.VARCHAR)
        .nullable(true)
        .maxLength(100)
        .typeParams(Map.of("enable_analyzer", "true", "enable_match", match))
        .build();
  }

  private static Map<String, Object> row(long id, String text) {
    return Map.of("id", id, "t", text, "v", List.of(id, 0));
  }

  private OpenCollection words() {
    OpenCollection c =
        open(DatabaseUnderTest.schema("c", true, text("t", "true"), text("u", "false")));
    c.insert(
        row(1, "machine learning is fun"),
        row(2, "Learning about the machine"),
        row(3, "deep learning, machine learning"),
        row(4, "cooking"),
        Map.of("id", 5L, "v", List.of(5, 0)));
    return c;
  }

  private static void expectMatches(OpenCollection c) {
    assertThat(c.keys("text_match(t, 'Machine')")).containsExactly(1L, 2L, 3L);
    assertThat(c.keys("TEXT_MATCH(t, 'cooking deep')")).containsExactly(3L, 4L);
    assertThat(c.keys("text_match(t, 'deep machine cooking', minimum_should_match=2)"))
        .containsExactly(3L);
    assertThat(c.keys("text_match(t, 'deep deep', minimum_should_match=2)")).isEmpty();
    assertThat(c.keys("text_match(t, '!?')")).isEmpty();
    assertThat(c.keys("not text_match(t, 'machine')")).containsExactly(4L);
    assertThat(c.keys("text_match(t, 'machine') and id < 3")).containsExactly(1L, 2L);
    assertThat(c.keys(new Filter("text_match(t, {q})", Map.of("q", "fun")))).containsExactly(1L);
    assertThat(c.keys("phrase_match(t, 'machine learning')")).containsExactly(1L, 3L);
    assertThat(c.keys("phrase_match(t, 'learning machine', 0)")).containsExactly(3L);
    assertThat(c.keys("phrase_match(t, 'learning machine', 1)")).containsExactly(3L);
    assertThat(c.keys("phrase_match(t, 'learning machine', 2)")).containsExactly(1L, 2L, 3L);
    assertThat(c.keys("phrase_match(t, 'learning learning')")).isEmpty();
    assertThat(c.keys("phrase_match(t, 'learning learning', 1)")).containsExactly(3L);
    assertThat(c.keys("phrase_match(t, '')")).isEmpty();
  }

  @Test
  default void wordsAndPhrasesAreMatchedWhereverTheyLie() {
    OpenCollection c = words();
    expectMatches(c);
    database().jobs().flush(ME, "c");
    expectMatches(c);
    reopen();
    expectMatches(c.on(database()));
  }

  @Test
  default void whatCannotBeMatchedIsRefused() {
    OpenCollection c = words();
    for (String wrong :
        List.of(
            "text_match(u, 'a')",
            "text_match(id, 'a')",
            "text_match(other, 'a')",
            "text_match(t, 3)",
            "text_match(t)",
            "text_match(t, 'a', minimum_should_match=0)",
            "text_match(t, 'a', least=1)",
            "phrase_match(u, 'a')",
            "phrase_match(t, 'a', -1)",
            "phrase_match(t, 'a', 'b')")) {
      refused(ErrorCode.INVALID_EXPRESSION, () -> c.keys(wrong));
    }
  }
}
