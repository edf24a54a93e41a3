package io.elanus.store.object.s3;

import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import java.io.IOException;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Makes calls, and makes them again where that may help, with pauses of full jitter (Brooker,
 * "Exponential Backoff And Jitter", 2015). The SDK's own retries are off: it does not know what a
 * lost response means for a conditional write, nor that half a body came.
 */
final class S3Calls {
  private final S3Config.Timing timing;
  private final RandomGenerator random;
  private final Pause pause;
  private final S3Sentences sentences;

  S3Calls(S3Config config, RandomGenerator random, Pause pause) {
    this.timing = config.timing();
    this.random = random;
    this.pause = pause;
    this.sentences = new S3Sentences(config);
  }

  /** A body that did not arrive as it was sent; another try may bring it. */
  static final class Garbled extends IOException {
    private static final long serialVersionUID = 1L;

    Garbled(String message) {
      super(message);
    }
  }

  /** A call that reads a body, too. */
  @FunctionalInterface
  interface Call<T> {
    T make() throws IOException;
  }

  /** One that asks whether it may go on trying, since it got further than before. */
  @FunctionalInterface
  interface Progress {
    boolean made();
  }

  /**
   * The answer of the first try that has one.
   *
   * @param what is done, as "read" or "write"
   * @throws ElanusException a sentence, where no further try helps or there were enough
   * @throws AwsServiceException for an answer that {@code passes} wants to see
   */
  <T> T make(String what, String key, Call<T> call) {
    return make(what, key, () -> false, call);
  }

  <T> T make(String what, String key, Progress progress, Call<T> call) {
    int tried = 0;
    while (true) {
      Exception failure;
      try {
        return call.make();
      } catch (AbortedException e) {
        throw new ElanusException(ErrorCode.CANCELED, "interrupted", e);
      } catch (AwsServiceException e) {
        if (!mayPass(e)) {
          throw e;
        }
        failure = e;
      } catch (SdkClientException | IOException e) {
        failure = e;
      }
      tried = progress.made() ? 1 : tried + 1;
      if (tried >= timing.tries()) {
        throw sentences.exhausted(what, key, tried, failure);
      }
      await(tried);
    }
  }

  /** As {@link #make}, with a sentence for every refusal. */
  <T> T simple(String what, String key, Call<T> call) {
    return said(what, key, () -> make(what, key, call));
  }

  /** Puts the service's refusal into a sentence. */
  <T> T said(String what, String key, Supplier<T> call) {
    try {
      return call.get();
    } catch (SdkException e) {
      throw sentences.refused(what, key, e);
    }
  }

  S3Sentences sentences() {
    return sentences;
  }

  private void await(int tried) {
    long most =
        Math.min(
            timing.longestPause().toMillis(),
            timing.firstPause().toMillis() << Math.min(20, tried - 1));
    try {
      pause.millis(random.nextLong(most + 1));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ElanusException(ErrorCode.CANCELED, "interrupted", e);
    }
  }

  /** Overload, faults of the server, and what was damaged or overtaken on the way there. */
  private static boolean mayPass(AwsServiceException e) {
    int status = e.statusCode();
    if (status >= 500 && status != 501 || status == 429 || status == 408) {
      return true;
    }
    return switch (S3Sentences.codeOf(e)) {
      case "RequestTimeout",
          "BadDigest",
          "XAmzContentSHA256Mismatch",
          "IncompleteBody",
          "SlowDown",
          "Throttling",
          "InternalError",
          "OperationAborted",
          "ConditionalRequestConflict" ->
          true;
      default -> false;
    };
  }
}
