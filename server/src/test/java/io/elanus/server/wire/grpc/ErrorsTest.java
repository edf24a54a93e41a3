package io.elanus.server.wire.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.server.ServerConfig;
import io.elanus.server.fixture.EchoDatabase;
import io.elanus.server.fixture.Requests;
import io.elanus.server.fixture.RunningServer;
import io.elanus.server.guard.OpenGuard;
import io.elanus.testkit.fixture.Seeds;
import io.grpc.CallOptions;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.milvus.grpc.CreateCollectionRequest;
import io.milvus.grpc.DescribeCollectionRequest;
import io.milvus.grpc.HybridSearchRequest;
import io.milvus.grpc.MilvusServiceGrpc;
import io.milvus.grpc.MutationResult;
import io.milvus.grpc.QueryRequest;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Errors arrive as messages with Milvus's codes; nothing looks like a broken server. */
class ErrorsTest {
  private static final QueryRequest QUERY =
      QueryRequest.newBuilder().setCollectionName("c").setExpr("id > 0").build();

  private static final EchoDatabase database = new EchoDatabase();
  private static RunningServer server;

  @BeforeAll
  static void start() {
    server = new RunningServer(database, new OpenGuard());
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void heal() {
    database.failure = null;
  }

  @Test
  void missingCollectionIsSaidAsMilvusSaysIt() {
    io.milvus.grpc.Status status =
        server
            .stub()
            .describeCollection(
                DescribeCollectionRequest.newBuilder().setCollectionName("nowhere").build())
            .getStatus();
    assertThat(status.getCode()).isEqualTo(100);
    assertThat(status.getErrorCode()).isEqualTo(io.milvus.grpc.ErrorCode.CollectionNotExists);
    assertThat(status.getReason())
        .isEqualTo("collection not found[database=default][collection=nowhere]");
    assertThat(status.getExtraInfoMap()).containsEntry("is_input_error", "true");
    assertThat(status.getRetriable()).isFalse();
  }

  @Test
  void bugIsAnsweredAndNamesNoClass() {
    for (Throwable bug :
        new Throwable[] {
          new IllegalStateException("secret detail"),
          new NullPointerException(),
          new StackOverflowError(),
          new OutOfMemoryError("secret detail"),
          new AssertionError("secret detail")
        }) {
      database.failure = bug;
      io.milvus.grpc.Status status = insert().getStatus();
      assertThat(status.getCode()).isEqualTo(65535);
      assertThat(status.getErrorCode()).isEqualTo(io.milvus.grpc.ErrorCode.UnexpectedError);
      assertThat(status.getReason()).contains("Insert").doesNotContain("secret", "Exception");
      assertThat(status.getRetriable()).isFalse();
    }
  }

  @Test
  void busyIsRetriable() {
    database.failure = new ElanusException(ErrorCode.BUSY, "too many writes wait");
    io.milvus.grpc.Status status = insert().getStatus();
    assertThat(status.getCode()).isEqualTo(8);
    assertThat(status.getErrorCode()).isEqualTo(io.milvus.grpc.ErrorCode.RateLimit);
    assertThat(status.getRetriable()).isTrue();
    assertThat(status.getExtraInfoMap()).doesNotContainKey("is_input_error");
  }

  @Test
  void deniedPrivilegeIsAGrpcStatus() {
    database.failure = new ElanusException(ErrorCode.NOT_PERMITTED, "no privilege Insert");
    assertThatThrownBy(this::insert)
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.PERMISSION_DENIED));
  }

  @Test
  void messagesTooLongAreErrorsEitherWay() {
    ServerConfig small =
        new ServerConfig(
            "127.0.0.1",
            RunningServer.freePort(),
            1 << 20,
            2_000,
            Duration.ofMinutes(1),
            Duration.ofSeconds(1),
            Optional.empty());
    try (RunningServer narrow = new RunningServer(small, database, new OpenGuard())) {
      narrow.stub().createCollection(Requests.createCollection("c"));
      assertThat(narrow.stub().insert(Requests.insert("c", 100)).getStatus().getCode())
          .as("the keys of 100 rows fit")
          .isZero();
      io.milvus.grpc.Status status = narrow.stub().query(QUERY).getStatus();
      assertThat(status.getCode()).isEqualTo(1102);
      assertThat(status.getReason()).contains("2000");
      assertThatThrownBy(() -> narrow.stub().insert(Requests.insert("c", 100_000)))
          .as("a message longer than the limit")
          .isInstanceOfSatisfying(
              StatusRuntimeException.class,
              e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED));
    }
  }

  @Test
  void deadlineOfTheClientReachesTheDatabase() {
    server.stub().createCollection(Requests.createCollection("c"));
    java.time.Instant before = java.time.Instant.now();
    server.stub().withDeadlineAfter(100, TimeUnit.SECONDS).insert(Requests.insert("c", 1));
    assertThat(database.lastCaller.deadline())
        .isBetween(before.plusSeconds(50), before.plusSeconds(101));
  }

  @Test
  void randomBytesInsideOfRequestsAreUserErrors() {
    Random random = new Random(Seeds.seed(20_261_121));
    server.stub().createCollection(Requests.createCollection("c"));
    for (int i = 0; i < 300; i++) {
      byte[] bytes = new byte[random.nextInt(60)];
      random.nextBytes(bytes);
      ByteString noise = ByteString.copyFrom(bytes);
      io.milvus.grpc.Status created =
          server
              .stub()
              .createCollection(
                  CreateCollectionRequest.newBuilder()
                      .setCollectionName("noise")
                      .setSchema(noise)
                      .build());
      assertThat(created.getCode()).as("schema of noise").isIn(1100, 3000);
      io.milvus.grpc.Status searched =
          server
              .stub()
              .search(Requests.search("c", 1, 10).toBuilder().setPlaceholderGroup(noise).build())
              .getStatus();
      assertThat(searched.getCode()).as("vectors of noise").isIn(1100, 3000);
    }
  }

  @Test
  void randomMessagesAreNeverBrokenServers() {
    Random random = new Random(Seeds.seed(20_261_122));
    server.stub().createCollection(Requests.createCollection("c"));
    List<Sample> samples =
        List.of(
            new Sample(MilvusServiceGrpc.getInsertMethod(), Requests.insert("c", 3)),
            new Sample(MilvusServiceGrpc.getSearchMethod(), Requests.search("c", 2, 5)),
            new Sample(MilvusServiceGrpc.getQueryMethod(), QUERY),
            new Sample(
                MilvusServiceGrpc.getHybridSearchMethod(),
                HybridSearchRequest.newBuilder()
                    .setCollectionName("c")
                    .addRequests(Requests.search("c", 2, 5))
                    .build()),
            new Sample(
                MilvusServiceGrpc.getCreateCollectionMethod(), Requests.createCollection("d")));
    int answered = 0;
    int refused = 0;
    for (int i = 0; i < 1_000; i++) {
      Sample sample = samples.get(random.nextInt(samples.size()));
      Status.Code code = send(sample.method(), mutated(random, sample.request()));
      assertThat(code).isIn(Status.Code.OK, Status.Code.INVALID_ARGUMENT);
      answered += code == Status.Code.OK ? 1 : 0;
      refused += code == Status.Code.INVALID_ARGUMENT ? 1 : 0;
    }
    assertThat(answered).as("messages that could be read").isGreaterThan(100);
    assertThat(refused).as("messages that are no protobuf").isGreaterThan(100);
  }

  private record Sample(MethodDescriptor<?, ?> method, Message request) {}

  /** Noise, or the good request with some bytes changed. */
  private static byte[] mutated(Random random, Message request) {
    if (random.nextInt(4) == 0) {
      byte[] noise = new byte[1 + random.nextInt(200)];
      random.nextBytes(noise);
      return noise;
    }
    byte[] bytes = request.toByteArray();
    for (int i = random.nextInt(3); i >= 0; i--) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
    }
    return bytes;
  }

  private Status.Code send(MethodDescriptor<?, ?> method, byte[] bytes) {
    MethodDescriptor<byte[], byte[]> raw =
        MethodDescriptor.<byte[], byte[]>newBuilder()
            .setType(MethodDescriptor.MethodType.UNARY)
            .setFullMethodName(method.getFullMethodName())
            .setRequestMarshaller(new RawBytes())
            .setResponseMarshaller(new RawBytes())
            .build();
    try {
      ClientCalls.blockingUnaryCall(
          server.channel(),
          raw,
          CallOptions.DEFAULT.withDeadlineAfter(20, TimeUnit.SECONDS),
          bytes);
      return Status.Code.OK;
    } catch (StatusRuntimeException e) {
      return e.getStatus().getCode();
    }
  }

  private MutationResult insert() {
    server.stub().createCollection(Requests.createCollection("c"));
    return server.stub().insert(Requests.insert("c", 2));
  }

  private static final class RawBytes implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] value) {
      return new ByteArrayInputStream(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        return stream.readAllBytes();
      } catch (java.io.IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }
  }
}
