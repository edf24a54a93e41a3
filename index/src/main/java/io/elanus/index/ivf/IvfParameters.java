package io.elanus.index.ivf;

import io.elanus.index.Parameters;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.model.query.SearchParams;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Parameters of the inverted lists, with the names, ranges and defaults that Milvus has. */
final class IvfParameters {
  private static final int NLIST_DEFAULT = 128;
  private static final int NLIST_MAX = 65_536;
  private static final int NPROBE_DEFAULT = 8;
  private static final int EF_DEFAULT = 64;

  /** What Milvus knows; which are offered, each index says. */
  private static final List<String> REFINE_TYPES = List.of("SQ6", "SQ8", "FP16", "BF16", "FP32");

  private IvfParameters() {}

  static int nlist(Map<String, String> params) {
    return Parameters.integer(params, "nlist", NLIST_DEFAULT, 1, NLIST_MAX);
  }

  static int nprobe(SearchParams params) {
    return Parameters.integer(params.values(), "nprobe", NPROBE_DEFAULT, 1, NLIST_MAX);
  }

  /** Effort of a search among centroids by their graph; never less than the lists wanted. */
  static SearchParams centroidEffort(SearchParams params, int nprobe) {
    int ef = Parameters.integer(params.values(), "ef", EF_DEFAULT, 1, Integer.MAX_VALUE);
    return new SearchParams(Map.of("ef", Integer.toString(Math.max(ef, nprobe))));
  }

  static boolean refine(Map<String, String> params, boolean fallback) {
    return Parameters.bool(params, "refine", fallback);
  }

  /** Upper case, one of those offered; the first of them where none is named. */
  static String refineType(String index, Map<String, String> params, List<String> offered) {
    String text = params.get("refine_type");
    if (text == null) {
      return offered.getFirst();
    }
    String type = text.strip().toUpperCase(Locale.ROOT);
    if (!REFINE_TYPES.contains(type)) {
      throw Parameters.invalid(
          "refine_type must be one of %s, got %s".formatted(REFINE_TYPES, text));
    }
    if (!offered.contains(type)) {
      throw new ElanusException(
          ErrorCode.UNSUPPORTED,
          "refine_type %s is not offered for %s; use one of %s".formatted(type, index, offered));
    }
    return type;
  }

  /** How many times the limit is measured at most; 0 where the error bounds decide alone. */
  static double refineK(SearchParams params) {
    return Parameters.number(params.values(), "refine_k", 0, 1, Float.MAX_VALUE);
  }

  /** How many estimates SCANN measures at most; 0 where the error bounds decide alone. */
  static int reorderK(SearchParams params) {
    return Parameters.integer(params.values(), "reorder_k", 0, 1, Integer.MAX_VALUE);
  }
}
