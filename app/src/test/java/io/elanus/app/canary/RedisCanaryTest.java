package io.elanus.app.canary;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.testkit.fixture.RedisServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;

/** What a bound caller's questions put into a real Redis has nothing of the others'. */
@RedisServer.Needed
@Timeout(300)
class RedisCanaryTest {
  @TempDir Path folder;
  private RedisServer redis;

  @BeforeEach
  void start() throws Exception {
    redis = RedisServer.start(folder);
  }

  @AfterEach
  void stop() {
    redis.close();
  }

  private String settings() {
    return "cache: {prefetch: false, memory: 1MiB, redis: {host: 127.0.0.1, port: %d, timeout: 2s}}"
        .formatted(redis.port());
  }

  private Map<String, byte[]> content() {
    try (Jedis client = new Jedis("127.0.0.1", redis.port())) {
      Map<String, byte[]> all = new HashMap<>();
      for (String key : client.keys("*")) {
        all.put(key, client.get(key.getBytes(StandardCharsets.UTF_8)));
      }
      return all;
    }
  }

  /** Keys and values that Alice's questions made or changed. */
  private String written(String filter) throws Exception {
    try (Tenants tenants = new Tenants(folder, filter, settings())) {
      tenants.fill();
      Map<String, byte[]> before = content();
      assertThat(text(before)).as("Bob's own answers are there").contains(Tenants.CANARY);
      tenants.askAsAlice();
      Map<String, byte[]> after = content();
      after.entrySet().removeIf(now -> Arrays.equals(before.get(now.getKey()), now.getValue()));
      assertThat(after).as("Alice's answers are there").isNotEmpty();
      return text(after);
    }
  }

  private static String text(Map<String, byte[]> entries) {
    StringBuilder text = new StringBuilder();
    entries.forEach(
        (key, value) ->
            text.append(key).append(new String(value, StandardCharsets.ISO_8859_1)).append('\n'));
    return text.toString();
  }

  @Test
  void nothingOfTheOthersIsKeptForACaller() throws Exception {
    assertThat(written(CanaryTest.FILTER)).contains("rubyword").doesNotContain(Tenants.CANARY);
  }

  @Test
  void withoutTheFilterItIs() throws Exception {
    assertThat(written(CanaryTest.MUTANT)).contains(Tenants.CANARY);
  }
}
