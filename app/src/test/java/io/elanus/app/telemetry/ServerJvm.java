package io.elanus.app.telemetry;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A server in a JVM and an environment of its own. */
final class ServerJvm implements AutoCloseable {
  private static final Pattern PORT = Pattern.compile("Milvus gRPC +\\S+:(\\d+)");

  private final Process process;
  private final StringBuffer errors = new StringBuffer();
  private final Thread reader;
  private int port;

  private ServerJvm(Process process) {
    this.process = process;
    this.reader = Thread.ofVirtual().start(this::readErrors);
  }

  static ServerJvm start(Path data, Map<String, String> environment) throws IOException {
    ProcessBuilder building =
        new ProcessBuilder(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "--add-modules=jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Xlog:disable",
                "-cp",
                System.getProperty("java.class.path"),
                "io.elanus.app.Main",
                "serve",
                "--data",
                data.toString(),
                "--port",
                "0",
                "--admin-port",
                "0"));
    building.environment().putAll(environment);
    ServerJvm server = new ServerJvm(building.start());
    server.awaitPort();
    return server;
  }

  private void awaitPort() throws IOException {
    BufferedReader out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      Matcher found = PORT.matcher(line);
      if (found.find()) {
        port = Integer.parseInt(found.group(1));
        Thread.ofVirtual().start(() -> out.lines().forEach(unused -> {}));
        return;
      }
    }
    throw new AssertionError("the server did not start: " + errors);
  }

  private void readErrors() {
    try (InputStream stream = process.getErrorStream()) {
      byte[] buffer = new byte[1024];
      for (int read = stream.read(buffer); read >= 0; read = stream.read(buffer)) {
        errors.append(new String(buffer, 0, read, StandardCharsets.UTF_8));
      }
    } catch (IOException e) {
      errors.append(e);
    }
  }

  int port() {
    return port;
  }

  /** What it has written to standard error so far. */
  String errors() {
    return errors.toString();
  }

  /** Asks it to stop; its exit code as of a clean stop, all its errors read. */
  int stop() throws InterruptedException {
    process.destroy();
    int code = process.waitFor();
    reader.join();
    // 128 and the number of the signal, which the JVM hands on after its hooks have run.
    return code == 143 ? 0 : code;
  }

  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
  }
}
