package io.elanus.app.backup;

import io.elanus.store.backup.Progress;
import java.io.Console;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import org.jspecify.annotations.Nullable;

/** A progress bar where somebody looks. */
public final class Bar implements Progress, AutoCloseable {
  private final @Nullable ProgressBar bar;

  private Bar(@Nullable ProgressBar bar) {
    this.bar = bar;
  }

  /** Whether somebody looks. */
  public static boolean isSeen() {
    Console console = System.console();
    return console != null && console.isTerminal();
  }

  static Bar bytes(String task, long total) {
    return of(task, total, "MiB", 1 << 20);
  }

  public static Bar of(String task, long total, String unit, long unitSize) {
    if (!isSeen()) {
      return new Bar(null);
    }
    return new Bar(
        new ProgressBarBuilder()
            .setTaskName(task)
            .setInitialMax(total)
            .setUnit(" " + unit, unitSize)
            .build());
  }

  @Override
  public void advance(long amount) {
    if (bar != null) {
      bar.stepBy(amount);
    }
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
    }
  }
}
