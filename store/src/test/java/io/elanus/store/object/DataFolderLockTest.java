package io.elanus.store.object;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import java.io.BufferedReader;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataFolderLockTest {
  @TempDir Path folder;

  @Test
  void keepsThisProcessFromOpeningItTwiceAndStaysHeldAfterTheAttempt() throws Exception {
    DataFolderLock lock = DataFolderLock.take(folder.resolve("data"));
    assertTaken(ProcessHandle.current().pid());
    // Were the lock file touched by the attempt, the system would have let go of it.
    assertThat(inAnotherProcess()).contains("in use by process " + ProcessHandle.current().pid());
    lock.close();
    DataFolderLock.take(folder.resolve("data")).close();
    assertThat(inAnotherProcess()).isEqualTo("taken");
  }

  @Test
  void isFreeWhenItsProcessDies() throws Exception {
    Process holder = start();
    try (BufferedReader out = holder.inputReader()) {
      assertThat(out.readLine()).isEqualTo("taken");
      assertTaken(holder.pid());
      holder.toHandle().destroyForcibly();
    }
    holder.waitFor();
    DataFolderLock.take(folder.resolve("data")).close();
  }

  private void assertTaken(long process) {
    assertThatThrownBy(() -> DataFolderLock.take(folder.resolve("data")))
        .isInstanceOfSatisfying(
            ElanusException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_READY))
        .hasMessageContaining(folder.resolve("data").toString())
        .hasMessageContaining("process " + process);
  }

  private String inAnotherProcess() throws Exception {
    Process other = start();
    try (BufferedReader out = other.inputReader()) {
      String said = out.readLine();
      other.toHandle().destroyForcibly();
      other.waitFor();
      return said;
    }
  }

  private Process start() throws Exception {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            Holder.class.getName(),
            folder.resolve("data").toString())
        .start();
  }

  /** The child: takes the lock and holds it until it is killed. */
  static final class Holder {
    private Holder() {}

    public static void main(String[] args) throws Exception {
      try {
        DataFolderLock.take(Path.of(args[0]));
        System.out.println("taken");
        Thread.sleep(60_000);
      } catch (ElanusException e) {
        System.out.println(e.getMessage());
      }
    }
  }
}
