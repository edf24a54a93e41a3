package io.elanus.app.serve;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code elanus serve}. */
@Command(
    name = "serve",
    description = "Start the server, everything embedded.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
@SuppressWarnings("NullAway.Init") // picocli fills the fields
public final class ServeCommand implements Callable<Integer> {
  @Option(names = "--data", paramLabel = "DIR", description = "Data folder (default: ./data).")
  private @Nullable Path data;

  @Option(names = "--host", description = "Address to listen on (default: 127.0.0.1).")
  private @Nullable String host;

  @Option(names = "--port", description = "Port of gRPC and REST (default: 19530).")
  private @Nullable Integer port;

  @Option(
      names = "--admin-port",
      description = "Port of health and metrics, on loopback only (default: 9091).")
  private @Nullable Integer adminPort;

  @Option(names = "--config", paramLabel = "FILE", description = "YAML file with settings.")
  private @Nullable Path config;

  @Option(
      names = "--memory",
      paramLabel = "SIZE",
      description =
          "Memory off the heap for growing rows and index builds, as 4GiB (default: three fifths of"
              + " the machine's).")
  private @Nullable String memory;

  @Option(
      names = "--disk-reserve",
      paramLabel = "SIZE",
      description =
          "Space that new rows leave free, so that deletes and merges work on a full disk (default:"
              + " a twentieth of the disk, at most 512MiB).")
  private @Nullable String diskReserve;

  @Option(
      names = "--root-password-file",
      paramLabel = "FILE",
      description = "Ask clients for root and the password in this file.")
  private @Nullable Path rootPasswordFile;

  @Option(names = "--tls-certificate", paramLabel = "FILE", description = "PEM certificate chain.")
  private @Nullable Path tlsCertificate;

  @Option(names = "--tls-key", paramLabel = "FILE", description = "PEM private key.")
  private @Nullable Path tlsKey;

  @Option(
      names = "--insecure",
      description = "Allow other machines in without authentication and TLS.")
  private boolean insecure;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    Settings settings = settings().checked();
    Process process = Process.start(settings);
    CountDownLatch stopped = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            Thread.ofPlatform()
                .unstarted(
                    () -> {
                      process.close();
                      stopped.countDown();
                    }));
    greet(settings, process);
    stopped.await();
    return 0;
  }

  private Settings settings() {
    Settings settings = Settings.DEFAULT;
    if (config != null) {
      settings = settings.withFile(config);
    }
    return settings
        .withOption("data", data)
        .withOption("host", host)
        .withOption("port", port)
        .withOption("admin-port", adminPort)
        .withOption("memory", memory)
        .withOption("disk-reserve", diskReserve)
        .withOption("root-password-file", rootPasswordFile)
        .withOption("tls-certificate", tlsCertificate)
        .withOption("tls-key", tlsKey)
        .withOption("insecure", insecure ? true : null);
  }

  private void greet(Settings settings, Process process) {
    // Not ProcessHandle's start instant, which is a second off either way.
    long millis = ManagementFactory.getRuntimeMXBean().getUptime();
    String address = settings.host() + ":" + process.port();
    boolean tls = settings.tlsCertificate().isPresent();
    boolean password = settings.rootPassword().isPresent();
    var out = spec.commandLine().getOut();
    out.printf("elanus %s is ready, %.1f s after its start%n%n", Version.NUMBER, millis / 1000.0);
    out.printf("  Milvus gRPC   %s%n", address);
    out.printf("  REST          %s://%s/v2/vectordb/%n", tls ? "https" : "http", address);
    out.printf(
        "  health        http://127.0.0.1:%d/healthz   metrics: /metrics%n", process.adminPort());
    out.printf(
        "  data          %s (%d collections)%n",
        settings.data().toAbsolutePath().normalize(), process.collectionCount());
    out.printf(
        "  security      %s%n",
        password
            ? "password of root asked for, TLS " + (tls ? "on" : "off")
            : settings.isLoopback()
                ? "open to this machine only, no password"
                : "OPEN TO OTHER MACHINES, no password");
    process
        .damaged()
        .forEach(reason -> out.printf("  DAMAGED       a collection is set aside: %s%n", reason));
    out.printf(
        "%nTry: pip install pymilvus && python -c \"from pymilvus import MilvusClient; print(MilvusClient('http://%s').list_collections())\"%n",
        address);
    out.flush();
  }
}
