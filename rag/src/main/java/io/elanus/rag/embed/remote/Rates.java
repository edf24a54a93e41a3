package io.elanus.rag.embed.remote;

import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.util.Optional;

/** What the provider takes in a minute: calls, and tokens. */
final class Rates {
  private record Rate(Bucket bucket, long capacity) {
    /** Nanoseconds until it has room; what is larger than a minute's is taken as one minute's. */
    long waitFor(long amount) {
      return bucket.estimateAbilityToConsume(Math.min(amount, capacity)).getNanosToWaitForRefill();
    }

    long take(long amount) {
      return bucket.consumeIgnoringRateLimits(Math.min(amount, capacity));
    }
  }

  private final Optional<Rate> calls;
  private final Optional<Rate> tokens;

  Rates(RemoteConfig.Limits limits, Timing timing) {
    this.calls = rate(limits.requestsPerMinute(), timing);
    this.tokens = rate(limits.tokensPerMinute(), timing);
  }

  private static Optional<Rate> rate(long perMinute, Timing timing) {
    if (perMinute == 0) {
      return Optional.empty();
    }
    TimeMeter meter =
        new TimeMeter() {
          @Override
          public long currentTimeNanos() {
            return timing.now();
          }

          @Override
          public boolean isWallClockBased() {
            return false;
          }
        };
    Bucket bucket =
        Bucket.builder()
            .addLimit(
                limit -> limit.capacity(perMinute).refillGreedy(perMinute, Duration.ofMinutes(1)))
            .withCustomTimePrecision(meter)
            .build();
    return Optional.of(new Rate(bucket, perMinute));
  }

  /** Nanoseconds until a call of so many tokens has room. */
  long waitFor(long amount) {
    return Math.max(
        calls.map(rate -> rate.waitFor(1)).orElse(0L),
        tokens.map(rate -> rate.waitFor(amount)).orElse(0L));
  }

  /** Takes the room of a call, and says how many nanoseconds to wait before it is made. */
  long take(long amount) {
    return Math.max(
        calls.map(rate -> rate.take(1)).orElse(0L),
        tokens.map(rate -> rate.take(amount)).orElse(0L));
  }
}
