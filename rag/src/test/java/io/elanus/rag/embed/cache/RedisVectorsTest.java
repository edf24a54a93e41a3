package io.elanus.rag.embed.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.rag.embed.Embedder.Purpose;
import io.elanus.rag.embed.cache.RespServer.Mood;
import io.elanus.rag.redis.RedisConfig;
import io.elanus.rag.redis.RedisStore;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RedisVectorsTest {
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final AtomicLong nanos = new AtomicLong();
  private RespServer server;
  private RedisVectors redis;

  @BeforeEach
  void start() throws IOException {
    server = new RespServer();
    RedisConfig config = RedisConfig.at("127.0.0.1", server.port(), "elanus:v:");
    // Written on the caller's thread, so that a test knows when it is done.
    redis =
        new RedisVectors(
            new RedisStore(config, threads, nanos::get),
            Duration.ofHours(1),
            Runnable::run,
            meters);
  }

  @AfterEach
  void stop() throws IOException {
    redis.close();
    server.close();
    threads.shutdownNow();
  }

  private double count(String name) {
    return meters.get(name).counter().count();
  }

  @Test
  void whatIsPutIsFound() {
    redis.put(Map.of("a", new float[] {1, 2, 3}, "b", new float[] {-0f, Float.MIN_VALUE, 3}));
    Map<String, float[]> found = redis.get(List.of("a", "missing", "b"), 3);
    assertThat(found).containsOnlyKeys("a", "b");
    assertThat(found.get("b")).containsExactly(-0f, Float.MIN_VALUE, 3);
    assertThat(server.values).containsKey("elanus:v:a");
    assertThat(redis.get(List.of(), 3)).isEmpty();
  }

  @Test
  void damagedForeignAndMisplacedBytesAreMisses() {
    redis.put(Map.of("a", new float[] {1, 2, 3}));
    byte[] good = server.values.get("elanus:v:a");
    for (int bit = 0; bit < good.length * 8; bit++) {
      byte[] damaged = good.clone();
      damaged[bit / 8] ^= (byte) (1 << (bit % 8));
      server.values.put("elanus:v:a", damaged);
      assertThat(redis.get(List.of("a"), 3)).as("bit " + bit).isEmpty();
    }
    Map<String, byte[]> wrong = new HashMap<>();
    wrong.put("elanus:v:b", good);
    wrong.put("elanus:v:c", Arrays.copyOf(good, 7));
    wrong.put("elanus:v:d", new byte[0]);
    server.values.putAll(wrong);
    assertThat(redis.get(List.of("b", "c", "d"), 3)).isEmpty();
    server.values.put("elanus:v:a", good);
    assertThat(redis.get(List.of("a"), 4)).isEmpty();
    assertThat(redis.get(List.of("a"), 3)).hasSize(1);
    assertThat(count("elanus_rag_embedding_redis_damaged")).isEqualTo(good.length * 8 + 4);
  }

  @ParameterizedTest
  @EnumSource(
      value = Mood.class,
      names = {"SILENT", "GARBAGE", "LOADING"})
  void aSickRedisIsAMissAndThenLeftAlone(Mood mood) {
    redis.put(Map.of("a", new float[] {1, 2, 3}));
    server.mood = mood;
    Counting inner = new Counting();
    CachedEmbedder embedder = new CachedEmbedder(inner, 0, redis, meters);
    for (int i = 0; i < 6; i++) {
      assertThat(embedder.embed(List.of("text " + i), Purpose.QUERY))
          .containsExactly(Counting.vector("text " + i));
    }
    assertThat(count("elanus_rag_embedding_redis_failures")).isGreaterThanOrEqualTo(6);
    int commands = server.commands.size();
    for (int i = 0; i < 100; i++) {
      embedder.embed(List.of("more " + i), Purpose.QUERY);
    }
    assertThat(server.commands).hasSize(commands);
    server.mood = Mood.WELL;
    nanos.addAndGet(Duration.ofSeconds(6).toNanos());
    assertThat(redis.get(List.of("a"), 3)).containsOnlyKeys("a");
  }

  @Test
  void whereNobodyListensTheModelAnswers() throws IOException {
    server.close();
    Counting inner = new Counting();
    CachedEmbedder embedder = new CachedEmbedder(inner, 0, redis, meters);
    assertThat(embedder.embed(List.of("a"), Purpose.QUERY)).hasSize(1);
    assertThat(count("elanus_rag_embedding_redis_failures")).isPositive();
  }
}
