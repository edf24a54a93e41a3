package io.elanus.app.rag.reembed;

/**
 * {@code rag.reembedding}: how a collection comes to vectors of another model.
 *
 * @param shadowShare of real questions that are asked of both collections, in quiet times
 * @param textsPerSecond handed to the model; 0 for as many as it takes
 */
public record ReembedSettings(double shadowShare, int textsPerSecond) {
  public static final ReembedSettings DEFAULT = new ReembedSettings(0.05, 0);
}
