package io.elanus.rag.redis;

import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.rag.breaker.Breakers;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.ConnectionPoolConfig;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.RedisClient;

/**
 * Bytes in Redis. Every call ends within the timeout, whatever the other side does: also where it
 * sends a byte now and then. Fails with NOT_READY, in a sentence; after some failures in a row it
 * fails at once for a while.
 */
public final class RedisStore implements AutoCloseable {
  private static final int FAILURES_MAX = 5;
  private static final Duration PAUSE = Duration.ofSeconds(5);
  private static final int CONNECTIONS_MAX = 16;

  private final RedisConfig config;
  private final ExecutorService threads;
  private final CircuitBreaker breaker;
  private final Lock connecting = new ReentrantLock();
  private volatile @Nullable RedisClient client;

  /** At once: it connects when it is first asked something. */
  public RedisStore(RedisConfig config, ExecutorService threads, LongSupplier nanoTime) {
    this.config = config;
    this.threads = threads;
    this.breaker = Breakers.afterFailuresInRow("redis", FAILURES_MAX, PAUSE, nanoTime);
  }

  /**
   * In the time of a call: a client that is made connects, and waits as long as the other likes.
   */
  private RedisClient client() throws InterruptedException {
    RedisClient made = client;
    if (made != null) {
      return made;
    }
    connecting.lockInterruptibly();
    try {
      if (client == null) {
        client = connected();
      }
      return Objects.requireNonNull(client);
    } finally {
      connecting.unlock();
    }
  }

  private RedisClient connected() {
    int millis = Math.toIntExact(Math.max(1, config.timeout().toMillis()));
    DefaultJedisClientConfig.Builder wire =
        DefaultJedisClientConfig.builder()
            .connectionTimeoutMillis(millis)
            .socketTimeoutMillis(millis)
            .database(config.database())
            .ssl(config.tls());
    config.user().ifPresent(wire::user);
    config.password().ifPresent(wire::password);
    ConnectionPoolConfig pool = new ConnectionPoolConfig();
    pool.setMaxTotal(CONNECTIONS_MAX);
    pool.setMaxIdle(CONNECTIONS_MAX);
    pool.setMaxWait(config.timeout());
    pool.setTimeBetweenEvictionRuns(Duration.ofMillis(-1));
    return RedisClient.builder()
        .hostAndPort(new HostAndPort(config.host(), config.port()))
        .clientConfig(wire.build())
        .poolConfig(pool)
        .build();
  }

  public Optional<byte[]> get(String key) {
    return Optional.ofNullable(call(() -> client().get(bytes(key))));
  }

  /** In the order of the keys; null where there is nothing. */
  public List<byte @Nullable []> getAll(List<String> keys) {
    if (keys.isEmpty()) {
      return List.of();
    }
    byte[][] all = keys.stream().map(this::bytes).toArray(byte[][]::new);
    List<byte[]> found = call(() -> client().mget(all));
    if (found == null || found.size() != keys.size()) {
      throw down("answers what was not asked");
    }
    return new ArrayList<byte @Nullable []>(found);
  }

  /**
   * @param life after which Redis forgets it
   */
  public void put(String key, byte[] value, Duration life) {
    call(() -> client().psetex(bytes(key), life.toMillis(), value));
  }

  private byte[] bytes(String key) {
    return (config.prefix() + key).getBytes(StandardCharsets.UTF_8);
  }

  private <T> @Nullable T call(Callable<@Nullable T> command) {
    if (!breaker.tryAcquirePermission()) {
      throw down("did not answer lately and is left alone for some seconds");
    }
    return Breakers.permitted(breaker, () -> answer(command));
  }

  private <T> @Nullable T answer(Callable<@Nullable T> command) {
    Future<@Nullable T> running = null;
    try {
      running = threads.submit(command);
      return running.get(config.timeout().toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      running.cancel(true);
      throw down("did not answer within %d ms".formatted(config.timeout().toMillis()));
    } catch (ExecutionException e) {
      // What the driver says may quote what was sent.
      throw down("cannot be reached, or answers what is no answer");
    } catch (RejectedExecutionException e) {
      throw down("is not asked any more: the server is stopping");
    } catch (InterruptedException e) {
      running.cancel(true);
      Thread.currentThread().interrupt();
      throw new ElanusException(ErrorCode.CANCELED, "the call was given up", e);
    }
  }

  private ElanusException down(String why) {
    return new ElanusException(
        ErrorCode.NOT_READY, "Redis at %s:%d %s".formatted(config.host(), config.port(), why));
  }

  @Override
  public void close() {
    RedisClient made = client;
    if (made != null) {
      made.close();
    }
  }
}
