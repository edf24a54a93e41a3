package io.elanus.index.hnsw;

import io.elanus.index.Parameters;
import io.elanus.index.code.row.RowCodeKind;
import io.elanus.index.code.row.RowCodeKind.Cell;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What parameters choose of codes, with the names, ranges and defaults that Milvus has.
 *
 * @param walked codes of the walk
 * @param refining finer ones that measure answers; null for the same ones, or with {@code exact}
 * @param exact whether the segment's vectors measure answers
 */
record HnswCodedParameters(RowCodeKind walked, @Nullable RowCodeKind refining, boolean exact) {
  private static final List<String> SQ_TYPES = List.of("SQ4U", "SQ6", "SQ8", "BF16", "FP16");
  private static final List<String> REFINE_TYPES = List.of("SQ6", "SQ8", "BF16", "FP16", "FP32");
  private static final int GROUPS_DEFAULT = 32;
  private static final int NUMBER_BITS_MAX = 8;

  static HnswCodedParameters of(HnswCodedKind kind, Map<String, String> params, int dim) {
    RowCodeKind walked =
        switch (kind) {
          case HNSW_SQ -> RowCodeKind.of(Cell.valueOf(choice(params, "sq_type", "SQ8", SQ_TYPES)));
          case HNSW_PQ -> RowCodeKind.product(groups(params, dim), 1, bits(params));
          case HNSW_PRQ ->
              RowCodeKind.product(
                  groups(params, dim), Parameters.integer(params, "nrq", 2, 1, 16), bits(params));
        };
    String refine = choice(params, "refine_type", "FP32", REFINE_TYPES);
    if (kind == HnswCodedKind.HNSW_SQ && bits(refine) <= bits(walked.cell().name())) {
      throw Parameters.invalid(
          "refine_type %s is no finer than sq_type %s; use one of more bits"
              .formatted(refine, walked.cell()));
    }
    if (!Parameters.bool(params, "refine", false)) {
      return new HnswCodedParameters(walked, null, false);
    }
    return refine.equals("FP32")
        ? new HnswCodedParameters(walked, null, true)
        : new HnswCodedParameters(walked, RowCodeKind.of(Cell.valueOf(refine)), false);
  }

  private static int bits(String type) {
    return switch (type) {
      case "SQ4U" -> 4;
      case "SQ6" -> 6;
      case "SQ8" -> 8;
      case "FP32" -> 32;
      default -> 16;
    };
  }

  private static String choice(
      Map<String, String> params, String name, String fallback, List<String> offered) {
    String text = params.getOrDefault(name, fallback);
    String type = text.strip().toUpperCase(Locale.ROOT);
    if (!offered.contains(type)) {
      throw Parameters.invalid("%s must be one of %s, got %s".formatted(name, offered, text));
    }
    return type;
  }

  private static int groups(Map<String, String> params, int dim) {
    int groups = Parameters.integer(params, "m", GROUPS_DEFAULT, 1, 65_536);
    if (dim % groups != 0) {
      throw Parameters.invalid(
          "dimension must be able to be divided by `m`, dimension: %d, m: %d"
              .formatted(dim, groups));
    }
    return groups;
  }

  private static int bits(Map<String, String> params) {
    int bits = Parameters.integer(params, "nbits", 8, 1, 64);
    if (bits > NUMBER_BITS_MAX) {
      throw new ElanusException(
          ErrorCode.UNSUPPORTED,
          "nbits %d is not offered; use 1 to %d".formatted(bits, NUMBER_BITS_MAX));
    }
    return bits;
  }
}
