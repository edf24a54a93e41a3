package io.elanus.rag.embed.cache;

import io.elanus.model.error.ElanusException;
import io.elanus.rag.redis.RedisStore;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Vectors in Redis. Down, slow or full of other people's bytes, it costs a short wait now and then:
 * a call that fails is a miss, and writes go beside the caller, dropped where too many wait.
 */
public final class RedisVectors implements SharedVectors {
  private static final Logger LOG = LoggerFactory.getLogger(RedisVectors.class);
  private static final int WRITES_MAX = 64;

  private final RedisStore redis;
  private final Duration life;
  private final Executor executor;
  private final Semaphore writes = new Semaphore(WRITES_MAX);
  private final Counter failures;
  private final Counter damaged;
  private volatile boolean told;

  /**
   * @param redis closed with this
   * @param life after which Redis forgets a vector
   * @param executor where writes block: virtual threads
   */
  public RedisVectors(RedisStore redis, Duration life, Executor executor, MeterRegistry registry) {
    this.redis = redis;
    this.life = life;
    this.executor = executor;
    this.failures =
        Counter.builder("elanus_rag_embedding_redis_failures")
            .description("calls to Redis for embeddings that failed or were not made")
            .register(registry);
    this.damaged =
        Counter.builder("elanus_rag_embedding_redis_damaged")
            .description("embeddings in Redis that were not what was put there")
            .register(registry);
  }

  @Override
  public Map<String, float[]> get(List<String> keys, int dimension) {
    List<byte @Nullable []> values;
    try {
      values = redis.getAll(keys);
      told = false;
    } catch (ElanusException e) {
      failed(e);
      return Map.of();
    }
    Map<String, float[]> found = new HashMap<>();
    for (int i = 0; i < values.size(); i++) {
      byte @Nullable [] value = values.get(i);
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
              vectors.forEach(
                  (key, vector) -> redis.put(key, StoredVector.write(key, vector), life));
            } catch (ElanusException e) {
              failed(e);
            } finally {
              writes.release();
            }
          });
    } catch (RejectedExecutionException e) {
      writes.release();
    }
  }

  /** Told once until it works again. */
  private void failed(ElanusException e) {
    failures.increment();
    if (!told) {
      told = true;
      LOG.warn("{}; embeddings come from the model meanwhile", e.getMessage());
    }
  }

  @Override
  public void close() {
    redis.close();
  }
}
