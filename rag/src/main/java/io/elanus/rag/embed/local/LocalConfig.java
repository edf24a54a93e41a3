package io.elanus.rag.embed.local;

import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Which model runs in this process, and how.
 *
 * @param name that collections remember
 * @param files the user's own; empty for the model in the box
 * @param tokensMax a text longer than this, with the tokens the model adds at its ends, is cut off
 * @param pooling how the vectors of tokens become one
 * @param queryPrefix put before every query, as E5 and BGE models want it
 * @param documentPrefix put before every document
 * @param waitingTextsMax texts that may wait for a thread; more are refused with BUSY
 */
public record LocalConfig(
    String name,
    Optional<Files> files,
    int tokensMax,
    Pooling pooling,
    String queryPrefix,
    String documentPrefix,
    int waitingTextsMax) {

  /** A model as ONNX and its tokenizer as Hugging Face's {@code tokenizer.json}. */
  public record Files(Path model, Path tokenizer) {}

  /** How the vectors of tokens become one. */
  public enum Pooling {
    /** The mean over all tokens, those at the ends included, as Sentence-BERT does. */
    MEAN,
    /** The first token's. */
    FIRST
  }

  /** all-MiniLM-L6-v2 with weights of 8 bits, out of the box: 384 dimensions. */
  public static final LocalConfig MINI_LM =
      new LocalConfig("all-minilm-l6-v2-q", Optional.empty(), 256, Pooling.MEAN, "", "", 1_000_000);

  public LocalConfig {
    if (tokensMax < 8 || tokensMax > 65_536) {
      throw new ElanusException(
          ErrorCode.INVALID_ARGUMENT,
          "tokens-max of the model %s must lie between 8 and 65536, got %d"
              .formatted(name, tokensMax));
    }
  }
}
