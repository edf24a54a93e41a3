package io.elanus.rag.reembed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.model.query.Filter;
import io.elanus.model.rows.Column;
import io.elanus.model.schema.DataType;
import io.elanus.model.schema.Field;
import io.elanus.rag.embed.Embedder;
import io.elanus.rag.knowledge.Chunk;
import io.elanus.rag.knowledge.ChunkRows;
import io.elanus.rag.retrieve.Passage;
import io.elanus.rag.retrieve.Question;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReembeddingsTest {
  private static final int ROWS = 300;

  private final Bench bench = new Bench();

  @AfterEach
  void stop() {
    bench.close();
  }

  private Map<String, Chunk> filled(int rows) {
    Map<String, Chunk> all = new TreeMap<>();
    List<Chunk> chunks = new ArrayList<>();
    for (int i = 0; i < rows; i++) {
      Chunk chunk = Bench.chunk(i, "kite number word" + i + " over river" + i % 5);
      chunks.add(chunk);
      all.put(chunk.id(), chunk);
    }
    bench.write(chunks);
    return all;
  }

  private List<String> asked(String words) {
    return bench.retriever().find(Bench.ME, Question.of(Bench.NAME, words, 3)).passages().stream()
        .map(Passage::chunk)
        .map(Chunk::id)
        .toList();
  }

  @Test
  void aCollectionIsFilledSwitchedRolledBackAndFinished() {
    Map<String, Chunk> all = filled(ROWS);
    bench.database.aliases().create(Bench.ME, "docs", Bench.NAME);
    Reembeddings reembeddings = bench.start();
    String id = bench.ready(reembeddings);
    ObjectNode shown = reembeddings.shown(Bench.ME, id).orElseThrow();
    assertThat(shown.path("rows").path("done").asInt()).isEqualTo(ROWS);
    assertThat(shown.path("embedded").asInt()).isEqualTo(ROWS);
    String aside = Bench.aside(shown);
    assertThat(bench.content(aside)).isEqualTo(all);
    assertThat(bench.model(aside)).isEqualTo("other");
    assertThat(bench.model(Bench.NAME)).isEqualTo("words");
    assertThat(asked("word17")).startsWith("key0017");

    reembeddings.switchOver(Bench.ME, id);
    assertThat(Bench.state(reembeddings, id)).isEqualTo("switched");
    assertThat(bench.model(Bench.NAME)).isEqualTo("other");
    assertThat(bench.model("docs")).isEqualTo("other");
    assertThat(bench.content(Bench.NAME)).isEqualTo(all);
    assertThat(asked("word17")).startsWith("key0017");

    Chunk late = Bench.chunk(9_000, "written after the switch");
    bench.write(List.of(late));
    bench.delete(List.of("key0003"));
    all.put(late.id(), late);
    all.remove("key0003");
    reembeddings.rollBack(Bench.ME, id);
    assertThat(Bench.state(reembeddings, id)).isEqualTo("rolled_back");
    assertThat(bench.model(Bench.NAME)).isEqualTo("words");
    assertThat(bench.content(Bench.NAME)).isEqualTo(all);

    reembeddings.switchOver(Bench.ME, id);
    assertThat(bench.content("docs")).isEqualTo(all);
    assertThatThrownBy(() -> reembeddings.cancel(Bench.ME, id)).hasMessageContaining("rolled back");
    reembeddings.finish(Bench.ME, id);
    assertThat(Bench.state(reembeddings, id)).isEqualTo("finished");
    assertThat(bench.database.collections().exists(Bench.ME, aside)).isFalse();
    assertThat(bench.content(Bench.NAME)).isEqualTo(all);

    // And back again, by a second one.
    String second =
        reembeddings
            .begin(Bench.ME, new Reembeddings.Request("docs", "words", Duration.ZERO, 0))
            .path("id")
            .asText();
    Bench.until(() -> Bench.state(reembeddings, second).equals("ready"));
    reembeddings.switchOver(Bench.ME, second);
    reembeddings.finish(Bench.ME, second);
    assertThat(bench.model("docs")).isEqualTo("words");
    assertThat(bench.content(Bench.NAME)).isEqualTo(all);
  }

  @Test
  void oneAtATimeAndWhatCannotBeIsSaid() {
    filled(3);
    Reembeddings reembeddings = bench.start();
    String id = bench.ready(reembeddings);
    String aside = Bench.aside(reembeddings.shown(Bench.ME, id).orElseThrow());
    assertThatThrownBy(() -> reembeddings.begin(Bench.ME, Bench.toOther()))
        .hasMessageContaining("in the re-embedding " + id);
    assertThatThrownBy(() -> reembeddings.rollBack(Bench.ME, id)).hasMessageContaining("is ready");
    assertThatThrownBy(() -> reembeddings.finish(Bench.ME, id)).hasMessageContaining("is ready");
    assertThatThrownBy(() -> bench.collections.open(Bench.ME, aside, bench.embedders))
        .hasMessageContaining("follows the collection documents");
    reembeddings.cancel(Bench.ME, id);
    assertThat(bench.database.collections().exists(Bench.ME, aside)).isFalse();
    assertThatThrownBy(() -> reembeddings.switchOver(Bench.ME, id))
        .hasMessageContaining("is canceled");
    assertThatThrownBy(
            () ->
                reembeddings.begin(
                    Bench.ME, new Reembeddings.Request(Bench.NAME, "words", Duration.ZERO, 0)))
        .hasMessageContaining("already");
    assertThatThrownBy(
            () ->
                reembeddings.begin(
                    Bench.ME, new Reembeddings.Request(Bench.NAME, "gpt", Duration.ZERO, 0)))
        .hasMessageContaining("no model named gpt; it has [words, other]");
  }

  @Test
  void anOldCollectionGoesAfterItsTime() {
    filled(3);
    Reembeddings reembeddings = bench.start();
    String id =
        reembeddings
            .begin(Bench.ME, new Reembeddings.Request(Bench.NAME, "other", Duration.ofMillis(1), 0))
            .path("id")
            .asText();
    Bench.until(() -> Bench.state(reembeddings, id).equals("ready"));
    reembeddings.switchOver(Bench.ME, id);
    Bench.until(() -> Bench.state(reembeddings, id).equals("finished"));
    String aside = Bench.aside(reembeddings.shown(Bench.ME, id).orElseThrow());
    Bench.until(() -> !bench.database.collections().exists(Bench.ME, aside));
    assertThat(bench.content(Bench.NAME)).hasSize(3);
  }

  @Test
  void aModelThatIsDownIsWaitedForAndNothingIsEmbeddedTwice() {
    Map<String, Chunk> all = filled(ROWS);
    bench.other.failure = new ElanusException(ErrorCode.NOT_READY, "the provider is away");
    Reembeddings reembeddings = bench.start();
    String id = reembeddings.begin(Bench.ME, Bench.toOther()).path("id").asText();
    Bench.until(
        () ->
            reembeddings
                .shown(Bench.ME, id)
                .orElseThrow()
                .path("waiting")
                .asText()
                .equals("the provider is away"));
    bench.other.failure = null;
    Bench.until(() -> Bench.state(reembeddings, id).equals("ready"));
    ObjectNode shown = reembeddings.shown(Bench.ME, id).orElseThrow();
    assertThat(shown.has("waiting")).isFalse();
    assertThat(shown.path("embedded").asInt()).isEqualTo(ROWS);
    assertThat(bench.content(Bench.aside(shown))).isEqualTo(all);
  }

  @Test
  void fieldsThatUsersAddedAreCarried() {
    filled(3);
    Field added = Field.named("stars", DataType.INT64).nullable(true).defaultValue(5L).build();
    bench.database.collections().addField(Bench.ME, Bench.NAME, added);
    Chunk chunk = Bench.chunk(7, "with seven stars");
    bench.collections.upsert(
        Bench.ME,
        Bench.NAME,
        ChunkRows.of(
                List.of(chunk),
                bench.words.embed(List.of(chunk.embedded()), Embedder.Purpose.DOCUMENT),
                64)
            .with("stars", new Column.Longs(DataType.INT64, new long[] {7}, null)));
    Reembeddings reembeddings = bench.start();
    String id = bench.ready(reembeddings);
    reembeddings.switchOver(Bench.ME, id);
    for (int stars : new int[] {5, 7}) {
      Filter filter = new Filter("stars == " + stars, Map.of());
      assertThat(bench.collections.count(Bench.ME, Bench.NAME, "source0", filter)).isEqualTo(1);
    }
  }

  /**
   * Documents come, change and go while the collection is filled, compared, switched and rolled
   * back, and the server dies now and then; a map says what has to be there.
   */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void whatIsWrittenMeanwhileIsInBoth(long seed) throws Exception {
    SplittableRandom random = new SplittableRandom(seed);
    Map<String, Chunk> truth = filled(ROWS);
    AtomicBoolean done = new AtomicBoolean();
    AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    SplittableRandom writes = random.split();
    Thread writer =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    while (!done.get()) {
                      write(truth, writes);
                      Thread.sleep(0, 200_000);
                    }
                  } catch (Throwable e) {
                    failure.set(e);
                  }
                });
    Reembeddings reembeddings = bench.start();
    String id = reembeddings.begin(Bench.ME, Bench.toOther()).path("id").asText();
    int kills = 0;
    for (int turn = 0; turn < 6; turn++) {
      if (random.nextInt(2) == 0) {
        Thread.sleep(random.nextInt(20));
        bench.stopThreads();
        kills++;
        reembeddings = bench.start();
      }
      Reembeddings now = reembeddings;
      Bench.until(() -> !Bench.state(now, id).equals("running"));
      if (turn % 2 == 0) {
        now.switchOver(Bench.ME, id);
        assertThat(bench.model(Bench.NAME)).isEqualTo("other");
      } else {
        now.rollBack(Bench.ME, id);
        assertThat(bench.model(Bench.NAME)).isEqualTo("words");
      }
    }
    reembeddings.switchOver(Bench.ME, id);
    done.set(true);
    writer.join();
    assertThat(failure.get()).isNull();
    assertThat(bench.content(Bench.NAME)).isEqualTo(truth);
    reembeddings.rollBack(Bench.ME, id);
    assertThat(bench.content(Bench.NAME)).isEqualTo(truth);
    String aside = Bench.aside(reembeddings.shown(Bench.ME, id).orElseThrow());
    assertThat(bench.content(aside)).isEqualTo(truth);
    System.out.printf("seed %d: %d kills, %d rows%n", seed, kills, truth.size());
  }

  private void write(Map<String, Chunk> truth, SplittableRandom random) {
    int number = random.nextInt(ROWS + 100);
    Chunk chunk = Bench.chunk(number, "changed " + random.nextInt(1_000));
    if (random.nextInt(3) == 0) {
      bench.delete(List.of(chunk.id()));
      truth.remove(chunk.id());
    } else {
      Chunk old = truth.get(chunk.id());
      if (old != null && random.nextBoolean()) {
        // Only what stands beside the text.
        chunk = Bench.chunk(number, old.text());
        chunk =
            new Chunk(
                chunk.id(),
                chunk.sourceId(),
                chunk.index(),
                chunk.text(),
                chunk.title(),
                chunk.heading(),
                chunk.start(),
                chunk.end(),
                chunk.documentHash(),
                List.of("moved"),
                chunk.timestampMillis(),
                "{\"moved\":true}");
      }
      bench.write(List.of(chunk));
      truth.put(chunk.id(), chunk);
    }
  }

  /**
   * The process dies before every single call to the database or the objects, one after another.
   */
  @Test
  void aDeathAtAnyMomentLeavesOneOfTheTwoInPlaceAndGoesOn() {
    Map<String, Chunk> truth = filled(40);
    int deaths = 0;
    int calls = 0;
    String id = "";
    List<String> goals = List.of("ready", "switched", "rolled_back", "switched", "finished");
    for (String goal : goals) {
      calls = 0;
      while (true) {
        Mortal mortal = new Mortal();
        Reembeddings mortals = bench.start(mortal.of(bench.database), mortal.of(bench.documents()));
        mortal.dieAfter(calls);
        String reached = reach(mortals, goal, id, mortal);
        bench.stopThreads();
        if (id.isEmpty()) {
          id =
              bench.stored.keySet().stream()
                  .filter(key -> key.startsWith("reembedding/"))
                  .map(key -> key.substring("reembedding/".length()))
                  .findFirst()
                  .orElse("");
        }
        assertThat(bench.content(Bench.NAME)).isEqualTo(truth);
        deaths += mortal.isDead() ? 1 : 0;
        if (reached.equals(goal) && !mortal.isDead()) {
          break;
        }
        calls += 1 + calls / 12;
      }
    }
    Reembeddings last = bench.start();
    assertThat(Bench.state(last, id)).isEqualTo("finished");
    assertThat(bench.model(Bench.NAME)).isEqualTo("other");
    // Whoever died between the word and the deed leaves the deed to the next one's thread.
    Bench.until(() -> bench.database.collections().list(Bench.ME).size() == 1);
    assertThat(deaths).isGreaterThan(40);
  }

  private static String reach(Reembeddings mortals, String goal, String known, Mortal mortal) {
    try {
      String id = known;
      if (id.isEmpty()) {
        id = mortals.begin(Bench.ME, Bench.toOther()).path("id").asText();
      }
      String begun = id;
      switch (goal) {
        case "ready" ->
            Bench.until(() -> mortal.isDead() || Bench.state(mortals, begun).equals("ready"));
        case "switched" -> mortals.switchOver(Bench.ME, begun);
        case "rolled_back" -> mortals.rollBack(Bench.ME, begun);
        default -> mortals.finish(Bench.ME, begun);
      }
      return Bench.state(mortals, begun);
    } catch (ElanusException e) {
      assertThat(mortal.isDead()).as(e.getMessage()).isTrue();
      return "dead";
    }
  }
}
