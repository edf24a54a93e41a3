package io.elanus.index;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.testkit.race.Mutant;
import io.elanus.testkit.race.Together;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Threads ask for the same sets of rows at once and make them at once. Each gets the rows of its
 * key, and all sets are still there when everybody is through, for together they just fit.
 */
@Timeout(120)
class RememberedRowsRaceTest {
  private static final int ASKERS = 3;
  private static final int ROWS = 1 << 16;
  private static final int KEYS = 30;

  /** Answers how many looks went wrong. */
  static final class Asking implements Callable<Long> {
    private final AtomicLong wrong = new AtomicLong();

    @Override
    public Long call() throws Exception {
      RememberedRows remembered = new RememberedRows(ROWS);
      for (int key = 0; key < KEYS; key++) {
        // From the second time on they are kept.
        remembered.of(key, () -> rows(0));
      }
      CyclicBarrier next = new CyclicBarrier(ASKERS);
      Together.run(
          ASKERS,
          asker -> {
            for (int key = 0; key < KEYS; key++) {
              next.await(100, TimeUnit.SECONDS);
              look(remembered, key);
            }
          });
      for (int key = 0; key < KEYS; key++) {
        remembered.of(
            key,
            () -> {
              wrong.incrementAndGet();
              return rows(0);
            });
      }
      return wrong.get();
    }

    private void look(RememberedRows remembered, int key) {
      RowBitmap found =
          remembered.of(
              key,
              () -> {
                RowBitmap made = rows(key);
                Thread.yield();
                return made;
              });
      boolean right = found != null && found.cardinality() == 1 && found.next(0) == key;
      wrong.addAndGet(right ? 0 : 1);
    }

    private static RowBitmap rows(int key) {
      RowBitmap rows = new RowBitmap(ROWS);
      rows.set(key);
      return rows;
    }
  }

  @Test
  void whatFitsStays() throws Exception {
    assertThat(new Asking().call()).isZero();
  }

  @Test
  void theCheckSeesRoomThatIsCountedTwice() throws Exception {
    Mutant twice =
        Mutant.of(
            RememberedRows.class,
            "if (kept.putIfAbsent(key, rows) == null) {",
            "kept.put(key, rows);\n    {");
    assertThat(twice.isSeenBy(Asking.class)).isTrue();
  }
}
