package io.elanus.app.load;

import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Clients that ask until time is up.
 *
 * <p>With a rate (an open loop) the n-th request is due at its own time, whatever became of those
 * before it, and its latency counts from then on: where a server stalls, or all clients are busy,
 * the requests that could not be sent have waited all the same. (Tene, "How NOT to measure
 * latency", calls their omission coordinated.) Without one (a closed loop) every client sends its
 * next request when the last was answered, and latency is the time of service.
 */
final class LoadRun {
  /** Asks one question. */
  interface Asking {
    LoadClient.Outcome ask(Kind kind, long number) throws InterruptedException;
  }

  private final Asking asking;
  private final List<Kind> round;
  private final int clients;
  private final double rate;
  private final long nanos;
  private final Map<Kind, Tally> tallies = new EnumMap<>(Kind.class);
  private final Map<Kind, AtomicLong> numbers = new EnumMap<>(Kind.class);
  private final AtomicLong next = new AtomicLong();

  /**
   * @param round what is asked, over and over
   * @param rate requests a second that are due; 0 for as many as are answered
   */
  LoadRun(Asking asking, List<Kind> round, int clients, double rate, long nanos) {
    this.asking = asking;
    this.round = List.copyOf(round);
    this.clients = clients;
    this.rate = rate;
    this.nanos = nanos;
    for (Kind kind : Kind.values()) {
      tallies.put(kind, new Tally());
      numbers.put(kind, new AtomicLong());
    }
  }

  /** Of this kind; grows while the run goes on. */
  Tally of(Kind kind) {
    return got(tallies, kind);
  }

  private static <T> T got(Map<Kind, T> of, Kind kind) {
    T known = of.get(kind);
    if (known == null) {
      throw new IllegalStateException("every kind has one");
    }
    return known;
  }

  /** Requests answered or failed so far. */
  long done() {
    return tallies.values().stream().mapToLong(each -> each.answers() + each.failures()).sum();
  }

  /**
   * @return seconds from the first request to the last answer
   */
  double run() throws InterruptedException {
    long start = System.nanoTime();
    List<Future<?>> running = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      try {
        for (int client = 0; client < clients; client++) {
          running.add(
              threads.submit(
                  () -> {
                    client(start);
                    return null;
                  }));
        }
        for (Future<?> one : running) {
          one.get();
        }
      } catch (ExecutionException e) {
        throw new ElanusException(
            ErrorCode.INTERNAL, "a client failed by a bug: " + e.getCause(), e);
      } finally {
        threads.shutdownNow();
      }
    }
    return (System.nanoTime() - start) / 1e9;
  }

  private void client(long start) throws InterruptedException {
    while (true) {
      long number = next.getAndIncrement();
      long due = rate > 0 ? start + (long) (number / rate * 1e9) : System.nanoTime();
      if (due - start >= nanos) {
        return;
      }
      long early = due - System.nanoTime();
      if (early > 0) {
        TimeUnit.NANOSECONDS.sleep(early);
      }
      one(round.get((int) (number % round.size())), due);
    }
  }

  private void one(Kind kind, long due) throws InterruptedException {
    Tally tally = of(kind);
    long sent = System.nanoTime();
    LoadClient.Outcome outcome = asking.ask(kind, got(numbers, kind).getAndIncrement());
    long now = System.nanoTime();
    if (outcome.failure().isPresent()) {
      tally.failed(outcome.failure().get());
      return;
    }
    tally.answered(now - (rate > 0 ? due : sent), now - sent);
    if (outcome.cached()) {
      tally.remembered();
    }
    if (outcome.degraded()) {
      tally.degraded();
    }
  }
}
