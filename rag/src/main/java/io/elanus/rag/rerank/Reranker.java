package io.elanus.rag.rerank;

import java.time.Duration;
import java.util.List;

/**
 * Scores passages against a question. Safe for many threads; calls block.
 *
 * <p>Fails with {@link io.elanus.model.error.ElanusException}; whoever asks goes on without.
 */
public interface Reranker extends AutoCloseable {
  /** Most passages that one question is reranked with. */
  int CANDIDATES_MAX = 200;

  /** What tells the scores of two rerankers apart, for cache keys: the model, and where it is. */
  String name();

  /** How many candidates it looks at unless more are asked for, up to {@link #CANDIDATES_MAX}. */
  int candidates();

  /**
   * One finite score per text, in their order; larger is better.
   *
   * @param patience after which the answer is of no use any more
   */
  double[] scores(String query, List<String> texts, Duration patience);

  @Override
  void close();
}
