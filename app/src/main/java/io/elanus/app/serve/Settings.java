package io.elanus.app.serve;

import io.elanus.app.rag.RagSettings;
import io.elanus.app.rag.TelemetrySettings;
import io.elanus.engine.write.WriteConfig;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.store.limit.ByteSize;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
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
 * @param rag the section of that name; in the file alone
 * @param telemetry the section of that name; in the file alone
 */
record Settings(
    String host,
    int port,
    int adminPort,
    Path data,
    Optional<String> rootPassword,
    Optional<Path> tlsCertificate,
    Optional<Path> tlsKey,
    boolean insecure,
    Sizes sizes,
    RagSettings rag,
    TelemetrySettings telemetry) {

  /**
   * Sizes of the storage engine, and its clock.
   *
   * @param growingRowsMax rows of a growing segment until it is sealed
   * @param indexRowsMin smaller segments are scanned
   * @param logFileBytes of one file of the log
   * @param clockOffset added to the system's clock; for tests of clocks that jump
   * @param memoryBytes off the heap, for growing rows and index builds; 0 for what fits the machine
   * @param diskReserveBytes kept free of new rows; negative for what fits the disk
   */
  record Sizes(
      int growingRowsMax,
      int indexRowsMin,
      long logFileBytes,
      Duration clockOffset,
      long memoryBytes,
      long diskReserveBytes) {
    static final Sizes DEFAULT =
        new Sizes(
            WriteConfig.DEFAULT.growingRowsMax(),
            WriteConfig.DEFAULT.indexRowsMin(),
            FolderDatabase.LOG_FILE_BYTES,
            Duration.ZERO,
            0,
            -1);

    /** The write path's sizes. */
    WriteConfig writes() {
      WriteConfig all = WriteConfig.DEFAULT;
      return new WriteConfig(
          all.growingBytesMax(),
          growingRowsMax,
          indexRowsMin,
          all.mergeRowsMax(),
          all.mergeBytesMax(),
          all.mergeFanIn(),
          all.sealingMax(),
          all.buildHelpersMax());
    }
  }

  static final Settings DEFAULT =
      new Settings(
          "127.0.0.1",
          19530,
          9091,
          Path.of("data"),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          false,
          Sizes.DEFAULT,
          RagSettings.DEFAULT,
          TelemetrySettings.DEFAULT);

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
      String key = String.valueOf(entry.getKey());
      settings =
          switch (key) {
            case "rag", "telemetry" -> settings.withSection(key, entry.getValue());
            default -> settings.with(key, String.valueOf(entry.getValue()));
          };
    }
    return settings;
  }

  /** One setting by its name in the file and on the command line. */
  Settings with(String key, String value) {
    Draft draft = new Draft(this);
    switch (key) {
      case "host" -> draft.host = value;
      case "port" -> draft.port = port(key, value);
      case "admin-port" -> draft.adminPort = port(key, value);
      case "data" -> draft.data = Path.of(value);
      case "root-password-file" -> draft.rootPassword = Optional.of(secret(Path.of(value)));
      case "tls-certificate" -> draft.tlsCertificate = Optional.of(Path.of(value));
      case "tls-key" -> draft.tlsKey = Optional.of(Path.of(value));
      case "insecure" -> draft.insecure = Boolean.parseBoolean(value);
      case "growing-rows-max" -> draft.growingRowsMax = value(key, value);
      case "index-rows-min" -> draft.indexRowsMin = value(key, value);
      case "log-file-bytes" -> draft.logFileBytes = Math.max(4_096, value(key, value));
      case "memory" -> draft.memoryBytes = Math.max(1, bytes(key, value));
      case "disk-reserve" -> draft.diskReserveBytes = bytes(key, value);
      case "clock-offset-seconds" -> draft.clockOffset = Duration.ofSeconds(seconds(key, value));
      default -> throw bad("unknown setting %s; known are %s".formatted(key, new TreeSet<>(KNOWN)));
    }
    return draft.settings();
  }

  private Settings withSection(String name, @Nullable Object yaml) {
    Draft draft = new Draft(this);
    switch (name) {
      case "rag" -> draft.rag = RagSettings.of(yaml);
      case "telemetry" -> draft.telemetry = TelemetrySettings.of(yaml);
      default -> throw new IllegalStateException(name);
    }
    return draft.settings();
  }

  private static final List<String> KNOWN =
      List.of(
          "host",
          "port",
          "admin-port",
          "data",
          "root-password-file",
          "tls-certificate",
          "tls-key",
          "insecure",
          "growing-rows-max",
          "index-rows-min",
          "log-file-bytes",
          "memory",
          "disk-reserve",
          "clock-offset-seconds",
          "rag",
          "telemetry");

  private static long bytes(String key, String value) {
    return ByteSize.parse(value)
        .orElseThrow(() -> bad("%s must be %s, got %s".formatted(key, ByteSize.SHAPE, value)));
  }

  private static int value(String key, String value) {
    if (!value.matches("[1-9]\\d{0,8}")) {
      throw bad("%s must be a number from 1 to 999999999, got %s".formatted(key, value));
    }
    return Integer.parseInt(value);
  }

  private static long seconds(String key, String value) {
    if (!value.matches("-?\\d{1,10}")) {
      throw bad("%s must be a number of seconds, got %s".formatted(key, value));
    }
    return Long.parseLong(value);
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

  /** Settings that are being changed. */
  private static final class Draft {
    private String host;
    private int port;
    private int adminPort;
    private Path data;
    private Optional<String> rootPassword;
    private Optional<Path> tlsCertificate;
    private Optional<Path> tlsKey;
    private boolean insecure;
    private int growingRowsMax;
    private int indexRowsMin;
    private long logFileBytes;
    private Duration clockOffset;
    private long memoryBytes;
    private long diskReserveBytes;
    private RagSettings rag;
    private TelemetrySettings telemetry;

    Draft(Settings from) {
      host = from.host;
      port = from.port;
      adminPort = from.adminPort;
      data = from.data;
      rootPassword = from.rootPassword;
      tlsCertificate = from.tlsCertificate;
      tlsKey = from.tlsKey;
      insecure = from.insecure;
      growingRowsMax = from.sizes.growingRowsMax;
      indexRowsMin = from.sizes.indexRowsMin;
      logFileBytes = from.sizes.logFileBytes;
      clockOffset = from.sizes.clockOffset;
      memoryBytes = from.sizes.memoryBytes;
      diskReserveBytes = from.sizes.diskReserveBytes;
      rag = from.rag;
      telemetry = from.telemetry;
    }

    Settings settings() {
      return new Settings(
          host,
          port,
          adminPort,
          data,
          rootPassword,
          tlsCertificate,
          tlsKey,
          insecure,
          new Sizes(
              growingRowsMax,
              indexRowsMin,
              logFileBytes,
              clockOffset,
              memoryBytes,
              diskReserveBytes),
          rag,
          telemetry);
    }
  }
}
