package io.elanus.rag.embed;

/** Counts tokens as a model does. Safe for many threads. */
public interface Tokens {
  /** How many tokens the text is, without those the model adds at its ends. */
  int count(String text);

  /**
   * Where tokens lie in the text.
   *
   * @return starts and ends in UTF-16 units, {@code [start0, end0, start1, end1, …]}, ascending
   */
  int[] offsets(String text);
}
