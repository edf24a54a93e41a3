package io.elanus.bucket;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A running S3 server, empty, with one pair of keys. Its jars are on its own class path alone; they
 * lie where the build of this room put them.
 */
public final class BucketProcess implements AutoCloseable {
  public static final String ACCESS_KEY = "test-access-key";
  public static final String SECRET_KEY = "test-secret-key";

  static final String READY = "ready on port ";
  private static final long STOP_SECONDS = 10;

  private final Process process;
  private final URI endpoint;

  private BucketProcess(Process process, URI endpoint) {
    this.process = process;
    this.endpoint = endpoint;
  }

  /** With these buckets, ready when this returns. */
  public static BucketProcess start(String... buckets) throws IOException {
    Path target = room().resolve("target");
    if (!Files.isDirectory(target.resolve("lib"))) {
      throw new IllegalStateException(
          "%s has no jars; build it: ./mvnw -pl bucket process-classes".formatted(target));
    }
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx384m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xshare:auto",
                "-cp",
                target.resolve("classes") + File.pathSeparator + target.resolve("lib") + "/*",
                BucketServer.class.getName(),
                ACCESS_KEY,
                SECRET_KEY));
    command.addAll(List.of(buckets));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    StringBuilder said = new StringBuilder();
    BufferedReader out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      if (line.startsWith(READY)) {
        URI endpoint = URI.create("http://127.0.0.1:" + line.substring(READY.length()).strip());
        return new BucketProcess(process, endpoint);
      }
      said.append(line).append('\n');
    }
    throw new IllegalStateException("the S3 server did not start:\n" + said);
  }

  private static Path room() {
    Path folder = Path.of("").toAbsolutePath();
    while (folder != null && !Files.isRegularFile(folder.resolve("elanus"))) {
      folder = folder.getParent();
    }
    if (folder == null) {
      throw new IllegalStateException("not inside a checkout");
    }
    return folder.resolve("bucket");
  }

  public URI endpoint() {
    return endpoint;
  }

  @Override
  public void close() {
    try {
      process.getOutputStream().close();
      if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (IOException e) {
      process.destroyForcibly();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
