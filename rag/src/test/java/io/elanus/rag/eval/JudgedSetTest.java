package io.elanus.rag.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.model.error.ElanusException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JudgedSetTest {
  @TempDir private Path folder;

  @Test
  void cranfieldIsNumberedByPlaceAndItsGradesTurned() throws IOException {
    Files.writeString(
        folder.resolve("cran.all.1400"),
        ".I 1\n.T\na title\nof two lines .\n.A\nsomebody\n.B\n.W\nfirst  text\nsecond line .\n.I 2\n.T\n.A\n.B\n.W\nother .\n");
    Files.writeString(folder.resolve("cran.qry"), ".I 001\n.W\nwhat is\nit .\n.I 004\n.W\nwhy .\n");
    Files.writeString(folder.resolve("cranqrel"), "1 1 1\n1 2 4 \n2 2 -1\n2 1 3\n\n");
    JudgedSet set = JudgedSet.read(folder);
    assertThat(set.documents())
        .containsExactly(
            new JudgedSet.Document("1", "a title of two lines .", "first  text second line ."),
            new JudgedSet.Document("2", "", "other ."));
    assertThat(set.questions())
        .containsExactly(Map.entry("1", "what is it ."), Map.entry("2", "why ."));
    assertThat(set.gains()).isEqualTo(Map.of("1", Map.of("1", 4, "2", 1), "2", Map.of("1", 2)));
  }

  private void beir(String qrels, String file) throws IOException {
    Files.writeString(
        folder.resolve("corpus.jsonl"),
        "{\"_id\":\"d1\",\"title\":\"T\",\"text\":\"x\"}\n{\"_id\":\"d2\",\"text\":\"y\"}\n");
    Files.writeString(
        folder.resolve("queries.jsonl"),
        "{\"_id\":\"q1\",\"text\":\"one\"}\n\n{\"_id\":\"q2\",\"text\":\"unjudged\"}\n");
    Files.createDirectories(folder.resolve("qrels"));
    Files.writeString(folder.resolve(file), qrels);
  }

  @Test
  void beirAndTrecAreReadAndUnjudgedQuestionsLeftOut() throws IOException {
    beir("query-id\tcorpus-id\tscore\nq1\td1\t2\nq1\td2\t0\n", "qrels/test.tsv");
    JudgedSet set = JudgedSet.read(folder);
    assertThat(set.documents()).extracting(JudgedSet.Document::id).containsExactly("d1", "d2");
    assertThat(set.questions()).containsExactly(Map.entry("q1", "one"));
    assertThat(set.gains()).isEqualTo(Map.of("q1", Map.of("d1", 2, "d2", 0)));
    Files.delete(folder.resolve("qrels/test.tsv"));
    Files.writeString(folder.resolve("qrels.txt"), "q1 0 d1 2\nq1 0 d2 0\n");
    assertThat(JudgedSet.read(folder)).isEqualTo(set);
  }

  @Test
  void whatIsNoSetIsSaid() throws IOException {
    assertThatThrownBy(() -> JudgedSet.read(folder))
        .isInstanceOf(ElanusException.class)
        .hasMessageContaining("neither queries.jsonl");
    beir("query-id\tcorpus-id\tscore\nq1\td1\t1\nq1\td1\tbad\n", "qrels/test.tsv");
    assertThatThrownBy(() -> JudgedSet.read(folder)).hasMessageContaining("is no judgment");
    Files.writeString(folder.resolve("qrels/test.tsv"), "q9\td1\t1\n");
    assertThatThrownBy(() -> JudgedSet.read(folder)).hasMessageContaining("no question with");
    Files.writeString(folder.resolve("queries.jsonl"), "nonsense\n");
    assertThatThrownBy(() -> JudgedSet.read(folder)).hasMessageContaining("a line is no JSON");
  }

  @Test
  void aQuestionWithoutARankingCountsAsZero() throws IOException {
    beir("q1\td1\t1\nq2\td2\t1\n", "qrels/test.tsv");
    JudgedSet set = JudgedSet.read(folder);
    Evaluation half = Evaluation.of(set, Map.of("q1", List.of("d1")));
    assertThat(half.mean(Evaluation.MEASURES.getFirst())).isEqualTo(0.5);
    assertThat(half.values(Evaluation.MEASURES.getFirst())).containsExactly(1, 0);
  }
}
