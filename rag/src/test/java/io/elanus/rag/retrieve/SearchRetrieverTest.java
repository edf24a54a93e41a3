package io.elanus.rag.retrieve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.model.Caller;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.model.query.Filter;
import io.elanus.rag.embed.Model;
import io.elanus.rag.fixture.Library;
import io.elanus.rag.fixture.Library.Entry;
import io.elanus.rag.fixture.WordEmbedder;
import io.elanus.rag.knowledge.Chunk;
import io.elanus.rag.policy.MandatoryFilters;
import io.elanus.rag.rerank.Reranker;
import io.elanus.rag.retrieve.Question.Mode;
import io.elanus.testkit.oracle.OracleDatabase;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SearchRetrieverTest {
  private static final InstantSource CLOCK = InstantSource.fixed(Instant.ofEpochMilli(1_760_000));

  private final OracleDatabase database = new OracleDatabase(InstantSource.system());
  private final WordEmbedder embedder = new WordEmbedder();
  private final Library library =
      Library.create(database, "documents")
          .add(
              Entry.of("kites", 0, "The black kite soars over rivers and fields."),
              Entry.of("kites", 1, "The red kite nests in tall trees near villages."),
              Entry.of("kites", 2, "A kite hunts small animals and carrion."),
              Entry.of("kites", 3, "Young birds leave the nest after fifty days."),
              Entry.of("trees", 0, "Oaks are tall trees with heavy wood."),
              Entry.of("trees", 1, "Willows stand near rivers."),
              Entry.of("ships", 0, "A ship of the line carried seventy guns."));

  private SearchRetriever retriever(Optional<Reranker> reranker) {
    return new SearchRetriever(database, embedder, MandatoryFilters.NONE, reranker, CLOCK);
  }

  private Found find(Question question) {
    return retriever(Optional.empty()).find(Caller.SYSTEM, question);
  }

  private static Question ask(String text) {
    return Question.of("documents", text, 3);
  }

  private static List<String> ids(Found found) {
    return found.passages().stream().map(p -> p.chunk().id()).toList();
  }

  @Test
  void theBestPassageIsFirstAndSaysWhy() {
    Found found = find(ask("where does the red kite nest, in tall trees?"));
    Passage best = found.passages().getFirst();
    assertThat(best.chunk().id()).isEqualTo("kites-1");
    assertThat(best.chunk().title()).isEqualTo("About kites");
    assertThat(best.why().dense().rank()).hasValue(1);
    assertThat(best.why().text().rank()).hasValue(1);
    assertThat(best.why().fused().score()).hasValue(1.0 / 61 + 1.0 / 61);
    assertThat(best.score()).isEqualTo(2.0 / 61);
    assertThat(best.why().reranked()).isEqualTo(Passage.Stage.ABSENT);
    assertThat(found.degraded()).isEmpty();
    assertThat(found.passages()).hasSize(3);
    assertThat(found.passages())
        .extracting(Passage::score)
        .isSortedAccordingTo((a, b) -> Double.compare(b, a));
  }

  @Test
  void oneWayAloneKeepsItsOwnScores() {
    Found dense = find(ask("tall trees").withMode(Mode.DENSE));
    assertThat(dense.passages().getFirst().why().dense().score())
        .hasValue(dense.passages().getFirst().score());
    assertThat(dense.passages())
        .allSatisfy(p -> assertThat(p.why().text()).isEqualTo(Passage.Stage.ABSENT));
    Found text = find(ask("willows").withMode(Mode.TEXT));
    assertThat(ids(text)).containsExactly("trees-1");
    int calls = embedder.calls.get();
    find(ask("willows").withMode(Mode.TEXT));
    assertThat(embedder.calls.get()).isEqualTo(calls);
  }

  @Test
  void weightsMoveTheFusion() {
    Tuning textOnly = new Tuning(0, 0, 60, 0, 1, 0);
    Question question =
        new Question("documents", "guns", 1, Filter.ALL, Mode.HYBRID, 0, false, 0, true, textOnly);
    Passage best = find(question).passages().getFirst();
    assertThat(best.chunk().id()).isEqualTo("ships-0");
    assertThat(best.score()).isEqualTo(1.0 / 61);
  }

  @Test
  void filtersHold() {
    Question question =
        ask("kite").withFilter(new Filter("source_id == {s}", Map.of("s", "trees")));
    assertThat(ids(find(question))).containsExactlyInAnyOrder("trees-0", "trees-1");
  }

  @Test
  void neighboursComeOnceAndInOrder() {
    Question question = Question.of("documents", "red kite nests in tall trees", 1);
    Passage best = find(question.withNeighbours(2)).passages().getFirst();
    assertThat(best.before()).extracting(Chunk::id).containsExactly("kites-0");
    assertThat(best.after()).extracting(Chunk::id).containsExactly("kites-2", "kites-3");
    // Two hits of one document share what is between them; neither is the other's neighbour.
    Found two = find(Question.of("documents", "kite", 4).withNeighbours(3));
    List<String> all = new ArrayList<>();
    for (Passage passage : two.passages()) {
      passage.before().forEach(c -> all.add(c.id()));
      all.add(passage.chunk().id());
      passage.after().forEach(c -> all.add(c.id()));
    }
    assertThat(all).doesNotHaveDuplicates().contains("kites-0", "kites-1", "kites-2", "kites-3");
  }

  @Test
  void groupingShowsEachDocumentOnce() {
    Question question =
        new Question(
            "documents",
            "kite trees rivers guns",
            3,
            Filter.ALL,
            Mode.HYBRID,
            0,
            true,
            0,
            true,
            new Tuning(0, 3, 60, 1, 1, 0));
    assertThat(find(question).passages())
        .extracting(p -> p.chunk().sourceId())
        .containsExactlyInAnyOrder("kites", "trees", "ships");
  }

  @Test
  void diversityPutsUnlikePassagesFirst() {
    library.add(
        Entry.of("twins", 0, "comet tail glows"),
        Entry.of("twins", 1, "comet tail glows"),
        Entry.of("twins", 2, "comet orbits far"));
    Question plain = Question.of("documents", "comet tail glows", 2);
    assertThat(ids(find(plain))).containsExactly("twins-0", "twins-1");
    Question spread =
        new Question(
            "documents",
            plain.text(),
            2,
            Filter.ALL,
            Mode.HYBRID,
            0,
            false,
            0.7,
            true,
            Tuning.DEFAULT);
    assertThat(ids(find(spread))).startsWith("twins-0").doesNotContain("twins-1");
  }

  @Test
  void anotherModelIsRefusedAndWordsStillWork() {
    SearchRetriever other =
        new SearchRetriever(
            database,
            new WordEmbedder(new Model("other", "2", 64, 512)),
            MandatoryFilters.NONE,
            Optional.empty(),
            CLOCK);
    assertThatThrownBy(() -> other.find(Caller.SYSTEM, ask("kite")))
        .isInstanceOf(ElanusException.class)
        .hasMessageContainingAll("words", "other", "mode text");
    assertThat(other.find(Caller.SYSTEM, ask("kite").withMode(Mode.TEXT)).passages()).isNotEmpty();
  }

  @Test
  void anEmbedderThatIsDownLeavesTheWords() {
    embedder.failure = new ElanusException(ErrorCode.NOT_READY, "the provider does not answer");
    Found found = find(ask("willows rivers"));
    assertThat(ids(found)).startsWith("trees-1");
    assertThat(found.degraded())
        .singleElement()
        .asString()
        .contains("words alone", "the provider does not answer");
    assertThatThrownBy(() -> find(ask("willows").withMode(Mode.DENSE)))
        .hasMessageContaining("does not answer");
  }

  @Test
  void aDeadlineThatHasPassedIsSaid() {
    Caller late = new Caller("", "default", Map.of(), CLOCK.instant());
    assertThatThrownBy(() -> retriever(Optional.empty()).find(late, ask("kite")))
        .isInstanceOfSatisfying(
            ElanusException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TIMEOUT));
  }

  private static final class LongestFirst implements Reranker {
    final List<String> seen = new ArrayList<>();
    boolean down;

    @Override
    public String name() {
      return "longest";
    }

    @Override
    public int candidates() {
      return 50;
    }

    @Override
    public double[] scores(String query, List<String> texts, Duration patience) {
      seen.addAll(texts);
      if (down) {
        throw new ElanusException(ErrorCode.NOT_READY, "the reranker is down");
      }
      return texts.stream().mapToDouble(String::length).toArray();
    }

    @Override
    public void close() {}
  }

  @Test
  void rerankingOrdersAndWithoutItTheOrderStays() {
    LongestFirst reranker = new LongestFirst();
    SearchRetriever retriever = retriever(Optional.of(reranker));
    Found found = retriever.find(Caller.SYSTEM, ask("kite"));
    assertThat(found.passages())
        .extracting(p -> p.chunk().text().length())
        .isSortedAccordingTo((a, b) -> b - a);
    assertThat(found.passages().getFirst().why().reranked().rank()).hasValue(1);
    assertThat(found.passages().getFirst().why().fused().rank()).isPresent();
    reranker.down = true;
    Found without = retriever.find(Caller.SYSTEM, ask("kite"));
    assertThat(ids(without)).isEqualTo(ids(find(ask("kite"))));
    assertThat(without.degraded()).singleElement().asString().contains("the reranker is down");
  }

  @Test
  void questionsOutOfBoundsAreRefused() {
    for (Question question :
        List.of(
            Question.of("documents", " ", 3),
            Question.of("documents", "x".repeat(QuestionLimits.TEXT_CHARACTERS_MAX + 1), 3),
            Question.of("documents", "kite", 0),
            Question.of("documents", "kite", QuestionLimits.TOP_K_MAX + 1),
            ask("kite").withNeighbours(11))) {
      assertThatThrownBy(() -> find(question))
          .isInstanceOfSatisfying(
              ElanusException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT));
    }
    assertThatThrownBy(() -> find(Question.of("nothing", "kite", 3)))
        .isInstanceOfSatisfying(
            ElanusException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.COLLECTION_NOT_FOUND));
  }
}
