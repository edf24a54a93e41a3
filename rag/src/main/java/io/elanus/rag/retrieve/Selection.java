package io.elanus.rag.retrieve;

import io.elanus.rag.knowledge.Chunk;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** From ranked candidates to the passages that are shown; fetches each chunk once. */
final class Selection {
  /** Candidates that passages unlike each other are picked from, per passage. */
  private static final int POOL_FACTOR = 5;

  private static final int POOL_MIN = 50;

  private final PinnedRows rows;
  private final Question question;
  private final Map<String, Chunk> chunks = new HashMap<>();
  private final Set<String> fetched = new HashSet<>();

  Selection(PinnedRows rows, Question question) {
    this.rows = rows;
    this.question = question;
  }

  /** The best candidate of each document, where that is asked for; else all. */
  List<Candidate> distinct(List<Candidate> candidates) {
    if (!question.byDocument()) {
      return candidates;
    }
    Map<String, String> sources = rows.sources(candidates.stream().map(Candidate::id).toList());
    Set<String> seen = new HashSet<>();
    List<Candidate> best = new ArrayList<>();
    for (Candidate candidate : candidates) {
      String source = sources.get(candidate.id());
      if (source != null && seen.add(source)) {
        best.add(candidate);
      }
    }
    return best;
  }

  /** The chunk of a candidate, fetched with its neighbours in rank; null where its row is gone. */
  @Nullable Chunk chunk(String id, List<Candidate> ranked, int count) {
    if (!fetched.contains(id)) {
      fetch(ranked.subList(0, Math.min(count, ranked.size())));
    }
    return chunks.get(id);
  }

  private void fetch(List<Candidate> wanted) {
    List<String> missing = new ArrayList<>();
    for (Candidate candidate : wanted) {
      if (fetched.add(candidate.id())) {
        missing.add(candidate.id());
      }
    }
    chunks.putAll(rows.chunks(missing));
  }

  /** At most {@code topK}, best first. */
  List<Passage> passages(List<Candidate> ranked) {
    List<Candidate> chosen =
        question.diversity() > 0
            ? spread(ranked)
            : ranked.subList(0, Math.min(question.topK(), ranked.size()));
    fetch(chosen);
    List<Passage> passages = new ArrayList<>();
    for (Candidate candidate : chosen) {
      Chunk chunk = chunks.get(candidate.id());
      if (chunk != null) {
        passages.add(new Passage(chunk, score(candidate), candidate.why(), List.of(), List.of()));
      }
    }
    return question.neighbours() == 0
        ? passages
        : new Surroundings(rows, question.neighbours()).of(passages);
  }

  private List<Candidate> spread(List<Candidate> ranked) {
    int pool = Math.max(POOL_MIN, POOL_FACTOR * question.topK());
    List<Candidate> candidates = new ArrayList<>();
    List<float[]> vectors = new ArrayList<>();
    List<Candidate> first = ranked.subList(0, Math.min(pool, ranked.size()));
    Map<String, float[]> stored = rows.vectors(first.stream().map(Candidate::id).toList());
    for (Candidate candidate : first) {
      float[] vector = stored.get(candidate.id());
      if (vector != null) {
        candidates.add(candidate);
        vectors.add(vector);
      }
    }
    double[] scores = candidates.stream().mapToDouble(Selection::score).toArray();
    return Diversity.choose(scores, vectors, question.diversity(), question.topK()).stream()
        .map(candidates::get)
        .toList();
  }

  /** Of the last stage that saw it. */
  private static double score(Candidate candidate) {
    Passage.Why why = candidate.why();
    for (Passage.Stage stage : List.of(why.reranked(), why.fused(), why.dense(), why.text())) {
      if (stage.score().isPresent()) {
        return stage.score().getAsDouble();
      }
    }
    throw new IllegalStateException("a candidate that no stage found");
  }
}
