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
  protected static final int RUNS = 9;
  private static final int STEPS = 120;

  @TempDir @Nullable Path folder;

  /**
   * A database over this folder: empty at first, with everything it kept later.
   *
   * @param run from 0; runs may have different settings
   */
  protected abstract Database open(Path folder, int run);

  /** Between steps: time for work in the background, with chance from the run's seed. */
  protected void between(Database database, Random random) {}

  /** After the last step, with the database still open: did the run do what it was for? */
  protected void ended(Database database, int run) {}

  @RepeatedTest(RUNS)
  void agreesWithTheOracle(RepetitionInfo repetition) {
    int run = repetition.getCurrentRepetition() - 1;
    long seed = Seeds.seed(repetition.getCurrentRepetition());
    Random random = new Random(seed);
    Path path = Objects.requireNonNull(folder);
    Database subject = open(path, run);
    try (OracleDatabase oracle = new OracleDatabase(InstantSource.system())) {
      RandomWorkload workload = new RandomWorkload(subject, oracle, seed);
      for (int step = 0; step < STEPS; step++) {
        workload.step();
        between(subject, random);
        if (random.nextInt(20) == 0) {
          subject.close();
          subject = open(path, run);
          workload.reopened(subject);
        }
      }
      ended(subject, run);
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
