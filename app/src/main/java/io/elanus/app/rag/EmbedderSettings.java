package io.elanus.app.rag;

import io.elanus.model.error.ElanusException;
import io.elanus.rag.embed.local.LocalConfig;
import io.elanus.rag.embed.remote.ApiKey;
import io.elanus.rag.embed.remote.RemoteConfig;
import io.elanus.rag.redis.RedisConfig;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * {@code rag.embedder}: which model makes vectors, and what is remembered of them.
 *
 * @param remote instead of a model in this process
 * @param tokenizer that counts for a remote model; empty for the one in the box
 * @param threads that run a model in this process; 0 for one per core
 * @param cacheBytes of vectors in memory; 0 for none
 * @param redis where vectors are remembered besides
 * @param redisLife after which Redis forgets one
 */
public record EmbedderSettings(
    LocalConfig local,
    Optional<RemoteConfig> remote,
    Optional<Path> tokenizer,
    int threads,
    long cacheBytes,
    Optional<RedisConfig> redis,
    Duration redisLife) {
  private static final int THREADS_MAX = 1024;
  private static final long CACHE_BYTES = 64L << 20;
  private static final Duration REDIS_LIFE = Duration.ofDays(7);

  /** Who makes vectors. */
  enum Provider {
    LOCAL,
    OPENAI,
    COHERE
  }

  /** The model's, which collections are marked with. */
  public String name() {
    return remote.map(RemoteConfig::model).orElse(local.name());
  }

  static EmbedderSettings of(Section section) {
    Provider provider = section.choice("provider", Provider.LOCAL);
    long cacheBytes = section.bytes("memory", CACHE_BYTES);
    Optional<RedisConfig> redis = section.section("redis", RetrieveSettings::redis);
    Duration redisLife = section.duration("redis-life", REDIS_LIFE);
    if (provider == Provider.LOCAL) {
      LocalConfig local = local(section);
      int threads = section.number("threads", 0, 0, THREADS_MAX);
      return new EmbedderSettings(
          local, Optional.empty(), Optional.empty(), threads, cacheBytes, redis, redisLife);
    }
    Optional<Path> tokenizer = section.file("tokenizer");
    tokenizer.ifPresent(file -> readable(section, file));
    return new EmbedderSettings(
        LocalConfig.MINI_LM,
        Optional.of(remote(section, provider)),
        tokenizer,
        0,
        cacheBytes,
        redis,
        redisLife);
  }

  private static LocalConfig local(Section section) {
    Optional<LocalConfig.Files> files = files(section);
    LocalConfig boxed = LocalConfig.MINI_LM;
    return new LocalConfig(
        section.string("name", files.map(EmbedderSettings::name).orElse(boxed.name())),
        files,
        section.number("tokens-max", boxed.tokensMax(), 8, 65_536),
        section.choice("pooling", boxed.pooling()),
        section.string("query-prefix", ""),
        section.string("document-prefix", ""),
        boxed.waitingTextsMax());
  }

  private static Optional<LocalConfig.Files> files(Section section) {
    Optional<Path> model = section.file("model");
    Optional<Path> tokenizer = section.file("tokenizer");
    if (model.isPresent() != tokenizer.isPresent()) {
      throw section.mistake("a model of your own needs both model and tokenizer");
    }
    model.ifPresent(file -> readable(section, file));
    tokenizer.ifPresent(file -> readable(section, file));
    return model.map(file -> new LocalConfig.Files(file, tokenizer.orElseThrow()));
  }

  private static void readable(Section section, Path file) {
    if (!Files.isReadable(file)) {
      throw section.mistake("the file %s is not there or cannot be read".formatted(file));
    }
  }

  private static String name(LocalConfig.Files files) {
    return String.valueOf(files.model().getFileName()).replaceFirst("\\.onnx$", "");
  }

  private static RemoteConfig remote(Section section, Provider provider) {
    boolean cohere = provider == Provider.COHERE;
    RemoteConfig.Limits limits = RemoteConfig.Limits.DEFAULT;
    RemoteConfig.Waits waits = RemoteConfig.Waits.DEFAULT;
    String usual = cohere ? "https://api.cohere.com/v2" : "https://api.openai.com/v1";
    // Cohere takes no more than 96 texts in a call.
    int textsMax = cohere ? 96 : limits.textsMax();
    return new RemoteConfig(
        cohere ? RemoteConfig.Protocol.COHERE : RemoteConfig.Protocol.OPENAI,
        address(section, section.string("base-url", usual)),
        new ApiKey(secret(section, "api-key").orElse("")),
        needed(section, "model"),
        section.string("version", ""),
        number(section, needed(section, "dimension")),
        section.flag("ask-dimension", false),
        section.number("tokens-max", 512, 8, 1 << 20),
        section.string("query-prefix", ""),
        section.string("document-prefix", ""),
        new RemoteConfig.Limits(
            section.number("batch-texts-max", textsMax, 1, limits.textsMax()),
            section.number("batch-characters-max", limits.charactersMax(), 1, 100_000_000),
            section.number("requests-per-minute", 0, 0, 100_000_000),
            section.number("tokens-per-minute", 0, 0, Integer.MAX_VALUE),
            section.number("concurrent-requests", limits.callsMax(), 1, 1024),
            section.bytes("answer-size-max", limits.answerBytesMax())),
        new RemoteConfig.Waits(
            section.duration("connect-timeout", waits.connect()),
            section.duration("answer-timeout", waits.answer()),
            section.duration("total-timeout", waits.total()),
            section.number("attempts", waits.attemptsMax(), 1, 100),
            section.duration("backoff", waits.backoff()),
            section.duration("rest", waits.open())));
  }

  private static URI address(Section section, String value) {
    try {
      return URI.create(value);
    } catch (IllegalArgumentException e) {
      throw section.mistake("%s is no address".formatted(value));
    }
  }

  private static String needed(Section section, String key) {
    return section
        .string(key)
        .orElseThrow(() -> section.mistake("a provider elsewhere needs " + key));
  }

  private static int number(Section section, String value) {
    if (!value.matches("[1-9]\\d{0,4}") || Integer.parseInt(value) > 32_768) {
      throw section.mistake("dimension must be a number from 1 to 32768, got " + value);
    }
    return Integer.parseInt(value);
  }

  /** From a file or from the environment; a secret in the configuration itself is refused. */
  static Optional<String> secret(Section section, String key) {
    if (section.string(key).isPresent()) {
      throw section.mistake(
          "%s does not belong in the configuration; put it in a file and name that by %s-file, or in the environment and name the variable by %s-variable"
              .formatted(key, key, key));
    }
    Optional<String> variable = section.string(key + "-variable");
    Optional<Path> file = section.file(key + "-file");
    if (variable.isPresent()) {
      String value = System.getenv(variable.get());
      if (value == null) {
        throw section.mistake("the environment has no variable " + variable.get());
      }
      return Optional.of(value.strip());
    }
    return file.map(path -> content(section, path));
  }

  private static String content(Section section, Path file) throws ElanusException {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw section.mistake("cannot read the file " + file);
    }
  }
}
