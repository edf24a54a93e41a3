package io.elanus.app.ingest;

import io.elanus.app.backup.Bar;
import java.io.Console;
import java.io.PrintWriter;

/** Progress: a bar where somebody looks, a line now and then where not. */
final class Steps implements AutoCloseable {
  private static final long LINE_NANOS = 5_000_000_000L;

  private final long total;
  private final PrintWriter lines;
  private final boolean terminal;
  private final Bar bar;
  private long done;
  private long lastLine = System.nanoTime();
  private String lastWaiting = "";

  Steps(long total, PrintWriter lines) {
    this.total = total;
    this.lines = lines;
    Console console = System.console();
    terminal = console != null && console.isTerminal();
    bar = Bar.of("Ingest", total, "documents", 1);
  }

  void advance(long documents) {
    done += documents;
    bar.advance(documents);
    long now = System.nanoTime();
    if (!terminal && documents > 0 && now - lastLine > LINE_NANOS) {
      lastLine = now;
      lines.printf("%d of %d documents%n", done, total);
      lines.flush();
    }
  }

  /** Why the server does not go on; each sentence once. */
  void waiting(String sentence) {
    if (!sentence.isEmpty() && !sentence.equals(lastWaiting)) {
      lastWaiting = sentence;
      lines.println("The server waits: " + sentence);
      lines.flush();
    }
  }

  @Override
  public void close() {
    bar.close();
  }
}
