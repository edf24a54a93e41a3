package io.elanus.app.serve;

import java.nio.file.Path;

/** A whole server inside this JVM, on loopback, until closed. */
public final class EmbeddedServer implements AutoCloseable {
  private final Process process;

  private EmbeddedServer(Process process) {
    this.process = process;
  }

  /** Ready to serve when this returns. */
  public static EmbeddedServer start(Path data, int port, int adminPort) {
    return new EmbeddedServer(
        Process.start(
            Settings.DEFAULT
                .with("data", data.toString())
                .with("port", Integer.toString(port))
                .with("admin-port", Integer.toString(adminPort))));
  }

  /**
   * With settings of a file, but on these ports.
   *
   * @param configuration YAML
   */
  public static EmbeddedServer start(Path data, int port, int adminPort, Path configuration) {
    return new EmbeddedServer(
        Process.start(
            Settings.DEFAULT
                .withFile(configuration)
                .with("data", data.toString())
                .with("port", Integer.toString(port))
                .with("admin-port", Integer.toString(adminPort))
                .checked()));
  }

  public int port() {
    return process.port();
  }

  public int adminPort() {
    return process.adminPort();
  }

  @Override
  public void close() {
    process.close();
  }
}
