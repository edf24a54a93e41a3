package io.elanus.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.e2e.campaign.Checkout;
import java.io.IOException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
      Path tests = Checkout.folder().resolve("e2e/src/test/rag");
      ProcessBuilder builder =
          new ProcessBuilder(
              python.toString(),
              "-W",
              "ignore",
              "-m",
              "unittest",
              "discover",
              "-v",
              "-s",
              tests.toString());
      builder.environment().put("ELANUS_URI", server.uri());
      builder.environment().put("ELANUS_BUILT", "1");
      builder.environment().put("ELANUS_LAUNCHER", Checkout.folder().resolve("elanus").toString());
      builder.environment().put("PYTHONDONTWRITEBYTECODE", "1");
      String output = PythonEnvironment.run(builder);
      Matcher ran = Pattern.compile("Ran (\\d+) tests").matcher(output);
      assertThat(ran.find()).as(output).isTrue();
      assertThat(Integer.parseInt(ran.group(1))).isGreaterThanOrEqualTo(TESTS_MIN);
      assertThat(output).as(server.output()).contains("\nOK").doesNotContain("FAILED");
    }
  }
}
