package io.elanus.store.object.s3;

import io.elanus.bucket.BucketProcess;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Gives test classes the one S3 server of this run; it ends with the run. */
public final class Buckets implements ParameterResolver {
  static final String BUCKET = "elanus-test";
  private static final AtomicInteger NEXT = new AtomicInteger();

  /** What a test of a bucket needs: the server, and keys in a file. */
  public record Stand(BucketProcess server, Path keys) implements AutoCloseable {
    /** A prefix that nobody else has, without waits between tries. */
    public S3Config fresh() {
      return fresh(server.endpoint());
    }

    public S3Config fresh(URI endpoint) {
      return S3Config.of("s3://%s/p%d".formatted(BUCKET, NEXT.incrementAndGet()))
          .at(endpoint)
          .withPathStyle(true)
          .inRegion("us-east-1")
          .as(Optional.empty(), Optional.of(keys))
          .with(
              new S3Config.Timing(
                  4,
                  Duration.ofMillis(100),
                  Duration.ofMillis(300),
                  Duration.ofSeconds(10),
                  Duration.ofSeconds(20)),
              S3Config.PART_BYTES_LEAST);
    }

    @Override
    public void close() throws IOException {
      server.close();
      Files.delete(keys);
    }
  }

  private static Stand start() {
    try {
      Path keys = Files.createTempFile("keys", "");
      write(keys, BucketProcess.ACCESS_KEY, BucketProcess.SECRET_KEY);
      return new Stand(BucketProcess.start(BUCKET), keys);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  static void write(Path file, String accessKey, String secretKey) throws IOException {
    Files.writeString(
        file,
        "[default]%naws_access_key_id = %s%naws_secret_access_key = %s%n"
            .formatted(accessKey, secretKey));
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Stand.class;
  }

  @Override
  public Stand resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return context
        .getRoot()
        .getStore(ExtensionContext.Namespace.create(Buckets.class))
        .computeIfAbsent("stand", key -> start(), Stand.class);
  }
}
