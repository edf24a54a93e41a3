package io.elanus.index.recall;

import io.elanus.index.BuildMonitor;
import io.elanus.index.Neighbors;
import io.elanus.index.RowBitmap;
import io.elanus.index.VectorData;
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
 * memory is read once, and for each share and query searches at rising efforts until everything is
 * found, for all limits or for each.
 */
public final class RecallMeasure {
  private static final int[] LIMITS = {1, 10, 100};
  private static final int LIMIT_MAX = 100;

  /** With fewer, a sample tells little. */
  private static final int ROWS_MIN = 10 * LIMIT_MAX;

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
        new RecallSample(vectors, metric, filters, LIMIT_MAX, monitor).of(asked(rows, plan, seed));
    recalls = new float[shares * LIMITS.length * plan.efforts().length];
    Arrays.fill(recalls, Float.NaN);
  }

  /**
   * The rows that {@link #curve} searches for with this seed, ascending; none where there are too
   * few rows to tell. What is trained on rows is trained without these, so that it fits them no
   * better than any query.
   */
  public static int[] asked(int rows, RecallPlan plan, long seed) {
    return rows < ROWS_MIN ? new int[0] : RecallSample.rows(plan.queries(), rows, seed);
  }

  /**
   * Measures, or answers null where there are too few rows to tell.
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
    if (vectors.count() < ROWS_MIN) {
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
    double[][] sums = new double[LIMITS.length][plan.efforts().length];
    double[][] squares = new double[LIMITS.length][plan.efforts().length];
    double[] wanted = new double[LIMITS.length];
    for (RecallSample.Query query : queries) {
      double[][] found = found(query, share);
      for (int l = 0; l < LIMITS.length; l++) {
        wanted[l] += Math.min(LIMITS[l], query.truths()[share].length);
        for (int e = 0; e < found[l].length; e++) {
          sums[l][e] += found[l][e];
          squares[l][e] += found[l][e] * found[l][e];
        }
      }
      monitor.progress(rows);
    }
    boolean enough = false;
    for (int e = 0; e < plan.efforts().length && !enough; e++) {
      enough = true;
      for (int l = 0; l < LIMITS.length; l++) {
        recalls[(share * LIMITS.length + l) * plan.efforts().length + e] =
            (float) assured(sums[l][e], squares[l][e], wanted[l]);
        enough &= sums[l][e] / queries.size() >= ENOUGH;
      }
    }
  }

  /** The share of its true neighbours that a query finds, by limit and effort. */
  private double[][] found(RecallSample.Query query, int share) {
    double[][] found = new double[LIMITS.length][plan.efforts().length];
    RowBitmap filter = filters[share];
    int row = query.row();
    boolean passes = filter == null || filter.get(row);
    int allowed = filterCounts[share] - (passes ? 1 : 0);
    if (filter != null && passes) {
      filter.clear(row);
    }
    for (int l = LIMITS.length - 1; l >= 0; l--) {
      if (plan.limitsApart() || l == LIMITS.length - 1) {
        RecallProbe.Asked asked =
            new RecallProbe.Asked(query.vector(), LIMITS[l], filter, allowed, row);
        int first = plan.limitsApart() ? l : 0;
        index.search(asked, plan.efforts(), new Tally(found, first, l, query.truths()[share]));
      }
    }
    if (filter != null && passes) {
      filter.set(row);
    }
    return found;
  }

  /** Counts the answers of one query for some limits. */
  private static final class Tally implements RecallProbe.Answers {
    private final double[][] found;
    private final int firstLimit;
    private final int lastLimit;
    private final float[] truth;
    private int effort;

    Tally(double[][] found, int firstLimit, int lastLimit, float[] truth) {
      this.found = found;
      this.firstLimit = firstLimit;
      this.lastLimit = lastLimit;
      this.truth = truth;
    }

    @Override
    public boolean next(Neighbors near) {
      boolean missing = false;
      for (int l = firstLimit; l <= lastLimit; l++) {
        int most = Math.min(LIMITS[l], truth.length);
        double share = most == 0 ? 1 : (double) hits(near, truth, most) / most;
        missing |= share < 1;
        found[l][effort] = share;
      }
      effort++;
      if (!missing) {
        // More effort finds no less.
        for (int l = firstLimit; l <= lastLimit; l++) {
          Arrays.fill(found[l], effort, found[l].length, 1);
        }
      }
      return missing;
    }
  }

  /** By distance, since of equally near rows any may be answered. */
  private static int hits(Neighbors near, float[] truth, int most) {
    float farthest = truth[most - 1];
    float rounding = 4e-6f * Math.max(Math.abs(farthest), Math.abs(truth[0]));
    int hits = 0;
    for (int i = 0; i < Math.min(most, near.size()); i++) {
      hits += near.distances()[i] > farthest + rounding ? 0 : 1;
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
