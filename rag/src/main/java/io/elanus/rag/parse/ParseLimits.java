package io.elanus.rag.parse;

import java.time.Duration;

/**
 * What one document may cost.
 *
 * @param documentBytesMax of the file itself
 * @param textCharsMax of what it says, in UTF-16 units
 * @param blocksMax paragraphs and the like
 * @param depthMax elements inside elements
 * @param time of one document in a child
 */
public record ParseLimits(
    int documentBytesMax, int textCharsMax, int blocksMax, int depthMax, Duration time) {
  public static final ParseLimits DEFAULT =
      new ParseLimits(40 << 20, 16 << 20, 200_000, 1_000, Duration.ofSeconds(60));
}
