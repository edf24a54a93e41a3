package io.elanus.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
    Path python = environment(version);
    try (ServerProcess server = ServerProcess.start(data)) {
      Path tests = ServerProcess.repository().resolve("e2e/src/test/python");
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
      String output = run(builder);
      Matcher ran = Pattern.compile("Ran (\\d+) tests").matcher(output);
      assertThat(ran.find()).as(output).isTrue();
      assertThat(Integer.parseInt(ran.group(1))).isGreaterThanOrEqualTo(TESTS_MIN);
      assertThat(output).as(server.output()).contains("\nOK").doesNotContain("FAILED");
      System.out.printf("pymilvus %s: %s Python tests passed%n", version, ran.group(1));
    }
  }

  /** A virtual environment with that client, made once per checkout. */
  private static Path environment(String version) throws IOException, InterruptedException {
    Path folder = ServerProcess.repository().resolve("e2e/target/pymilvus-" + version);
    Path python = folder.resolve("bin/python");
    Path done = folder.resolve("installed-with-ml-dtypes");
    if (!Files.exists(done)) {
      run(new ProcessBuilder("python3", "-m", "venv", "--clear", folder.toString()));
      run(
          new ProcessBuilder(
              List.of(
                  python.toString(),
                  "-m",
                  "pip",
                  "install",
                  "--quiet",
                  "pymilvus==" + version,
                  "numpy",
                  "ml_dtypes",
                  "setuptools<81")));
      Files.createFile(done);
    }
    return python;
  }

  private static String run(ProcessBuilder builder) throws IOException, InterruptedException {
    Process process = builder.redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes());
    assertThat(process.waitFor()).as(String.join(" ", builder.command()) + "\n" + output).isZero();
    return output;
  }
}
