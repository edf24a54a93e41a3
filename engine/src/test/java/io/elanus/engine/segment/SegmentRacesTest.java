package io.elanus.engine.segment;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.index.RowBitmap;
import io.elanus.model.rows.Column;
import io.elanus.model.rows.RowBatch;
import io.elanus.model.schema.DataType;
import io.elanus.model.schema.Field;
import io.elanus.model.schema.Schema;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * One writer and many readers without a lock between them: a reader never sees half a row, half a
 * deletion or memory that is gone. Beside each check stands the same one over the guarded property
 * broken, which it must see.
 */
@Timeout(60)
class SegmentRacesTest {
  private static final Field KEY =
      Field.named("id", DataType.INT64).id(100).primaryKey(true).build();
  private static final Field TEXT =
      Field.named("s", DataType.VARCHAR).id(101).maxLength(20).nullable(true).build();
  private static final Field VECTOR =
      Field.named("v", DataType.FLOAT_VECTOR).id(102).dim(2).build();
  private static final Schema SCHEMA = new Schema("c", "", List.of(KEY, TEXT, VECTOR), false, 0);
  private static final int BATCH = 97;
  private static final int BATCHES = 60;
  private static final int READERS = 2;

  /** Runs readers until the writer is through, and answers how many looks went wrong. */
  private static long race(Runnable writer, Supplier<Boolean> look) throws Exception {
    AtomicBoolean writing = new AtomicBoolean(true);
    AtomicLong wrong = new AtomicLong();
    AtomicLong looks = new AtomicLong();
    CountDownLatch begun = new CountDownLatch(READERS);
    try (ExecutorService threads = Executors.newFixedThreadPool(READERS)) {
      List<Future<?>> readers = new ArrayList<>();
      for (int reader = 0; reader < READERS; reader++) {
        readers.add(
            threads.submit(
                () -> {
                  begun.countDown();
                  do {
                    wrong.addAndGet(look.get() ? 0 : 1);
                    looks.incrementAndGet();
                  } while (writing.get());
                }));
      }
      try {
        assertThat(begun.await(50, TimeUnit.SECONDS)).isTrue();
        writer.run();
      } finally {
        writing.set(false);
      }
      for (Future<?> reader : readers) {
        reader.get(50, TimeUnit.SECONDS);
      }
    }
    assertThat(looks.get()).isPositive();
    return wrong.get();
  }

  /** Whether the check sees what is broken; a busy machine may need more than one race for it. */
  private static boolean isSeen(Callable<Long> race) throws Exception {
    for (int attempt = 0; attempt < 500; attempt++) {
      if (race.call() > 0) {
        return true;
      }
    }
    return false;
  }

  private static RowBatch batch(int first) {
    long[] keys = new long[BATCH];
    String[] texts = new String[BATCH];
    float[] vectors = new float[2 * BATCH];
    for (int i = 0; i < BATCH; i++) {
      keys[i] = first + i;
      texts[i] = (first + i) % 3 == 0 ? null : "row " + (first + i);
      vectors[2 * i] = first + i;
      vectors[2 * i + 1] = -first - i;
    }
    return new RowBatch(
        BATCH,
        Map.of(
            "id", new Column.Longs(DataType.INT64, keys, null),
            "s", new Column.Strings(texts),
            "v", new Column.FloatVectors(2, vectors)));
  }

  /** Whether the newest rows below the count are whole. */
  private static boolean whole(Segment rows, int count) {
    float[] vector = new float[2];
    for (int row = Math.max(0, count - 3 * BATCH / 2); row < count; row++) {
      try {
        if (rows.column(KEY).longAt(row) != row
            || rows.column(TEXT).isNull(row) != (row % 3 == 0)
            || (row % 3 != 0 && !rows.column(TEXT).stringAt(row).equals("row " + row))
            || rows.insertTimestamp(row) != 1 + row / BATCH) {
          return false;
        }
        rows.column(VECTOR).vectorAt(row, MemorySegment.ofArray(vector), 0);
        if (vector[0] != row || vector[1] != -row) {
          return false;
        }
      } catch (IndexOutOfBoundsException | NullPointerException | IllegalStateException e) {
        return false;
      }
    }
    return true;
  }

  private static void append(GrowingSegment growing) {
    for (int i = 0; i < BATCHES; i++) {
      growing.append(SCHEMA, batch(i * BATCH), i + 1, 100);
    }
  }

  @Test
  void aReaderOfAGrowingSegmentNeverSeesHalfARow() throws Exception {
    GrowingSegment growing = new GrowingSegment(1, 1, 1, SCHEMA);
    long wrong =
        race(
            () -> append(growing),
            () -> {
              Segment frozen = growing.frozen();
              RowBitmap visible = frozen.visibleAt(Long.MAX_VALUE);
              return visible.cardinality() == frozen.rowCount() && whole(frozen, frozen.rowCount());
            });
    assertThat(wrong).isZero();
    assertThat(growing.rowCount()).isEqualTo(BATCH * BATCHES);
    growing.lifetime().retire();
  }

  /** The mutant: a count that is published a batch before its rows. */
  @Test
  void theCheckSeesACountThatIsPublishedEarly() throws Exception {
    Callable<Long> early =
        () -> {
          GrowingSegment growing = new GrowingSegment(1, 1, 1, SCHEMA);
          long wrong =
              race(
                  () -> append(growing),
                  () -> {
                    Segment frozen = growing.frozen();
                    return whole(frozen, Math.min(BATCH * BATCHES, frozen.rowCount() + BATCH));
                  });
          growing.lifetime().retire();
          return wrong;
        };
    assertThat(isSeen(early)).isTrue();
  }

  /** A timestamp was published after the deletes at or below it: readers find all of them. */
  private static long deletions(boolean early) throws Exception {
    int rows = 12_000;
    Deletions deletions = new Deletions();
    AtomicLong published = new AtomicLong();
    AtomicReference<Deletions.Left> kept = new AtomicReference<>();
    return race(
        () -> {
          for (int i = 1; i < rows; i++) {
            if (early) {
              published.set(i);
              if (i % 512 == 0) {
                Thread.yield();
              }
            }
            deletions.delete((int) (i * 7919L % rows), i);
            published.set(i);
          }
        },
        () -> {
          long at = published.get();
          for (long i = Math.max(1, at - 50); i <= at; i++) {
            if (deletions.timestamp((int) (i * 7919L % rows)) != i) {
              return false;
            }
          }
          RowBitmap left = RowBitmap.full(rows);
          deletions.clear(left, at);
          Deletions.Left newest = deletions.left(kept.get(), rows, at);
          if (newest != null) {
            kept.set(newest);
          }
          return left.cardinality() == rows - at && (newest == null || newest.rows().equals(left));
        });
  }

  @Test
  void aReaderFindsEveryDeletionThatWasPublished() throws Exception {
    assertThat(deletions(false)).isZero();
  }

  /** The mutant: the timestamp is published before the deletion. */
  @Test
  void theCheckSeesATimestampThatIsPublishedEarly() throws Exception {
    assertThat(isSeen(() -> deletions(true))).isTrue();
  }

  /** Where readers find the memory that is valid now, as they find a shard's state. */
  private record State(Lifetime lifetime, MemorySegment memory) {}

  private static State state(int value) {
    Lifetime lifetime = new Lifetime();
    MemorySegment memory = lifetime.arena().allocate(4096, 64);
    memory.fill((byte) value);
    return new State(lifetime, memory);
  }

  /**
   * @param locked whether a reader takes the state and its pin as one step, as {@code WritePath}
   */
  private static long lifetimes(boolean locked) throws Exception {
    AtomicReference<State> current = new AtomicReference<>(state(0));
    List<State> all = new ArrayList<>();
    all.add(current.get());
    Object lock = new Object();
    long wrong =
        race(
            () -> {
              for (int i = 1; i < 150; i++) {
                State next = state(i);
                all.add(next);
                synchronized (lock) {
                  current.getAndSet(next).lifetime().retire();
                }
              }
            },
            () -> {
              State pinned;
              try {
                if (locked) {
                  synchronized (lock) {
                    pinned = current.get();
                    pinned.lifetime().pin();
                  }
                } else {
                  pinned = current.get();
                  Thread.yield();
                  pinned.lifetime().pin();
                }
              } catch (IllegalStateException e) {
                return false;
              }
              try {
                byte[] bytes = pinned.memory().toArray(ValueLayout.JAVA_BYTE);
                byte[] same = new byte[bytes.length];
                Arrays.fill(same, bytes[0]);
                return Arrays.equals(bytes, same);
              } catch (IllegalStateException e) {
                return false;
              } finally {
                pinned.lifetime().unpin();
              }
            });
    current.get().lifetime().retire();
    assertThat(all).noneMatch(state -> state.memory().scope().isAlive());
    return wrong;
  }

  @Test
  void memoryStaysWhileItIsPinnedAndGoesAfterwards() throws Exception {
    assertThat(lifetimes(true)).isZero();
  }

  /** The mutant: the state is read, and pinned later. */
  @Test
  void theCheckSeesAPinThatComesLate() throws Exception {
    assertThat(isSeen(() -> lifetimes(false))).isTrue();
  }
}
