package io.elanus.server;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Where the server listens and what it lets through.
 *
 * @param port 0 for any free one
 * @param requestBytesMax longest message taken in
 * @param responseBytesMax longest message sent out
 * @param requestTimeout of calls whose client sets no deadline
 * @param stopTimeout how long calls in flight may take to end when the server stops
 */
public record ServerConfig(
    String host,
    int port,
    int requestBytesMax,
    int responseBytesMax,
    Duration requestTimeout,
    Duration stopTimeout,
    Optional<Tls> tls) {
  public static final String DEFAULT_HOST = "127.0.0.1";
  public static final int DEFAULT_PORT = 19530;

  /** PEM files. */
  public record Tls(Path certificateChain, Path privateKey) {}

  /** Milvus's limits on that address. */
  public static ServerConfig at(String host, int port) {
    return new ServerConfig(
        host,
        port,
        64 << 20,
        256 << 20,
        Duration.ofMinutes(10),
        Duration.ofSeconds(10),
        Optional.empty());
  }

  public static ServerConfig defaults() {
    return at(DEFAULT_HOST, DEFAULT_PORT);
  }

  public ServerConfig withTls(Tls files) {
    return new ServerConfig(
        host,
        port,
        requestBytesMax,
        responseBytesMax,
        requestTimeout,
        stopTimeout,
        Optional.of(files));
  }
}
