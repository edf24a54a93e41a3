package io.elanus.server;

import com.linecorp.armeria.common.SessionProtocol;
import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.ServerPort;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;

/**
 * The port that clients talk to. What it speaks is mounted on it: gRPC, REST, whatever comes. It
 * keeps connections that are idle but answer pings, since clients ping every ten seconds and expect
 * to be let.
 */
public final class ElanusServer implements AutoCloseable {
  private static final Duration IDLE_TIMEOUT = Duration.ofHours(1);

  /** Longer ones make Armeria set a TCP option beyond what Linux takes. */
  private static final Duration PING_INTERVAL = Duration.ofSeconds(30);

  private static final Duration QUIET_PERIOD = Duration.ofMillis(100);

  /** Room for the framing around the longest message. */
  private static final int FRAMING_BYTES = 1 << 20;

  private final Server server;

  private ElanusServer(Server server) {
    this.server = server;
  }

  /** Starts listening; returns when the port is open. */
  public static ElanusServer start(ServerConfig config, List<Mount> mounts) {
    ServerBuilder builder =
        Server.builder()
            .port(
                new ServerPort(
                    new InetSocketAddress(config.host(), config.port()),
                    config.tls().isPresent() ? SessionProtocol.HTTPS : SessionProtocol.HTTP))
            .maxRequestLength((long) config.requestBytesMax() + FRAMING_BYTES)
            .requestTimeout(config.requestTimeout())
            .idleTimeout(IDLE_TIMEOUT, true)
            .pingInterval(PING_INTERVAL)
            .bossGroupFactory(Acceptors::one)
            .gracefulShutdownTimeout(QUIET_PERIOD, config.stopTimeout());
    config
        .tls()
        .ifPresent(tls -> builder.tls(tls.certificateChain().toFile(), tls.privateKey().toFile()));
    mounts.forEach(mount -> mount.on(builder));
    Server server = builder.build();
    try {
      server.start().join();
    } catch (CompletionException e) {
      server.stop().join();
      throw new IllegalStateException(
          "cannot listen on %s:%d; is another server using it?"
              .formatted(config.host(), config.port()),
          e);
    }
    return new ElanusServer(server);
  }

  /** The port it listens on, also where the configuration left the choice open. */
  public int port() {
    return server.activeLocalPort();
  }

  /** Takes no new calls, waits for those in flight, closes the port. Idempotent. */
  @Override
  public void close() {
    server.stop().join();
  }
}
