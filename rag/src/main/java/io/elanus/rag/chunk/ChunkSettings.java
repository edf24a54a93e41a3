package io.elanus.rag.chunk;

import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import java.util.Arrays;
import java.util.Locale;

/**
 * How documents are cut.
 *
 * @param tokens most in a chunk, as the embedder's model counts; less where the model reads less
 * @param overlap most tokens of a chunk that the next one begins with
 * @param percentile of the semantic chunker: which share of the distances between neighbouring
 *     sentences is no boundary, in percent
 */
public record ChunkSettings(Kind kind, int tokens, int overlap, int percentile) {
  public static final int TOKENS_MIN = 16;
  public static final int TOKENS_MAX = 8_192;
  public static final int TOKENS_DEFAULT = 500;
  public static final int PERCENTILE_DEFAULT = 95;

  /** The chunkers, by their names. */
  public enum Kind {
    /** A window of tokens that slides, whatever the text says. */
    FIXED,
    /** Whole sentences. */
    SENTENCE,
    /** Whole sentences, cut where the model finds them far from each other. */
    SEMANTIC,
    /** Sections by their headings; inside of them paragraphs, lines, sentences. */
    HEADING;

    /**
     * @throws ElanusException INVALID_ARGUMENT that names the known ones
     */
    public static Kind named(String name) {
      return Arrays.stream(values())
          .filter(kind -> kind.spelled().equals(name))
          .findFirst()
          .orElseThrow(
              () ->
                  bad(
                      "the chunker %s is unknown; known are %s"
                          .formatted(name, Arrays.stream(values()).map(Kind::spelled).toList())));
    }

    public String spelled() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public ChunkSettings {
    if (tokens < TOKENS_MIN || tokens > TOKENS_MAX) {
      throw bad(
          "a chunk has from %d to %d tokens, asked were %d"
              .formatted(TOKENS_MIN, TOKENS_MAX, tokens));
    }
    if (overlap < 0 || overlap > tokens / 2) {
      throw bad(
          "chunks of %d tokens overlap by at most %d, asked were %d"
              .formatted(tokens, tokens / 2, overlap));
    }
    if (percentile < 50 || percentile > 99) {
      throw bad("the percentile is from 50 to 99, asked was %d".formatted(percentile));
    }
  }

  /** Of a size, with an overlap of a tenth. */
  public static ChunkSettings of(Kind kind, int tokens) {
    return new ChunkSettings(kind, tokens, tokens / 10, PERCENTILE_DEFAULT);
  }

  /** As much as the model reads, where more was asked for; the overlap's share stays. */
  public ChunkSettings within(int modelTokensMax) {
    if (modelTokensMax >= tokens) {
      return this;
    }
    return new ChunkSettings(
        kind, modelTokensMax, (int) ((long) overlap * modelTokensMax / tokens), percentile);
  }

  private static ElanusException bad(String message) {
    return new ElanusException(ErrorCode.INVALID_ARGUMENT, message);
  }
}
