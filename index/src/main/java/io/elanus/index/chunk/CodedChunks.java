package io.elanus.index.chunk;

import io.elanus.index.VectorData;
import io.elanus.index.VectorIndex;
import io.elanus.index.ivf.GrowingList;
import io.elanus.model.query.SearchParams;
import io.elanus.model.schema.DataType;
import io.elanus.model.schema.Metric;
import java.lang.foreign.Arena;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Codes of one bit a coordinate over chunks of vectors, which never change once they are there
 * (RaBitQ, a {@link GrowingList} for each chunk): a scan reads a twentieth of the bytes, and
 * measures by the vectors themselves what the codes' bounds cannot exclude. Rows get their codes
 * when they are first searched, a few at a time, by a thread of the caller's executor; whoever
 * comes before they are there scans those rows.
 */
public final class CodedChunks {
  /** What a search of a chunk takes for parameters, whatever the user said to the index. */
  public static final SearchParams SEARCH = new SearchParams(Map.of("nprobe", "1"));

  /** Rows of a full chunk. */
  public static final int ROWS = 4096;

  /** An index covers a multiple of so many rows, or all: bitmaps are cut there. */
  public static final int STEP = 64;

  /** Rows that a chunk has before any gets a code: fewer are scanned as fast. */
  private static final int FIRST = 512;

  /** Rows that get codes in one go: about a millisecond, which another search may wait for. */
  private static final int UNIT = 2 * STEP;

  /** With fewer, the numbers beside a code outweigh it. */
  private static final int DIM_MIN = 64;

  private final Arena arena;
  private final Map<Place, Slot> slots = new ConcurrentHashMap<>();

  /**
   * @param arena holds the codes
   */
  public CodedChunks(Arena arena) {
    this.arena = arena;
  }

  /** Chunks are coded anew for another metric, which is rare. */
  private record Place(int chunk, Metric metric) {}

  /** Whether vectors of this kind get codes. */
  public static boolean worthwhile(DataType type, int dim) {
    boolean floats =
        type == DataType.FLOAT_VECTOR
            || type == DataType.FLOAT16_VECTOR
            || type == DataType.BFLOAT16_VECTOR;
    return floats && dim >= DIM_MIN;
  }

  /**
   * An index over the first rows of a chunk, as many as have codes, or null where none have; those
   * that lack them are ordered.
   *
   * @param rows of the chunk, those that are there
   * @param whole whether no more will come
   * @param builders makes the codes, now or later; the rows and the arena must be there then
   */
  public @Nullable VectorIndex of(
      int chunk, VectorData rows, boolean whole, Metric metric, Executor builders) {
    if (rows.count() < FIRST) {
      return null;
    }
    Slot slot = slots.computeIfAbsent(new Place(chunk, metric), Slot::new);
    slot.order(rows, whole, builders);
    return slot.index(rows);
  }

  /** The codes of one chunk, as they are made. */
  private final class Slot {
    private final Metric metric;

    /** Somebody makes codes, or will. */
    private final AtomicBoolean ordered = new AtomicBoolean();

    private volatile @Nullable GrowingList list;
    private volatile boolean failed;

    Slot(Place place) {
      this.metric = place.metric();
    }

    void order(VectorData rows, boolean whole, Executor builders) {
      if (next(rows, whole) == 0 || failed || !ordered.compareAndSet(false, true)) {
        return;
      }
      try {
        builders.execute(() -> make(rows, whole, builders));
      } catch (RejectedExecutionException e) {
        // Nobody is free, or the process goes down; the next search asks again.
        ordered.set(false);
      }
    }

    /** Up to where codes are to be made next; 0 for nowhere. */
    private int next(VectorData rows, boolean whole) {
      GrowingList made = list;
      int count = made == null ? 0 : made.count();
      int most = Math.min(rows.count(), count + UNIT);
      return most == count + UNIT || (whole && most > count) ? most : 0;
    }

    /** One unit; the rest behind whatever else the executor has to do. */
    private void make(VectorData rows, boolean whole, Executor builders) {
      try {
        int to = next(rows, whole);
        if (to > 0) {
          GrowingList made = list;
          if (made == null) {
            made = new GrowingList(rows, metric, whole ? rows.count() : ROWS, arena);
            list = made;
          }
          made.add(rows, to);
        }
      } catch (RuntimeException | Error e) {
        // Without memory rows are scanned as they are; asking again at each search would not help.
        failed = true;
        throw e;
      } finally {
        ordered.set(false);
      }
      order(rows, whole, builders);
    }

    @Nullable VectorIndex index(VectorData rows) {
      GrowingList made = list;
      int coded = made == null ? 0 : made.count();
      int count = coded >= rows.count() ? rows.count() : coded / STEP * STEP;
      return made == null || count == 0 ? null : made.open(rows.slice(0, count));
    }
  }
}
