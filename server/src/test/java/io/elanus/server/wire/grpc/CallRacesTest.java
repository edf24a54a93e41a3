package io.elanus.server.wire.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.util.EventLoopGroups;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.elanus.testkit.race.Mutant;
import io.elanus.testkit.race.Together;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Two event loops hand out calls at once: each call is answered once, whoever answers it. Estimates
 * that many threads write without a lock stay between the shortest and the longest sample.
 */
@Timeout(120)
class CallRacesTest {
  /** Answers how many calls were lost or answered twice. */
  static final class Calling implements Callable<Long> {
    private static final int LOOPS = 2;
    private static final int TURNS = 400;
    private static final int CALLS_A_TURN = 3;

    private static final int ROUNDS_MAX = 100;

    /** Until some calls were answered on a loop: a slow first one sends all others to threads. */
    @Override
    public Long call() throws Exception {
      AtomicLong onLoops = new AtomicLong();
      long wrong = 0;
      for (int round = 0; round < ROUNDS_MAX && onLoops.get() == 0 && wrong == 0; round++) {
        wrong += round(onLoops);
      }
      return wrong + (onLoops.get() > 0 ? 0 : 1);
    }

    private static long round(AtomicLong onLoops) throws Exception {
      int calls = LOOPS * TURNS * CALLS_A_TURN;
      AtomicIntegerArray answers = new AtomicIntegerArray(calls);
      CountDownLatch read = new CountDownLatch(LOOPS * TURNS);
      EventLoopGroup loops = EventLoopGroups.newEventLoopGroup(LOOPS);
      try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
        CallThreads threads = new CallThreads(executor);
        for (int loop = 0; loop < LOOPS; loop++) {
          int first = loop * TURNS * CALLS_A_TURN;
          EventLoop each = loops.next();
          ServiceRequestContext context =
              ServiceRequestContext.builder(HttpRequest.of(HttpMethod.GET, "/"))
                  .eventLoop(each)
                  .build();
          for (int turn = 0; turn < TURNS; turn++) {
            int from = first + turn * CALLS_A_TURN;
            each.execute(
                () -> {
                  try (var pushed = context.push()) {
                    for (int i = from; i < from + CALLS_A_TURN; i++) {
                      threads.run(1, work(i, answers, onLoops));
                    }
                  }
                  read.countDown();
                });
          }
        }
        read.await(100, TimeUnit.SECONDS);
        // The loops end what they have queued, then the executor what it was given.
        loops.shutdownGracefully(0, 100, TimeUnit.SECONDS).get(100, TimeUnit.SECONDS);
      }
      long wrong = 0;
      for (int i = 0; i < calls; i++) {
        wrong += answers.get(i) == 1 ? 0 : 1;
      }
      return wrong;
    }

    private static CallThreads.Work work(int call, AtomicIntegerArray answers, AtomicLong onLoops) {
      return new CallThreads.Work() {
        @Override
        public void run() {
          answers.incrementAndGet(call);
          onLoops.addAndGet(Thread.currentThread().isVirtual() ? 0 : 1);
        }

        @Override
        public void refused(RejectedExecutionException why) {
          answers.addAndGet(call, 100);
        }
      };
    }
  }

  @Test
  void everyCallIsAnsweredOnce() throws Exception {
    assertThat(new Calling().call()).isZero();
  }

  @Test
  void theCheckSeesATurnThatLoopsShare() throws Exception {
    Mutant shared =
        Mutant.of(
            CallThreads.class,
            "@Override\n        protected Turn initialValue() {\n          return new Turn();",
            "Turn one;\n\n        @Override\n        protected synchronized Turn initialValue() {\n"
                + "          one = one == null ? new Turn() : one;\n          return one;");
    assertThat(shared.isSeenBy(Calling.class)).isTrue();
  }

  /** Answers how many estimates were out of all bounds. */
  static final class Estimating implements Callable<Long> {
    private static final int WRITERS = 4;
    private static final int SAMPLES = 4_000;
    private static final long SHORT_NANOS = 1_000;

    @Override
    public Long call() throws Exception {
      Pace pace = new Pace(SHORT_NANOS);
      AtomicLong wrong = new AtomicLong();
      Together.run(
          WRITERS,
          writer -> {
            List<Integer> bad = new ArrayList<>();
            for (int i = 0; i < SAMPLES; i++) {
              pace.took(1, i % 2 == 0 ? 1 : SHORT_NANOS);
              if (!pace.isShort(1)) {
                bad.add(i);
              }
            }
            wrong.addAndGet(bad.size());
          });
      return wrong.get();
    }
  }

  @Test
  void estimatesStayBetweenTheSamples() throws Exception {
    assertThat(new Estimating().call()).isZero();
  }

  @Test
  void theCheckSeesAnEstimateThatIsReadTwice() throws Exception {
    Mutant twice =
        Mutant.of(
            Pace.class,
            "average.setPlain(\n        slot, before == 0 ? sample : Math.max(1, before +",
            "Thread.yield();\n    average.setPlain(\n"
                + "        slot, before == 0 ? sample : Math.max(1, average.getPlain(slot) +");
    assertThat(twice.isSeenBy(Estimating.class)).isTrue();
  }
}
