package io.elanus.rag.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.model.info.CollectionVersion;
import io.elanus.rag.fixture.Library.Entry;
import io.elanus.rag.retrieve.Found;
import io.elanus.rag.retrieve.Question;
import io.elanus.testkit.race.Mutant;
import io.elanus.testkit.race.Together;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Many ask the same at once: one searches, the others get what it found, and nobody gets an answer
 * that lacks what was there before he asked.
 */
@Timeout(120)
class CacheRacesTest {
  /** Answers how often two searched at once, or one who waited was told nothing. */
  static final class Flying implements Callable<Long> {
    private static final int ASKERS = 4;
    private static final int KEYS = 2;
    private static final int FLIGHTS_EACH = 1_500;

    @Override
    public Long call() throws Exception {
      Flights flights = new Flights();
      AtomicIntegerArray searching = new AtomicIntegerArray(KEYS);
      AtomicLong wrong = new AtomicLong();
      Together.run(
          ASKERS,
          asker -> {
            for (int i = 0; i < FLIGHTS_EACH; i++) {
              int which = i / 4 % KEYS;
              CachedRetriever.Key key =
                  new CachedRetriever.Key(
                      new Subject("s" + which), new CollectionVersion("c", 1, 1, 1));
              Flights.Flight flight = flights.join(key);
              if (flight.isMine()) {
                wrong.addAndGet(searching.incrementAndGet(which) == 1 ? 0 : 1);
                Thread.yield();
                searching.decrementAndGet(which);
                flights.land(key, flight, new Found(List.of(), List.of("found " + which), false));
              } else {
                Found found = flight.await(Duration.ofSeconds(100));
                boolean right = found != null && found.degraded().contains("found " + which);
                wrong.addAndGet(right ? 0 : 1);
              }
            }
          });
      return wrong.get();
    }
  }

  @Test
  void oneSearchesForAll() throws Exception {
    assertThat(new Flying().call()).isZero();
  }

  @Test
  void theCheckSeesTwoThatSearch() throws Exception {
    Mutant two =
        Mutant.of(
            Flights.class,
            "Flight other = flying.putIfAbsent(key, mine);",
            "Flight other = flying.get(key);\n    if (other == null) {\n"
                + "      flying.put(key, mine);\n    }");
    assertThat(two.isSeenBy(Flying.class)).isTrue();
  }

  @Test
  void theCheckSeesALandingThatIsToldEarly() throws Exception {
    Mutant early =
        Mutant.of(
            Flights.class,
            "flight.landing().found = found;\n    flight.landing().landed.countDown();",
            "flight.landing().landed.countDown();\n    Thread.yield();\n"
                + "    flight.landing().found = found;");
    assertThat(early.isSeenBy(Flying.class)).isTrue();
  }

  /** Answers how many answers lacked a passage that had been there before the question. */
  static final class Asking implements Callable<Long> {
    private static final int PASSAGES = 40;
    private static final Question KITE = Question.of("documents", "kite", PASSAGES);

    @Override
    public Long call() throws Exception {
      AtomicLong wrong = new AtomicLong();
      AtomicLong there = new AtomicLong();
      AtomicBoolean writing = new AtomicBoolean(true);
      try (CachedLibrary cached = new CachedLibrary()) {
        CachedRetriever retriever = cached.retriever();
        Together.run(
            3,
            thread -> {
              if (thread == 0) {
                for (int i = 0; i < PASSAGES; i++) {
                  cached.library.add(Entry.of("kite" + i, 0, "A kite."));
                  there.incrementAndGet();
                  Thread.yield();
                }
                writing.set(false);
                return;
              }
              do {
                long before = there.get();
                int found = CachedLibrary.find(retriever, KITE).passages().size();
                wrong.addAndGet(found >= before ? 0 : 1);
              } while (writing.get());
            });
        int found = CachedLibrary.find(retriever, KITE).passages().size();
        wrong.addAndGet(found == PASSAGES ? 0 : 1);
      }
      return wrong.get();
    }
  }

  @Test
  void nobodyGetsAnAnswerOlderThanTheQuestion() throws Exception {
    assertThat(new Asking().call()).isZero();
  }

  @Test
  void theCheckSeesAnAnswerUnderALaterVersion() throws Exception {
    Mutant later =
        Mutant.of(
            CachedRetriever.class,
            "Kept kept = new Kept(key.version(), found, startMillis);",
            "Kept kept = new Kept("
                + "database.collections().version(caller, key.version().name()), found, startMillis);");
    assertThat(later.isSeenBy(Asking.class)).isTrue();
  }
}
