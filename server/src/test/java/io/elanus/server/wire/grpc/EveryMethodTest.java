package io.elanus.server.wire.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.elanus.server.fixture.EchoDatabase;
import io.elanus.server.fixture.RunningServer;
import io.elanus.server.guard.OpenGuard;
import io.elanus.server.wire.calls.MilvusCalls;
import io.grpc.CallOptions;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.milvus.grpc.MilvusServiceGrpc;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Every method of the service either answers its own response or says UNIMPLEMENTED. */
class EveryMethodTest {
  private static RunningServer server;

  @BeforeAll
  static void start() {
    server = new RunningServer(new EchoDatabase(), new OpenGuard());
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void answersOrIsUnimplemented() {
    Set<String> offered =
        new MilvusService(
                MilvusCalls.over(new EchoDatabase(), InstantSource.system()),
                Runnable::run,
                InstantSource.system(),
                1 << 20)
            .offered();
    List<String> answered = new ArrayList<>();
    List<String> unimplemented = new ArrayList<>();
    for (MethodDescriptor<?, ?> method : MilvusServiceGrpc.getServiceDescriptor().getMethods()) {
      Status.Code code = call(method);
      String name = method.getFullMethodName();
      assertThat(code)
          .as(name)
          .isEqualTo(offered.contains(name) ? Status.Code.OK : Status.Code.UNIMPLEMENTED);
      (code == Status.Code.OK ? answered : unimplemented).add(name);
    }
    assertThat(answered).hasSize(offered.size()).hasSizeGreaterThan(60);
    assertThat(answered.size() + unimplemented.size()).isGreaterThanOrEqualTo(117);
  }

  private static <Q, R> Status.Code call(MethodDescriptor<Q, R> method) {
    Q empty =
        ((MethodDescriptor.PrototypeMarshaller<Q>) method.getRequestMarshaller())
            .getMessagePrototype();
    try {
      if (method.getType() == MethodDescriptor.MethodType.UNARY) {
        R response =
            ClientCalls.blockingUnaryCall(server.channel(), method, CallOptions.DEFAULT, empty);
        checkStatus(method, (Message) response);
      } else {
        ClientCalls.blockingServerStreamingCall(
                server.channel(), method, CallOptions.DEFAULT, empty)
            .forEachRemaining(response -> {});
      }
      return Status.Code.OK;
    } catch (StatusRuntimeException e) {
      assertThat(e.getStatus().getDescription()).contains(method.getBareMethodName());
      return e.getStatus().getCode();
    }
  }

  /** Where an error is told, all that clients of any age look at is set. */
  private static void checkStatus(MethodDescriptor<?, ?> method, Message response) {
    io.milvus.grpc.Status status;
    if (response instanceof io.milvus.grpc.Status itself) {
      status = itself;
    } else {
      FieldDescriptor field = response.getDescriptorForType().findFieldByName("status");
      status = (io.milvus.grpc.Status) response.getField(field);
    }
    assertThat(status.getCode() == 0)
        .as(method.getFullMethodName() + " " + status)
        .isEqualTo(status.getErrorCodeValue() == 0);
    assertThat(status.getReason().isEmpty()).isEqualTo(status.getCode() == 0);
    assertThat(status.getCode()).as(status.getReason()).isNotEqualTo(65535);
  }

  @Test
  void methodOfANewerProtocolIsUnimplemented() {
    MethodDescriptor<io.milvus.grpc.DescribeCollectionRequest, io.milvus.grpc.Status> newer =
        MethodDescriptor
            .<io.milvus.grpc.DescribeCollectionRequest, io.milvus.grpc.Status>newBuilder()
            .setType(MethodDescriptor.MethodType.UNARY)
            .setFullMethodName(MilvusServiceGrpc.SERVICE_NAME + "/AlterCollectionSchema")
            .setRequestMarshaller(
                io.grpc.protobuf.ProtoUtils.marshaller(
                    io.milvus.grpc.DescribeCollectionRequest.getDefaultInstance()))
            .setResponseMarshaller(
                io.grpc.protobuf.ProtoUtils.marshaller(io.milvus.grpc.Status.getDefaultInstance()))
            .build();
    assertThatThrownBy(
            () ->
                ClientCalls.blockingUnaryCall(
                    server.channel(),
                    newer,
                    CallOptions.DEFAULT,
                    io.milvus.grpc.DescribeCollectionRequest.getDefaultInstance()))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e -> {
              assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNIMPLEMENTED);
              assertThat(e.getStatus().getDescription()).contains("AlterCollectionSchema");
            });
  }

  @Test
  void sentencesNameTheReason() {
    String users =
        NotOffered.sentence(MilvusServiceGrpc.getCreateCredentialMethod().getBareMethodName());
    assertThat(users).contains("users, roles and privileges");
    assertThat(
            MilvusServiceGrpc.getServiceDescriptor().getMethods().stream()
                .map(m -> NotOffered.sentence(m.getBareMethodName()))
                .collect(Collectors.toSet()))
        .hasSizeGreaterThan(100);
  }
}
