package io.elanus.rag.redis;

import java.time.Duration;
import java.util.Optional;

/**
 * Where a Redis is.
 *
 * @param prefix of every key: two databases that share a Redis need two
 * @param timeout after which an answer is of no use, connecting included
 */
public record RedisConfig(
    String host,
    int port,
    Optional<String> user,
    Optional<String> password,
    boolean tls,
    int database,
    String prefix,
    Duration timeout) {
  public static final Duration TIMEOUT = Duration.ofMillis(100);

  public static RedisConfig at(String host, int port, String prefix) {
    return new RedisConfig(
        host, port, Optional.empty(), Optional.empty(), false, 0, prefix, TIMEOUT);
  }

  public RedisConfig withPrefix(String newPrefix) {
    return new RedisConfig(host, port, user, password, tls, database, newPrefix, timeout);
  }

  /** Without the password. */
  @Override
  public String toString() {
    return "redis %s:%d/%d".formatted(host, port, database);
  }
}
