package io.elanus.index;

import com.sun.management.OperatingSystemMXBean;
import io.elanus.index.disk.DiskFormat;
import io.elanus.index.flat.FlatFormat;
import io.elanus.index.hnsw.HnswCodedFormat;
import io.elanus.index.hnsw.HnswFormat;
import io.elanus.index.ivf.IvfFlatFormat;
import io.elanus.index.ivf.IvfHnswFormat;
import io.elanus.index.ivf.IvfPqFormat;
import io.elanus.index.ivf.IvfRabitqFormat;
import io.elanus.index.ivf.IvfSq8Format;
import io.elanus.index.ivf.ScannFormat;
import io.elanus.index.quantgraph.QuantGraphFormat;
import io.elanus.index.sparse.SparseInvertedFormat;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.model.query.SearchParams;
import io.elanus.model.schema.DataType;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Locale;

/** The vector indexes that are offered, by type name. */
public final class VectorIndexes {
  private static final List<VectorIndexFormat> FORMATS =
      List.of(
          new FlatFormat(),
          FlatFormat.ofBits(),
          new IvfFlatFormat(),
          new IvfHnswFormat(),
          IvfFlatFormat.ofBits(),
          new IvfSq8Format(),
          new IvfRabitqFormat(),
          new IvfPqFormat(),
          new ScannFormat(),
          new HnswFormat(),
          HnswCodedFormat.scalar(),
          HnswCodedFormat.product(),
          HnswCodedFormat.residual(),
          new DiskFormat(),
          new QuantGraphFormat(),
          new SparseInvertedFormat("SPARSE_INVERTED_INDEX"),
          new SparseInvertedFormat("SPARSE_WAND"),
          new AutoFormat(memoryBytes() / 4));

  private VectorIndexes() {}

  /** Throws INVALID_ARGUMENT where an index of that kind cannot do what these parameters ask. */
  public static void checkSearch(VectorIndexFormat format, SearchParams params, int limit) {
    format.checkSearch(params, limit);
    if (params.values().containsKey("recall") && !format.takesRecall()) {
      throw Parameters.invalid(
          "an index of type %s cannot be asked for a recall; say how hard it shall look, or index with %s"
              .formatted(
                  format.type(),
                  FORMATS.stream()
                      .filter(VectorIndexFormat::takesRecall)
                      .map(VectorIndexFormat::type)
                      .toList()));
    }
  }

  /** The machine's, or the container's. */
  private static long memoryBytes() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
  }

  /** The format of that name in any case; INDEX_NOT_SUPPORTED names those that are offered. */
  public static VectorIndexFormat format(String type) {
    for (VectorIndexFormat format : FORMATS) {
      if (format.type().equals(type.toUpperCase(Locale.ROOT))) {
        return format;
      }
    }
    throw new ElanusException(
        ErrorCode.INDEX_NOT_SUPPORTED,
        "invalid index type: %s is not offered for vectors; use one of %s"
            .formatted(type, FORMATS.stream().map(VectorIndexFormat::type).toList()));
  }

  /** The same, for vectors of a type; INDEX_NOT_SUPPORTED names those that serve it. */
  public static VectorIndexFormat format(String type, DataType vectorType) {
    List<String> serving =
        FORMATS.stream().filter(f -> f.supports(vectorType)).map(VectorIndexFormat::type).toList();
    if (!serving.contains(type.toUpperCase(Locale.ROOT))) {
      throw new ElanusException(
          ErrorCode.INDEX_NOT_SUPPORTED,
          "invalid index type: %s is not offered for a %s; use one of %s"
              .formatted(type, vectorType, serving));
    }
    return format(type);
  }
}
