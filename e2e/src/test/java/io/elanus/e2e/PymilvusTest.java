package io.elanus.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.e2e.campaign.Checkout;
import java.io.IOException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Unmodified pymilvus, old and new, against the built server; each test method is in Python. */
@NeedsPython
class PymilvusTest {
  private static final int TESTS_MIN = 30;

  @TempDir Path data;

  @ParameterizedTest
  @ValueSource(strings = {"2.6.17", "3.0.2"})
  void worksAsItsUsersWriteIt(String version) throws IOException, InterruptedException {
    Path python = PythonEnvironment.withClient("pymilvus-" + version, "pymilvus==" + version);
    try (ServerProcess server = ServerProcess.start(data)) {
      Path tests = Checkout.folder().resolve("e2e/src/test/python");
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
      builder.environment().put("PYTHONDONTWRITEBYTECODE", "1");
      String output = PythonEnvironment.run(builder);
      Matcher ran = Pattern.compile("Ran (\\d+) tests").matcher(output);
      assertThat(ran.find()).as(output).isTrue();
      assertThat(Integer.parseInt(ran.group(1))).isGreaterThanOrEqualTo(TESTS_MIN);
      assertThat(output).as(server.output()).contains("\nOK").doesNotContain("FAILED");
      System.out.printf("pymilvus %s: %s Python tests passed%n", version, ran.group(1));
    }
  }
}
