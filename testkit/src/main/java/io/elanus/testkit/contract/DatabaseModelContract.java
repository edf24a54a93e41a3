package io.elanus.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.model.Database;
import io.elanus.testkit.fixture.Seeds;
import io.elanus.testkit.oracle.OracleDatabase;
import io.elanus.testkit.workload.RandomWorkload;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.io.TempDir;

/** Random operations, and the oracle's opinion on every answer. */
public abstract class DatabaseModelContract {
  private static final int STEPS = 150;

  @TempDir @Nullable Path folder;

  /** A database over this folder: empty at first, with everything it kept later. */
  protected abstract Database open(Path folder);

  @RepeatedTest(6)
  void agreesWithTheOracle(RepetitionInfo repetition) {
    long seed = Seeds.seed(repetition.getCurrentRepetition());
    Random random = new Random(seed);
    Path path = Objects.requireNonNull(folder);
    Database subject = open(path);
    try (OracleDatabase oracle = new OracleDatabase(InstantSource.system())) {
      RandomWorkload workload = new RandomWorkload(subject, oracle, seed);
      for (int step = 0; step < STEPS; step++) {
        workload.step();
        if (random.nextInt(25) == 0) {
          subject.close();
          subject = open(path);
          workload.reopened(subject);
        }
      }
      RandomWorkload.Tally tally = workload.tally();
      System.out.println("seed " + seed + ": " + tally);
      assertThat(tally.writes()).isGreaterThan(STEPS / 2);
      assertThat(tally.rowsAnswered()).isGreaterThan(STEPS * 5);
      assertThat(tally.refusals()).isPositive();
    } finally {
      subject.close();
    }
  }
}
