package io.elanus.index.sparse;

import io.elanus.index.Parameters;
import io.elanus.index.QueryVector;
import io.elanus.index.VectorQuery;
import io.elanus.model.query.SearchParams;
import io.elanus.model.rows.SparseVector;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A query as it is searched for: its entries that are not zero and not dropped, and a table that
 * finds one by its dimension. What a row is really worth is said here alone, summed in the row's
 * order in double precision: one row has one score, however it was found.
 */
final class Weights {
  private static final int SLOTS_PER_ENTRY = 4;
  private static final int HASH = 0x9E3779B1;

  private final int[] dimensions;
  private final float[] values;
  private final int shift;
  private final int[] keys;
  // Positive where the slot is taken: no other weight is ever kept.
  private final float[] weights;

  // Null where a row's values are multiplied as they are.
  private final @Nullable Saturation saturation;

  private Weights(int[] dimensions, float[] values, @Nullable Saturation saturation) {
    this.saturation = saturation;
    this.dimensions = dimensions;
    this.values = values;
    int slots = Integer.highestOneBit(Math.max(2, dimensions.length * SLOTS_PER_ENTRY - 1)) * 2;
    this.shift = Integer.numberOfLeadingZeros(slots) + 1;
    this.keys = new int[slots];
    this.weights = new float[slots];
    for (int i = 0; i < dimensions.length; i++) {
      int slot = (dimensions[i] * HASH) >>> shift;
      while (weights[slot] > 0) {
        slot = (slot + 1) & (slots - 1);
      }
      keys[slot] = dimensions[i];
      weights[slot] = values[i];
    }
  }

  /**
   * The query without the share of its smallest entries that {@code drop_ratio_search} names; one
   * that equals the smallest that stays is kept.
   */
  static Weights of(VectorQuery asked) {
    return switch (asked.target()) {
      case QueryVector.Sparse sparse -> of(sparse.vector(), null, dropRatio(asked.params()));
      case QueryVector.Terms terms ->
          of(terms.weights(), terms.saturation(), dropRatio(asked.params()));
      default -> throw new IllegalStateException("not a sparse query");
    };
  }

  private static Weights of(SparseVector query, @Nullable Saturation saturation, double dropRatio) {
    float[] sorted = query.values().clone();
    Arrays.sort(sorted);
    int dropped = (int) (dropRatio * sorted.length);
    float least = sorted.length == 0 ? 0 : sorted[dropped];
    int kept = 0;
    int[] dimensions = new int[sorted.length];
    float[] values = new float[sorted.length];
    for (int i = 0; i < sorted.length; i++) {
      float value = query.values()[i];
      if (value > 0 && value >= least) {
        dimensions[kept] = query.indices()[i];
        values[kept++] = value;
      }
    }
    return new Weights(Arrays.copyOf(dimensions, kept), Arrays.copyOf(values, kept), saturation);
  }

  static double dropRatio(SearchParams params) {
    return Parameters.number(params.values(), "drop_ratio_search", 0, 0, Math.nextDown(1.0));
  }

  int size() {
    return dimensions.length;
  }

  int dimension(int entry) {
    return dimensions[entry];
  }

  float value(int entry) {
    return values[entry];
  }

  @Nullable Saturation saturation() {
    return saturation;
  }

  /** What a row is worth: the inner product, or the relevance of its text. */
  double score(SparseRows rows, int row) {
    int end = rows.start(row + 1);
    double length = 0;
    if (saturation != null) {
      for (int entry = rows.start(row); entry < end; entry++) {
        length += rows.value(entry);
      }
    }
    double sum = 0;
    for (int entry = rows.start(row); entry < end; entry++) {
      int dimension = rows.index(entry);
      int slot = (dimension * HASH) >>> shift;
      float weight = weights[slot];
      while (weight > 0) {
        if (keys[slot] == dimension) {
          double value = rows.value(entry);
          sum += weight * (saturation == null ? value : saturation.of(value, length));
          break;
        }
        slot = (slot + 1) & (keys.length - 1);
        weight = weights[slot];
      }
    }
    return sum;
  }
}
