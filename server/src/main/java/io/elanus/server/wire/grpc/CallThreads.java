package io.elanus.server.wire.grpc;

import com.linecorp.armeria.server.ServiceRequestContext;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.FastThreadLocal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * Which thread answers a call. A short search costs less than waking another thread and being woken
 * by it, so the event loop that read it answers it: at most one in a turn of the loop. Whatever
 * else the turn brought goes to the executor first, so that clients who share a connection share
 * the cores as well, and a busy loop does nothing but read and write. Everything else is the
 * executor's.
 *
 * <p>What the loop answers must not block: only calls whose shape was short lately come here (see
 * {@link Pace}), of methods that wait for nothing.
 */
final class CallThreads {
  private static final Duration SHORT = Duration.ofNanos(500_000);

  private final Executor executor;
  private final Pace pace = new Pace(SHORT.toNanos());
  private final FastThreadLocal<Turn> turns =
      new FastThreadLocal<>() {
        @Override
        protected Turn initialValue() {
          return new Turn();
        }
      };

  CallThreads(Executor executor) {
    this.executor = executor;
  }

  /** A call that waits for a thread. */
  interface Work {
    void run();

    /** There is no thread for it. */
    void refused(RejectedExecutionException why);
  }

  /** For a call that may block or take long. */
  void run(Work work) {
    handOver(work, work::run);
  }

  /**
   * For a call that does not block.
   *
   * @param shape what it asks for, see {@link Pace}
   */
  void run(int shape, Work work) {
    Timed call = new Timed(shape, work, pace);
    ServiceRequestContext context = ServiceRequestContext.currentOrNull();
    EventLoop loop = context == null ? null : context.eventLoop().withoutContext();
    if (loop == null || !loop.inEventLoop() || !pace.isShort(shape)) {
      handOver(work, call);
      return;
    }
    Turn turn = turns.get();
    if (turn.calls.isEmpty()) {
      // Runs when all that has arrived by now is read.
      loop.execute(turn);
    }
    turn.calls.add(call);
  }

  private void handOver(Work work, Runnable task) {
    try {
      executor.execute(task);
    } catch (RejectedExecutionException e) {
      work.refused(e);
    }
  }

  private record Timed(int shape, Work work, Pace pace) implements Runnable {
    @Override
    public void run() {
      long start = System.nanoTime();
      work.run();
      pace.took(shape, System.nanoTime() - start);
    }
  }

  /** The short calls that one turn of an event loop has read; used by its thread alone. */
  private final class Turn implements Runnable {
    private final List<Timed> calls = new ArrayList<>();

    @Override
    public void run() {
      Timed own = calls.removeLast();
      for (Timed call : calls) {
        handOver(call.work(), call);
      }
      calls.clear();
      own.run();
    }
  }
}
