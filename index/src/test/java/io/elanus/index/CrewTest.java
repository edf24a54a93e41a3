package io.elanus.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.index.BuildMonitor.Helpers;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;

class CrewTest {
  @Test
  void worksOffEveryNumberOnceInSeveralThreads() throws Exception {
    AtomicIntegerArray times = new AtomicIntegerArray(50_000);
    Set<Thread> seen = ConcurrentHashMap.newKeySet();
    CountDownLatch both = new CountDownLatch(2);
    try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
      Crew.run(
          50_000,
          7,
          new Helpers(threads, 3),
          () ->
              (from, to) -> {
                if (seen.add(Thread.currentThread())) {
                  // The first two threads wait for each other, so that there are two.
                  both.countDown();
                  await(both);
                }
                for (int i = from; i < to; i++) {
                  times.incrementAndGet(i);
                }
              },
          done -> {});
    }
    assertThat(seen).hasSizeGreaterThan(1);
    for (int i = 0; i < times.length(); i++) {
      assertThat(times.get(i)).isEqualTo(1);
    }
  }

  @Test
  void waitsForNoHelperThatNeverComes() {
    Queue<Runnable> late = new ArrayDeque<>();
    AtomicInteger worked = new AtomicInteger();
    Crew.run(
        1_000,
        10,
        new Helpers(late::add, 4),
        () -> (from, to) -> worked.addAndGet(to - from),
        done -> {});
    assertThat(worked.get()).isEqualTo(1_000);
    assertThat(late).hasSize(4);
    late.forEach(Runnable::run);
    assertThat(worked.get()).isEqualTo(1_000);
  }

  @Test
  void worksAloneWhereHelpersAreRefused() {
    AtomicInteger worked = new AtomicInteger();
    Helpers refusing =
        new Helpers(
            task -> {
              throw new RejectedExecutionException("going down");
            },
            4);
    Crew.run(100, 10, refusing, () -> (from, to) -> worked.addAndGet(to - from), done -> {});
    assertThat(worked.get()).isEqualTo(100);
  }

  @Test
  void answersWhatFailedInAHelper() throws Exception {
    IllegalStateException failure = new IllegalStateException("a helper fails");
    Thread caller = Thread.currentThread();
    CountDownLatch failed = new CountDownLatch(1);
    try (ExecutorService threads = Executors.newFixedThreadPool(1)) {
      assertThatThrownBy(
              () ->
                  Crew.run(
                      100_000,
                      1,
                      new Helpers(threads, 1),
                      () ->
                          (from, to) -> {
                            if (Thread.currentThread() != caller) {
                              failed.countDown();
                              throw failure;
                            }
                            await(failed);
                          },
                      done -> {}))
          .isSameAs(failure);
    }
  }

  @Test
  void stopsHelpersWhenTheMonitorSaysSo() throws Exception {
    IllegalStateException stop = new IllegalStateException("stop");
    AtomicInteger worked = new AtomicInteger();
    try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
      assertThatThrownBy(
              () ->
                  Crew.run(
                      Integer.MAX_VALUE,
                      1,
                      new Helpers(threads, 2),
                      () -> (from, to) -> worked.incrementAndGet(),
                      done -> {
                        throw stop;
                      }))
          .isSameAs(stop);
      int then = worked.get();
      assertThat(then).isPositive();
      assertThat(worked.get()).as("nobody works any more").isEqualTo(then);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
