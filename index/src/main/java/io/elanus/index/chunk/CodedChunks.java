package io.elanus.index.chunk;

import io.elanus.index.BuildMonitor;
import io.elanus.index.VectorData;
import io.elanus.index.VectorIndex;
import io.elanus.index.VectorIndexFormat;
import io.elanus.index.VectorIndexes;
import io.elanus.model.query.SearchParams;
import io.elanus.model.schema.DataType;
import io.elanus.model.schema.Metric;
import io.elanus.store.object.MemoryObjects;
import io.elanus.store.object.ObjectStore;
import java.lang.foreign.Arena;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Codes of one bit a coordinate over full chunks of vectors, which never change again (RaBitQ, as
 * IVF_RABITQ with a single list): a scan reads a twentieth of the bytes, and measures by the
 * vectors themselves what the codes' bounds cannot exclude. A chunk gets its codes when it is first
 * searched, by a thread of the caller's executor; whoever comes before they are there scans.
 */
public final class CodedChunks {
  /** What a search of a chunk takes for parameters, whatever the user said to the index. */
  public static final SearchParams SEARCH = new SearchParams(Map.of("nprobe", "1"));

  /** Rows of a full chunk. */
  public static final int ROWS = 4096;

  private static final VectorIndexFormat CODES = VectorIndexes.format("IVF_RABITQ");
  private static final Map<String, String> ONE_LIST = Map.of("nlist", "1");

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

  private static final class Slot {
    private volatile @Nullable VectorIndex codes;
  }

  /** Whether vectors of this kind get codes. */
  public static boolean worthwhile(DataType type, int dim) {
    boolean floats =
        type == DataType.FLOAT_VECTOR
            || type == DataType.FLOAT16_VECTOR
            || type == DataType.BFLOAT16_VECTOR;
    return floats && dim >= DIM_MIN;
  }

  /**
   * The codes of a chunk, or null while there are none; then they are ordered.
   *
   * @param rows of the chunk, full
   * @param builders makes the codes, now or later; the rows and the arena must be there then
   */
  public @Nullable VectorIndex of(int chunk, VectorData rows, Metric metric, Executor builders) {
    Place place = new Place(chunk, metric);
    Slot present = slots.get(place);
    if (present != null) {
      return present.codes;
    }
    Slot slot = new Slot();
    if (slots.putIfAbsent(place, slot) == null) {
      try {
        builders.execute(() -> slot.codes = build(rows, metric));
      } catch (RejectedExecutionException e) {
        // Nobody is free, or the process goes down; the next search asks again.
        slots.remove(place);
      }
    }
    return slot.codes;
  }

  private VectorIndex build(VectorData rows, Metric metric) {
    MemoryObjects objects = new MemoryObjects();
    try (ObjectStore.Writer out = objects.create("codes")) {
      CODES.build(rows, metric, ONE_LIST, 0, BuildMonitor.NONE, out);
      out.commit();
    }
    return CODES.open(objects.map("codes", arena), rows, metric);
  }
}
