package io.elanus.rag.retrieve;

import io.elanus.model.error.ElanusException;
import io.elanus.rag.knowledge.Chunk;
import io.elanus.rag.rerank.Reranker;
import io.elanus.rag.retrieve.Passage.Stage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Orders the first candidates by a reranker; without its answer they stay as they are. */
record Reranking(Reranker reranker) {
  record Outcome(List<Candidate> candidates, List<String> degraded) {}

  /** Candidates that the reranker did not look at are left out, unless it did not answer. */
  Outcome of(
      Question question, List<Candidate> candidates, Selection selection, Duration patience) {
    int count = Math.min(Reranker.CANDIDATES_MAX, Math.max(question.topK(), reranker.candidates()));
    List<Candidate> first = new ArrayList<>();
    List<String> texts = new ArrayList<>();
    for (Candidate candidate : candidates.subList(0, Math.min(count, candidates.size()))) {
      Chunk chunk = selection.chunk(candidate.id(), candidates, count);
      if (chunk != null) {
        first.add(candidate);
        texts.add(chunk.text());
      }
    }
    if (texts.isEmpty()) {
      return new Outcome(candidates, List.of());
    }
    try {
      double[] scores = reranker.scores(question.text(), texts, patience);
      return new Outcome(ordered(first, scores), List.of());
    } catch (ElanusException e) {
      return new Outcome(
          candidates, List.of("the order is that before reranking: " + e.getMessage()));
    }
  }

  private static List<Candidate> ordered(List<Candidate> candidates, double[] scores) {
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < scores.length; i++) {
      order.add(i);
    }
    order.sort(Comparator.comparingDouble(i -> -scores[i]));
    List<Candidate> ordered = new ArrayList<>();
    for (int place : order) {
      Stage stage = Stage.of(ordered.size() + 1, scores[place]);
      ordered.add(candidates.get(place).withReranked(stage));
    }
    return ordered;
  }
}
