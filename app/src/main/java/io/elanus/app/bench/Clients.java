package io.elanus.app.bench;

import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import java.util.stream.LongStream;

/** Clients that call one after the other, each waiting for its answer, until time is up. */
final class Clients {
  private Clients() {}

  /**
   * What was measured.
   *
   * @param sortedNanos how long each call took, ascending
   * @param seconds from the first start to the last answer
   */
  record Calls(long[] sortedNanos, double seconds) {
    double perSecond() {
      return sortedNanos.length / seconds;
    }

    /** The time that this share of the calls did not exceed. */
    double percentileMillis(double share) {
      int rank = (int) Math.ceil(share * sortedNanos.length);
      return sortedNanos[Math.max(1, rank) - 1] / 1e6;
    }
  }

  /**
   * Calls from so many threads; a call is given its number. Each thread calls at least once. Fails
   * when one call fails: with a client less, the numbers would be another row's.
   */
  static Calls run(int clients, long nanos, LongConsumer call) throws InterruptedException {
    AtomicLong next = new AtomicLong();
    long start = System.nanoTime();
    Callable<LongStream> client =
        () -> {
          LongStream.Builder took = LongStream.builder();
          long now = System.nanoTime();
          do {
            call.accept(next.getAndIncrement());
            long done = System.nanoTime();
            took.add(done - now);
            now = done;
          } while (now - start < nanos);
          return took.build();
        };
    List<long[]> all = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(clients)) {
      List<Future<LongStream>> answers = threads.invokeAll(Collections.nCopies(clients, client));
      for (Future<LongStream> answer : answers) {
        all.add(answer.get().toArray());
      }
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      String why = (cause == null ? e : cause).getMessage();
      throw new ElanusException(ErrorCode.INTERNAL, "a client failed while measured: " + why, e);
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    return new Calls(all.stream().flatMapToLong(Arrays::stream).sorted().toArray(), seconds);
  }
}
