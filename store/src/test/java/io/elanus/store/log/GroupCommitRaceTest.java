package io.elanus.store.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Many threads append and wait at once. Whoever is told that an operation is durable finds its
 * bytes forced; when the force fails, whoever waits is told so. The same check over a log that
 * acknowledges before it forces fails, as it must.
 */
@Timeout(60)
class GroupCommitRaceTest {
  private static final int WRITERS = 6;
  private static final int WRITES_EACH = 150;

  /** What a disk was asked to write, and what of it was forced. Fails its n-th force. */
  private static final class CountingDisk implements LogFiles {
    private final LogFiles disk = new FaultyDisk(1);
    private final AtomicLong written = new AtomicLong();
    private final AtomicLong forced = new AtomicLong();
    private final AtomicLong forces = new AtomicLong();
    private final long failingForce;

    CountingDisk(long failingForce) {
      this.failingForce = failingForce;
    }

    @Override
    public synchronized List<String> list() throws IOException {
      return disk.list();
    }

    @Override
    public synchronized LogFile create(String name) throws IOException {
      return new Counting(disk.create(name));
    }

    @Override
    public synchronized LogFile open(String name) throws IOException {
      return new Counting(disk.open(name));
    }

    @Override
    public synchronized void rename(String from, String to) throws IOException {
      disk.rename(from, to);
    }

    @Override
    public synchronized void delete(String name) throws IOException {
      disk.delete(name);
    }

    @Override
    public synchronized void forceFolder() throws IOException {
      disk.forceFolder();
    }

    private final class Counting implements LogFile {
      private final LogFile file;

      Counting(LogFile file) {
        this.file = file;
      }

      @Override
      public void write(ByteBuffer bytes, long offset) throws IOException {
        long frames = 0;
        ByteBuffer frame = bytes.duplicate().order(java.nio.ByteOrder.LITTLE_ENDIAN);
        if (offset > 0) {
          while (frame.remaining() >= LogFrames.FRAME_BYTES) {
            frames += frame.getLong(frame.position() + 8) == LogFrames.CLOSING ? 0 : 1;
            frame.position(
                frame.position() + LogFrames.FRAME_BYTES + frame.getInt(frame.position()));
          }
        }
        file.write(bytes, offset);
        written.addAndGet(frames);
      }

      @Override
      public void force() throws IOException {
        long before = written.get();
        if (forces.incrementAndGet() == failingForce) {
          throw new IOException("no force");
        }
        // Others run here, so that an early acknowledgement shows.
        Thread.yield();
        file.force();
        forced.accumulateAndGet(before, Math::max);
      }

      @Override
      public void truncate(long size) throws IOException {
        file.truncate(size);
      }

      @Override
      public MemorySegment map(Arena arena) throws IOException {
        return file.map(arena);
      }

      @Override
      public void close() throws IOException {
        file.close();
      }
    }
  }

  /** How a thread waits for its operation. */
  private interface Waiting {
    void await(LocalLog log, long operation);
  }

  /** Operations that were acknowledged before they were forced, and threads told of a failure. */
  private record Seen(long early, long told, long acknowledged) {}

  private static Seen race(CountingDisk disk, Waiting waiting) throws Exception {
    AtomicLong early = new AtomicLong();
    AtomicLong told = new AtomicLong();
    AtomicLong acknowledged = new AtomicLong();
    Object appending = new Object();
    try (ExecutorService threads = Executors.newFixedThreadPool(WRITERS)) {
      LocalLog log = LocalLog.open(disk, 4_000, 3);
      List<Future<?>> writers = new ArrayList<>();
      for (int writer = 0; writer < WRITERS; writer++) {
        writers.add(
            threads.submit(
                () -> {
                  for (int i = 0; i < WRITES_EACH; i++) {
                    long operation;
                    try {
                      synchronized (appending) {
                        operation = log.append(MemorySegment.ofArray(new byte[] {1, 2, 3}));
                      }
                      waiting.await(log, operation);
                    } catch (ElanusException e) {
                      assertThat(e.code()).isEqualTo(ErrorCode.LOG_FAILED);
                      told.incrementAndGet();
                      return;
                    }
                    early.addAndGet(disk.forced.get() < operation ? 1 : 0);
                    acknowledged.incrementAndGet();
                  }
                }));
      }
      for (Future<?> writer : writers) {
        // All come back: nobody waits for a log that has failed.
        writer.get(50, TimeUnit.SECONDS);
      }
    }
    return new Seen(early.get(), told.get(), acknowledged.get());
  }

  @Test
  void nobodyIsToldBeforeTheForce() throws Exception {
    CountingDisk disk = new CountingDisk(0);
    Seen seen = race(disk, LocalLog::awaitDurable);
    assertThat(seen).isEqualTo(new Seen(0, 0, (long) WRITERS * WRITES_EACH));
    assertThat(disk.forces.get())
        .as("forces are shared")
        .isLessThan((long) WRITERS * WRITES_EACH + 200);
  }

  @Test
  void everybodyIsToldOfAFailedForce() throws Exception {
    for (int failing = 4; failing < 60; failing += 5) {
      Seen seen = race(new CountingDisk(failing), LocalLog::awaitDurable);
      assertThat(seen.early()).isZero();
      assertThat(seen.told()).as("force %d", failing).isEqualTo(WRITERS);
    }
  }

  /** The mutant: every second write is acknowledged without waiting. */
  @Test
  void theCheckSeesAnEarlyAcknowledgement() throws Exception {
    long early = 0;
    for (int attempt = 0; early == 0 && attempt < 100; attempt++) {
      Seen seen =
          race(
              new CountingDisk(0),
              (log, operation) -> {
                if (operation % 2 == 0) {
                  log.awaitDurable(operation);
                }
              });
      early = seen.early();
    }
    assertThat(early).isPositive();
  }
}
