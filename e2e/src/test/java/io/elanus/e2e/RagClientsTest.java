package io.elanus.e2e;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Unmodified clients of OpenAI's and of MCP against the built server; the tests are in Python. */
@NeedsPython
class RagClientsTest {
  private static final int TESTS_MIN = 6;

  @TempDir Path data;

  @Test
  void workAsTheirUsersWriteThem() throws IOException, InterruptedException {
    Path python = PythonEnvironment.withClient("openai-3.54.0", "openai==3.54.0", "mcp==2.3.0");
    try (ServerProcess server = ServerProcess.start(data)) {
      PythonTests.pass(python, "e2e/src/test/rag", server, TESTS_MIN);
    }
  }
}
