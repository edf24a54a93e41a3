package io.elanus.store.object.s3;

import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3Configuration;

/** The SDK's client, set so that servers other than Amazon's understand it. */
final class S3Connection {
  /** What servers that have no regions take. */
  private static final String ANY_REGION = "us-east-1";

  private S3Connection() {}

  /**
   * Bodies are sent unasked: the JDK's connections, having asked whether to go on, lose what a
   * refusal says, and wait for servers that do not answer the question.
   */
  private static final class Unasked implements ExecutionInterceptor {
    @Override
    public SdkHttpRequest modifyHttpRequest(
        Context.ModifyHttpRequest context, ExecutionAttributes attributes) {
      return context.httpRequest().copy(request -> request.removeHeader("Expect"));
    }
  }

  static S3Client open(S3Config config) {
    AwsCredentialsProvider credentials = credentials(config);
    var builder =
        S3Client.builder()
            .region(Region.of(region(config)))
            .credentialsProvider(credentials)
            .httpClientBuilder(
                UrlConnectionHttpClient.builder()
                    .connectionTimeout(config.timing().connect())
                    .socketTimeout(config.timing().silence()))
            .overrideConfiguration(
                o ->
                    o.retryStrategy(DefaultRetryStrategy.doNotRetry())
                        .addExecutionInterceptor(new Unasked()))
            .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
            .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
            .serviceConfiguration(
                S3Configuration.builder()
                    .pathStyleAccessEnabled(config.pathStyle())
                    // Bodies go as they are, under a signature of the whole.
                    .chunkedEncodingEnabled(false)
                    .build());
    config.endpoint().ifPresent(builder::endpointOverride);
    return builder.build();
  }

  private static AwsCredentialsProvider credentials(S3Config config) {
    AwsCredentialsProvider provider;
    try {
      provider = provider(config);
      provider.resolveCredentials();
    } catch (SdkClientException | IllegalStateException | IllegalArgumentException e) {
      // The SDK's own words list every place that it tried, and no key.
      throw new ElanusException(
          ErrorCode.INVALID_ARGUMENT,
          "there are no credentials for %s: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or name a --profile or a --credentials-file (%s)"
              .formatted(config.address(""), firstSentence(e)),
          e);
    }
    return provider;
  }

  private static String firstSentence(Exception e) {
    String message = String.valueOf(e.getMessage());
    int end = message.indexOf(". ");
    return end < 0 ? message : message.substring(0, end);
  }

  private static AwsCredentialsProvider provider(S3Config config) {
    if (config.credentialsFile().isEmpty()) {
      return config
          .profile()
          .<AwsCredentialsProvider>map(ProfileCredentialsProvider::create)
          .orElseGet(() -> DefaultCredentialsProvider.builder().build());
    }
    ProfileFile file =
        ProfileFile.builder()
            .content(config.credentialsFile().get())
            .type(ProfileFile.Type.CREDENTIALS)
            .build();
    var own = ProfileCredentialsProvider.builder().profileFile(file);
    config.profile().ifPresent(own::profileName);
    return own.build();
  }

  private static String region(S3Config config) {
    Optional<String> asked = config.region();
    if (asked.isPresent()) {
      return asked.get();
    }
    try {
      var chain = DefaultAwsRegionProviderChain.builder();
      config.profile().ifPresent(chain::profileName);
      return chain.build().getRegion().id();
    } catch (SdkClientException e) {
      if (config.endpoint().isPresent()) {
        return ANY_REGION;
      }
      throw new ElanusException(
          ErrorCode.INVALID_ARGUMENT,
          "the region of the bucket %s is not known; say it with --region or AWS_REGION"
              .formatted(config.bucket()),
          e);
    }
  }
}
