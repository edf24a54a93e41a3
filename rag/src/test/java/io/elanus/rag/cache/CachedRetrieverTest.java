package io.elanus.rag.cache;

import static io.elanus.rag.cache.CachedLibrary.find;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.model.Caller;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.model.query.Filter;
import io.elanus.rag.fixture.Library;
import io.elanus.rag.fixture.Library.Entry;
import io.elanus.rag.policy.MandatoryFilters;
import io.elanus.rag.retrieve.Found;
import io.elanus.rag.retrieve.Question;
import io.elanus.rag.retrieve.Question.Mode;
import io.elanus.rag.retrieve.Tuning;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CachedRetrieverTest {
  private static final Question KITE = Question.of("documents", "kite", 5);

  private final CachedLibrary cached = new CachedLibrary();
  private final CachedRetriever retriever = cached.retriever();

  @BeforeEach
  void fill() {
    cached.library.add(
        Entry.of("a", 0, "The kite soars."), Entry.of("b", 0, "A kite nests in trees."));
  }

  @AfterEach
  void close() {
    cached.close();
  }

  private static List<String> ids(Found found) {
    return found.passages().stream().map(p -> p.chunk().id()).toList();
  }

  private static Question aged(Question q, long millis) {
    Tuning tuning = new Tuning(0, 0, 60, 1, 1, millis);
    return new Question(
        q.collection(),
        q.text(),
        q.topK(),
        q.filter(),
        q.mode(),
        q.neighbours(),
        q.byDocument(),
        q.diversity(),
        q.rerank(),
        tuning);
  }

  @Test
  void theSameAgainIsRemembered() {
    Found first = find(retriever, KITE);
    Found second = find(retriever, KITE);
    assertThat(first.cached()).isFalse();
    assertThat(second.cached()).isTrue();
    assertThat(second.staleMillis()).isZero();
    assertThat(second.passages()).isEqualTo(first.passages()).hasSize(2);
    assertThat(cached.searches).hasValue(1);
  }

  @Test
  void everySettingIsAnotherQuestion() {
    List<Question> all =
        new ArrayList<>(
            List.of(
                KITE,
                KITE.withText("kites"),
                KITE.withMode(Mode.TEXT),
                KITE.withMode(Mode.DENSE),
                KITE.withNeighbours(1)));
    Filter filter = new Filter("title == {a}", Map.of("a", "1"));
    all.add(KITE.withFilter(filter));
    all.add(KITE.withFilter(new Filter("title == {a}", Map.of("a", "2"))));
    all.add(KITE.withFilter(new Filter("chunk_index in {a}", Map.of("a", List.of(1L, 2L)))));
    all.add(KITE.withFilter(new Filter("chunk_index in {a}", Map.of("a", List.of(1.0, 2.0)))));
    all.add(Question.of("documents", "kite", 6));
    for (Tuning tuning :
        List.of(
            new Tuning(0.9, 0, 60, 1, 1, 0),
            new Tuning(0, 9, 60, 1, 1, 0),
            new Tuning(0, 0, 61, 1, 1, 0),
            new Tuning(0, 0, 60, 0.5, 1, 0),
            new Tuning(0, 0, 60, 1, 0.5, 0))) {
      all.add(
          new Question("documents", "kite", 5, Filter.ALL, Mode.HYBRID, 0, false, 0, true, tuning));
    }
    all.add(
        new Question(
            "documents", "kite", 5, Filter.ALL, Mode.HYBRID, 0, true, 0, true, Tuning.DEFAULT));
    all.add(
        new Question(
            "documents", "kite", 5, Filter.ALL, Mode.HYBRID, 0, false, 0.5, true, Tuning.DEFAULT));
    all.add(
        new Question(
            "documents", "kite", 5, Filter.ALL, Mode.HYBRID, 0, false, 0, false, Tuning.DEFAULT));
    for (Question question : all) {
      assertThat(find(retriever, question).cached()).as(question.toString()).isFalse();
    }
    for (Question question : all) {
      assertThat(find(retriever, question).cached()).as(question.toString()).isTrue();
    }
  }

  @Test
  void whateverChangesTheCollectionIsSeen() {
    var collections = cached.database.collections();
    find(retriever, KITE);
    cached.library.add(Entry.of("c", 0, "A kite, a kite!"));
    assertThat(ids(find(retriever, KITE))).contains("c-0");
    assertThat(find(retriever, KITE).cached()).isTrue();
    cached.library.delete("a-0");
    assertThat(ids(find(retriever, KITE))).doesNotContain("a-0").hasSize(2);
    find(retriever, KITE);
    collections.release(Caller.SYSTEM, "documents", List.of());
    assertThatThrownBy(() -> find(retriever, KITE))
        .isInstanceOfSatisfying(
            ElanusException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.COLLECTION_NOT_LOADED));
    collections.drop(Caller.SYSTEM, "documents");
    assertThatThrownBy(() -> find(retriever, KITE)).isInstanceOf(ElanusException.class);
    Library.create(cached.database, "documents").add(Entry.of("new", 0, "new kite"));
    assertThat(ids(find(retriever, KITE))).containsExactly("new-0");
  }

  @Test
  void anAliasThatMovesTakesItsAnswersAlong() {
    Library.create(cached.database, "other").add(Entry.of("z", 0, "another kite"));
    cached.database.aliases().create(Caller.SYSTEM, "live", "documents");
    Question live = KITE.withCollection("live");
    find(retriever, KITE);
    assertThat(find(retriever, live).cached()).isTrue();
    cached.database.aliases().alter(Caller.SYSTEM, "live", "other");
    assertThat(ids(find(retriever, live))).containsExactly("z-0");
    cached.database.aliases().alter(Caller.SYSTEM, "live", "documents");
    assertThat(ids(find(retriever, live))).containsExactlyInAnyOrder("a-0", "b-0");
  }

  @Test
  void aWriteDuringTheSearchLeavesAnAnswerThatNobodyIsServed() {
    cached.during = () -> cached.library.add(Entry.of("c", 0, "late kite"));
    assertThat(ids(find(retriever, KITE))).doesNotContain("c-0");
    cached.during = null;
    Found after = find(retriever, KITE);
    assertThat(after.cached()).isFalse();
    assertThat(ids(after)).contains("c-0");
  }

  @Test
  void aRenameDuringTheSearchIsNotRemembered() {
    var collections = cached.database.collections();
    cached.during =
        () -> {
          collections.rename(Caller.SYSTEM, "documents", "elsewhere", "");
          collections.rename(Caller.SYSTEM, "elsewhere", "documents", "");
        };
    find(retriever, KITE);
    cached.during = null;
    assertThat(find(retriever, KITE).cached()).isFalse();
    assertThat(find(retriever, KITE).cached()).isTrue();
  }

  @Test
  void rowsThatExpireAndAnswersThatLackAStageAreNotRemembered() {
    cached.embedder.failure = new ElanusException(ErrorCode.NOT_READY, "down");
    assertThat(find(retriever, KITE).degraded()).isNotEmpty();
    cached.embedder.failure = null;
    Found whole = find(retriever, KITE);
    assertThat(whole.cached()).isFalse();
    assertThat(whole.degraded()).isEmpty();
    cached
        .database
        .collections()
        .alter(Caller.SYSTEM, "documents", Map.of("collection.ttl.seconds", "3600"), Set.of());
    find(retriever, KITE);
    assertThat(find(retriever, KITE).cached()).isFalse();
  }

  @Test
  void boundsDoNotShareAnswers() {
    MandatoryFilters policies =
        (caller, collection) ->
            new MandatoryFilters.Bound(
                new Filter("source_id == {bound_0}", Map.of("bound_0", caller.principal())),
                caller.principal());
    CachedRetriever bound = cached.retriever(policies, Optional.empty());
    for (int pass = 0; pass < 2; pass++) {
      for (String who : List.of("a", "b")) {
        Caller caller = new Caller(who, "default", Map.of(), java.time.Instant.MAX);
        Found found = bound.find(caller, KITE);
        assertThat(ids(found)).containsExactly(who + "-0");
        assertThat(found.cached()).isEqualTo(pass == 1);
      }
    }
  }

  @Test
  void ageIsServedOnlyWhereItIsAllowedAndFoundAnewBehind() throws Exception {
    find(retriever, KITE);
    cached.library.add(Entry.of("c", 0, "fresh kite"));
    cached.millis.addAndGet(3_000);
    Found old = find(retriever, aged(KITE, 5_000));
    assertThat(old.staleMillis()).isEqualTo(3_000);
    assertThat(old.cached()).isTrue();
    assertThat(ids(old)).doesNotContain("c-0");
    cached.threads.shutdown();
    assertThat(cached.threads.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
    Found behind = find(retriever, aged(KITE, 5_000));
    assertThat(behind.staleMillis()).isZero();
    assertThat(behind.cached()).isTrue();
    assertThat(ids(behind)).contains("c-0");
    assertThat(cached.searches).hasValue(2);
    cached.library.delete("c-0");
    cached.millis.addAndGet(6_000);
    assertThat(ids(find(retriever, aged(KITE, 5_000)))).doesNotContain("c-0");
  }

  @Test
  void ofManyWhoAskTheSameOneSearches() throws Exception {
    int askers = 20;
    CountDownLatch searching = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    cached.during =
        () -> {
          searching.countDown();
          try {
            go.await();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        };
    List<Future<Found>> all = new ArrayList<>();
    all.add(cached.threads.submit(() -> find(retriever, KITE)));
    searching.await();
    AtomicInteger asked = new AtomicInteger();
    for (int i = 1; i < askers; i++) {
      all.add(
          cached.threads.submit(
              () -> {
                asked.incrementAndGet();
                return find(retriever, KITE);
              }));
    }
    while (asked.get() < askers - 1) {
      Thread.onSpinWait();
    }
    go.countDown();
    for (Future<Found> one : all) {
      assertThat(one.get().passages()).hasSize(2);
    }
    assertThat(cached.searches).hasValue(1);
  }

  @Test
  void severalAreAnsweredInTheirOrder() {
    List<Found> all =
        retriever.findAll(
            Caller.SYSTEM, List.of(KITE, KITE.withText("trees").withMode(Mode.TEXT), KITE));
    assertThat(ids(all.get(1))).containsExactly("b-0");
    assertThat(all.get(2).passages()).isEqualTo(all.get(0).passages());
    assertThat(cached.searches).hasValue(2);
    assertThatThrownBy(
            () -> retriever.findAll(Caller.SYSTEM, List.of(KITE, KITE.withCollection("nothing"))))
        .isInstanceOfSatisfying(
            ElanusException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.COLLECTION_NOT_FOUND));
  }

  @Test
  void whoWaitedForASearchThatFailedSearchesToo() throws Exception {
    AtomicBoolean first = new AtomicBoolean(true);
    CountDownLatch searching = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    cached.during =
        () -> {
          if (first.getAndSet(false)) {
            searching.countDown();
            try {
              go.await();
            } catch (InterruptedException e) {
              throw new IllegalStateException(e);
            }
            throw new ElanusException(ErrorCode.TIMEOUT, "too late");
          }
        };
    Future<Found> failing = cached.threads.submit(() -> find(retriever, KITE));
    searching.await();
    Future<Found> waiting = cached.threads.submit(() -> find(retriever, KITE));
    go.countDown();
    assertThatThrownBy(failing::get).hasMessageContaining("too late");
    assertThat(waiting.get().passages()).hasSize(2);
  }

  /** Whoever asks after a write was acknowledged, finds it: cached or not. */
  @Test
  void noAnswerLacksAnAcknowledgedWrite() throws Exception {
    AtomicInteger written = new AtomicInteger(2);
    AtomicBoolean done = new AtomicBoolean();
    Question all = Question.of("documents", "kite", 200).withMode(Mode.TEXT);
    AtomicInteger hits = new AtomicInteger();
    List<Future<?>> tasks = new ArrayList<>();
    tasks.add(
        cached.threads.submit(
            () -> {
              for (int i = 0; i < 100; i++) {
                cached.library.add(Entry.of("w", i, "kite number " + i));
                written.incrementAndGet();
                Thread.yield();
              }
              done.set(true);
            }));
    for (int reader = 0; reader < 3; reader++) {
      tasks.add(
          cached.threads.submit(
              () -> {
                do {
                  int acknowledged = written.get();
                  Found found = find(retriever, all);
                  hits.addAndGet(found.cached() ? 1 : 0);
                  assertThat(found.passages().size()).isGreaterThanOrEqualTo(acknowledged);
                } while (!done.get());
              }));
    }
    for (Future<?> task : tasks) {
      task.get();
    }
    assertThat(find(retriever, all).passages()).hasSize(102);
    assertThat(find(retriever, all).cached()).isTrue();
  }

  @Test
  void popularQuestionsAreFoundAnewInQuietTimes() {
    Prefetch prefetch = new Prefetch(retriever, cached.log, cached.clock);
    Question rare = KITE.withText("trees");
    find(retriever, KITE);
    find(retriever, KITE);
    find(retriever, rare);
    cached.library.add(Entry.of("c", 0, "fresh kite"));
    prefetch.tick();
    assertThat(cached.searches).as("somebody had just asked").hasValue(2);
    prefetch.tick();
    assertThat(cached.searches).hasValue(3);
    Found found = find(retriever, KITE);
    assertThat(found.cached()).isTrue();
    assertThat(ids(found)).contains("c-0");
    assertThat(find(retriever, rare).cached()).isFalse();
  }
}
