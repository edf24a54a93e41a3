package io.elanus.index.chunk;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.index.VectorData;
import io.elanus.index.VectorIndex;
import io.elanus.model.schema.Metric;
import io.elanus.testkit.race.Mutant;
import io.elanus.testkit.race.Together;
import java.lang.foreign.Arena;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Searches on many threads meet the same chunk first. Its codes are ordered once, and where nobody
 * was free to make them, once more by whoever comes later; all see the codes that were made.
 */
@Timeout(120)
class CodedChunksRaceTest {
  private static final int SEARCHERS = 3;
  private static final int CHUNKS = 100;
  private static final int DIM = 64;

  /** Answers how many chunks went wrong. */
  static final class Ordering implements Callable<Long> {
    private final Queue<Runnable> ordered = new ConcurrentLinkedQueue<>();
    private final AtomicLong asked = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();

    @Override
    public Long call() throws Exception {
      long wrong = 0;
      try (Arena arena = Arena.ofShared()) {
        CodedChunks chunks = new CodedChunks(arena);
        VectorData rows =
            new VectorData(arena.allocate(4L * CodedChunks.ROWS * DIM, 64), CodedChunks.ROWS, DIM);
        CyclicBarrier next = new CyclicBarrier(SEARCHERS);
        Together.run(
            SEARCHERS,
            searcher -> {
              for (int chunk = 0; chunk < CHUNKS; chunk++) {
                next.await(100, TimeUnit.SECONDS);
                chunks.of(chunk, rows, true, Metric.L2, this::order);
              }
            });
        for (int chunk = 0; chunk < CHUNKS; chunk++) {
          chunks.of(chunk, rows, true, Metric.L2, ordered::add);
        }
        wrong += refused.get() > 0 && ordered.size() == CHUNKS ? 0 : 1;
        // Making them takes long; one shows that all see it.
        ordered.remove().run();
        AtomicLong seen = new AtomicLong();
        Together.run(
            SEARCHERS,
            searcher -> {
              for (int chunk = 0; chunk < CHUNKS; chunk++) {
                VectorIndex codes = chunks.of(chunk, rows, true, Metric.L2, this::order);
                seen.addAndGet(codes == null ? 0 : 1);
              }
            });
        wrong += seen.get() == SEARCHERS ? 0 : 1;
      }
      return wrong;
    }

    /** Nobody is free now and then. */
    private void order(Runnable task) {
      if (asked.incrementAndGet() % 5 == 0) {
        refused.incrementAndGet();
        throw new RejectedExecutionException("full");
      }
      ordered.add(task);
    }
  }

  @Test
  void aChunkIsOrderedOnce() throws Exception {
    assertThat(new Ordering().call()).isZero();
  }

  @Test
  void theCheckSeesAChunkThatIsOrderedTwice() throws Exception {
    Mutant twice =
        Mutant.of(
            CodedChunks.class, "|| !ordered.compareAndSet(false, true)) {", "|| ordered.get()) {");
    assertThat(twice.isSeenBy(Ordering.class)).isTrue();
  }

  @Test
  void theCheckSeesAnOrderThatIsLost() throws Exception {
    Mutant lost =
        Mutant.of(
            CodedChunks.class,
            "ordered.set(false);\n      }\n    }\n\n    /** Up",
            "}\n    }\n\n    /** Up");
    assertThat(lost.isSeenBy(Ordering.class)).isTrue();
  }
}
