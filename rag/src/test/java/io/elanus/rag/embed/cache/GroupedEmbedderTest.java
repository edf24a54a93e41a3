package io.elanus.rag.embed.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.rag.embed.Embedder.Purpose;
import io.elanus.rag.embed.Model;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GroupedEmbedderTest {
  private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();
  private final Semaphore gate = new Semaphore(0);
  private final Counting inner = new Counting(new Model("counting", "1", 3, 100), gate);
  private final GroupedEmbedder grouped = new GroupedEmbedder(inner, 1, 8);

  @AfterEach
  void stop() {
    gate.release(1_000_000);
    callers.shutdownNow();
  }

  private Future<List<float[]>> ask(String... texts) {
    return callers.submit(() -> grouped.embed(List.of(texts), Purpose.QUERY));
  }

  private static void until(BooleanSupplier reached) throws InterruptedException {
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!reached.getAsBoolean()) {
      assertThat(System.nanoTime()).as("waited too long").isLessThan(end);
      Thread.sleep(1);
    }
  }

  @Test
  void theLoneOneGoesAtOnceAndWhatQueuesUpGoesTogether() throws Exception {
    Future<List<float[]>> first = ask("first");
    until(() -> inner.calls.size() == 1);
    List<Future<List<float[]>>> others = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      others.add(ask("other " + i));
      int queued = i + 1;
      until(() -> grouped.waiting() == queued);
    }
    gate.release(3);
    assertThat(first.get()).containsExactly(Counting.vector("first"));
    for (int i = 0; i < 10; i++) {
      assertThat(others.get(i).get()).containsExactly(Counting.vector("other " + i));
    }
    assertThat(inner.calls).extracting(List::size).containsExactly(1, 8, 2);
  }

  @Test
  void documentsAndLargeCallsPassBy() throws Exception {
    Future<List<float[]>> first = ask("first");
    until(() -> inner.calls.size() == 1);
    Future<?> documents =
        callers.submit(() -> grouped.embed(List.of("document"), Purpose.DOCUMENT));
    until(() -> inner.calls.size() == 2);
    Future<?> large = ask("1", "2", "3", "4", "5", "6", "7", "8");
    until(() -> inner.calls.size() == 3);
    gate.release(3);
    first.get();
    documents.get();
    large.get();
    assertThat(grouped.embed(List.of(), Purpose.QUERY)).isEmpty();
  }

  @Test
  void oneBadTextIsOnlyItsOwnersTrouble() throws Exception {
    Future<List<float[]>> first = ask("first");
    until(() -> inner.calls.size() == 1);
    Future<List<float[]>> good = ask("good");
    until(() -> grouped.waiting() == 1);
    Future<List<float[]>> bad = ask("bad");
    until(() -> grouped.waiting() == 2);
    gate.release(10);
    assertThat(first.get()).hasSize(1);
    assertThat(good.get()).containsExactly(Counting.vector("good"));
    assertThatThrownBy(bad::get).hasRootCauseInstanceOf(ElanusException.class);
  }

  @Test
  void aProviderThatIsDownFailsAllAndIsAskedOnce() throws Exception {
    Future<List<float[]>> first = ask("first");
    until(() -> inner.calls.size() == 1);
    Future<List<float[]>> one = ask("one");
    until(() -> grouped.waiting() == 1);
    Future<List<float[]>> two = ask("down");
    until(() -> grouped.waiting() == 2);
    gate.release(10);
    first.get();
    for (Future<List<float[]>> failed : List.of(one, two)) {
      assertThatThrownBy(failed::get)
          .isInstanceOf(ExecutionException.class)
          .cause()
          .isInstanceOfSatisfying(
              ElanusException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_READY));
    }
    assertThat(inner.calls).hasSize(2);
    assertThat(ask("after").get()).hasSize(1);
  }

  @Test
  void whoGoesAwayTakesNoPlaceAlong() throws Exception {
    Random random = new Random(5);
    gate.release(1_000_000);
    for (int round = 0; round < 300; round++) {
      List<Future<List<float[]>>> asked = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        asked.add(ask("round " + round + " " + i));
      }
      for (Future<List<float[]>> one : asked) {
        if (random.nextBoolean()) {
          one.cancel(true);
        }
      }
      for (int i = 0; i < 6; i++) {
        if (!asked.get(i).isCancelled()) {
          assertThat(asked.get(i).get(20, TimeUnit.SECONDS))
              .containsExactly(Counting.vector("round " + round + " " + i));
        }
      }
    }
    until(() -> grouped.leadersFree() == 1);
    assertThat(ask("after").get(20, TimeUnit.SECONDS)).hasSize(1);
  }
}
