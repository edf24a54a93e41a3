package io.elanus.rag.embed.remote;

import io.elanus.model.error.ErrorCode;
import java.time.Duration;

/** Why a call to the provider gave no vectors, and whether another may. */
final class Refusal extends Exception {
  private static final long serialVersionUID = 1;

  /** What it says of the provider. */
  enum Health {
    /** It is down, slow or talks nonsense. */
    SICK,
    /** It works and says no. */
    WELL
  }

  private final ErrorCode code;
  private final boolean again;
  private final Health health;
  private final transient Duration retryAfter;

  Refusal(ErrorCode code, boolean again, Health health, Duration retryAfter, String sentence) {
    super(sentence, null, false, false);
    this.code = code;
    this.again = again;
    this.health = health;
    this.retryAfter = retryAfter;
  }

  static Refusal sick(ErrorCode code, String sentence) {
    return new Refusal(code, true, Health.SICK, Duration.ZERO, sentence);
  }

  static Refusal lasting(String sentence) {
    return new Refusal(ErrorCode.INVALID_ARGUMENT, false, Health.WELL, Duration.ZERO, sentence);
  }

  String sentence() {
    String sentence = getMessage();
    return sentence == null ? "" : sentence;
  }

  ErrorCode code() {
    return code;
  }

  boolean again() {
    return again;
  }

  Health health() {
    return health;
  }

  /** What the provider asked to wait; zero where it asked nothing. */
  Duration retryAfter() {
    return retryAfter;
  }
}
