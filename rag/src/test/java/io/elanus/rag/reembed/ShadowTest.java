package io.elanus.rag.reembed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.elanus.model.Caller;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.rag.cache.AccessLog;
import io.elanus.rag.cache.CacheConfig;
import io.elanus.rag.cache.CacheCounts;
import io.elanus.rag.cache.CachedRetriever;
import io.elanus.rag.fixture.Library;
import io.elanus.rag.fixture.Library.Entry;
import io.elanus.rag.policy.ConfiguredFilters;
import io.elanus.rag.policy.Rule;
import io.elanus.rag.reembed.shadow.Pairs;
import io.elanus.rag.reembed.shadow.QuestionSet;
import io.elanus.rag.retrieve.Found;
import io.elanus.rag.retrieve.Passage;
import io.elanus.rag.retrieve.Question;
import io.elanus.rag.retrieve.Question.Mode;
import io.elanus.rag.retrieve.Retriever;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Questions asked twice: counted, bound by what binds who asked, and never told. */
class ShadowTest {
  private static final Map<String, String> CANARIES =
      Map.of("red", "rubycanary", "blue", "sapphirecanary");
  private static final Caller ROOT = caller("root", "");

  private final Bench bench =
      new Bench(
          database ->
              new ConfiguredFilters(
                  database,
                  List.of(
                      rule("*", Bench.NAME, "{\"tenant\": \"${caller.tenant}\"}"),
                      rule("root", "*", "{}")),
                  Map.of()));
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Queue<Found> seen = new ConcurrentLinkedQueue<>();

  @AfterEach
  void stop() {
    threads.shutdownNow();
    bench.close();
  }

  private static Rule rule(String principal, String collection, String filter) {
    try {
      return new Rule(
          List.of(principal),
          principal.equals("*") ? List.of("root") : List.of(),
          "*",
          List.of(collection),
          (ObjectNode) new ObjectMapper().readTree(filter),
          List.of(),
          new ObjectMapper().createObjectNode());
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(filter, e);
    }
  }

  private static Caller caller(String name, String tenant) {
    return new Caller(
        name, "default", tenant.isEmpty() ? Map.of() : Map.of("tenant", tenant), Instant.MAX);
  }

  private void fill() {
    Library library = new Library(bench.database, Bench.NAME);
    for (int i = 0; i < 20; i++) {
      for (String tenant : CANARIES.keySet()) {
        library.add(
            new Entry(
                tenant + i,
                0,
                "kite flies over rivers " + i + " " + CANARIES.get(tenant),
                List.of(tenant),
                Map.of("tenant", tenant)));
      }
    }
  }

  private String ready(Reembeddings all) {
    String id = all.begin(ROOT, Bench.toOther()).path("id").asText();
    Bench.until(() -> all.shown(ROOT, id).orElseThrow().path("state").asText().equals("ready"));
    return id;
  }

  private static int questions(ObjectNode report) {
    return report.path("shadow").path("questions").asInt();
  }

  @Test
  void whoIsBoundSeesOwnRowsOnBothSidesAndNothingOfTheReport() {
    fill();
    Reembeddings all = bench.start();
    String id = ready(all);
    String aside = all.shown(ROOT, id).orElseThrow().path("aside").asText();
    Retriever recording =
        (caller, question) -> {
          Found found = bench.retriever().find(caller, question);
          if (caller.principal().equals("bound")) {
            seen.add(found);
          }
          return found;
        };
    ShadowedRetriever shadowed = new ShadowedRetriever(bench.retriever(), bench.activity);
    ShadowQuestions shadow =
        new ShadowQuestions(
            all,
            bench.database,
            bench.activity,
            new Pairs(recording, System::nanoTime, InstantSource.system()),
            1,
            new SplittableRandom(1),
            InstantSource.system());
    shadowed.follow(shadow);
    threads.execute(shadow::run);
    Caller red = caller("bound", "red");
    int asked = 0;
    for (Mode mode : List.of(Mode.HYBRID, Mode.DENSE, Mode.TEXT)) {
      for (boolean byDocument : new boolean[] {false, true}) {
        Question base = Question.of(Bench.NAME, "sapphirecanary kite secretquestion", 8);
        Question question =
            new Question(
                Bench.NAME,
                base.text(),
                8,
                base.filter(),
                mode,
                0,
                byDocument,
                0,
                false,
                base.tuning());
        assertThat(shadowed.find(red, question).toString()).doesNotContain("sapphirecanary");
        asked += mode == Mode.TEXT ? 0 : 1;
        // The collection aside is bound as the one it follows.
        Found there = bench.retriever().find(red, question.withCollection(aside));
        assertThat(there.passages()).isNotEmpty();
        assertThat(there.toString()).contains("rubycanary").doesNotContain("sapphirecanary");
      }
    }
    int expected = asked;
    Bench.until(() -> questions(all.report(ROOT, id).orElseThrow()) == expected);
    assertThat(seen).hasSize(2 * asked);
    assertThat(seen.toString()).contains("rubycanary").doesNotContain("sapphirecanary");

    assertThat(all.report(red, id)).isEmpty();
    assertThat(all.shown(red, id)).isEmpty();
    assertThat(all.list(red, 10)).isEmpty();
    assertThat(all.switchOver(red, id)).isEmpty();
    assertThatThrownBy(() -> all.begin(red, Bench.toOther()))
        .isInstanceOfSatisfying(
            ElanusException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_PERMITTED));
    all.close();
    String kept =
        all.report(ROOT, id).orElseThrow()
            + new String(bench.stored.get("reembedding/" + id), StandardCharsets.UTF_8);
    assertThat(kept).contains("overlap@10").doesNotContain("canary", "secretquestion", "kite");
  }

  @Test
  void aRememberedAnswerOfTheOldVectorsDoesNotOutliveTheSwitch() {
    fill();
    Reembeddings all = bench.start();
    String id = ready(all);
    CachedRetriever cached =
        new CachedRetriever(
            bench.retriever(),
            bench.database,
            bench.filters,
            new CachedRetriever.Parts(
                CacheConfig.DEFAULT,
                "",
                Optional.empty(),
                InstantSource.system(),
                threads,
                new CacheCounts(new SimpleMeterRegistry()),
                new AccessLog()));
    Question question = Question.of(Bench.NAME, "kite rivers 7", 5).withMode(Mode.DENSE);
    Found before = cached.find(ROOT, question);
    assertThat(cached.find(ROOT, question).cached()).isTrue();
    for (int turn = 0; turn < 3; turn++) {
      Optional<ObjectNode> unused =
          turn % 2 == 0 ? all.switchOver(ROOT, id) : all.rollBack(ROOT, id);
      Found after = cached.find(ROOT, question);
      assertThat(after.passages()).isEqualTo(bench.retriever().find(ROOT, question).passages());
      if (turn % 2 == 0) {
        // Vectors of 32 numbers have other cosines.
        assertThat(after.passages()).isNotEqualTo(before.passages());
      } else {
        assertThat(after.passages()).isEqualTo(before.passages());
      }
    }
  }

  @Test
  void judgedQuestionsAreMeasuredOnBoth() {
    fill();
    Reembeddings all = bench.start();
    String id = ready(all);
    QuestionSet set =
        new QuestionSet(
            "mine",
            Map.of("q1", "rivers 7 rubycanary", "q2", "rivers 8 rubycanary"),
            Map.of("q1", Map.of("red7", 1), "q2", Map.of("red8", 2)),
            Mode.DENSE);
    all.ask(ROOT, id, set);
    all.switchOver(ROOT, id);
    all.ask(ROOT, id, set);
    var judged = all.report(ROOT, id).orElseThrow().path("judged");
    assertThat(judged).hasSize(2);
    // Which side is which does not turn with the names.
    assertThat(judged.path(0).path("measures")).isEqualTo(judged.path(1).path("measures"));
    assertThat(judged.path(0).path("measures").path("nDCG@10").path("from").asDouble())
        .isGreaterThan(0.5);
    assertThat(judged.path(0).path("agreement").path("overlap@10").has("low")).isTrue();
  }

  /**
   * Names change hands while they are searched: no answer is of one model's vector in the other.
   */
  @Test
  void searchesMeetOneModelOrTheOther() throws Exception {
    fill();
    Reembeddings all = bench.start();
    String id = ready(all);
    Question question = Question.of(Bench.NAME, "kite rivers 7", 5).withMode(Mode.DENSE);
    List<Passage> old = bench.retriever().find(ROOT, question).passages();
    all.switchOver(ROOT, id);
    List<Passage> made = bench.retriever().find(ROOT, question).passages();
    AtomicInteger exchanges = new AtomicInteger();
    var searching =
        threads.submit(
            () -> {
              int[] met = new int[2];
              boolean enough = false;
              for (int i = 0; i < 100_000 && !enough; i++) {
                enough = exchanges.get() >= 20 && met[0] > 0 && met[1] > 0;
                try {
                  var found = bench.retriever().find(ROOT, question).passages();
                  assertThat(found).isIn(old, made);
                  met[found.equals(old) ? 0 : 1]++;
                } catch (ElanusException e) {
                  // Here names change hands faster than anybody could search.
                  assertThat(e.code()).isEqualTo(ErrorCode.BUSY);
                }
              }
              return met;
            });
    String aside = all.shown(ROOT, id).orElseThrow().path("aside").asText();
    while (!searching.isDone()) {
      bench.database.collections().exchange(ROOT, Bench.NAME, aside);
      Thread.sleep(exchanges.incrementAndGet() % 8);
    }
    assertThat(searching.get()).doesNotContain(0);
    assertThat(exchanges.get()).isGreaterThanOrEqualTo(20);
  }
}
