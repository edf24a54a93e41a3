package io.elanus.index.disk;

import io.elanus.index.Parameters;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.model.query.SearchParams;
import java.util.Map;

/** Parameters of DISKANN, with the names, ranges and defaults that Milvus has. */
final class DiskParameters {
  private static final int DEGREE_DEFAULT = 56;
  private static final int DEGREE_MAX = 512;
  private static final int DEGREE_LEAST = 4;
  private static final int EFFORT_DEFAULT = 100;

  /** A code of 4 bits for a coordinate of 32. */
  private static final double BUDGET_LEAST = 0.125;

  private DiskParameters() {}

  /** Most neighbours of a node; fewer than four make no graph. */
  static int degree(Map<String, String> params) {
    int degree = Parameters.integer(params, "max_degree", DEGREE_DEFAULT, 1, DEGREE_MAX);
    return Math.max(DEGREE_LEAST, degree);
  }

  /** Effort of the build. */
  static int buildEffort(Map<String, String> params) {
    return Parameters.integer(params, "search_list_size", EFFORT_DEFAULT, 1, Integer.MAX_VALUE);
  }

  /** The largest codes that take no more than this share of the vectors, the facts beside apart. */
  static int codeBits(Map<String, String> params) {
    double budget = Parameters.number(params, "pq_code_budget_gb_ratio", BUDGET_LEAST, 0, 1);
    if (budget < BUDGET_LEAST) {
      throw new ElanusException(
          ErrorCode.UNSUPPORTED,
          "pq_code_budget_gb_ratio %s is not offered; codes take at least %s of the vectors"
              .formatted(budget, BUDGET_LEAST));
    }
    return budget >= 8 / 32.0 ? 8 : budget >= 6 / 32.0 ? 6 : 4;
  }

  /** Checked, and of no effect: the system's page cache keeps what is read often. */
  static void checkCache(Map<String, String> params) {
    Parameters.number(params, "search_cache_budget_gb_ratio", 0, 0, 1);
  }

  /** Nodes that a search keeps in view. */
  static int searchList(SearchParams params, int limit) {
    int fallback = Math.max(EFFORT_DEFAULT, limit);
    return Parameters.integer(params.values(), "search_list", fallback, 1, Integer.MAX_VALUE);
  }

  static void checkSearch(SearchParams params, int limit) {
    int list = searchList(params, limit);
    if (list < limit) {
      throw Parameters.invalid(
          "search_list(%d) should be larger than k(%d)".formatted(list, limit));
    }
    beamWidth(params);
  }

  /** Nodes read at a time. */
  static int beamWidth(SearchParams params) {
    return Parameters.integer(params.values(), "beamwidth", 8, 1, 128);
  }
}
