package io.elanus.server.wire.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.server.fixture.EchoDatabase;
import io.elanus.server.fixture.RunningServer;
import io.elanus.server.guard.PasswordGuard;
import io.elanus.server.guard.Secret;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import io.milvus.grpc.DescribeCollectionRequest;
import io.milvus.grpc.DumpMessagesRequest;
import io.milvus.grpc.MilvusServiceGrpc;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** With a password configured nothing but health is entered without it. */
class GuardedServerTest {
  private static final DescribeCollectionRequest DESCRIBE =
      DescribeCollectionRequest.newBuilder().setCollectionName("c").build();

  private static final EchoDatabase DATABASE = new EchoDatabase();
  private static RunningServer server;

  @BeforeAll
  static void start() {
    server = new RunningServer(DATABASE, new PasswordGuard(new Secret("Milvus")));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void rightPasswordIsRoot() {
    MilvusServiceGrpc.newBlockingStub(as("root:Milvus")).describeCollection(DESCRIBE);
    assertThat(DATABASE.lastCaller.principal()).isEqualTo("root");
  }

  @Test
  void wrongOrMissingPasswordIsUnauthenticated() {
    for (String token : new String[] {"root:milvus", "root:", "Root:Milvus", "apikey", ":", ""}) {
      refused(() -> MilvusServiceGrpc.newBlockingStub(as(token)).describeCollection(DESCRIBE));
    }
    refused(() -> server.stub().describeCollection(DESCRIBE));
    Metadata headers = new Metadata();
    headers.put(AUTHORIZATION, "root:Milvus");
    refused(() -> MilvusServiceGrpc.newBlockingStub(with(headers)).describeCollection(DESCRIBE));
  }

  @Test
  void streamsAreGuardedToo() {
    refused(
        () ->
            server
                .stub()
                .dumpMessages(DumpMessagesRequest.getDefaultInstance())
                .forEachRemaining(message -> {}));
  }

  @Test
  void reflectionIsGuardedAndWorks() throws Exception {
    refused(() -> services(server.channel()).get(10, TimeUnit.SECONDS));
    assertThat(services(as("root:Milvus")).get(10, TimeUnit.SECONDS).getListServicesResponse())
        .extracting(Object::toString)
        .asString()
        .contains(MilvusServiceGrpc.SERVICE_NAME);
  }

  @Test
  void healthIsFree() {
    HealthGrpc.newBlockingStub(server.channel()).check(HealthCheckRequest.getDefaultInstance());
  }

  private static CompletableFuture<ServerReflectionResponse> services(Channel channel) {
    CompletableFuture<ServerReflectionResponse> answer = new CompletableFuture<>();
    StreamObserver<ServerReflectionRequest> requests =
        ServerReflectionGrpc.newStub(channel)
            .serverReflectionInfo(
                new StreamObserver<>() {
                  @Override
                  public void onNext(ServerReflectionResponse value) {
                    answer.complete(value);
                  }

                  @Override
                  public void onError(Throwable t) {
                    answer.completeExceptionally(t);
                  }

                  @Override
                  public void onCompleted() {}
                });
    try {
      requests.onNext(ServerReflectionRequest.newBuilder().setListServices("").build());
      requests.onCompleted();
    } catch (IllegalStateException e) {
      // The stream was refused before the request was written; the observer knows why.
    }
    return answer;
  }

  private static void refused(ThrowingCallable call) {
    assertThatThrownBy(call)
        .satisfies(
            e -> {
              Throwable cause = e instanceof StatusRuntimeException ? e : e.getCause();
              assertThat(cause).isInstanceOf(StatusRuntimeException.class);
              assertThat(((StatusRuntimeException) cause).getStatus().getCode())
                  .isEqualTo(Status.Code.UNAUTHENTICATED);
            });
  }

  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

  private static Channel as(String token) {
    Metadata headers = new Metadata();
    headers.put(
        AUTHORIZATION, Base64.getEncoder().encodeToString(token.getBytes(StandardCharsets.UTF_8)));
    return with(headers);
  }

  private static Channel with(Metadata headers) {
    return ClientInterceptors.intercept(
        server.channel(), MetadataUtils.newAttachHeadersInterceptor(headers));
  }
}
