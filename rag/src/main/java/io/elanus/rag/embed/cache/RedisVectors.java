package io.elanus.rag.embed.cache;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.ConnectionPoolConfig;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.params.SetParams;

/**
 * Vectors in Redis. Down, slow or full of other people's bytes, it costs a short wait now and then:
 * a call that fails is a miss, after repeated failures Redis is left alone for a while, and writes
 * go beside the caller, dropped where too many wait.
 */
public final class RedisVectors implements SharedVectors {
  private static final Logger LOG = LoggerFactory.getLogger(RedisVectors.class);
  private static final int WRITES_MAX = 64;

  /**
   * Where it is, and how long it may take.
   *
   * @param uri {@code redis://host:port/database} or {@code rediss:} for TLS
   * @param password empty for none
   * @param timeout of connecting, and of one call
   * @param keep how long a vector is kept
   * @param rest how long nothing is sent after repeated failures
   */
  public record Config(
      URI uri, Password password, Duration timeout, Duration keep, Duration rest, int poolMax) {
    static final int PORT = 6379;
  }

  /** A password. It prints as {@code ***}. */
  public record Password(String value) {
    @Override
    public String toString() {
      return "***";
    }
  }

  private final RedisClient redis;
  private final Config config;
  private final CircuitBreaker breaker;
  private final Executor executor;
  private final Semaphore writes = new Semaphore(WRITES_MAX);
  private final Counter failures;
  private final Counter damaged;

  /**
   * Connects to nothing yet.
   *
   * @param executor where writes block: virtual threads
   */
  public RedisVectors(Config config, Executor executor, MeterRegistry registry) {
    this.config = config;
    this.executor = executor;
    ConnectionPoolConfig pool = new ConnectionPoolConfig();
    pool.setMaxTotal(config.poolMax());
    pool.setMaxWait(config.timeout());
    pool.setJmxEnabled(false);
    URI uri = config.uri();
    int millis = Math.toIntExact(config.timeout().toMillis());
    DefaultJedisClientConfig.Builder client =
        DefaultJedisClientConfig.builder()
            .connectionTimeoutMillis(millis)
            .socketTimeoutMillis(millis)
            .ssl("rediss".equals(uri.getScheme()))
            .database(database(uri));
    if (!config.password().value().isEmpty()) {
      client.password(config.password().value());
    }
    this.redis =
        RedisClient.builder()
            .hostAndPort(
                new HostAndPort(uri.getHost(), uri.getPort() < 0 ? Config.PORT : uri.getPort()))
            .clientConfig(client.build())
            .poolConfig(pool)
            .build();
    this.breaker =
        CircuitBreaker.of(
            "redis",
            CircuitBreakerConfig.custom()
                .slidingWindow(10, 3, SlidingWindowType.COUNT_BASED)
                .failureRateThreshold(50)
                .waitDurationInOpenState(config.rest())
                .permittedNumberOfCallsInHalfOpenState(1)
                .build());
    this.failures =
        Counter.builder("elanus_rag_redis_failures")
            .description("calls to Redis for vectors that failed or were slow")
            .register(registry);
    this.damaged =
        Counter.builder("elanus_rag_redis_damaged")
            .description("vectors in Redis that were not what was put there")
            .register(registry);
  }

  private static int database(URI uri) {
    String path = uri.getPath() == null ? "" : uri.getPath().replace("/", "");
    return path.matches("\\d{1,4}") ? Integer.parseInt(path) : 0;
  }

  @Override
  public Map<String, float[]> get(List<String> keys, int dimension) {
    if (keys.isEmpty()) {
      return Map.of();
    }
    byte[][] names = keys.stream().map(RedisVectors::name).toArray(byte[][]::new);
    List<byte[]> values = tried(() -> redis.mget(names), List.of());
    Map<String, float[]> found = new HashMap<>();
    for (int i = 0; i < values.size(); i++) {
      byte[] value = values.get(i);
      if (value != null) {
        String key = keys.get(i);
        StoredVector.read(key, value, dimension)
            .ifPresentOrElse(vector -> found.put(key, vector), damaged::increment);
      }
    }
    return found;
  }

  @Override
  public void put(Map<String, float[]> vectors) {
    if (vectors.isEmpty() || !writes.tryAcquire()) {
      return;
    }
    try {
      executor.execute(
          () -> {
            try {
              tried(() -> write(vectors), 0);
            } finally {
              writes.release();
            }
          });
    } catch (RejectedExecutionException e) {
      writes.release();
    }
  }

  private int write(Map<String, float[]> vectors) {
    SetParams keep = SetParams.setParams().px(config.keep().toMillis());
    try (Pipeline pipeline = redis.pipelined()) {
      vectors.forEach(
          (key, vector) -> pipeline.set(name(key), StoredVector.write(key, vector), keep));
      pipeline.sync();
    }
    return vectors.size();
  }

  private <T> T tried(Supplier<T> call, T otherwise) {
    if (!breaker.tryAcquirePermission()) {
      return otherwise;
    }
    long begun = breaker.getCurrentTimestamp();
    try {
      T result = call.get();
      breaker.onSuccess(breaker.getCurrentTimestamp() - begun, TimeUnit.NANOSECONDS);
      return result;
    } catch (JedisException e) {
      boolean open = breaker.getState() == CircuitBreaker.State.OPEN;
      breaker.onError(breaker.getCurrentTimestamp() - begun, TimeUnit.NANOSECONDS, e);
      failures.increment();
      if (!open && breaker.getState() == CircuitBreaker.State.OPEN) {
        LOG.warn(
            "Redis at {}:{} fails and is left alone for {} s; embeddings come from the model meanwhile: {}",
            config.uri().getHost(),
            config.uri().getPort(),
            config.rest().toSeconds(),
            e.getMessage());
      }
      return otherwise;
    }
  }

  private static byte[] name(String key) {
    return ("elanus:v:" + key).getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    redis.close();
  }
}
