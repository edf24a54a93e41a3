package io.elanus.index.recall;

import io.elanus.model.query.SearchParams;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * How hard an index looks: as hard as the user says, or as its curve says that the recall needs
 * which the user wants.
 *
 * <p>An effort that the user names is meant without a filter. Under a filter it is raised to what
 * reaches the same recall there, so that a filter costs time rather than rows.
 */
public final class Efforts {
  /** What fewer misses cost without a curve. */
  private static final double MISS_POWER = 0.6;

  /** The recall that the fallback stands for. */
  private static final double USUAL = 0.95;

  private final String name;
  private final int fallback;
  private final OptionalDouble usual;
  private final double filterPower;
  private final @Nullable RecallCurve curve;
  private volatile Raised last = new Raised(0, 0, 0, 0);
  private volatile Reached lastReached = new Reached(0, 0, 0);

  private record Raised(int effort, int limit, double share, int to) {}

  private record Reached(int effort, int limit, double recall) {}

  /**
   * @param name of the parameter that says an effort
   * @param fallback the effort where nothing else is said, or where there is no curve
   * @param usual the recall where nothing is said and there is a curve; empty to take the fallback
   * @param filterPower without a curve, efforts are multiplied by the share to this power
   * @param curve null for a file without
   */
  public Efforts(
      String name,
      int fallback,
      OptionalDouble usual,
      double filterPower,
      @Nullable RecallCurve curve) {
    this.name = name;
    this.fallback = fallback;
    this.usual = usual;
    this.filterPower = filterPower;
    this.curve = curve;
  }

  /** The curve, or null. */
  public @Nullable RecallCurve curve() {
    return curve;
  }

  /**
   * The effort of a query.
   *
   * @param share of the rows that are allowed where the query lies
   */
  public int of(SearchParams params, int limit, double share) {
    OptionalInt said = params.integer(name);
    OptionalDouble wanted = RecallWanted.of(params);
    if (said.isEmpty() && wanted.isEmpty() && curve != null) {
      wanted = usual;
    }
    if (said.isPresent() || wanted.isEmpty()) {
      return raised(said.orElse(fallback), limit, share);
    }
    if (curve != null) {
      return curve.effort(wanted.getAsDouble(), limit, share);
    }
    double misses = (1 - USUAL) / (1 - wanted.getAsDouble());
    return raised((int) Math.ceil(fallback * Math.pow(misses, MISS_POWER)), limit, share);
  }

  /**
   * The recall that a query asks for, or that the effort it names reaches without a filter; for
   * what looks otherwise than by efforts.
   */
  public double recall(SearchParams params, int limit) {
    OptionalInt said = params.integer(name);
    OptionalDouble wanted = RecallWanted.of(params);
    if (said.isEmpty() && wanted.isPresent()) {
      return wanted.getAsDouble();
    }
    if (said.isEmpty() && curve != null && usual.isPresent()) {
      return usual.getAsDouble();
    }
    if (curve == null) {
      return RecallWanted.MAX;
    }
    int effort = Math.max(limit, said.orElse(fallback));
    Reached known = lastReached;
    if (known.effort != effort || known.limit != limit) {
      known = new Reached(effort, limit, curve.recall(effort, limit, 1));
      lastReached = known;
    }
    return known.recall;
  }

  private int raised(int effort, int limit, double share) {
    if (share >= 1) {
      return effort;
    }
    if (curve == null) {
      return (int) Math.min(Integer.MAX_VALUE / 4, effort * Math.pow(share, filterPower));
    }
    // Queries come in series under one filter, and a curve is slow to ask for a recall.
    Raised known = last;
    if (known.effort != effort || known.limit != limit || known.share != share) {
      double recall = curve.recall(Math.max(limit, effort), limit, 1);
      int there = curve.effort(recall, limit, share);
      known = new Raised(effort, limit, share, Math.max(effort, there));
      last = known;
    }
    return known.to;
  }
}
