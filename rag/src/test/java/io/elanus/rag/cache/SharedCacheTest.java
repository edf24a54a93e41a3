package io.elanus.rag.cache;

import static io.elanus.rag.cache.CachedLibrary.find;
import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.rag.fixture.Library.Entry;
import io.elanus.rag.policy.MandatoryFilters;
import io.elanus.rag.redis.RedisConfig;
import io.elanus.rag.redis.RedisStore;
import io.elanus.rag.retrieve.Found;
import io.elanus.rag.retrieve.Question;
import io.elanus.testkit.fixture.RedisServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.RedisClient;

/** Two nodes over one Redis. */
@RedisServer.Needed
class SharedCacheTest {
  private static final Question KITE = Question.of("documents", "kite", 5).withNeighbours(2);

  @TempDir Path folder;

  private static RedisStore store(int port, CachedLibrary cached) {
    RedisConfig at = RedisConfig.at("127.0.0.1", port, "test:");
    RedisConfig patient =
        new RedisConfig(
            at.host(),
            at.port(),
            at.user(),
            at.password(),
            false,
            0,
            at.prefix(),
            Duration.ofSeconds(5));
    return new RedisStore(patient, cached.threads, System::nanoTime);
  }

  @Test
  void whatOneFoundTheOtherServesUntilAWrite() throws Exception {
    try (RedisServer redis = RedisServer.start(folder);
        CachedLibrary cached = new CachedLibrary();
        RedisStore store = store(redis.port(), cached)) {
      cached.library.add(
          new Entry(
              "a",
              0,
              "The kite \"soars\" — ü",
              List.of("x", "y"),
              java.util.Map.of("k", List.of(1, "two"))),
          Entry.of("a", 1, "and lands"));
      CachedRetriever one = cached.retriever(MandatoryFilters.NONE, Optional.of(store));
      CachedRetriever two = cached.retriever(MandatoryFilters.NONE, Optional.of(store));
      Found first = find(one, KITE);
      Found second = find(two, KITE);
      assertThat(cached.searches).hasValue(1);
      assertThat(first.cached()).isFalse();
      assertThat(second.cached()).isTrue();
      assertThat(second.degraded()).isEmpty();
      assertThat(second.passages()).isEqualTo(first.passages());
      cached.library.add(Entry.of("b", 0, "another kite"));
      assertThat(find(two, KITE).cached()).isFalse();
      assertThat(cached.searches).hasValue(2);
    }
  }

  @Test
  void bytesThatAreNotWholeAreNoAnswer() throws Exception {
    try (RedisServer redis = RedisServer.start(folder);
        RedisClient raw = RedisClient.create("127.0.0.1", redis.port());
        CachedLibrary cached = new CachedLibrary();
        RedisStore store = store(redis.port(), cached)) {
      cached.library.add(Entry.of("a", 0, "The kite soars"));
      find(cached.retriever(MandatoryFilters.NONE, Optional.of(store)), KITE);
      Set<byte[]> keys = raw.keys("test:*".getBytes(StandardCharsets.UTF_8));
      assertThat(keys).hasSize(1);
      byte[] key = keys.iterator().next();
      byte[] good = raw.get(key);
      assertThat(raw.pttl(key)).isPositive();
      for (int at = 0; at < good.length; at += 7) {
        byte[] bad = good.clone();
        bad[at] ^= 0x20;
        raw.set(key, bad);
        int before = cached.searches.get();
        Found found = find(cached.retriever(MandatoryFilters.NONE, Optional.of(store)), KITE);
        assertThat(found.passages()).hasSize(1);
        assertThat(cached.searches.get()).isEqualTo(before + 1);
      }
      raw.set(key, new byte[3]);
      assertThat(find(cached.retriever(MandatoryFilters.NONE, Optional.of(store)), KITE).cached())
          .isFalse();
      raw.del(key);
      raw.lpush(key, good);
      Found wrongKind = find(cached.retriever(MandatoryFilters.NONE, Optional.of(store)), KITE);
      assertThat(wrongKind.passages()).hasSize(1);
      assertThat(wrongKind.degraded()).singleElement().asString().contains("shared cache");
    }
  }

  @Test
  void aRedisThatGoesIsToldAndDoesNotHold() throws Exception {
    try (CachedLibrary cached = new CachedLibrary()) {
      cached.library.add(Entry.of("a", 0, "The kite soars"));
      RedisServer redis = RedisServer.start(folder);
      try (RedisStore store = store(redis.port(), cached)) {
        CachedRetriever retriever = cached.retriever(MandatoryFilters.NONE, Optional.of(store));
        assertThat(find(retriever, KITE).degraded()).isEmpty();
        redis.close();
        Found found = find(retriever, KITE.withText("soars"));
        assertThat(found.passages()).hasSize(1);
        assertThat(found.degraded()).singleElement().asString().contains("Redis at 127.0.0.1");
        assertThat(find(retriever, KITE.withText("soars")).cached()).isTrue();
      } finally {
        redis.close();
      }
    }
  }
}
