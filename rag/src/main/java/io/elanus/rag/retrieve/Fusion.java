package io.elanus.rag.retrieve;

import io.elanus.rag.retrieve.Passage.Stage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/**
 * Reciprocal rank fusion: Σ weight / (k + rank), rank from 1 (Cormack, Clarke, Büttcher 2009).
 * Equal sums are ordered by the better rank, then by key, so that one state has one answer.
 */
final class Fusion {
  private Fusion() {}

  /** Hits of one way of searching, best first. */
  record Ranked(List<String> ids, float[] scores) {
    static final Ranked NONE = new Ranked(List.of(), new float[0]);
  }

  private static final class Sum {
    Candidate candidate;
    double score;
    int best = Integer.MAX_VALUE;

    Sum(Candidate candidate) {
      this.candidate = candidate;
    }
  }

  static List<Candidate> fuse(Ranked dense, Ranked text, Tuning tuning) {
    Map<String, Sum> sums = new LinkedHashMap<>();
    add(sums, dense, tuning.denseWeight(), tuning, Candidate::withDense);
    add(sums, text, tuning.textWeight(), tuning, Candidate::withText);
    List<Sum> ordered = new ArrayList<>(sums.values());
    ordered.sort(
        Comparator.comparingDouble((Sum sum) -> -sum.score)
            .thenComparingInt(sum -> sum.best)
            .thenComparing(sum -> sum.candidate.id()));
    List<Candidate> fused = new ArrayList<>(ordered.size());
    for (Sum sum : ordered) {
      fused.add(sum.candidate.withFused(Stage.of(fused.size() + 1, sum.score)));
    }
    return fused;
  }

  private static void add(
      Map<String, Sum> sums,
      Ranked ranked,
      double weight,
      Tuning tuning,
      BiFunction<Candidate, Stage, Candidate> seen) {
    for (int i = 0; i < ranked.ids().size(); i++) {
      Sum sum = sums.computeIfAbsent(ranked.ids().get(i), id -> new Sum(Candidate.named(id)));
      sum.candidate = seen.apply(sum.candidate, Stage.of(i + 1, ranked.scores()[i]));
      sum.score += weight / (tuning.fusionConstant() + i + 1);
      sum.best = Math.min(sum.best, i + 1);
    }
  }

  /** One way of searching alone: its order stays, nothing is fused. */
  static List<Candidate> alone(Ranked ranked, BiFunction<Candidate, Stage, Candidate> seen) {
    List<Candidate> all = new ArrayList<>();
    for (int i = 0; i < ranked.ids().size(); i++) {
      Stage stage = Stage.of(i + 1, ranked.scores()[i]);
      all.add(seen.apply(Candidate.named(ranked.ids().get(i)), stage));
    }
    return all;
  }
}
