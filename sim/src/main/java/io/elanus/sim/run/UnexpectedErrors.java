package io.elanus.sim.run;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.AppenderBase;
import io.elanus.model.error.ElanusException;
import org.jspecify.annotations.Nullable;

/**
 * Background work tells nobody but the log when it fails. Failing disks make every kind of message;
 * an error that is none of ours is a defect, and the run that logged it is broken.
 */
public final class UnexpectedErrors extends AppenderBase<ILoggingEvent> {
  private static volatile @Nullable String first;

  @Override
  protected void append(ILoggingEvent event) {
    IThrowableProxy thrown = event.getThrowableProxy();
    if (first == null
        && event.getLevel().isGreaterOrEqual(Level.ERROR)
        && thrown != null
        && !thrown.getClassName().equals(ElanusException.class.getName())) {
      first =
          "%s: %s: %s at %s"
              .formatted(
                  event.getFormattedMessage(),
                  thrown.getClassName(),
                  thrown.getMessage(),
                  thrown.getStackTraceElementProxyArray()[0].getSTEAsString());
    }
  }

  static void forget() {
    first = null;
  }

  /** The first one since they were forgotten. */
  static @Nullable String first() {
    return first;
  }
}
