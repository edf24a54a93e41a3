package io.elanus.index.ivf;

import io.elanus.index.BuildMonitor;
import io.elanus.index.IndexFile;
import io.elanus.index.VectorData;
import io.elanus.index.VectorIndex;
import io.elanus.index.VectorIndexFormat;
import io.elanus.index.distance.Scorer;
import io.elanus.model.query.SearchParams;
import io.elanus.model.schema.Metric;
import io.elanus.store.format.FileHeader;
import io.elanus.store.object.ObjectStore;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Map;

/**
 * IVF_FLAT. Vectors are copied in list order so that a probe reads straight on; under COSINE they
 * are copied at unit length. All numbers little-endian 32 bit; every part starts at a multiple of
 * 64.
 *
 * <pre>
 * header ELAIVFF1 (64 bytes); own fields: metric, rows, dim, lists
 * centroids       lists × dim floats
 * starts          lists + 1: first position of each list
 * rows            per position: the segment's row
 * vectors         per position: dim floats
 * end             see {@link IndexFile}
 * </pre>
 *
 * <p>A segment with fewer than {@value Partition#ROWS_PER_LIST_MIN} rows per list gets fewer lists
 * than asked for (its rows / {@value Partition#ROWS_PER_LIST_MIN}): centroids trained on less only
 * cost time.
 */
public final class IvfFlatFormat implements VectorIndexFormat {
  static final String MAGIC = "ELAIVFF1";
  static final int VERSION = 1;

  @Override
  public String type() {
    return "IVF_FLAT";
  }

  @Override
  public void checkBuild(Map<String, String> params, int dim) {
    IvfParameters.nlist(params);
  }

  @Override
  public void checkSearch(SearchParams params, int limit) {
    IvfParameters.nprobe(params);
  }

  @Override
  public void build(
      VectorData vectors,
      Metric metric,
      Map<String, String> params,
      long seed,
      BuildMonitor monitor,
      ObjectStore.Writer out) {
    try (Arena arena = Arena.ofShared()) {
      VectorData data = metric == Metric.COSINE ? unit(vectors, arena) : vectors;
      Partition lists =
          Partition.of(data, IvfParameters.nlist(params), seed, arena, monitor, monitor::progress);
      write(data, metric, lists, out);
    }
  }

  private static void write(
      VectorData data, Metric metric, Partition lists, ObjectStore.Writer out) {
    MemorySegment header = MemorySegment.ofArray(new byte[FileHeader.BYTES]);
    header.set(FileHeader.INT, FileHeader.OWN_OFFSET, metric.ordinal());
    header.set(FileHeader.INT, FileHeader.OWN_OFFSET + 4, data.count());
    header.set(FileHeader.INT, FileHeader.OWN_OFFSET + 8, data.dim());
    header.set(FileHeader.INT, FileHeader.OWN_OFFSET + 12, lists.centroids().count());
    FileHeader.seal(header, MAGIC, VERSION);
    IndexFile file = IndexFile.start(header, out);
    VectorData centroids = lists.centroids();
    file.part(centroids.values().asSlice(0, centroids.offset(centroids.count())));
    file.part(MemorySegment.ofArray(lists.starts()));
    file.part(MemorySegment.ofArray(lists.order()));
    for (int row : lists.order()) {
      file.append(data.values().asSlice(data.offset(row), data.vectorBytes()));
    }
    file.finish();
  }

  private static VectorData unit(VectorData vectors, Arena arena) {
    long bytes = vectors.offset(vectors.count());
    MemorySegment copy = arena.allocate(Math.max(4, bytes), 64);
    VectorData unit = new VectorData(copy, vectors.count(), vectors.dim());
    for (int row = 0; row < vectors.count(); row++) {
      float[] vector = Scorer.normalized(vectors.vector(row));
      MemorySegment.copy(vector, 0, copy, FileHeader.FLOAT, unit.offset(row), vector.length);
    }
    return unit;
  }

  @Override
  public VectorIndex open(MemorySegment file, VectorData vectors, Metric metric) {
    FileHeader.check(file, MAGIC, VERSION, "an IVF_FLAT index");
    int own = FileHeader.OWN_OFFSET;
    if (file.get(FileHeader.INT, own) != metric.ordinal()
        || file.get(FileHeader.INT, own + 4) != vectors.count()
        || file.get(FileHeader.INT, own + 8) != vectors.dim()) {
      throw FileHeader.corrupt("an IVF_FLAT index does not belong to its segment");
    }
    return IvfFlatIndex.open(file, vectors, metric);
  }
}
