package io.elanus.rag.retrieve;

import io.elanus.rag.retrieve.Passage.Stage;

/** A row on its way to being a passage: what each stage said of it so far. */
record Candidate(String id, Stage dense, Stage text, Stage fused, Stage reranked) {
  static Candidate named(String id) {
    return new Candidate(id, Stage.ABSENT, Stage.ABSENT, Stage.ABSENT, Stage.ABSENT);
  }

  Candidate withDense(Stage stage) {
    return new Candidate(id, stage, text, fused, reranked);
  }

  Candidate withText(Stage stage) {
    return new Candidate(id, dense, stage, fused, reranked);
  }

  Candidate withFused(Stage stage) {
    return new Candidate(id, dense, text, stage, reranked);
  }

  Candidate withReranked(Stage stage) {
    return new Candidate(id, dense, text, fused, stage);
  }

  Passage.Why why() {
    return new Passage.Why(dense, text, fused, reranked);
  }
}
