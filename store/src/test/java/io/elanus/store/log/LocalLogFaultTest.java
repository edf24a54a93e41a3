package io.elanus.store.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.testkit.fixture.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** A log on a disk that fails and loses power keeps whatever it acknowledged. */
class LocalLogFaultTest {
  private static final long FILE_BYTES_MAX = 2_000;

  /** What a client knows: how far it was acknowledged, and how far it let go. */
  private static final class Client {
    final long seed;
    long acknowledged;
    long neededFrom = 1;

    Client(long seed) {
      this.seed = seed;
    }

    void append(Log log, int records) {
      long operation = 0;
      for (int i = 0; i < records; i++) {
        operation = Records.append(log, Records.of(seed, log.lastOperation() + 1, 700));
      }
      log.awaitDurable(operation);
      acknowledged = operation;
    }

    void letGo(Log log, long before) {
      neededFrom = before;
      log.truncateBefore(before);
    }

    /** Every acknowledged record is there, and what else is there was appended as it stands. */
    void check(Log log) {
      assertThat(log.lastOperation()).isGreaterThanOrEqualTo(acknowledged);
      List<byte[]> records = Records.replay(log, neededFrom);
      assertThat(records.size()).isGreaterThanOrEqualTo((int) (acknowledged - neededFrom + 1));
      for (int i = 0; i < records.size(); i++) {
        assertThat(records.get(i)).isEqualTo(Records.of(seed, neededFrom + i, 700));
      }
    }
  }

  /** Rolls over, lets go of files, closes and opens again. */
  private static void work(FaultyDisk disk, Client client) {
    try (LocalLog log = LocalLog.open(disk, FILE_BYTES_MAX)) {
      for (int i = 0; i < 12; i++) {
        client.append(log, 1 + i % 3);
      }
      client.letGo(log, client.acknowledged - 6);
      client.append(log, 2);
    }
    try (LocalLog log = LocalLog.open(disk, FILE_BYTES_MAX)) {
      client.append(log, 8);
      client.letGo(log, client.acknowledged - 2);
    }
  }

  @Test
  void losesNothingWhicheverCallFails() {
    long seed = Seeds.seed(11);
    Set<String> kinds = new TreeSet<>();
    for (int rounds = 0; rounds < 6; rounds++) {
      int n = 1;
      while (failAndCheck(n, seed + rounds, kinds)) {
        n++;
      }
      assertThat(n).isGreaterThan(60);
    }
    assertThat(kinds).containsExactly("create", "delete", "force", "forceFolder", "write");
  }

  /** Answers whether the n-th call was reached. */
  private static boolean failAndCheck(int n, long seed, Set<String> kinds) {
    FaultyDisk disk = new FaultyDisk(seed * 1_000 + n);
    Client client = new Client(seed);
    disk.failCall(n);
    try {
      work(disk, client);
    } catch (ElanusException e) {
      assertThat(e.code()).isIn(ErrorCode.LOG_FAILED, ErrorCode.INTERNAL);
      assertThat(disk.failed()).isNotEmpty();
    }
    kinds.add(disk.failed().isEmpty() ? "write" : disk.failed());
    boolean reached = !disk.failed().isEmpty();
    disk.failNoCall();
    if (seed % 2 == 0) {
      // Only the process starts again, and reads what the system remembers but the disk does not.
      startAndCheck(disk, client);
    }
    disk.cutPower();
    startAndCheck(disk, client);
    disk.cutPower();
    startAndCheck(disk, client).close();
    startAndCheck(disk, client).close();
    return reached;
  }

  private static LocalLog startAndCheck(FaultyDisk disk, Client client) {
    LocalLog log = LocalLog.open(disk, FILE_BYTES_MAX);
    client.check(log);
    // What a reader has seen after a start must not vanish in the next power cut.
    client.acknowledged = log.lastOperation();
    client.append(log, 3);
    client.check(log);
    return log;
  }

  @Test
  void losesNothingWhenPowerIsCutAgainAndAgain() {
    long seed = Seeds.seed(12);
    int recovered = 0;
    int failures = 0;
    for (int history = 0; history < 300; history++) {
      Random random = new Random(seed + history);
      FaultyDisk disk = new FaultyDisk(seed + history);
      Client client = new Client(seed + history);
      for (int life = 0; life < 6; life++) {
        disk.failNoCall();
        LocalLog log = LocalLog.open(disk, FILE_BYTES_MAX);
        client.check(log);
        recovered += log.lastOperation() > client.acknowledged ? 1 : 0;
        client.acknowledged = log.lastOperation();
        if (random.nextInt(4) == 0) {
          disk.failCall(1 + random.nextInt(10));
        }
        try {
          live(log, client, random);
        } catch (ElanusException e) {
          failures++;
        }
        if (random.nextInt(3) == 0) {
          log.close();
        } else if (random.nextInt(3) == 0) {
          continue; // killed: what was written stays, forced or not
        }
        disk.cutPower();
      }
    }
    assertThat(recovered).as("starts that found more than was acknowledged").isPositive();
    assertThat(failures).isPositive();
  }

  private static void live(LocalLog log, Client client, Random random) {
    for (int i = random.nextInt(8); i > 0; i--) {
      client.append(log, 1 + random.nextInt(6));
    }
    if (random.nextBoolean()) {
      client.letGo(log, Math.max(client.neededFrom, client.acknowledged - random.nextInt(20)));
    }
  }

  @Test
  void losesNothingWhenPowerIsCutInTheMiddleOfAWrite() {
    long seed = Seeds.seed(13);
    int torn = 0;
    for (int history = 0; history < 400; history++) {
      FaultyDisk disk = new FaultyDisk(seed + history);
      Client client = new Client(seed + history);
      LocalLog log = LocalLog.open(disk, 1 << 20);
      client.append(log, 5);
      // The force fails, so the batch is written in part at most.
      disk.failCall(1 + history % 2);
      assertThatThrownBy(() -> client.append(log, 6)).isInstanceOf(ElanusException.class);
      assertThat(disk.failed()).isIn("write", "force");
      disk.cutPower();
      try (LocalLog reopened = LocalLog.open(disk, 1 << 20)) {
        client.check(reopened);
        torn += reopened.lastOperation() < 11 ? 1 : 0;
      }
    }
    assertThat(torn).isPositive();
  }

  @Test
  void aFailedForcePoisonsTheLogForEver() {
    FaultyDisk disk = new FaultyDisk(1);
    LocalLog log = LocalLog.open(disk, FILE_BYTES_MAX);
    Records.append(log, new byte[10]);
    log.awaitDurable(1);
    Records.append(log, new byte[20]);
    disk.failCall(2);
    for (int again = 0; again < 3; again++) {
      assertThatThrownBy(() -> log.awaitDurable(2)).satisfies(LocalLogFaultTest::isLogFailed);
      assertThatThrownBy(() -> Records.append(log, new byte[1]))
          .satisfies(LocalLogFaultTest::isLogFailed);
    }
    assertThat(disk.failed()).isEqualTo("force");
    assertThat(log.durableOperation()).isEqualTo(1);
    log.close();
    disk.cutPower();
    try (LocalLog reopened = LocalLog.open(disk, FILE_BYTES_MAX)) {
      assertThat(reopened.lastOperation()).isEqualTo(1);
    }
  }

  @Test
  void anOpeningThatFailsLeavesNoFileOpen() {
    FaultyDisk disk = new FaultyDisk(3);
    LocalLog log = LocalLog.open(disk, FILE_BYTES_MAX);
    Records.append(log, new byte[10]);
    log.awaitDurable(1);
    log.close();
    List<String> failed = new ArrayList<>();
    for (int call = 1; ; call++) {
      disk.failCall(call);
      try (LocalLog reopened = LocalLog.open(disk, FILE_BYTES_MAX)) {
        assertThat(reopened.lastOperation()).isEqualTo(1);
      } catch (ElanusException e) {
        // Also where closing failed, which leaves nothing open either.
        assertThat(e.code()).isEqualTo(ErrorCode.LOG_FAILED);
      }
      assertThat(disk.openFiles()).as("after a failed " + disk.failed()).isZero();
      if (disk.failed().isEmpty()) {
        break;
      }
      failed.add(disk.failed());
    }
    assertThat(failed).contains("force", "forceFolder");
  }

  @Test
  void closingSaysWhenWhatWasAppendedCouldNotBeForced() {
    FaultyDisk disk = new FaultyDisk(2);
    LocalLog log = LocalLog.open(disk, FILE_BYTES_MAX);
    Records.append(log, new byte[10]);
    disk.failCall(1);
    assertThatThrownBy(log::close).satisfies(LocalLogFaultTest::isLogFailed);
    assertThat(disk.failed()).isEqualTo("create");
  }

  private static void isLogFailed(Throwable e) {
    assertThat(e)
        .isInstanceOfSatisfying(
            ElanusException.class, x -> assertThat(x.code()).isEqualTo(ErrorCode.LOG_FAILED));
  }
}
