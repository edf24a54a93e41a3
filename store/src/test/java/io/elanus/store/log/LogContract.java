package io.elanus.store.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.testkit.fixture.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every log does. */
abstract class LogContract {
  private Log log;

  /** An empty log with files so small that a few records fill one. */
  protected abstract Log create();

  @BeforeEach
  void openLog() {
    log = create();
  }

  @AfterEach
  void closeLog() {
    log.close();
  }

  @Test
  void beginsEmpty() {
    assertThat(log.lastOperation()).isZero();
    assertThat(log.durableOperation()).isZero();
    assertThat(Records.replay(log, 1)).isEmpty();
    log.awaitDurable(0);
  }

  @Test
  void numbersRecordsFromOneAndGivesThemBackInOrder() {
    long seed = Seeds.seed(1);
    for (long operation = 1; operation <= 300; operation++) {
      assertThat(Records.append(log, Records.of(seed, operation, 100))).isEqualTo(operation);
      if (operation % 7 == 0) {
        log.awaitDurable(operation);
        assertThat(log.durableOperation()).isGreaterThanOrEqualTo(operation);
      }
    }
    log.awaitDurable(300);
    assertThat(log.lastOperation()).isEqualTo(300);
    for (long from : new long[] {1, 2, 150, 300}) {
      List<byte[]> records = Records.replay(log, from);
      assertThat(records).hasSize((int) (301 - from));
      for (int i = 0; i < records.size(); i++) {
        assertThat(records.get(i)).isEqualTo(Records.of(seed, from + i, 100));
      }
    }
    assertThat(Records.replay(log, 301)).isEmpty();
  }

  @Test
  void keepsEmptyRecordsAndRecordsLargerThanAFile() {
    byte[] large = Records.of(5, 1, 3_000_000);
    Records.append(log, new byte[0]);
    Records.append(log, large);
    Records.append(log, new byte[0]);
    log.awaitDurable(3);
    assertThat(Records.replay(log, 1)).containsExactly(new byte[0], large, new byte[0]);
  }

  @Test
  void doesNotKeepTheCallersMemory() {
    byte[] record = {1, 2, 3};
    Records.append(log, record);
    record[0] = 9;
    log.awaitDurable(1);
    assertThat(Records.replay(log, 1)).containsExactly(new byte[] {1, 2, 3});
  }

  @Test
  void letsGoOfNothingThatIsStillNeeded() {
    for (long operation = 1; operation <= 200; operation++) {
      Records.append(log, Records.of(3, operation, 100));
    }
    log.awaitDurable(200);
    long before = log.sizeBytes();
    log.truncateBefore(120);
    assertThat(log.sizeBytes()).isLessThan(before).isPositive();
    assertThat(Records.replay(log, 120)).hasSize(81);
    assertThat(Records.replay(log, 120).getFirst()).isEqualTo(Records.of(3, 120, 100));
    assertThat(Records.append(log, new byte[1])).isEqualTo(201);
    log.truncateBefore(1);
    log.awaitDurable(201);
    assertThat(Records.replay(log, 120)).hasSize(82);
  }

  @Test
  void refusesToReplayWhatIsGone() {
    for (long operation = 1; operation <= 200; operation++) {
      Records.append(log, Records.of(3, operation, 100));
    }
    log.awaitDurable(200);
    log.truncateBefore(150);
    assertThatThrownBy(() -> Records.replay(log, 1))
        .isInstanceOfSatisfying(
            ElanusException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DATA_CORRUPT));
    assertThatThrownBy(() -> Records.replay(log, 202))
        .isInstanceOfSatisfying(
            ElanusException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DATA_CORRUPT));
  }

  @Test
  void refusesToAwaitWhatWasNeverAppended() {
    assertThatThrownBy(() -> log.awaitDurable(1)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void servesManyWritersAtOnce() throws Exception {
    List<Future<?>> writers = new ArrayList<>();
    Object order = new Object();
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      for (int writer = 0; writer < 8; writer++) {
        writers.add(
            threads.submit(
                () -> {
                  for (int i = 0; i < 50; i++) {
                    long operation;
                    synchronized (order) {
                      operation = Records.append(log, Records.of(4, log.lastOperation() + 1, 50));
                    }
                    log.awaitDurable(operation);
                    assertThat(log.durableOperation()).isGreaterThanOrEqualTo(operation);
                  }
                }));
      }
      for (Future<?> writer : writers) {
        writer.get();
      }
    }
    List<byte[]> records = Records.replay(log, 1);
    assertThat(records).hasSize(400);
    for (int i = 0; i < 400; i++) {
      assertThat(records.get(i)).isEqualTo(Records.of(4, i + 1, 50));
    }
  }
}
