package io.elanus.store.object.s3;

import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Which bucket, and how to reach it. Holds no secret: keys are read by the SDK from where they lie.
 *
 * @param prefix in front of every key, without slashes around it; empty for none
 * @param endpoint of a server that is not Amazon's; the SDK's own variables hold where it is absent
 * @param region absent for what environment and profile say, or any where there is an endpoint
 * @param pathStyle whether the bucket stands in the path, and not in the host's name
 * @param profile of the files of keys and settings that Amazon's tools have
 * @param credentialsFile in place of {@code ~/.aws/credentials}, of the same shape
 */
public record S3Config(
    String bucket,
    String prefix,
    Optional<URI> endpoint,
    Optional<String> region,
    boolean pathStyle,
    Optional<String> profile,
    Optional<Path> credentialsFile,
    Timing timing,
    int partBytes) {

  /** What Amazon takes as the least size of a part that is not the last. */
  static final int PART_BYTES_LEAST = 5 << 20;

  private static final int PART_BYTES = 16 << 20;
  private static final String SCHEME = "s3://";

  /**
   * How long a call is waited for, and how often it is tried again. Before try n the pause is
   * anything up to {@code firstPause << n}, at most {@code longestPause}.
   *
   * @param tries at least 1
   * @param connect until a connection stands
   * @param silence until a byte comes
   */
  public record Timing(
      int tries, Duration firstPause, Duration longestPause, Duration connect, Duration silence) {
    public static final Timing DEFAULT =
        new Timing(
            8,
            Duration.ofMillis(200),
            Duration.ofSeconds(10),
            Duration.ofSeconds(10),
            Duration.ofSeconds(60));
  }

  public S3Config {
    if (partBytes < PART_BYTES_LEAST) {
      throw new IllegalArgumentException("a part of %d bytes is too small".formatted(partBytes));
    }
  }

  /** Whether this names a bucket rather than a folder. */
  public static boolean isAddress(String text) {
    return text.startsWith(SCHEME);
  }

  /**
   * Of {@code s3://bucket/prefix}.
   *
   * @throws ElanusException INVALID_ARGUMENT where it is none
   */
  public static S3Config of(String address) {
    String rest = isAddress(address) ? address.substring(SCHEME.length()) : "";
    int slash = rest.indexOf('/');
    String bucket = slash < 0 ? rest : rest.substring(0, slash);
    String prefix = slash < 0 ? "" : rest.substring(slash + 1);
    while (prefix.endsWith("/")) {
      prefix = prefix.substring(0, prefix.length() - 1);
    }
    // The parts that object keys may have; anything else means something to a shell or an address.
    boolean good = prefix.isEmpty() || prefix.matches("[\\w.=+@-]+(/[\\w.=+@-]+)*");
    if (!bucket.matches("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]") || !good) {
      throw new ElanusException(
          ErrorCode.INVALID_ARGUMENT,
          "%s must be like s3://bucket/prefix: a bucket's name has 3 to 63 small letters, digits, dots and hyphens"
              .formatted(address));
    }
    return new S3Config(
        bucket,
        prefix,
        Optional.empty(),
        Optional.empty(),
        false,
        Optional.empty(),
        Optional.empty(),
        Timing.DEFAULT,
        PART_BYTES);
  }

  /** At a server that is not Amazon's. */
  public S3Config at(URI server) {
    return new S3Config(
        bucket,
        prefix,
        Optional.of(server),
        region,
        pathStyle,
        profile,
        credentialsFile,
        timing,
        partBytes);
  }

  public S3Config withPathStyle(boolean asPath) {
    return new S3Config(
        bucket, prefix, endpoint, region, asPath, profile, credentialsFile, timing, partBytes);
  }

  public S3Config inRegion(String name) {
    return new S3Config(
        bucket,
        prefix,
        endpoint,
        Optional.of(name),
        pathStyle,
        profile,
        credentialsFile,
        timing,
        partBytes);
  }

  public S3Config as(Optional<String> newProfile, Optional<Path> newCredentialsFile) {
    return new S3Config(
        bucket,
        prefix,
        endpoint,
        region,
        pathStyle,
        newProfile,
        newCredentialsFile,
        timing,
        partBytes);
  }

  public S3Config with(Timing newTiming, int newPartBytes) {
    return new S3Config(
        bucket,
        prefix,
        endpoint,
        region,
        pathStyle,
        profile,
        credentialsFile,
        newTiming,
        newPartBytes);
  }

  /** The name of an object in the bucket. */
  String name(String key) {
    return prefix.isEmpty() ? key : prefix + "/" + key;
  }

  /** As people write it. */
  String address(String key) {
    return SCHEME + bucket + "/" + name(key);
  }
}
