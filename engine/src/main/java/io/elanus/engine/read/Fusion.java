package io.elanus.engine.read;

import io.elanus.engine.segment.SegmentKey;
import io.elanus.model.query.Ranker;
import io.elanus.model.schema.Metric;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Fuses the hit lists of a hybrid search into one. */
final class Fusion {
  private Fusion() {}

  /**
   * One list of hits, with the metric its distances are of.
   *
   * @param hits best first
   */
  record Ranked(List<Hit> hits, Metric metric) {}

  /** Best first; the distance of a fused hit is its fused score, negated. */
  static List<Hit> fuse(List<Ranked> lists, Ranker ranker) {
    Map<Object, Hit> hits = new LinkedHashMap<>();
    Map<Object, Double> scores = new LinkedHashMap<>();
    for (int list = 0; list < lists.size(); list++) {
      Ranked ranked = lists.get(list);
      for (int i = 0; i < ranked.hits().size(); i++) {
        Hit hit = ranked.hits().get(i);
        double score =
            switch (ranker) {
              case Ranker.Rrf rrf -> 1 / (rrf.k() + i + 1);
              case Ranker.Weighted weighted ->
                  weighted.weights().get(list)
                      * normalized(ranked.metric(), hit.distance(), weighted.normalizeScores());
            };
        hits.putIfAbsent(hit.key(), hit);
        scores.merge(hit.key(), score, Double::sum);
      }
    }
    List<Hit> fused = new ArrayList<>();
    hits.forEach(
        (key, hit) ->
            fused.add(
                new Hit(
                    key,
                    (float) -java.util.Objects.requireNonNull(scores.get(key)),
                    hit.segment(),
                    hit.row())));
    fused.sort(
        Comparator.comparingDouble(Hit::distance).thenComparing(Hit::key, SegmentKey::compare));
    return fused;
  }

  /** Larger is better afterwards: arctan brings unbounded scores into [0, 1]. */
  private static double normalized(Metric metric, float distance, boolean normalize) {
    double score = metric.score(distance);
    if (!metric.largerIsBetter()) {
      return 1 - 2 * Math.atan(score) / Math.PI;
    }
    if (!normalize) {
      return score;
    }
    return metric == Metric.COSINE ? (1 + score) / 2 : 0.5 + Math.atan(score) / Math.PI;
  }
}
