package io.elanus.e2e.campaign;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** The built server as a process of its own, started by the launcher on one data folder. */
final class Node implements AutoCloseable {
  static final int KILLED = 137;
  private static final long START_LIMIT_NANOS = TimeUnit.SECONDS.toNanos(300);

  private final Path folder;
  private final Path config;
  private final Path output;
  private final int port;
  private final int adminPort;

  /** Words before the launcher's: strace and the like. */
  List<String> before = List.of();

  /** More options of the JVM; the first compiler only, since lives are short. */
  String javaOptions = "-XX:TieredStopAtLevel=1";

  private Process process;

  /**
   * A server that is not running yet.
   *
   * @param folder for data, configuration and output
   * @param settings lines of the configuration file
   */
  Node(Path folder, List<String> settings) throws IOException {
    this.folder = folder;
    Files.createDirectories(folder);
    this.config = folder.resolve("server.yaml");
    this.output = folder.resolve("server.log");
    this.port = Checkout.freePort(Checkout.PORT_FIRST + ThreadLocalRandom.current().nextInt(8_000));
    this.adminPort = Checkout.freePort(port + 1);
    configure(settings);
    // A campaign that is ended leaves no server behind.
    Runtime.getRuntime().addShutdownHook(new Thread(this::endForcibly));
  }

  void configure(List<String> settings) throws IOException {
    Files.write(config, settings);
  }

  Path data() {
    return folder.resolve("data");
  }

  int port() {
    return port;
  }

  int adminPort() {
    return adminPort;
  }

  /** Starts the process and does not wait. */
  void launch() throws IOException {
    List<String> words = new ArrayList<>(before);
    words.add(Checkout.folder().resolve("elanus").toString());
    words.addAll(List.of("serve", "--config", config.toString(), "--data", data().toString()));
    words.addAll(List.of("--port", "" + port, "--admin-port", "" + adminPort));
    ProcessBuilder builder = new ProcessBuilder(words);
    Map<String, String> environment = builder.environment();
    environment.put("ELANUS_BUILT", "1");
    environment.put("ELANUS_JAVA_OPTIONS", javaOptions);
    builder.redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()));
    process = builder.start();
  }

  /** Launches and waits until the server serves; answers how long that took. */
  long start() throws IOException, InterruptedException {
    long begin = System.nanoTime();
    launch();
    if (!ready(START_LIMIT_NANOS)) {
      throw new IllegalStateException("the server did not start:\n" + tail());
    }
    return System.nanoTime() - begin;
  }

  /** Waits for health; false where the process ended first, or time ran out. */
  boolean ready(long limitNanos) throws InterruptedException {
    long end = System.nanoTime() + limitNanos;
    while (System.nanoTime() < end) {
      if (!process.isAlive()) {
        return false;
      }
      try (Wire wire = new Wire(adminPort, 2_000)) {
        if (wire.status("/healthz") == 200) {
          return true;
        }
      } catch (IOException e) {
        // Not yet.
      }
      Thread.sleep(10);
    }
    return false;
  }

  boolean alive() {
    return process != null && process.isAlive();
  }

  Process process() {
    return process;
  }

  /** The pid of the JVM: the launcher is replaced by it, but strace is its parent. */
  long pid() {
    return process.children().findFirst().map(ProcessHandle::pid).orElse(process.pid());
  }

  private void endForcibly() {
    Process last = process;
    if (last != null && last.isAlive()) {
      last.descendants().forEach(ProcessHandle::destroyForcibly);
      last.destroyForcibly();
    }
  }

  /** SIGKILL; answers the exit status, which proves that it was one. */
  int kill() throws InterruptedException {
    if (process.children().findAny().isPresent()) {
      // What runs the server ends with it, and writes its own files before that.
      process.children().forEach(ProcessHandle::destroyForcibly);
      if (process.waitFor(10, TimeUnit.SECONDS)) {
        return KILLED;
      }
    }
    process.destroyForcibly();
    return process.waitFor();
  }

  /** The end of what the server printed. */
  String tail() throws IOException {
    String all = Files.readString(output);
    return all.substring(Math.max(0, all.length() - 6_000));
  }

  /** SIGTERM, as an operator stops it. */
  @Override
  public void close() throws InterruptedException {
    if (process == null) {
      return;
    }
    if (process.children().findAny().isPresent()) {
      process.children().forEach(ProcessHandle::destroy);
    } else {
      process.destroy();
    }
    if (!process.waitFor(20, TimeUnit.SECONDS)) {
      kill();
    }
  }
}
