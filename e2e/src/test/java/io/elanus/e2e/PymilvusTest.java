package io.elanus.e2e;

import java.io.IOException;
import java.nio.file.Path;
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
      int ran = PythonTests.pass(python, "e2e/src/test/python", server, TESTS_MIN);
      System.out.printf("pymilvus %s: %d Python tests passed%n", version, ran);
    }
  }
}
