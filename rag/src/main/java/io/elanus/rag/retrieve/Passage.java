package io.elanus.rag.retrieve;

import io.elanus.rag.knowledge.Chunk;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * A chunk that was found.
 *
 * @param score that it is ranked by, larger is better; comparable inside one answer only
 * @param before neighbours asked for, in the document's order
 * @param after likewise
 */
public record Passage(Chunk chunk, double score, Why why, List<Chunk> before, List<Chunk> after) {
  public Passage {
    before = List.copyOf(before);
    after = List.copyOf(after);
  }

  /**
   * Why it stands where it stands. Ranks count from 1 and are absent where a stage did not find the
   * chunk or did not run.
   *
   * @param dense cosine of the vectors, and its rank
   * @param text BM25, and its rank
   * @param fused reciprocal rank fusion of both
   * @param reranked the reranker's own score, and its rank
   */
  public record Why(Stage dense, Stage text, Stage fused, Stage reranked) {}

  /** One stage's view of a chunk. */
  public record Stage(OptionalInt rank, OptionalDouble score) {
    public static final Stage ABSENT = new Stage(OptionalInt.empty(), OptionalDouble.empty());

    public static Stage of(int rank, double score) {
      return new Stage(OptionalInt.of(rank), OptionalDouble.of(score));
    }
  }
}
