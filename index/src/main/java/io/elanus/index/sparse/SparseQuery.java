package io.elanus.index.sparse;

import io.elanus.index.RowBitmap;
import io.elanus.model.query.SearchParams;
import io.elanus.model.rows.SparseVector;
import org.jspecify.annotations.Nullable;

/**
 * One sparse query. Rows that share no dimension with it, or only where a value is zero, are no
 * neighbours.
 *
 * @param vector as the user sent it
 * @param limit neighbours wanted, at least 1
 * @param allowed rows that may be answered, or null for all
 * @param allowedCount set bits of {@code allowed}, or the number of rows
 * @param minDistance only neighbours with distance ≥ this (−∞ for none); a distance is the negated
 *     inner product
 * @param maxDistance only neighbours with distance &lt; this (+∞ for none)
 * @param params drop_ratio_search, dim_max_score_ratio; already checked
 */
public record SparseQuery(
    SparseVector vector,
    int limit,
    @Nullable RowBitmap allowed,
    int allowedCount,
    float minDistance,
    float maxDistance,
    SearchParams params) {

  boolean admits(double score, float distance) {
    return score > 0 && distance >= minDistance && distance < maxDistance;
  }

  boolean allows(int row) {
    return allowed == null || allowed.get(row);
  }
}
