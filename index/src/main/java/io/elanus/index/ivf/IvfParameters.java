package io.elanus.index.ivf;

import io.elanus.index.Parameters;
import io.elanus.index.recall.Efforts;
import io.elanus.index.recall.RecallCurve;
import io.elanus.index.recall.RecallPlan;
import io.elanus.index.recall.RecallWanted;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.model.query.SearchParams;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** Parameters of the inverted lists, with the names, ranges and defaults that Milvus has. */
final class IvfParameters {
  private static final int NLIST_DEFAULT = 128;
  private static final int NLIST_MAX = 65_536;
  private static final int NPROBE_DEFAULT = 8;
  private static final int EF_DEFAULT = 64;

  /** What Milvus knows; which are offered, each index says. */
  private static final List<String> REFINE_TYPES = List.of("SQ6", "SQ8", "FP16", "BF16", "FP32");

  /**
   * Efforts are lists read. A filter asks for a tenth of the rows, in place of which ten times as
   * many neighbours would have to be found.
   */
  static final RecallPlan PLAN =
      new RecallPlan(
          new double[] {1, 0.3, 0.1},
          new int[] {
            1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512, 768, 1024, 2048
          },
          192,
          true);

  private static final String NPROBE = "nprobe";

  private IvfParameters() {}

  /**
   * How many lists a recall needs.
   *
   * @param lists of the file, which are all read where it has no curve
   */
  static Efforts efforts(int lists, @Nullable RecallCurve curve) {
    return new Efforts(NPROBE, Math.max(1, lists), OptionalDouble.empty(), 0, curve);
  }

  /** Refuses a wrong recall, and one beside what it takes the place of. */
  static void checkRecall(SearchParams params) {
    RecallWanted.check(params, NPROBE, "refine_k", "reorder_k");
  }

  /**
   * The lists to read.
   *
   * @param share of the rows that are allowed
   */
  static int nprobe(SearchParams params, Efforts efforts, int limit, double share) {
    return RecallWanted.of(params).isPresent()
        ? Math.clamp(efforts.of(params, limit, share), 1, NLIST_MAX)
        : nprobe(params);
  }

  static int nlist(Map<String, String> params) {
    return Parameters.integer(params, "nlist", NLIST_DEFAULT, 1, NLIST_MAX);
  }

  static int nprobe(SearchParams params) {
    return Parameters.integer(params.values(), NPROBE, NPROBE_DEFAULT, 1, NLIST_MAX);
  }

  /** Effort of a search among centroids by their graph; never less than the lists wanted. */
  static SearchParams centroidEffort(SearchParams params, int nprobe) {
    int ef = Parameters.integer(params.values(), "ef", EF_DEFAULT, 1, Integer.MAX_VALUE);
    return new SearchParams(Map.of("ef", Integer.toString(Math.max(ef, nprobe))));
  }

  /** The same where nothing is said. */
  static SearchParams centroidEffort(int nprobe) {
    return centroidEffort(SearchParams.NONE, nprobe);
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
