package io.elanus.rag.reembed.shadow;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** How much alike two rankings are, from 0 to 1. Rankings name nothing twice. */
final class Agreement {
  /** Of each further rank: the first ten have 86 % of the weight. */
  static final double PERSISTENCE = 0.9;

  private Agreement() {}

  /** The share that both have among their first {@code depth}, of what the longer one has there. */
  static double overlap(List<String> one, List<String> other, int depth) {
    Set<String> first = new HashSet<>(one.subList(0, Math.min(depth, one.size())));
    List<String> second = other.subList(0, Math.min(depth, other.size()));
    int most = Math.max(first.size(), second.size());
    return most == 0 ? 1 : (double) second.stream().filter(first::contains).count() / most;
  }

  /**
   * Rank-biased overlap, extrapolated from the depth that both were seen to (Webber, Moffat and
   * Zobel 2010, equation 32, for lists that may differ in length): 1 for equal rankings.
   */
  static double rankBiased(List<String> one, List<String> other) {
    List<String> shorter = one.size() <= other.size() ? one : other;
    List<String> longer = shorter == one ? other : one;
    int s = shorter.size();
    int l = longer.size();
    if (s == 0) {
      return l == 0 ? 1 : 0;
    }
    double p = PERSISTENCE;
    Set<String> inShorter = new HashSet<>();
    Set<String> inLonger = new HashSet<>();
    double sum = 0;
    double weight = 1;
    int common = 0;
    int commonAtShort = 0;
    for (int depth = 1; depth <= l; depth++) {
      String added = longer.get(depth - 1);
      inLonger.add(added);
      if (depth <= s) {
        String beside = shorter.get(depth - 1);
        inShorter.add(beside);
        common += added.equals(beside) ? 1 : 0;
        common += !added.equals(beside) && inShorter.contains(added) ? 1 : 0;
        common += !added.equals(beside) && inLonger.contains(beside) ? 1 : 0;
        commonAtShort = common;
      } else {
        common += inShorter.contains(added) ? 1 : 0;
      }
      weight *= p;
      sum += weight * common / depth;
      if (depth > s) {
        sum += weight * commonAtShort * (depth - s) / ((double) s * depth);
      }
    }
    return (1 - p) / p * sum
        + ((double) (common - commonAtShort) / l + (double) commonAtShort / s) * weight;
  }
}
