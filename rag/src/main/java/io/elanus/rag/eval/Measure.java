package io.elanus.rag.eval;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A number between 0 and 1 for one ranking, as trec_eval defines it. Gains above zero are relevant;
 * documents without a judgment have none. A document that comes a second time counts as another one
 * that is not relevant.
 *
 * @param cut ranks that count; 0 for all
 */
public record Measure(Kind kind, int cut) {
  /** What is measured. */
  public enum Kind {
    /**
     * Gains discounted by log2 of rank + 1, over the best order's (Järvelin and Kekäläinen 2002).
     */
    NDCG("nDCG"),
    /** Mean of the precisions at the ranks of relevant documents, over all relevant ones. */
    AVERAGE_PRECISION("MAP"),
    /** One over the rank of the first relevant document. */
    RECIPROCAL_RANK("MRR"),
    RECALL("recall"),
    PRECISION("precision");

    private final String label;

    Kind(String label) {
      this.label = label;
    }
  }

  /** As {@code nDCG@10}. */
  public String name() {
    return cut == 0 ? kind.label : kind.label + "@" + cut;
  }

  /**
   * @param ranked ids, best first
   * @param gains by id
   */
  public double of(List<String> ranked, Map<String, Integer> gains) {
    int depth = cut == 0 ? ranked.size() : Math.min(cut, ranked.size());
    int[] found = new int[depth];
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < depth; i++) {
      String id = ranked.get(i);
      found[i] = seen.add(id) ? Math.max(0, gains.getOrDefault(id, 0)) : 0;
    }
    long relevant = gains.values().stream().filter(gain -> gain > 0).count();
    if (relevant == 0) {
      return 0;
    }
    return switch (kind) {
      case NDCG -> discounted(found) / discounted(ideal(gains));
      case AVERAGE_PRECISION -> precisions(found) / relevant;
      case RECIPROCAL_RANK -> reciprocalRank(found);
      case RECALL -> (double) hits(found) / relevant;
      case PRECISION -> depth == 0 ? 0 : (double) hits(found) / (cut == 0 ? depth : cut);
    };
  }

  private int[] ideal(Map<String, Integer> gains) {
    int[] sorted = gains.values().stream().filter(g -> g > 0).mapToInt(g -> -g).sorted().toArray();
    int[] best = Arrays.copyOf(sorted, cut == 0 ? sorted.length : Math.min(cut, sorted.length));
    for (int i = 0; i < best.length; i++) {
      best[i] = -best[i];
    }
    return best;
  }

  private static double discounted(int[] gains) {
    double sum = 0;
    for (int i = 0; i < gains.length; i++) {
      sum += gains[i] / (Math.log(i + 2) / Math.log(2));
    }
    return sum;
  }

  private static double precisions(int[] found) {
    double sum = 0;
    int hits = 0;
    for (int i = 0; i < found.length; i++) {
      if (found[i] > 0) {
        hits++;
        sum += (double) hits / (i + 1);
      }
    }
    return sum;
  }

  private static double reciprocalRank(int[] found) {
    for (int i = 0; i < found.length; i++) {
      if (found[i] > 0) {
        return 1.0 / (i + 1);
      }
    }
    return 0;
  }

  private static int hits(int[] found) {
    int hits = 0;
    for (int gain : found) {
      hits += gain > 0 ? 1 : 0;
    }
    return hits;
  }
}
