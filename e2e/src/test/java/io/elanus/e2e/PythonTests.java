package io.elanus.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.e2e.campaign.Checkout;
import java.io.IOException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Tests in Python, by its own runner, against a server. */
final class PythonTests {
  private static final Pattern RAN = Pattern.compile("Ran (\\d+) tests");

  private PythonTests() {}

  /**
   * @param folder below the checkout
   * @param testsMin fewer than these are a failure: a runner that finds nothing is content
   * @return how many ran, and passed
   */
  static int pass(Path python, String folder, ServerProcess server, int testsMin)
      throws IOException, InterruptedException {
    Path checkout = Checkout.folder();
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
            checkout.resolve(folder).toString());
    builder.environment().put("ELANUS_URI", server.uri());
    builder.environment().put("ELANUS_BUILT", "1");
    builder.environment().put("ELANUS_LAUNCHER", checkout.resolve("elanus").toString());
    builder.environment().put("PYTHONDONTWRITEBYTECODE", "1");
    String output = PythonEnvironment.run(builder);
    Matcher ran = RAN.matcher(output);
    assertThat(ran.find()).as(output).isTrue();
    int count = Integer.parseInt(ran.group(1));
    assertThat(count).isGreaterThanOrEqualTo(testsMin);
    assertThat(output).as(server.output()).contains("\nOK").doesNotContain("FAILED");
    return count;
  }
}
