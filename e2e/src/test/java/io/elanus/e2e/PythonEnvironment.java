package io.elanus.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.e2e.campaign.Checkout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Virtual environments of Python's, each made once per checkout. */
final class PythonEnvironment {
  private PythonEnvironment() {}

  /** The interpreter of one that has these packages, and what pymilvus needs besides. */
  static Path withClient(String name, String... packages) throws IOException, InterruptedException {
    Path folder = Checkout.folder().resolve("e2e/target/" + name);
    Path python = folder.resolve("bin/python");
    Path done = folder.resolve("installed-with-ml-dtypes");
    if (!Files.exists(done)) {
      run(new ProcessBuilder("python3", "-m", "venv", "--clear", folder.toString()));
      List<String> install =
          new ArrayList<>(List.of(python.toString(), "-m", "pip", "install", "--quiet"));
      install.addAll(List.of(packages));
      install.addAll(List.of("numpy", "ml_dtypes", "setuptools<81"));
      run(new ProcessBuilder(install));
      Files.createFile(done);
    }
    return python;
  }

  /** Everything a program printed; it must end well. */
  static String run(ProcessBuilder builder) throws IOException, InterruptedException {
    Process process = builder.redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes());
    assertThat(process.waitFor()).as(String.join(" ", builder.command()) + "\n" + output).isZero();
    return output;
  }
}
