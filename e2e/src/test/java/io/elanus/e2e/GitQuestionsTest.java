package io.elanus.e2e;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@link Questions} over the manual of Git. */
@NeedsGitManual
class GitQuestionsTest {
  @TempDir Path data;

  @Test
  void theDocumentThatAnswersIsTheFirstHit() throws IOException, InterruptedException {
    try (ServerProcess server = ServerProcess.start(data)) {
      Questions.run(
          "ingest",
          NeedsGitManual.FOLDER,
          "--include",
          "*.html",
          "--server",
          server.uri(),
          "--collection",
          "git");
      Questions.check(server, "git", "git");
    }
  }
}
