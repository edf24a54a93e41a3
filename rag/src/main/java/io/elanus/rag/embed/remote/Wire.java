package io.elanus.rag.embed.remote;

import io.elanus.rag.embed.Embedder.Purpose;
import java.util.List;

/** A provider's spelling of a question and its answer. */
interface Wire {
  /** Behind the base URL, with its slash. */
  String path();

  byte[] question(List<String> texts, Purpose purpose);

  /**
   * The vectors in the texts' order, as the provider sent them.
   *
   * @throws MalformedAnswer where it is not one vector per text
   */
  List<float[]> answer(byte[] body, int texts) throws MalformedAnswer;

  /** The provider said something that is no answer. */
  final class MalformedAnswer extends Exception {
    private static final long serialVersionUID = 1;

    MalformedAnswer(String sentence) {
      super(sentence);
    }
  }
}
