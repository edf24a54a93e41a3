package io.elanus.store.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.testkit.race.Mutant;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A log that failed goes on in a new file. Whatever was acknowledged before stays, and nothing that
 * failed comes back once something was acknowledged after it, whichever call failed, of the batch
 * or of going on, and whether the power goes or not.
 */
class LocalLogResumeTest {
  private static final int CALLS_MAX = 200;

  /** The first operation that the log still holds. */
  private long from = 1;

  private static void append(Log log, List<String> acknowledged, String name, int records) {
    List<String> batch = new ArrayList<>();
    long last = 0;
    for (int i = 0; i < records; i++) {
      String text = name + i + "x".repeat(20 * i);
      last = log.append(MemorySegment.ofArray(text.getBytes(StandardCharsets.UTF_8)));
      batch.add(text);
    }
    log.awaitDurable(last);
    acknowledged.addAll(batch);
  }

  private List<String> read(Log log) {
    List<String> records = new ArrayList<>();
    log.replay(
        from,
        (operation, record) ->
            records.add(new String(record.toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8)));
    return records;
  }

  /** Fails at the n-th call of a batch; null where no call of it is the n-th. */
  private LocalLog failed(
      FaultyDisk disk, int fileBytesMax, boolean alone, int n, List<String> acknowledged) {
    LocalLog log = LocalLog.open(disk, fileBytesMax, 9);
    append(log, acknowledged, "first", 3);
    append(log, acknowledged, "second", 1);
    if (alone) {
      // Only the file that will fail is left, and its name is that of the next.
      log.close();
      log = LocalLog.open(disk, fileBytesMax, 9);
      from = log.lastOperation() + 1;
      log.truncateBefore(from);
      acknowledged.clear();
    }
    disk.failCall(n);
    try {
      append(log, acknowledged, "lost", 6);
    } catch (ElanusException e) {
      return log;
    }
    return null;
  }

  @ParameterizedTest
  @CsvSource({"120,false", "300,false", "100000,false", "120,true", "100000,true"})
  void nothingIsLostAndNothingComesBack(int fileBytesMax, boolean alone) {
    int batches = 0;
    int resumptions = 0;
    for (int n = 1; n < CALLS_MAX; n++) {
      for (int m = 1; m < CALLS_MAX; m++) {
        FaultyDisk disk = new FaultyDisk(1_000L * n + m);
        List<String> acknowledged = new ArrayList<>();
        LocalLog log = failed(disk, fileBytesMax, alone, n, acknowledged);
        if (log == null) {
          assertThat(n).as("calls of a batch").isGreaterThan(2);
          assertThat(batches).isGreaterThan(2);
          assertThat(resumptions).isGreaterThan(5);
          return;
        }
        batches++;
        disk.failCall(m);
        boolean interrupted = false;
        LocalLog resumed;
        try {
          resumed = LocalLog.resume(disk, fileBytesMax, 9, log.durableOperation());
        } catch (ElanusException e) {
          interrupted = true;
          resumptions++;
          disk.failNoCall();
          resumed = LocalLog.resume(disk, fileBytesMax, 9, log.durableOperation());
        }
        disk.failNoCall();
        goesOn(disk, fileBytesMax, resumed, acknowledged, m);
        log.close();
        assertThat(disk.openFiles()).as("left open but by a power cut").isEqualTo(1 - m % 2);
        if (!interrupted) {
          break;
        }
      }
    }
    throw new AssertionError("a batch of " + CALLS_MAX + " calls");
  }

  private void goesOn(
      FaultyDisk disk, int fileBytesMax, LocalLog resumed, List<String> acknowledged, int m) {
    assertThat(read(resumed)).isEqualTo(acknowledged);
    append(resumed, acknowledged, "third", 2);
    append(resumed, acknowledged, "fourth", 4);
    assertThat(read(resumed)).isEqualTo(acknowledged);
    if (m % 2 == 0) {
      disk.cutPower();
    } else {
      resumed.close();
    }
    LocalLog again = LocalLog.open(disk, fileBytesMax, 9);
    assertThat(read(again)).isEqualTo(acknowledged);
    append(again, acknowledged, "fifth", 1);
    again.close();
    LocalLog last = LocalLog.open(disk, fileBytesMax, 9);
    assertThat(read(last)).isEqualTo(acknowledged);
    last.close();
  }

  /** Going on is cut off by the power: what failed may have happened then, in its order, or not. */
  @ParameterizedTest
  @CsvSource({"120,false", "300,false", "100000,false", "120,true", "100000,true"})
  void aCrashWhileGoingOnLosesNothing(int fileBytesMax, boolean alone) {
    int cuts = 0;
    for (int n = 1; n < CALLS_MAX; n++) {
      for (int m = 1; m < CALLS_MAX; m++) {
        FaultyDisk disk = new FaultyDisk(7_000L * n + m);
        List<String> acknowledged = new ArrayList<>();
        LocalLog log = failed(disk, fileBytesMax, alone, n, acknowledged);
        if (log == null) {
          assertThat(cuts).isGreaterThan(5);
          return;
        }
        disk.failCall(m);
        try {
          LocalLog.resume(disk, fileBytesMax, 9, log.durableOperation()).close();
          break;
        } catch (ElanusException e) {
          cuts++;
        }
        disk.cutPower();
        LocalLog again = LocalLog.open(disk, fileBytesMax, 9);
        List<String> found = read(again);
        assertThat(found.subList(0, acknowledged.size())).isEqualTo(acknowledged);
        assertThat(found.subList(acknowledged.size(), found.size()))
            .allMatch(text -> text.startsWith("lost"));
        append(again, found, "after", 2);
        again.close();
        LocalLog last = LocalLog.open(disk, fileBytesMax, 9);
        assertThat(read(last)).isEqualTo(found);
        last.close();
      }
    }
    throw new AssertionError("a batch of " + CALLS_MAX + " calls");
  }

  /** Answers 0, or fails as the test does. */
  static final class GoingOn implements Callable<Long> {
    @Override
    public Long call() {
      new LocalLogResumeTest().nothingIsLostAndNothingComesBack(120, false);
      return 0L;
    }
  }

  @Test
  void theCheckSeesFilesOfTheFailedBatchThatStay() throws Exception {
    Mutant stay =
        Mutant.of(LogRecovery.class, "      if (first != next) {", "      if (first < next) {");
    assertThat(stay.isSeenBy(GoingOn.class)).isTrue();
  }

  @Test
  void whoWaitedForTheFailedLogIsNeverToldThatHisWriteIsDurable() {
    FaultyDisk disk = new FaultyDisk(5);
    List<String> acknowledged = new ArrayList<>();
    LocalLog log = failed(disk, 100_000, false, 1, acknowledged);
    LocalLog resumed = LocalLog.resume(disk, 100_000, 9, log.durableOperation());
    append(resumed, acknowledged, "third", 8);
    for (long operation = 5; operation <= log.lastOperation(); operation++) {
      long waited = operation;
      assertThatThrownBy(() -> log.awaitDurable(waited))
          .isInstanceOfSatisfying(
              ElanusException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.LOG_FAILED));
    }
    log.close();
    resumed.close();
  }
}
