package io.elanus.rag.generate;

import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Where a generator is, and how long it is waited for.
 *
 * @param baseUrl up to and with the version: {@code https://api.openai.com/v1}
 * @param key where the provider asks for one
 * @param temperature sent where given; some models take none but their own
 * @param tokenField the request's name for the longest text: {@code max_tokens}, or {@code
 *     max_completion_tokens} for models that refuse that
 * @param timeouts of one call
 * @param retriesMax more attempts after the first, before anything came of the text
 * @param concurrentMax calls at a time; more are refused as BUSY
 */
public record GeneratorConfig(
    URI baseUrl,
    String model,
    Optional<ApiKey> key,
    OptionalDouble temperature,
    String tokenField,
    Timeouts timeouts,
    int retriesMax,
    int concurrentMax) {
  /**
   * @param connect until the connection stands
   * @param first until the first event of the text, from when the request is sent
   * @param between until the next
   * @param total of the call with its retries
   */
  public record Timeouts(Duration connect, Duration first, Duration between, Duration total) {
    public static final Timeouts DEFAULT =
        new Timeouts(
            Duration.ofSeconds(5),
            Duration.ofSeconds(60),
            Duration.ofSeconds(30),
            Duration.ofSeconds(180));
  }

  public GeneratorConfig {
    String scheme = baseUrl.getScheme();
    boolean http = "http".equalsIgnoreCase(scheme) || "https".equalsIgnoreCase(scheme);
    if (!http || baseUrl.getHost() == null || baseUrl.getRawUserInfo() != null) {
      throw new ElanusException(
          ErrorCode.INVALID_ARGUMENT,
          "the generator's address must be like http://127.0.0.1:11434/v1, without user or password");
    }
    if (model.isBlank()) {
      throw new ElanusException(
          ErrorCode.INVALID_ARGUMENT, "the generator at " + baseUrl + " needs a model's name");
    }
  }

  public static GeneratorConfig of(URI baseUrl, String model) {
    return new GeneratorConfig(
        baseUrl,
        model,
        Optional.empty(),
        OptionalDouble.empty(),
        "max_tokens",
        Timeouts.DEFAULT,
        2,
        32);
  }

  /** Where texts are asked for. */
  URI completions() {
    return URI.create(baseUrl.toString().replaceAll("/+$", "") + "/chat/completions");
  }

  /** For sentences: without path and query. */
  String place() {
    int port = baseUrl.getPort();
    return baseUrl.getHost() + (port < 0 ? "" : ":" + port);
  }
}
