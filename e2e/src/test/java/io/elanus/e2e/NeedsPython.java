package io.elanus.e2e;

import io.elanus.e2e.campaign.Checkout;
import java.io.IOException;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Runs where Python with venv and pip is there. Elsewhere the test's name and how to get Python go
 * to {@value #NOT_RUN}, which the build prints at its end; with {@code CI=true} nothing may be
 * missing, and the test runs and fails.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(NeedsPython.Condition.class)
@interface NeedsPython {
  String NOT_RUN = "e2e/target/not-run.txt";

  final class Condition implements ExecutionCondition {
    private static final String HOW = "needs Python 3 with venv; apt-get install python3-venv";

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
      // Once per class; the methods follow.
      if (context.getTestMethod().isPresent()
          || "true".equals(System.getenv("CI"))
          || pythonIsThere()) {
        return ConditionEvaluationResult.enabled("Python is there, or has to be");
      }
      String name = context.getRequiredTestClass().getName();
      try {
        Files.writeString(
            Checkout.folder().resolve(Path.of(NOT_RUN)),
            "  " + name + " " + HOW + "\n",
            StandardOpenOption.CREATE,
            StandardOpenOption.APPEND);
      } catch (IOException e) {
        throw new IllegalStateException("cannot say that " + name + " does not run", e);
      }
      return ConditionEvaluationResult.disabled(HOW);
    }

    private static boolean pythonIsThere() {
      try {
        Process python =
            new ProcessBuilder("python3", "-c", "import ensurepip, venv")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        return python.waitFor() == 0;
      } catch (IOException e) {
        return false;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }
  }
}
