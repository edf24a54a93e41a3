package io.elanus.store.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.testkit.fixture.Seeds;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that writes is killed at a random moment; what it called durable is there. */
class LocalLogKillTest {
  private static final int KILLS = 10;
  private static final int FILE_BYTES_MAX = 200_000;
  private static final int RECORD_BYTES_MAX = 3_000;

  @TempDir Path folder;

  @Test
  void losesNothingWhenKilled() throws Exception {
    long seed = Seeds.seed(21);
    Random random = new Random(seed);
    long durable = 0;
    int killedWhileWriting = 0;
    for (int round = 0; round < KILLS; round++) {
      Process child = start(seed);
      int recordsBeforeKill = 1 + random.nextInt(400);
      long said = durable;
      try (BufferedReader out = child.inputReader(StandardCharsets.US_ASCII)) {
        for (int i = 0; i < recordsBeforeKill; i++) {
          said = Long.parseLong(out.readLine());
        }
        // Through the handle, which unlike the process leaves the pipe open.
        child.toHandle().destroyForcibly();
        // What it still said before it died counts as well.
        for (String line = out.readLine(); line != null; line = out.readLine()) {
          said = Long.parseLong(line);
        }
      }
      assertThat(child.waitFor(20, TimeUnit.SECONDS)).isTrue();
      killedWhileWriting += child.exitValue() != 0 ? 1 : 0;
      durable = check(seed, said);
    }
    assertThat(killedWhileWriting).isEqualTo(KILLS);
    System.out.println(KILLS + " kills, " + durable + " records, 0 lost");
  }

  private long check(long seed, long said) throws IOException {
    // Not closed: the next child meets the files as the kill left them.
    LocalLog log = LocalLog.open(new LocalLogFiles(folder), FILE_BYTES_MAX);
    assertThat(log.lastOperation()).isGreaterThanOrEqualTo(said);
    List<byte[]> records = Records.replay(log, 1);
    assertThat(records).hasSize((int) log.lastOperation());
    for (int i = 0; i < records.size(); i++) {
      assertThat(records.get(i)).isEqualTo(Records.of(seed, i + 1, RECORD_BYTES_MAX));
    }
    return log.lastOperation();
  }

  private Process start(long seed) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx64m",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            Writer.class.getName(),
            folder.toString(),
            Long.toString(seed))
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  /** The child: appends for ever, says each operation that became durable, on four threads. */
  static final class Writer {
    private Writer() {}

    public static void main(String[] args) throws Exception {
      LocalLog log = LocalLog.open(new LocalLogFiles(Path.of(args[0])), FILE_BYTES_MAX);
      long seed = Long.parseLong(args[1]);
      CountDownLatch never = new CountDownLatch(1);
      Object appending = new Object();
      for (int i = 0; i < 4; i++) {
        Thread.ofPlatform()
            .start(
                () -> {
                  while (true) {
                    long operation;
                    synchronized (appending) {
                      operation = log.lastOperation() + 1;
                      Records.append(log, Records.of(seed, operation, RECORD_BYTES_MAX));
                    }
                    log.awaitDurable(operation);
                    synchronized (System.out) {
                      System.out.println(log.durableOperation());
                    }
                  }
                });
      }
      never.await();
    }
  }
}
