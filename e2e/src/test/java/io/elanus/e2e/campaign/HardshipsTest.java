package io.elanus.e2e.campaign;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** Short samples of the campaign beside the kills. */
class HardshipsTest {
  private static final long SEED = Long.getLong("seed", 4_711);

  @TempDir Path folder;

  @Test
  void goesOnAfterAPause() throws Exception {
    new Hardships(folder, SEED).pause(2);
  }

  @Test
  @EnabledIf("straceIsThere")
  void losesNothingWhenAForceFails() throws Exception {
    assertThat(InputOutputFaults.sample(folder, SEED).run()).as("faults landed").isPositive();
  }

  /** With {@code CI=true} nothing may be missing: the test runs, and fails. */
  static boolean straceIsThere() throws Exception {
    if (InputOutputFaults.possible() || "true".equals(System.getenv("CI"))) {
      return true;
    }
    Files.writeString(
        Checkout.folder().resolve("e2e/target/not-run.txt"),
        "  HardshipsTest.losesNothingWhenAForceFails needs strace; apt-get install strace\n",
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
    return false;
  }
}
