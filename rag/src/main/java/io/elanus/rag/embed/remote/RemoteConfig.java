package io.elanus.rag.embed.remote;

import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import java.net.URI;
import java.time.Duration;

/**
 * A provider of embeddings.
 *
 * @param base up to and with the version, as {@code http://localhost:11434/v1}
 * @param model the provider's name for it
 * @param version what the user tells its revisions apart by; may be empty
 * @param dimension every vector must have; for OpenAI's models also asked for, if {@code
 *     askDimension}
 * @param tokensMax longest text the model reads
 */
public record RemoteConfig(
    Protocol protocol,
    URI base,
    ApiKey key,
    String model,
    String version,
    int dimension,
    boolean askDimension,
    int tokensMax,
    String queryPrefix,
    String documentPrefix,
    Limits limits,
    Waits waits) {

  /** What a provider's API looks like. */
  public enum Protocol {
    /** OpenAI, vLLM, Ollama, Text Embeddings Inference, and most others. */
    OPENAI,
    /** Cohere's second version. */
    COHERE
  }

  /**
   * What one call and one minute may hold.
   *
   * @param textsMax in one call
   * @param charactersMax in one call; one longer text goes alone
   * @param requestsPerMinute 0 for no limit
   * @param tokensPerMinute 0 for no limit
   * @param callsMax at the same time
   * @param answerBytesMax of one answer; a longer one is refused while it comes
   */
  public record Limits(
      int textsMax,
      int charactersMax,
      long requestsPerMinute,
      long tokensPerMinute,
      int callsMax,
      long answerBytesMax) {
    public static final Limits DEFAULT = new Limits(2048, 1_000_000, 0, 0, 4, 256L << 20);
  }

  /**
   * How long is waited.
   *
   * @param connect to the provider
   * @param answer of one call, to its last byte
   * @param total for one batch: calls, retries, and waits for the rate limit
   * @param attemptsMax calls for one batch
   * @param backoff before the second call; doubles from call to call, with jitter
   * @param open after repeated failures nothing is sent for this long
   */
  public record Waits(
      Duration connect,
      Duration answer,
      Duration total,
      int attemptsMax,
      Duration backoff,
      Duration open) {
    public static final Waits DEFAULT =
        new Waits(
            Duration.ofSeconds(5),
            Duration.ofSeconds(30),
            Duration.ofSeconds(60),
            4,
            Duration.ofMillis(250),
            Duration.ofSeconds(10));
  }

  public RemoteConfig {
    if (!"http".equals(base.getScheme()) && !"https".equals(base.getScheme())
        || base.getHost() == null) {
      throw new ElanusException(
          ErrorCode.INVALID_ARGUMENT,
          "the provider's address must be a URL such as http://localhost:11434/v1, got " + base);
    }
  }
}
