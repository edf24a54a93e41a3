package io.elanus.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.e2e.campaign.Checkout;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The built commands as an operator runs them: a collection of every type is exported, backed up
 * while clients write, and restored; pymilvus and pyarrow say whether it is the same.
 */
@NeedsPython
class BackupTest {
  @TempDir Path folder;

  @Test
  void whatIsRestoredAndExportedIsWhatWasThere() throws IOException, InterruptedException {
    Path python =
        PythonEnvironment.withClient("pymilvus-pyarrow", "pymilvus==2.6.17", "pyarrow>=20");
    try (ServerProcess server = ServerProcess.start(folder.resolve("data"))) {
      assertThat(script(python, server, "fill")).contains("OK fill");
    }
    try (ServerProcess server = ServerProcess.start(folder.resolve("restored"))) {
      assertThat(script(python, server, "check")).contains("OK check");
    }
  }

  private String script(Path python, ServerProcess server, String phase)
      throws IOException, InterruptedException {
    Path repository = Checkout.folder();
    Path file = repository.resolve("e2e/src/test/backup/backup.py");
    ProcessBuilder builder =
        new ProcessBuilder(
            python.toString(), "-W", "ignore", file.toString(), phase, folder.toString());
    builder.environment().put("ELANUS_URI", server.uri());
    builder.environment().put("ELANUS_REPOSITORY", repository.toString());
    return PythonEnvironment.run(builder);
  }
}
