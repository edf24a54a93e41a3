package io.elanus.e2e;

import io.elanus.e2e.campaign.Checkout;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** The built server as a process of its own, started the way a user starts it. */
final class ServerProcess implements AutoCloseable {
  private static final Duration START_LIMIT = Duration.ofSeconds(120);

  private final HttpClient http = HttpClient.newHttpClient();
  private final Path data;
  private final Path output;
  private final int port = Checkout.freePort(Checkout.PORT_FIRST);
  private final int adminPort = Checkout.freePort(port + 1);
  private Process process;

  private ServerProcess(Path data) throws IOException {
    this.data = data;
    this.output = Files.createTempFile("elanus-server", ".log");
  }

  static ServerProcess start(Path data) throws IOException, InterruptedException {
    ServerProcess server = new ServerProcess(data);
    server.start();
    return server;
  }

  /** Starts (again) on the same folder and ports; returns when the server says it is ready. */
  void start() throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(
            Checkout.folder().resolve("elanus").toString(),
            "serve",
            "--data",
            data.toString(),
            "--port",
            Integer.toString(port),
            "--admin-port",
            Integer.toString(adminPort));
    builder.environment().put("ELANUS_BUILT", "1");
    builder.redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()));
    process = builder.start();
    long end = System.nanoTime() + START_LIMIT.toNanos();
    while (!healthy()) {
      if (!process.isAlive() || System.nanoTime() > end) {
        throw new IllegalStateException("the server did not start:\n" + output());
      }
      Thread.sleep(20);
    }
  }

  private boolean healthy() throws InterruptedException {
    try {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + adminPort + "/healthz"))
              .timeout(Duration.ofSeconds(2))
              .build();
      return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  /** SIGKILL; answers the exit status, which proves that it was one. */
  int kill() throws InterruptedException {
    process.destroyForcibly();
    return process.waitFor();
  }

  String uri() {
    return "http://127.0.0.1:" + port;
  }

  int port() {
    return port;
  }

  /** Everything the server printed. */
  String output() throws IOException {
    return Files.readString(output);
  }

  @Override
  public void close() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(20, TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
    }
  }
}
