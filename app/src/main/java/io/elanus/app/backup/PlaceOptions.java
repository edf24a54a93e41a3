package io.elanus.app.backup;

import io.elanus.store.object.s3.S3Config;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How to reach a bucket. For picocli to fill; folders need none of it. */
final class PlaceOptions {
  @Option(
      names = "--endpoint",
      paramLabel = "URL",
      description = "Object store that is not Amazon's, such as http://127.0.0.1:9000.")
  private @Nullable URI endpoint;

  @Option(
      names = "--region",
      paramLabel = "NAME",
      description = "Region of the bucket (default: as AWS_REGION or the profile says).")
  private @Nullable String region;

  @Option(
      names = "--path-style",
      paramLabel = "true|false",
      arity = "0..1",
      fallbackValue = "true",
      description = "Bucket in the path, not in the host's name (default: with --endpoint).")
  private @Nullable Boolean pathStyle;

  @Option(
      names = "--profile",
      paramLabel = "NAME",
      description = "Profile of ~/.aws (default: AWS_PROFILE; keys may stand in the environment).")
  private @Nullable String profile;

  @Option(
      names = "--credentials-file",
      paramLabel = "FILE",
      description = "File with keys, in the shape of ~/.aws/credentials.")
  private @Nullable Path credentialsFile;

  /**
   * @param says sentences for whoever waits
   */
  Place writingTo(String place, Consumer<String> says) {
    return S3Config.isAddress(place)
        ? BucketPlace.writingTo(config(place), says)
        : Place.writingTo(folder(place));
  }

  Place readingFrom(String place) {
    return S3Config.isAddress(place)
        ? BucketPlace.readingFrom(config(place))
        : Place.readingFrom(folder(place));
  }

  private Path folder(String place) {
    if (place.contains("://")) {
      throw ServerOptions.bad(
          "%s is neither a folder nor a bucket like s3://bucket/prefix".formatted(place));
    }
    if (endpoint != null
        || region != null
        || pathStyle != null
        || profile != null
        || credentialsFile != null) {
      throw ServerOptions.bad(
          "%s is a folder, for which --endpoint, --region, --path-style, --profile and --credentials-file say nothing; a bucket is named like s3://bucket/prefix"
              .formatted(place));
    }
    return Path.of(place);
  }

  private S3Config config(String place) {
    S3Config config =
        S3Config.of(place).as(Optional.ofNullable(profile), Optional.ofNullable(credentialsFile));
    if (endpoint != null) {
      boolean http = "http".equals(endpoint.getScheme()) || "https".equals(endpoint.getScheme());
      if (!http || endpoint.getHost() == null) {
        throw ServerOptions.bad(
            "--endpoint must be like http://127.0.0.1:9000, got %s".formatted(endpoint));
      }
      config = config.at(endpoint);
    }
    if (pathStyle != null || endpoint != null) {
      config = config.withPathStyle(pathStyle == null || pathStyle);
    }
    return region == null ? config : config.inRegion(region);
  }
}
