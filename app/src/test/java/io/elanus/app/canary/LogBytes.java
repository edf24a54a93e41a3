package io.elanus.app.canary;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.AppenderBase;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import org.slf4j.LoggerFactory;

/** All that any library logs while this is open, at the most detailed level. */
final class LogBytes implements AutoCloseable {
  private final Logger root;
  private final Level before;
  private final List<Appender<ILoggingEvent>> usual = new ArrayList<>();
  private final java.util.logging.Logger standard = java.util.logging.Logger.getLogger("");
  private final java.util.logging.Level standardBefore = standard.getLevel();
  private final StringBuffer lines = new StringBuffer();

  private final AppenderBase<ILoggingEvent> appender =
      new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
          lines.append(event.getLoggerName()).append(' ').append(event.getFormattedMessage());
          lines.append(' ').append(event.getMDCPropertyMap()).append('\n');
          if (event.getThrowableProxy() != null) {
            lines.append(ThrowableProxyUtil.asString(event.getThrowableProxy()));
          }
        }
      };

  private final Handler handler =
      new Handler() {
        @Override
        public void publish(LogRecord told) {
          lines.append(told.getLoggerName()).append(' ').append(told.getMessage()).append(' ');
          lines.append(java.util.Arrays.toString(told.getParameters()));
          lines.append(told.getThrown()).append('\n');
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  LogBytes() {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    before = root.getLevel();
    // Not to the console, which these would flood.
    for (Iterator<Appender<ILoggingEvent>> all = root.iteratorForAppenders(); all.hasNext(); ) {
      usual.add(all.next());
    }
    usual.forEach(root::detachAppender);
    appender.setContext(context);
    appender.start();
    root.addAppender(appender);
    root.setLevel(Level.TRACE);
    handler.setLevel(java.util.logging.Level.ALL);
    standard.addHandler(handler);
    standard.setLevel(java.util.logging.Level.ALL);
  }

  String lines() {
    return lines.toString();
  }

  @Override
  public void close() {
    standard.removeHandler(handler);
    standard.setLevel(standardBefore);
    root.setLevel(before);
    root.detachAppender(appender);
    usual.forEach(root::addAppender);
  }
}
