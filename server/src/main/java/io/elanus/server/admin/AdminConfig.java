package io.elanus.server.admin;

/**
 * Where the admin port listens.
 *
 * @param port 0 for any free one
 */
public record AdminConfig(String host, int port) {
  public static final int DEFAULT_PORT = 9091;

  public static AdminConfig defaults() {
    return new AdminConfig("127.0.0.1", DEFAULT_PORT);
  }
}
