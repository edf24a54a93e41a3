package io.elanus.rag.cache;

import java.time.Duration;

/**
 * How much is kept, and how long.
 *
 * @param bytesMax of answers in memory
 * @param sharedLife after which a shared cache forgets an answer that nobody changed
 */
public record CacheConfig(long bytesMax, Duration sharedLife) {
  public static final CacheConfig DEFAULT = new CacheConfig(64L << 20, Duration.ofHours(1));
}
