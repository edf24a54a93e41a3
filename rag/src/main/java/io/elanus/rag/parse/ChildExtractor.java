package io.elanus.rag.parse;

import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.rag.parse.ParserProcesses.ParserProcess;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Documents to text: plain text here, the rest by children. A child takes one document at a time;
 * one that hangs, dies, or says what it may not say is killed, and the next document gets another.
 * Children are kept for a while, since they start slowly, and ended when nobody needs them.
 */
public final class ChildExtractor implements Extractor, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ChildExtractor.class);

  /** Parsers leak; a child that has read so many makes room for a fresh one. */
  private static final int DOCUMENTS_MAX = 2_000;

  private static final Duration START_TIME = Duration.ofSeconds(60);

  private final ParserProcesses processes;
  private final ParseLimits limits;
  private final Duration idle;
  private final Executor executor;
  private final InstantSource clock;
  private final Semaphore places;
  private final Deque<Child> waiting = new ArrayDeque<>();
  private final Set<Child> all = new HashSet<>();
  private final AtomicLong killed = new AtomicLong();
  private boolean told;
  private boolean closed;

  /**
   * @param places most children at a time
   * @param idle children that nobody needed for so long are ended by {@link #endIdle}
   * @param executor where reads from a child block: virtual threads
   */
  public ChildExtractor(
      ParserProcesses processes,
      ParseLimits limits,
      int places,
      Duration idle,
      Executor executor,
      InstantSource clock) {
    this.processes = processes;
    this.limits = limits;
    this.places = new Semaphore(places, true);
    this.idle = idle;
    this.executor = executor;
    this.clock = clock;
  }

  private static final class Child {
    final ParserProcess process;
    final DataOutputStream out;
    final DataInputStream in;
    int documents;
    Instant lastUsed = Instant.MIN;

    Child(ParserProcess process) {
      this.process = process;
      out = new DataOutputStream(new BufferedOutputStream(process.toChild(), 1 << 16));
      in = new DataInputStream(new BufferedInputStream(process.fromChild(), 1 << 16));
    }
  }

  @Override
  public Extracted extract(Source source) {
    if (source.content().length > limits.documentBytesMax()) {
      throw refused(
          "it has %d bytes, and %d is the most; split it"
              .formatted(source.content().length, limits.documentBytesMax()));
    }
    String type = Formats.of(source);
    if (Formats.isPlain(type)) {
      return PlainText.read(source, limits);
    }
    // The charset that the sender may have said stays with the type.
    String whole = source.contentType().contains(";") ? source.contentType() : type;
    return byChild(new Source(source.name(), whole, source.content()));
  }

  private Extracted byChild(Source source) {
    try {
      places.acquire();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw stopping(e);
    }
    try {
      Child child = take();
      boolean good = false;
      try {
        Extracted extracted = exchange(child, source);
        good = true;
        return extracted;
      } catch (ElanusException e) {
        good = child.process.isAlive() && e.code() == ErrorCode.INVALID_ARGUMENT;
        throw e;
      } finally {
        giveBack(child, good);
      }
    } finally {
      places.release();
    }
  }

  private Child take() {
    synchronized (waiting) {
      if (closed) {
        throw new ElanusException(ErrorCode.NOT_READY, "the server is stopping");
      }
      while (!waiting.isEmpty()) {
        Child child = waiting.pop();
        if (child.process.isAlive()) {
          return child;
        }
        end(child);
      }
    }
    Child child;
    try {
      child = new Child(processes.start());
    } catch (IOException e) {
      throw new ElanusException(
          ErrorCode.NOT_READY, "the process that reads documents could not be started", e);
    }
    synchronized (waiting) {
      all.add(child);
    }
    greet(child);
    return child;
  }

  private void greet(Child child) {
    boolean confined;
    try {
      confined = within(START_TIME, () -> ChildFrames.readReady(child.in));
    } catch (IOException | TimeoutException e) {
      end(child);
      throw new ElanusException(
          ErrorCode.NOT_READY, "the process that reads documents did not start", e);
    } catch (ElanusException e) {
      end(child);
      throw e;
    }
    synchronized (waiting) {
      if (!confined && !told) {
        told = true;
        LOG.warn(
            "documents are read by a process that this system does not confine: it could open"
                + " connections if a document took it over");
      }
    }
  }

  private Extracted exchange(Child child, Source source) {
    child.documents++;
    try {
      return within(
          limits.time(),
          () -> {
            ChildFrames.writeRequest(child.out, source, limits);
            return ChildFrames.readReply(child.in, limits);
          });
    } catch (TimeoutException e) {
      end(child);
      throw refused(
          "reading it took longer than %d s, and was stopped".formatted(limits.time().toSeconds()));
    } catch (IOException e) {
      end(child);
      synchronized (waiting) {
        if (closed) {
          throw stopping(e);
        }
      }
      String why =
          child.process.ranOutOfMemory()
              ? "reading it needs more memory than one document may take"
              : "it broke the process that reads documents";
      LOG.info("a document ended its parser: {} ({})", why, e.getMessage());
      throw refused(why);
    }
  }

  /** A step that reads from a child. */
  private interface Step<T> {
    T run() throws IOException;
  }

  /** What still runs when the time is over ends with its child, whom the caller kills. */
  private <T> T within(Duration time, Step<T> step) throws IOException, TimeoutException {
    CompletableFuture<T> done;
    try {
      done =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return step.run();
                } catch (IOException e) {
                  throw new CompletionException(e);
                }
              },
              executor);
    } catch (RejectedExecutionException e) {
      throw stopping(e);
    }
    try {
      return done.get(time.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      Throwable cause = Objects.requireNonNull(e.getCause());
      switch (cause) {
        case ElanusException known -> throw known;
        case IOException broken -> throw broken;
        default -> throw new IllegalStateException("reading from a child failed", cause);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw stopping(e);
    }
  }

  private static ElanusException stopping(Exception cause) {
    return new ElanusException(ErrorCode.NOT_READY, "the server is stopping", cause);
  }

  private void giveBack(Child child, boolean good) {
    synchronized (waiting) {
      if (good && !closed && child.documents < DOCUMENTS_MAX) {
        child.lastUsed = clock.instant();
        waiting.push(child);
        return;
      }
    }
    end(child);
  }

  private void end(Child child) {
    synchronized (waiting) {
      if (!all.remove(child)) {
        return;
      }
    }
    killed.incrementAndGet();
    child.process.kill();
  }

  /** Called now and then. */
  public void endIdle() {
    List<Child> old = new ArrayList<>();
    Instant before = clock.instant().minus(idle);
    synchronized (waiting) {
      waiting.removeIf(
          child -> {
            boolean idled = child.lastUsed.isBefore(before);
            if (idled) {
              old.add(child);
            }
            return idled;
          });
    }
    old.forEach(this::end);
  }

  /** Children that were ended, for whatever reason. */
  public long ended() {
    return killed.get();
  }

  private static ElanusException refused(String message) {
    return new ElanusException(ErrorCode.INVALID_ARGUMENT, message);
  }

  @Override
  public void close() {
    List<Child> left;
    synchronized (waiting) {
      closed = true;
      waiting.clear();
      left = List.copyOf(all);
    }
    left.forEach(this::end);
  }
}
