package io.elanus.rag.generate;

import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One attempt that failed. */
final class GenerationFailed extends Exception {
  private static final long serialVersionUID = 1;

  /** What another attempt may bring. */
  enum Hope {
    /** The same would come again: the request or the key is refused. */
    NONE,
    /** The provider works, and asks for patience. */
    LATER,
    /** The provider does not work. */
    DOWN
  }

  private final ErrorCode code;
  private final Hope hope;
  private final Duration pause;

  /**
   * @param pause that the provider asked for; zero where it did not
   */
  GenerationFailed(ErrorCode code, Hope hope, String sentence, Duration pause) {
    super(sentence, null, false, false);
    this.code = code;
    this.hope = hope;
    this.pause = pause;
  }

  static GenerationFailed down(String sentence) {
    return new GenerationFailed(ErrorCode.NOT_READY, Hope.DOWN, sentence, Duration.ZERO);
  }

  static GenerationFailed slow(String sentence) {
    return new GenerationFailed(ErrorCode.TIMEOUT, Hope.DOWN, sentence, Duration.ZERO);
  }

  static GenerationFailed canceled() {
    return new GenerationFailed(
        ErrorCode.CANCELED, Hope.NONE, "the text was no longer wanted", Duration.ZERO);
  }

  Hope hope() {
    return hope;
  }

  Duration pause() {
    return pause;
  }

  boolean isCanceled() {
    return code == ErrorCode.CANCELED;
  }

  ElanusException told(String place) {
    @Nullable String sentence = getMessage();
    return new ElanusException(code, "the generator at %s %s".formatted(place, sentence));
  }
}
