package io.elanus.index.recall;

import io.elanus.index.BuildMonitor;
import io.elanus.index.Neighbors;
import io.elanus.index.RowBitmap;
import io.elanus.index.VectorData;
import io.elanus.model.schema.DataType;
import io.elanus.model.schema.Metric;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Measures a {@link RecallCurve}. Queries are rows of the index, each searched for as if it were
 * not there. A graph has lost the edges that this row made needless, so that the measured recall is
 * rather too low than too high; a filter is a random one.
 *
 * <p>The work is bounded: one exact pass of all queries over the rows, a tile at a time so that
 * memory is read once, and for each share, effort and query one search, which answers for all
 * limits.
 */
public final class RecallMeasure {
  private static final int[] LIMITS = {1, 10, 100};
  private static final int LIMIT_MAX = 100;

  /** Of recall; nothing beyond is told apart. */
  private static final double ENOUGH = 0.9997;

  /** Standard errors of a sample's mean that are taken off. */
  private static final double ERRORS = 2;

  private final RecallProbe index;
  private final RecallPlan plan;
  private final BuildMonitor monitor;
  private final int rows;
  private final List<RecallSample.Query> queries;
  private final @Nullable RowBitmap[] filters;
  private final int[] filterCounts;
  private final float[] recalls;
  private int measured;

  private RecallMeasure(
      RecallProbe index,
      VectorData vectors,
      Metric metric,
      RecallPlan plan,
      long seed,
      BuildMonitor monitor) {
    this.index = index;
    this.plan = plan;
    this.monitor = monitor;
    this.rows = vectors.count();
    SplittableRandom random = new SplittableRandom(seed);
    int shares = plan.shares().length;
    filters = new @Nullable RowBitmap[shares];
    filterCounts = new int[shares];
    for (int s = 0; s < shares; s++) {
      filters[s] = plan.shares()[s] >= 1 ? null : random(rows, plan.shares()[s], random.split());
      RowBitmap filter = filters[s];
      filterCounts[s] = filter == null ? rows : filter.cardinality();
    }
    queries =
        new RecallSample(vectors, metric, filters, LIMIT_MAX, monitor)
            .draw(plan.queries(), random.split());
    recalls = new float[shares * LIMITS.length * plan.efforts().length];
    Arrays.fill(recalls, Float.NaN);
  }

  /**
   * Measures, or answers null where there are too few rows to tell, or rows of bytes or bits.
   *
   * @param monitor is told all rows, and may stop it
   */
  public static @Nullable RecallCurve curve(
      RecallProbe index,
      VectorData vectors,
      Metric metric,
      RecallPlan plan,
      long seed,
      BuildMonitor monitor) {
    boolean floats =
        vectors.type() == DataType.FLOAT_VECTOR
            || vectors.type() == DataType.FLOAT16_VECTOR
            || vectors.type() == DataType.BFLOAT16_VECTOR;
    if (!floats || vectors.count() < 10 * LIMIT_MAX) {
      return null;
    }
    RecallMeasure measure = new RecallMeasure(index, vectors, metric, plan, seed, monitor);
    for (int s = 0; s < plan.shares().length; s++) {
      measure.share(s);
    }
    return new RecallCurve(
        plan.shares(), LIMITS, plan.efforts(), measure.queries.size(), measure.recalls);
  }

  private static RowBitmap random(int rows, double share, SplittableRandom random) {
    RowBitmap allowed = new RowBitmap(rows);
    for (int row = 0; row < rows; row++) {
      if (random.nextDouble() < share) {
        allowed.set(row);
      }
    }
    return allowed;
  }

  private void share(int share) {
    for (int e = 0; e < plan.efforts().length; e++) {
      if (effort(share, e)) {
        return;
      }
    }
  }

  /** Measures one effort and answers whether more of it would be of no use. */
  private boolean effort(int share, int e) {
    int effort = plan.efforts()[e];
    double[] sums = new double[LIMITS.length];
    double[] squares = new double[LIMITS.length];
    double[] wanted = new double[LIMITS.length];
    for (RecallSample.Query query : queries) {
      float[] truth = query.truths()[share];
      Neighbors near = answer(query, share, effort);
      for (int l = 0; l < LIMITS.length; l++) {
        int most = Math.min(LIMITS[l], truth.length);
        double found = most == 0 ? 1 : (double) hits(near, truth, most) / most;
        sums[l] += found;
        squares[l] += found * found;
        wanted[l] += most;
      }
      if (++measured % 16 == 0) {
        monitor.progress(rows);
      }
    }
    boolean enough = true;
    for (int l = 0; l < LIMITS.length; l++) {
      double assured = assured(sums[l], squares[l], wanted[l]);
      recalls[(share * LIMITS.length + l) * plan.efforts().length + e] = (float) assured;
      enough &= sums[l] / queries.size() >= ENOUGH;
    }
    return enough;
  }

  private Neighbors answer(RecallSample.Query query, int share, int effort) {
    RowBitmap filter = filters[share];
    int row = query.row();
    if (filter == null) {
      return index.search(query.vector(), LIMIT_MAX, null, rows - 1, effort, row);
    }
    boolean passes = filter.get(row);
    filter.clear(row);
    int allowed = filterCounts[share] - (passes ? 1 : 0);
    Neighbors near = index.search(query.vector(), LIMIT_MAX, filter, allowed, effort, row);
    if (passes) {
      filter.set(row);
    }
    return near;
  }

  /** By distance, since of equally near rows any may be answered. */
  private static int hits(Neighbors near, float[] truth, int most) {
    float farthest = truth[most - 1];
    float rounding = 4e-6f * Math.max(Math.abs(farthest), Math.abs(truth[0]));
    int hits = 0;
    while (hits < Math.min(most, near.size()) && !(near.distances()[hits] > farthest + rounding)) {
      hits++;
    }
    return hits;
  }

  /**
   * The mean less some standard errors, and half a result, since a sample without misses proves
   * little.
   */
  private double assured(double sum, double squares, double wanted) {
    int n = queries.size();
    double mean = sum / n;
    double variance = Math.max(0, squares / n - mean * mean);
    return mean - ERRORS * Math.sqrt(variance / n) - 0.5 / Math.max(1, wanted);
  }
}
