package io.elanus.app.rag;

/**
 * {@code rag.reembedding}: how a collection comes to vectors of another model.
 *
 * @param shadowShare of real questions that are asked of both collections, in quiet times
 * @param textsPerSecond handed to the model; 0 for as many as it takes
 */
public record ReembedSettings(double shadowShare, int textsPerSecond) {
  private static final double SHADOW_SHARE = 0.05;

  static ReembedSettings of(Section section) {
    return new ReembedSettings(
        section.fraction("shadow-share", SHADOW_SHARE),
        section.number("texts-per-second", 0, 0, 1_000_000));
  }
}
