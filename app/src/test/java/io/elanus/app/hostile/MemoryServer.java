package io.elanus.app.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.elanus.engine.database.LocalDatabase;
import io.elanus.engine.database.Stores;
import io.elanus.engine.write.WriteConfig;
import io.elanus.server.admin.CallMetrics;
import io.elanus.server.guard.OpenGuard;
import io.elanus.server.wire.calls.MilvusCalls;
import io.elanus.server.wire.grpc.MilvusService;
import io.elanus.server.wire.rest.RestConfig;
import io.elanus.server.wire.rest.RestService;
import io.elanus.store.catalog.MemoryCatalog;
import io.elanus.store.log.Log;
import io.elanus.store.log.MemoryLog;
import io.elanus.store.object.MemoryObjects;
import io.elanus.store.time.Timestamps;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.milvus.grpc.MilvusServiceGrpc;
import java.io.ByteArrayInputStream;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The server's calls over a database in memory, without a socket: bytes of a message in, the answer
 * out, all in the caller's thread but for searches.
 */
final class MemoryServer implements AutoCloseable {
  private static final int RESPONSE_BYTES_MAX = 64 << 20;
  private static final ExecutorService SEARCH = Executors.newVirtualThreadPerTaskExecutor();

  private final LocalDatabase database;
  private final ServerServiceDefinition grpc;
  private final RestService rest;

  MemoryServer() {
    AtomicLong clock = new AtomicLong(1L << 40);
    Timestamps timestamps =
        new Timestamps() {
          @Override
          public long next() {
            return clock.incrementAndGet();
          }

          @Override
          public long last() {
            return clock.get();
          }
        };
    Stores stores =
        new Stores(new MemoryCatalog(), new MemoryObjects(), new MemoryLogs(), timestamps);
    database =
        LocalDatabase.open(
            stores,
            new LocalDatabase.Setup(
                SEARCH, Runnable::run, InstantSource.system(), WriteConfig.DEFAULT));
    MilvusCalls calls = MilvusCalls.over(database, InstantSource.system());
    grpc =
        new MilvusService(calls, Runnable::run, InstantSource.system(), RESPONSE_BYTES_MAX)
            .bindService();
    rest =
        new RestService(
            calls,
            new OpenGuard(),
            Runnable::run,
            InstantSource.system(),
            RestConfig.defaults(),
            CallMetrics.none());
  }

  private static final class MemoryLogs implements Stores.Logs {
    @Override
    public Log open(long collectionId) {
      return new MemoryLog();
    }

    @Override
    public Log resume(long collectionId, long durableOperation) {
      throw new IllegalStateException("memory is no disk that is full");
    }

    @Override
    public List<Long> collections() {
      return List.of();
    }

    @Override
    public void delete(long collectionId) {}
  }

  /** What a call came to. */
  record Answer(Status status, List<Object> messages) {}

  /** Answers one message of a method, as bytes; null where the bytes are no such message. */
  Answer call(String method, byte[] message) {
    ServerMethodDefinition<?, ?> definition =
        grpc.getMethod(MilvusServiceGrpc.SERVICE_NAME + "/" + method);
    return call(definition, message);
  }

  private static <Q, R> Answer call(ServerMethodDefinition<Q, R> definition, byte[] message) {
    Q request;
    try {
      request = definition.getMethodDescriptor().parseRequest(new ByteArrayInputStream(message));
    } catch (RuntimeException e) {
      // As gRPC does before the call begins: the stream ends with a status.
      return new Answer(Status.INVALID_ARGUMENT, List.of());
    }
    Recording<Q, R> call = new Recording<>(definition.getMethodDescriptor());
    ServerCallHandler<Q, R> handler = definition.getServerCallHandler();
    ServerCall.Listener<Q> listener = handler.startCall(call, new Metadata());
    listener.onMessage(request);
    listener.onHalfClose();
    return new Answer(call.status, List.copyOf(call.messages));
  }

  /** A call that no wire is behind. */
  private static final class Recording<Q, R> extends ServerCall<Q, R> {
    private final MethodDescriptor<Q, R> method;
    private final List<Object> messages = new ArrayList<>();
    private Status status = Status.UNKNOWN;

    Recording(MethodDescriptor<Q, R> method) {
      this.method = method;
    }

    @Override
    public void request(int count) {}

    @Override
    public void sendHeaders(Metadata headers) {}

    @Override
    public void sendMessage(R message) {
      messages.add(message);
    }

    @Override
    public void close(Status with, Metadata trailers) {
      status = with;
    }

    @Override
    public boolean isCancelled() {
      return false;
    }

    @Override
    public MethodDescriptor<Q, R> getMethodDescriptor() {
      return method;
    }
  }

  /** Answers a REST request's body. */
  String post(String path, byte[] body) {
    HttpRequest request =
        HttpRequest.of(
            RequestHeaders.builder(HttpMethod.POST, path).contentType(MediaType.JSON).build(),
            HttpData.wrap(body));
    ServiceRequestContext context = ServiceRequestContext.of(request);
    try (var ignored = context.push()) {
      return rest.serve(context, request).aggregate().join().contentUtf8();
    }
  }

  /** Fails where an answer confesses a bug. */
  static void assertNoBug(String what, String answer) {
    assertThat(answer).as(what).doesNotContain("a mistake of its own");
  }

  @Override
  public void close() {
    database.close();
  }
}
