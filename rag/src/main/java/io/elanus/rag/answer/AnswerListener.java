package io.elanus.rag.answer;

import java.util.List;

/** Told of an answer while it is made, on the calling thread. */
public interface AnswerListener {
  /** Wants nothing before the answer is whole. */
  AnswerListener NONE =
      new AnswerListener() {
        @Override
        public void passages(List<NumberedPassage> passages) {}

        @Override
        public void delta(String text) {}

        @Override
        public void citation(NumberedPassage passage) {}
      };

  /** Once, before anything else. */
  void passages(List<NumberedPassage> passages);

  /** A piece of the text; all of them together are the answer's text. */
  void delta(String text);

  /** When a passage is cited for the first time. */
  void citation(NumberedPassage passage);
}
