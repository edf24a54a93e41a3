package io.elanus.rag.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.model.error.ElanusException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Against something that listens where Redis should, and is none. */
class RedisStoreTest {
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicLong nanos = new AtomicLong();

  private interface Behaviour {
    void serve(Socket socket) throws IOException, InterruptedException;
  }

  private ServerSocket listen(Behaviour behaviour) throws IOException {
    ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    threads.submit(
        () -> {
          while (true) {
            Socket socket = server.accept();
            connections.incrementAndGet();
            threads.submit(
                () -> {
                  behaviour.serve(socket);
                  return null;
                });
          }
        });
    return server;
  }

  private RedisStore store(int port) {
    return store(RedisConfig.at("127.0.0.1", port, "p:"));
  }

  /** Also where it is the first that needs the driver's classes. */
  private RedisStore patient(int port) {
    return store(
        new RedisConfig(
            "127.0.0.1",
            port,
            Optional.empty(),
            Optional.empty(),
            false,
            0,
            "p:",
            Duration.ofSeconds(5)));
  }

  private RedisStore store(RedisConfig at) {
    return new RedisStore(at, threads, () -> System.nanoTime() + nanos.get());
  }

  @AfterEach
  void stop() {
    threads.shutdownNow();
  }

  private static void fails(RedisStore store, String words) {
    assertThatThrownBy(() -> store.get("secret-key"))
        .isInstanceOf(ElanusException.class)
        .hasMessageContainingAll("Redis at 127.0.0.1", words)
        .hasMessageNotContaining("secret-key");
  }

  @Test
  void silenceEndsAndAfterAWhileNobodyAsks() throws Exception {
    try (ServerSocket server = listen(socket -> Thread.sleep(Duration.ofMinutes(10)));
        RedisStore store = store(server.getLocalPort())) {
      for (int i = 0; i < 5; i++) {
        fails(store, "");
      }
      int asked = connections.get();
      assertThat(asked).isPositive();
      fails(store, "left alone");
      assertThat(connections.get()).isEqualTo(asked);
      nanos.addAndGet(Duration.ofSeconds(6).toNanos());
      fails(store, "");
      fails(store, "left alone");
    }
  }

  /** A byte now and then keeps every single read alive, and the call ends all the same. */
  @Test
  void tricklingEnds() throws Exception {
    Behaviour trickle =
        socket -> {
          OutputStream out = socket.getOutputStream();
          for (int i = 0; i < 10_000; i++) {
            out.write(i == 0 ? '+' : 'x');
            out.flush();
            Thread.sleep(20);
          }
        };
    try (ServerSocket server = listen(trickle);
        RedisStore store = patient(server.getLocalPort())) {
      fails(store, "did not answer within");
      assertThat(connections).hasPositiveValue();
    }
  }

  @Test
  void nonsenseAndNobodyAreTold() throws Exception {
    Behaviour nonsense =
        socket -> {
          socket
              .getOutputStream()
              .write("HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
          socket.getOutputStream().flush();
        };
    int port;
    try (ServerSocket server = listen(nonsense);
        RedisStore store = patient(server.getLocalPort())) {
      port = server.getLocalPort();
      fails(store, "");
      assertThat(connections).hasPositiveValue();
    }
    try (RedisStore store = patient(port)) {
      fails(store, "cannot be reached");
    }
  }
}
