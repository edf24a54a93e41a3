package io.elanus.engine.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.model.error.ElanusException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ParallelTest {
  private final ExecutorService threads = Executors.newFixedThreadPool(1);
  private final CountDownLatch free = new CountDownLatch(1);

  @AfterEach
  void close() {
    free.countDown();
    threads.close();
  }

  @Test
  void answersInTheOrderOfTheTasksAndRunsEachOnce() {
    AtomicInteger runs = new AtomicInteger();
    for (int round = 0; round < 2_000; round++) {
      List<Callable<Integer>> tasks = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        int number = i;
        tasks.add(
            () -> {
              runs.incrementAndGet();
              return number;
            });
      }
      assertThat(Parallel.parts(threads, tasks)).containsExactly(0, 1, 2, 3, 4);
    }
    assertThat(runs).hasValue(10_000);
    assertThat(Parallel.parts(threads, List.<Callable<Integer>>of())).isEmpty();
  }

  @Test
  void waitsForNobodyWhereTheThreadsHaveOtherThingsToDo() {
    threads.execute(this::beBusy);
    List<Callable<Thread>> tasks =
        IntStream.range(0, 4).<Callable<Thread>>mapToObj(i -> Thread::currentThread).toList();
    assertThat(Parallel.parts(threads, tasks)).containsOnly(Thread.currentThread());
  }

  @Test
  void theThreadsHelp() throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(2);
    Callable<Boolean> meeting =
        () -> {
          begun.countDown();
          begun.await();
          return true;
        };
    assertThat(Parallel.parts(threads, List.of(meeting, meeting))).containsExactly(true, true);
  }

  /** What a task reads may be gone once the answer is there. */
  @Test
  void aFailureIsToldWhenTheOthersHaveEnded() {
    CountDownLatch begun = new CountDownLatch(1);
    AtomicInteger ended = new AtomicInteger();
    Callable<Integer> slow =
        () -> {
          begun.countDown();
          Thread.sleep(200);
          return ended.incrementAndGet();
        };
    Callable<Integer> failing =
        () -> {
          begun.await();
          throw new IllegalArgumentException("no");
        };
    assertThatThrownBy(() -> Parallel.parts(threads, List.of(failing, slow)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("no");
    assertThat(ended).hasValue(1);
  }

  @Test
  void anInterruptIsToldWhenAllHaveEnded() {
    CountDownLatch begun = new CountDownLatch(1);
    AtomicInteger ended = new AtomicInteger();
    Callable<Integer> slow =
        () -> {
          begun.countDown();
          Thread.sleep(200);
          return ended.incrementAndGet();
        };
    Callable<Integer> interrupting =
        () -> {
          begun.await();
          Thread.currentThread().interrupt();
          return 0;
        };
    assertThatThrownBy(() -> Parallel.parts(threads, List.of(interrupting, slow)))
        .isInstanceOf(ElanusException.class)
        .hasMessage("the search was interrupted");
    assertThat(Thread.interrupted()).isTrue();
    assertThat(ended).hasValue(1);
  }

  @Test
  void threadsThatTakeNothingAnyMoreAreNotNeeded() {
    threads.shutdown();
    Callable<Integer> one = () -> 1;
    assertThat(Parallel.parts(threads, List.of(one, one, one))).containsExactly(1, 1, 1);
  }

  @Test
  void aBatchLeavesTheCallersThreadAlone() {
    List<Callable<Thread>> tasks =
        IntStream.range(0, 50).<Callable<Thread>>mapToObj(i -> Thread::currentThread).toList();
    List<Thread> ran = Parallel.batch(threads, tasks);
    assertThat(ran).hasSize(50).doesNotContain(Thread.currentThread());
    threads.shutdown();
    assertThat(Parallel.batch(threads, tasks)).hasSize(50).containsOnly(Thread.currentThread());
  }

  private void beBusy() {
    try {
      free.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
