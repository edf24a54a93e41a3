package io.elanus.index.flat;

import io.elanus.index.BuildMonitor;
import io.elanus.index.IndexFile;
import io.elanus.index.Neighbors;
import io.elanus.index.VectorData;
import io.elanus.index.VectorIndex;
import io.elanus.index.VectorIndexFormat;
import io.elanus.index.VectorQuery;
import io.elanus.index.distance.Scorer;
import io.elanus.index.recall.RecallWanted;
import io.elanus.model.query.SearchParams;
import io.elanus.model.schema.DataType;
import io.elanus.model.schema.Metric;
import io.elanus.store.format.FileHeader;
import io.elanus.store.object.ObjectStore;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * FLAT, and BIN_FLAT for bits. The vectors stay where the segment has them; the file holds only
 * what COSINE needs.
 *
 * <pre>
 * offset  bytes  what
 *      0     64  header ELAFLAT1; own fields: metric (4), rows (4)
 *     64    4·n  COSINE only: 1/length of each row
 *            16  end, see {@link IndexFile}
 * </pre>
 */
public final class FlatFormat implements VectorIndexFormat {
  private static final String MAGIC = "ELAFLAT1";
  private static final int VERSION = 1;

  private final boolean bits;

  public FlatFormat() {
    this(false);
  }

  private FlatFormat(boolean bits) {
    this.bits = bits;
  }

  /** BIN_FLAT. */
  public static FlatFormat ofBits() {
    return new FlatFormat(true);
  }

  @Override
  public String type() {
    return bits ? "BIN_FLAT" : "FLAT";
  }

  @Override
  public boolean supports(DataType vectorType) {
    return bits ? vectorType == DataType.BINARY_VECTOR : vectorType.isNumericVector();
  }

  @Override
  public void checkBuild(Map<String, String> params, int dim) {}

  @Override
  public boolean takesRecall() {
    return true;
  }

  @Override
  public void checkSearch(SearchParams params, int limit) {
    // An exact scan reaches any recall.
    RecallWanted.check(params);
  }

  @Override
  public void build(
      VectorData vectors,
      Metric metric,
      Map<String, String> params,
      long seed,
      BuildMonitor monitor,
      ObjectStore.Writer out) {
    MemorySegment header = MemorySegment.ofArray(new byte[FileHeader.BYTES]);
    header.set(FileHeader.INT, FileHeader.OWN_OFFSET, metric.ordinal());
    header.set(FileHeader.INT, FileHeader.OWN_OFFSET + 4, vectors.count());
    FileHeader.seal(header, MAGIC, VERSION);
    IndexFile file = IndexFile.start(header, out);
    if (metric == Metric.COSINE) {
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment norms = arena.allocate(4L * Math.max(1, vectors.count()), 64);
        Scorer.inverseNorms(vectors, norms);
        file.part(norms.asSlice(0, 4L * vectors.count()));
      }
    }
    file.finish();
    monitor.progress(vectors.count());
  }

  @Override
  public VectorIndex open(MemorySegment file, VectorData vectors, Metric metric) {
    FileHeader.check(file, MAGIC, VERSION, "a FLAT index");
    boolean cosine = metric == Metric.COSINE;
    if (file.get(FileHeader.INT, FileHeader.OWN_OFFSET) != metric.ordinal()
        || file.get(FileHeader.INT, FileHeader.OWN_OFFSET + 4) != vectors.count()) {
      throw FileHeader.corrupt("a FLAT index does not belong to its segment");
    }
    MemorySegment norms =
        IndexFile.parts(file, "a FLAT index", cosine ? 4L * vectors.count() : 0)[0];
    return new Flat(type(), vectors, metric, cosine ? norms : null, file.byteSize());
  }

  private record Flat(
      String type,
      VectorData vectors,
      Metric metric,
      @Nullable MemorySegment inverseNorms,
      long sizeBytes)
      implements VectorIndex {
    @Override
    public int size() {
      return vectors.count();
    }

    @Override
    public Neighbors search(VectorQuery query) {
      return ExactScan.search(vectors, metric, inverseNorms, query);
    }
  }
}
