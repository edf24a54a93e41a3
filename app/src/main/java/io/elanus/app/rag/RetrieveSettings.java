package io.elanus.app.rag;

import io.elanus.rag.cache.CacheConfig;
import io.elanus.rag.redis.RedisConfig;
import io.elanus.rag.rerank.OnnxConfig;
import io.elanus.rag.rerank.RerankConfig;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * {@code rag.search}: what is searched, and how.
 *
 * @param collection that is meant where a request names none
 * @param crossEncoder a reranker in this process; empty for none
 * @param cache of answers; empty for none
 * @param redis that answers are remembered in besides; with an empty prefix, under a name of this
 *     run of the process
 * @param prefetch whether popular questions are found anew in quiet times
 * @param warmUp questions that are asked when the server has started, one JSON object a line
 */
public record RetrieveSettings(
    String collection,
    Optional<RerankConfig> reranker,
    Optional<OnnxConfig> crossEncoder,
    Optional<CacheConfig> cache,
    Optional<RedisConfig> redis,
    boolean prefetch,
    Optional<Path> warmUp) {
  private static final int CANDIDATES_MAX = 200;
  private static final int REDIS_PORT = 6379;

  static RetrieveSettings of(Section section) {
    return section.section(
        "cache",
        cache -> {
          long bytes = cache.bytes("memory", CacheConfig.DEFAULT.bytesMax());
          Duration life = cache.duration("redis-life", CacheConfig.DEFAULT.sharedLife());
          return new RetrieveSettings(
              section.string("collection", "documents"),
              section.section("reranker", RetrieveSettings::reranker),
              section.section("cross-encoder", RetrieveSettings::crossEncoder),
              bytes == 0 ? Optional.empty() : Optional.of(new CacheConfig(bytes, life)),
              cache.section("redis", RetrieveSettings::redis),
              cache.flag("prefetch", true),
              cache.file("warm-up"));
        });
  }

  private static Optional<RerankConfig> reranker(Section section) {
    Optional<String> url = section.string("url");
    RerankConfig config =
        new RerankConfig(
            address(section, url.orElse("http://127.0.0.1/rerank")),
            section.choice("shape", RerankConfig.Shape.TEI),
            section.string("model", ""),
            section.file("key-file").map(file -> secret(section, file)),
            section.number("candidates", 50, 1, CANDIDATES_MAX),
            section.number("batch", 32, 1, CANDIDATES_MAX),
            section.duration("timeout", Duration.ofSeconds(2)));
    return url.map(given -> config);
  }

  private static Optional<OnnxConfig> crossEncoder(Section section) {
    Optional<Path> model = section.file("model");
    Optional<Path> tokenizer = section.file("tokenizer");
    int candidates = section.number("candidates", 20, 1, CANDIDATES_MAX);
    int tokensMax = section.number("tokens-max", 512, 8, 65_536);
    if (model.isPresent() != tokenizer.isPresent()) {
      throw section.mistake("a cross-encoder needs both model and tokenizer");
    }
    return model.map(file -> new OnnxConfig(file, tokenizer.orElseThrow(), candidates, tokensMax));
  }

  private static URI address(Section section, String url) {
    try {
      URI address = URI.create(url);
      boolean http = "http".equals(address.getScheme()) || "https".equals(address.getScheme());
      if (http && address.getHost() != null) {
        return address;
      }
    } catch (IllegalArgumentException e) {
      throw section.mistake("url must be an address such as http://127.0.0.1:8080/rerank");
    }
    throw section.mistake("url must be an address such as http://127.0.0.1:8080/rerank");
  }

  static Optional<RedisConfig> redis(Section section) {
    Optional<String> host = section.string("host");
    RedisConfig config =
        new RedisConfig(
            host.orElse("127.0.0.1"),
            section.number("port", REDIS_PORT, 1, 65_535),
            section.string("user"),
            section.file("password-file").map(file -> secret(section, file)),
            section.flag("tls", false),
            section.number("database", 0, 0, 1_000),
            section.string("prefix", ""),
            section.duration("timeout", RedisConfig.TIMEOUT));
    return host.map(given -> config);
  }

  private static String secret(Section section, Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw section.mistake("the file %s is not there or cannot be read".formatted(file));
    }
  }
}
