package io.elanus.e2e;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@link Questions} over the published documentation of Kafka's clients and of Lucene. */
class QuestionsTest {
  @TempDir Path data;

  @Test
  void theDocumentThatAnswersIsTheFirstHit() throws IOException, InterruptedException {
    try (ServerProcess server = ServerProcess.start(data)) {
      Questions.run("demo", "--uri", server.uri());
      Questions.check(server, "java", "elanus_demo_documents");
    }
  }
}
