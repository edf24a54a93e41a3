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

/** Runs where Git's manual is installed; elsewhere as {@link NeedsPython} does. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(NeedsGitManual.Condition.class)
@interface NeedsGitManual {
  String FOLDER = "/usr/share/doc/git-doc";

  final class Condition implements ExecutionCondition {
    private static final String HOW = "needs Git's manual as HTML; apt-get install git-doc";

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
      // Once per class; the methods follow.
      if (context.getTestMethod().isPresent()
          || "true".equals(System.getenv("CI"))
          || Files.exists(Path.of(FOLDER, "git-stash.html"))) {
        return ConditionEvaluationResult.enabled("the manual is there, or has to be");
      }
      String name = context.getRequiredTestClass().getName();
      try {
        Files.writeString(
            Checkout.folder().resolve(NeedsPython.NOT_RUN),
            "  " + name + " " + HOW + "\n",
            StandardOpenOption.CREATE,
            StandardOpenOption.APPEND);
      } catch (IOException e) {
        throw new IllegalStateException("cannot say that " + name + " does not run", e);
      }
      return ConditionEvaluationResult.disabled(HOW);
    }
  }
}
