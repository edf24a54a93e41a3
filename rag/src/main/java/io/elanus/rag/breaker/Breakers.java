package io.elanus.rag.breaker;

import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The circuit breakers of whatever is asked over a network. */
public final class Breakers {
  private Breakers() {}

  /**
   * Opens after so many failures in a row; after the pause one call tries for all. Who was
   * permitted to call says how it went, or releases the permission where that tells nothing of the
   * other side.
   *
   * @param nanoTime from any moment on, never back
   */
  public static CircuitBreaker afterFailuresInRow(
      String name, int failures, Duration pause, LongSupplier nanoTime) {
    return CircuitBreaker.of(
        name,
        with(nanoTime)
            .slidingWindow(failures, failures, SlidingWindowType.COUNT_BASED)
            .failureRateThreshold(100)
            .waitDurationInOpenState(pause)
            .build());
  }

  /**
   * Opens where this share of the last calls failed; after the pause one call tries for all.
   *
   * @param calls that are looked back upon
   * @param callsMin below which nothing is judged
   * @param percent of failures, from which on it opens
   */
  public static CircuitBreaker atFailureRate(
      String name, int calls, int callsMin, int percent, Duration pause, LongSupplier nanoTime) {
    return CircuitBreaker.of(
        name,
        with(nanoTime)
            .slidingWindow(calls, callsMin, SlidingWindowType.COUNT_BASED)
            .failureRateThreshold(percent)
            .waitDurationInOpenState(pause)
            .build());
  }

  /**
   * The call's answer, told to the breaker. A call that its caller gave up tells nothing.
   *
   * @throws ElanusException as the call does
   */
  public static <T extends @Nullable Object> T permitted(CircuitBreaker breaker, Supplier<T> call) {
    T answer;
    try {
      answer = call.get();
    } catch (RuntimeException e) {
      if (e instanceof ElanusException told && told.code() == ErrorCode.CANCELED) {
        breaker.releasePermission();
      } else {
        breaker.onError(0, TimeUnit.NANOSECONDS, e);
      }
      throw e;
    }
    breaker.onSuccess(0, TimeUnit.NANOSECONDS);
    return answer;
  }

  private static CircuitBreakerConfig.Builder with(LongSupplier nanoTime) {
    return CircuitBreakerConfig.custom()
        .permittedNumberOfCallsInHalfOpenState(1)
        .clock(new SteadyClock(nanoTime))
        .currentTimestampFunction(clock -> nanoTime.getAsLong(), TimeUnit.NANOSECONDS);
  }
}
