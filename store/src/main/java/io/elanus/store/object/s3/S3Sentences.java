package io.elanus.store.object.s3;

import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import java.util.Optional;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

/** What went wrong with a bucket, for people: where, why, and what to do. Names no keys. */
final class S3Sentences {
  private final S3Config config;

  S3Sentences(S3Config config) {
    this.config = config;
  }

  /** The service's name of what is wrong; empty where it gives none, as for HEAD. */
  static String codeOf(AwsServiceException e) {
    return e.awsErrorDetails() == null || e.awsErrorDetails().errorCode() == null
        ? ""
        : e.awsErrorDetails().errorCode();
  }

  private String where() {
    return config
        .endpoint()
        .map(endpoint -> "the object store at " + endpoint)
        .orElse("the object store");
  }

  ElanusException missing(String key) {
    return new ElanusException(
        ErrorCode.DATA_CORRUPT, "the data file %s is missing".formatted(config.address(key)));
  }

  ElanusException garbled(String key, Exception cause) {
    return new ElanusException(
        ErrorCode.DATA_CORRUPT,
        "%s differs from the checksum that %s has for it; what was read is not used"
            .formatted(config.address(key), where()),
        cause);
  }

  ElanusException replaced(String key) {
    return new ElanusException(
        ErrorCode.BUSY,
        "%s was replaced while it was read; try again".formatted(config.address(key)));
  }

  /** Every try failed. */
  ElanusException exhausted(String what, String key, int tries, Exception last) {
    if (last instanceof S3Calls.Garbled) {
      return garbled(key, last);
    }
    return new ElanusException(
        ErrorCode.NOT_READY,
        "could not %s %s: %s failed %d times, at last with: %s; try again later, what was finished stays"
            .formatted(what, config.address(key), where(), tries, reason(last)),
        last);
  }

  private static String reason(Exception e) {
    if (e instanceof AwsServiceException refused) {
      String code = codeOf(refused);
      return code.isEmpty()
          ? "status " + refused.statusCode()
          : "%s (status %d)".formatted(code, refused.statusCode());
    }
    Throwable root = e;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    String message = String.valueOf(root.getMessage());
    return root instanceof java.net.UnknownHostException ? "unknown host " + message : message;
  }

  /** No try will help. */
  ElanusException refused(String what, String key, SdkException e) {
    if (!(e instanceof AwsServiceException refusal)) {
      return new ElanusException(
          ErrorCode.INTERNAL,
          "could not %s %s: %s".formatted(what, config.address(key), reason(e)),
          e);
    }
    String target = config.address(key);
    String code = codeOf(refusal);
    if (code.equals("NoSuchKey") || code.isEmpty() && refusal.statusCode() == 404) {
      return missing(key);
    }
    return switch (code) {
      case "NoSuchBucket" ->
          bad(
              e,
              "there is no bucket %s at %s; create it, or correct the name, --region or --endpoint",
              config.bucket(),
              where());
      case "PermanentRedirect",
          "TemporaryRedirect",
          "AuthorizationHeaderMalformed",
          "IllegalLocationConstraintException" ->
          wrongRegion(refusal);
      case "InvalidAccessKeyId" ->
          denied(
              e,
              "%s does not know the access key; check AWS_ACCESS_KEY_ID, the profile, or --credentials-file",
              where());
      case "SignatureDoesNotMatch" ->
          denied(
              e,
              "%s says that the secret key is wrong; check AWS_SECRET_ACCESS_KEY, the profile, or --credentials-file",
              where());
      case "ExpiredToken", "InvalidToken", "TokenRefreshRequired" ->
          denied(e, "the credentials for %s have expired; get new ones", where());
      case "RequestTimeTooSkewed" ->
          denied(
              e,
              "this machine's clock differs too much from that of %s; set it right, then try again",
              where());
      case "NotImplemented" ->
          bad(
              e,
              "%s cannot do what is needed to %s %s (%s); it must know conditional writes and uploads in parts",
              where(),
              what,
              target,
              message(refusal));
      default -> other(what, target, refusal);
    };
  }

  private ElanusException other(String what, String target, AwsServiceException e) {
    if (e.statusCode() == 301 || e.statusCode() == 307) {
      return wrongRegion(e);
    }
    if (e.statusCode() == 403 || e.statusCode() == 401) {
      return denied(
          e,
          "%s does not let these credentials %s %s; they need s3:ListBucket, s3:GetObject, s3:PutObject, s3:DeleteObject and s3:AbortMultipartUpload there",
          where(),
          what,
          target);
    }
    return new ElanusException(
        ErrorCode.INTERNAL,
        "could not %s %s: %s answers %d, %s"
            .formatted(what, target, where(), e.statusCode(), message(e)),
        e);
  }

  private ElanusException wrongRegion(AwsServiceException e) {
    Optional<String> right =
        e.awsErrorDetails() == null || e.awsErrorDetails().sdkHttpResponse() == null
            ? Optional.empty()
            : e.awsErrorDetails().sdkHttpResponse().firstMatchingHeader("x-amz-bucket-region");
    return bad(
        e,
        "the bucket %s is in another region%s; say which with --region%s",
        config.bucket(),
        config.region().map(asked -> " than " + asked).orElse(""),
        right.map(name -> " " + name).orElse(": " + message(e)));
  }

  private static String message(AwsServiceException e) {
    return e.awsErrorDetails() == null || e.awsErrorDetails().errorMessage() == null
        ? "status " + e.statusCode()
        : e.awsErrorDetails().errorMessage();
  }

  private static ElanusException bad(Exception cause, String sentence, Object... parts) {
    return new ElanusException(ErrorCode.INVALID_ARGUMENT, sentence.formatted(parts), cause);
  }

  private static ElanusException denied(Exception cause, String sentence, Object... parts) {
    return new ElanusException(ErrorCode.NOT_PERMITTED, sentence.formatted(parts), cause);
  }
}
