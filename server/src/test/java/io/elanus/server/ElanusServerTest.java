package io.elanus.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.linecorp.armeria.common.HttpResponse;
import io.elanus.server.fixture.EchoDatabase;
import io.elanus.server.fixture.Requests;
import io.elanus.server.fixture.RunningServer;
import io.elanus.server.guard.OpenGuard;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.milvus.grpc.GetVersionRequest;
import io.milvus.grpc.MilvusServiceGrpc;
import io.milvus.grpc.MutationResult;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Key;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Starting, stopping, and what may go wrong with it. */
class ElanusServerTest {
  private static final Mount SOMETHING =
      server -> server.service("/something", (context, request) -> HttpResponse.of("here"));

  @Test
  void takenPortIsSaidInASentence() {
    try (RunningServer server = new RunningServer(new EchoDatabase(), new OpenGuard())) {
      ServerConfig same = ServerConfig.at("127.0.0.1", server.port());
      assertThatThrownBy(() -> ElanusServer.start(same, List.of(SOMETHING)))
          .hasMessageContaining("127.0.0.1:" + server.port());
    }
  }

  @Test
  void callsInFlightAreAnsweredBeforeTheServerStops() throws Exception {
    EchoDatabase database = new EchoDatabase();
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch released = new CountDownLatch(1);
    RunningServer server = new RunningServer(database, new OpenGuard());
    server.stub().createCollection(Requests.createCollection("c"));
    database.beforeRows =
        () -> {
          entered.countDown();
          released.await();
          return null;
        };
    CompletableFuture<MutationResult> insert =
        CompletableFuture.supplyAsync(() -> server.stub().insert(Requests.insert("c", 1)));
    assertThat(entered.await(10, TimeUnit.SECONDS)).isTrue();
    CompletableFuture<Void> stop = CompletableFuture.runAsync(server::stop);
    Thread.sleep(200);
    assertThat(stop).isNotDone();
    released.countDown();
    assertThat(insert.get(10, TimeUnit.SECONDS).getStatus().getCode()).isZero();
    stop.get(20, TimeUnit.SECONDS);
    server.close();
  }

  @Test
  void speaksTls(@TempDir Path folder) throws Exception {
    ServerConfig.Tls tls = certificate(folder);
    ServerConfig config = ServerConfig.at("127.0.0.1", RunningServer.freePort()).withTls(tls);
    try (RunningServer server = new RunningServer(config, new EchoDatabase(), new OpenGuard())) {
      ManagedChannel channel =
          NettyChannelBuilder.forAddress("localhost", server.port())
              .sslContext(
                  GrpcSslContexts.forClient().trustManager(tls.certificateChain().toFile()).build())
              .build();
      assertThat(
              MilvusServiceGrpc.newBlockingStub(channel)
                  .withDeadlineAfter(10, TimeUnit.SECONDS)
                  .getVersion(GetVersionRequest.getDefaultInstance())
                  .getStatus()
                  .getCode())
          .isZero();
      assertThatThrownBy(() -> server.stub().getVersion(GetVersionRequest.getDefaultInstance()))
          .as("no plain text on a TLS port")
          .isInstanceOf(io.grpc.StatusRuntimeException.class);
      channel.shutdownNow();
    }
  }

  /** A certificate for localhost, made by the JDK's own tool. */
  private static ServerConfig.Tls certificate(Path folder) throws Exception {
    Path store = folder.resolve("keys.p12");
    run(
        Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
        "-genkeypair",
        "-keyalg",
        "EC",
        "-alias",
        "server",
        "-dname",
        "CN=localhost",
        "-ext",
        "SAN=DNS:localhost",
        "-storetype",
        "PKCS12",
        "-storepass",
        "changeit",
        "-keystore",
        store.toString());
    KeyStore keys = KeyStore.getInstance("PKCS12");
    char[] password = "changeit".toCharArray();
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, password);
    }
    Key key = keys.getKey("server", password);
    return new ServerConfig.Tls(
        pem(folder.resolve("chain.pem"), "CERTIFICATE", keys.getCertificate("server").getEncoded()),
        pem(folder.resolve("key.pem"), "PRIVATE KEY", key.getEncoded()));
  }

  private static Path pem(Path file, String type, byte[] bytes) throws IOException {
    String body = Base64.getMimeEncoder().encodeToString(bytes);
    return Files.writeString(
        file, "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(type, body, type));
  }

  private static void run(String... command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes());
    assertThat(process.waitFor()).as(output).isZero();
  }
}
