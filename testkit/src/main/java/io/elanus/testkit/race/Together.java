package io.elanus.testkit.race;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Threads that begin at one moment. */
public final class Together {
  private static final int PATIENCE_SECONDS = 100;

  private Together() {}

  /** What one of them does. */
  public interface Body {
    /**
     * Called once in each thread.
     *
     * @param thread from 0
     */
    void run(int thread) throws Exception;
  }

  /** Returns when all have ended; throws what one of them threw. */
  public static void run(int count, Body body) throws Exception {
    CyclicBarrier start = new CyclicBarrier(count);
    try (ExecutorService threads = Executors.newFixedThreadPool(count)) {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        int thread = i;
        running.add(
            threads.submit(
                () -> {
                  start.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
                  body.run(thread);
                  return null;
                }));
      }
      try {
        for (Future<?> each : running) {
          each.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }
      } finally {
        threads.shutdownNow();
      }
    }
  }
}
