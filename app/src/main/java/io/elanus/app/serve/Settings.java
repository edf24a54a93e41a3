package io.elanus.app.serve;

import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * What a server runs with: defaults, over them the configuration file, over that the command line.
 *
 * @param data the data folder
 * @param rootPassword for authentication; empty for none
 * @param insecure whether a bind beyond loopback may go without authentication and TLS
 */
record Settings(
    String host,
    int port,
    int adminPort,
    Path data,
    Optional<String> rootPassword,
    Optional<Path> tlsCertificate,
    Optional<Path> tlsKey,
    boolean insecure) {

  static final Settings DEFAULT =
      new Settings(
          "127.0.0.1",
          19530,
          9091,
          Path.of("data"),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          false);

  /** The file's settings over these; unknown keys are errors that name the known ones. */
  Settings withFile(Path file) {
    Object loaded;
    try {
      loaded = new Load(LoadSettings.builder().build()).loadFromString(Files.readString(file));
    } catch (IOException | YamlEngineException e) {
      throw bad("cannot read the configuration %s: %s".formatted(file, e.getMessage()));
    }
    if (loaded == null) {
      return this;
    }
    if (!(loaded instanceof Map<?, ?> map)) {
      throw bad("the configuration %s must be keys and values".formatted(file));
    }
    Settings settings = this;
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      settings = settings.with(String.valueOf(entry.getKey()), String.valueOf(entry.getValue()));
    }
    return settings;
  }

  /** One setting by its name in the file and on the command line. */
  Settings with(String key, String value) {
    return switch (key) {
      case "host" -> copy(value, port, adminPort, data);
      case "port" -> copy(host, port(key, value), adminPort, data);
      case "admin-port" -> copy(host, port, port(key, value), data);
      case "data" -> copy(host, port, adminPort, Path.of(value));
      case "root-password-file" ->
          new Settings(
              host,
              port,
              adminPort,
              data,
              Optional.of(secret(Path.of(value))),
              tlsCertificate,
              tlsKey,
              insecure);
      case "tls-certificate" ->
          new Settings(
              host,
              port,
              adminPort,
              data,
              rootPassword,
              Optional.of(Path.of(value)),
              tlsKey,
              insecure);
      case "tls-key" ->
          new Settings(
              host,
              port,
              adminPort,
              data,
              rootPassword,
              tlsCertificate,
              Optional.of(Path.of(value)),
              insecure);
      case "insecure" ->
          new Settings(
              host,
              port,
              adminPort,
              data,
              rootPassword,
              tlsCertificate,
              tlsKey,
              Boolean.parseBoolean(value));
      default ->
          throw bad(
              "unknown setting %s; known are %s"
                  .formatted(
                      key,
                      new TreeSet<>(
                          java.util.List.of(
                              "host",
                              "port",
                              "admin-port",
                              "data",
                              "root-password-file",
                              "tls-certificate",
                              "tls-key",
                              "insecure"))));
    };
  }

  private Settings copy(String newHost, int newPort, int newAdminPort, Path newData) {
    return new Settings(
        newHost, newPort, newAdminPort, newData, rootPassword, tlsCertificate, tlsKey, insecure);
  }

  /** Throws a sentence where settings contradict each other or are not safe. */
  Settings checked() {
    if (tlsCertificate.isPresent() != tlsKey.isPresent()) {
      throw bad("TLS needs both tls-certificate and tls-key");
    }
    boolean secured = rootPassword.isPresent() && tlsCertificate.isPresent();
    if (!isLoopback() && !secured && !insecure) {
      throw bad(
          "%s is reachable from other machines: give root-password-file, tls-certificate and tls-key, or --insecure if the network is trusted"
              .formatted(host));
    }
    return this;
  }

  boolean isLoopback() {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      throw bad("the host %s is unknown".formatted(host));
    }
  }

  private static int port(String key, String value) {
    if (!value.matches("\\d{1,5}") || Integer.parseInt(value) > 65_535) {
      throw bad("%s must be a number up to 65535, got %s".formatted(key, value));
    }
    return Integer.parseInt(value);
  }

  private static String secret(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw bad("cannot read the password file %s".formatted(file));
    }
  }

  private static ElanusException bad(String message) {
    return new ElanusException(ErrorCode.INVALID_ARGUMENT, message);
  }

  /** The setting over these where the command line gave it. */
  Settings withOption(String key, @Nullable Object value) {
    return value == null ? this : with(key, value.toString());
  }
}
