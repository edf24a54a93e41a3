package io.elanus.index;

import io.elanus.model.query.SearchParams;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One query vector against one index.
 *
 * @param target as the user sent it (not normalised)
 * @param limit neighbours wanted, at least 1
 * @param allowed rows that may be answered, or null for all
 * @param allowedCount set bits of {@code allowed}, or the index's size
 * @param minDistance only neighbours with distance ≥ this (−∞ for none), in internal distances
 * @param maxDistance only neighbours with distance &lt; this (+∞ for none)
 * @param params ef, nprobe … already checked
 */
public record VectorQuery(
    QueryVector target,
    int limit,
    @Nullable RowBitmap allowed,
    int allowedCount,
    float minDistance,
    float maxDistance,
    SearchParams params) {
  /** A query of numbers. */
  public VectorQuery(
      float[] vector,
      int limit,
      @Nullable RowBitmap allowed,
      int allowedCount,
      float minDistance,
      float maxDistance,
      SearchParams params) {
    this(
        new QueryVector.Floats(vector),
        limit,
        allowed,
        allowedCount,
        minDistance,
        maxDistance,
        params);
  }

  /** The query's numbers as float32, length dim; asks for them once, as int8 is widened anew. */
  public float[] vector() {
    return target.floats();
  }

  /**
   * Whether a distance lies within the bounds; one that overflowed does where there is no bound.
   */
  public boolean admits(float distance) {
    return distance >= minDistance
        && (distance < maxDistance || maxDistance == Float.POSITIVE_INFINITY);
  }

  public boolean isRange() {
    return minDistance != Float.NEGATIVE_INFINITY || maxDistance != Float.POSITIVE_INFINITY;
  }

  /**
   * The first {@code limit} that lie within the bounds.
   *
   * @param near nearest first
   */
  public Neighbors within(Neighbors near) {
    int from = 0;
    while (from < near.size() && near.distances()[from] < minDistance) {
      from++;
    }
    int to = from;
    while (to < near.size() && to - from < limit && admits(near.distances()[to])) {
      to++;
    }
    if (from == 0 && to == near.size()) {
      return near;
    }
    return new Neighbors(
        Arrays.copyOfRange(near.rows(), from, to), Arrays.copyOfRange(near.distances(), from, to));
  }
}
