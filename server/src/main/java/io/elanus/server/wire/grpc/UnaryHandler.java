package io.elanus.server.wire.grpc;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.server.reply.Statuses;
import io.elanus.server.wire.calls.Call;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import io.milvus.grpc.KeyValuePair;
import io.milvus.grpc.SearchRequest;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one call and answers whatever happens as a message. Clients repeat a call that failed with
 * gRPC's INTERNAL or UNKNOWN for minutes, so a bug must not look like that: every error leaves as
 * the {@code status} of the method's own response. Only who the caller is, and what it may do, is
 * refused in gRPC's words, where clients expect it.
 */
final class UnaryHandler<Q extends Message, R extends Message> implements ServerCallHandler<Q, R> {
  private static final Logger LOG = LoggerFactory.getLogger(UnaryHandler.class);

  private final MethodDescriptor<Q, R> method;
  private final UnaryCall<Q, R> calls;
  private final CallReader reader;
  private final CallThreads threads;
  private final int responseBytesMax;
  private final R prototype;
  private final @Nullable FieldDescriptor statusField;

  UnaryHandler(
      MethodDescriptor<Q, R> method,
      UnaryCall<Q, R> calls,
      CallReader reader,
      CallThreads threads,
      int responseBytesMax) {
    this.method = method;
    this.calls = calls;
    this.reader = reader;
    this.threads = threads;
    this.responseBytesMax = responseBytesMax;
    this.prototype = prototype(method);
    this.statusField = prototype.getDescriptorForType().findFieldByName("status");
    if (statusField == null && !(prototype instanceof io.milvus.grpc.Status)) {
      throw new IllegalStateException(method.getFullMethodName() + " cannot answer a status");
    }
  }

  @Override
  public ServerCall.Listener<Q> startCall(ServerCall<Q, R> serverCall, Metadata headers) {
    Call call = reader.read(headers);
    return ServerCalls.<Q, R>asyncUnaryCall((request, observer) -> start(call, request, observer))
        .startCall(serverCall, headers);
  }

  private void start(Call call, Q request, StreamObserver<R> observer) {
    Answer answer = new Answer(call, request, observer);
    if (request instanceof SearchRequest search) {
      threads.run(shape(search), answer);
    } else {
      threads.run(answer);
    }
  }

  private final class Answer implements CallThreads.Work {
    private final Call call;
    private final Q request;
    private final StreamObserver<R> observer;

    Answer(Call call, Q request, StreamObserver<R> observer) {
      this.call = call;
      this.request = request;
      this.observer = observer;
    }

    @Override
    public void run() {
      UnaryHandler.this.run(call, request, observer);
    }

    @Override
    public void refused(RejectedExecutionException why) {
      ElanusException busy =
          new ElanusException(ErrorCode.BUSY, "the server has too many calls waiting", why);
      send(observer, failure(Statuses.of(busy)));
    }
  }

  /** Everything that a search's cost depends on, but for where its vectors lie. */
  private static int shape(SearchRequest search) {
    int shape = search.getDbName().hashCode();
    shape = 31 * shape + search.getCollectionName().hashCode();
    shape = 31 * shape + search.getPartitionNamesList().hashCode();
    shape = 31 * shape + search.getDsl().hashCode();
    shape = 31 * shape + search.getPlaceholderGroup().size();
    shape = 31 * shape + search.getOutputFieldsList().hashCode();
    for (KeyValuePair param : search.getSearchParamsList()) {
      shape = 31 * shape + (param.getKey().hashCode() ^ 31 * param.getValue().hashCode());
    }
    return shape;
  }

  private void run(Call call, Q request, StreamObserver<R> observer) {
    if (observer instanceof ServerCallStreamObserver<R> server && server.isCancelled()) {
      return;
    }
    R response;
    try {
      response = calls.answer(call, request);
      int bytes = response.getSerializedSize();
      // Sizes beyond what an int holds wrap around to negative ones.
      if (bytes < 0 || bytes > responseBytesMax) {
        response = failure(Statuses.of(tooLarge(Integer.toUnsignedLong(bytes))));
      }
    } catch (ElanusException e) {
      if (refuse(e, observer)) {
        return;
      }
      log(call, e);
      response = failure(Statuses.of(e, request, database(call, request)));
    } catch (Throwable e) {
      response = failure(Statuses.of(unexpected(call, e)));
    }
    send(observer, response);
  }

  private ElanusException tooLarge(long bytes) {
    return new ElanusException(
        ErrorCode.TOO_LARGE,
        "the answer has %d bytes, more than the %d one message may have; ask for fewer rows or fields"
            .formatted(bytes, responseBytesMax));
  }

  private static boolean refuse(ElanusException e, StreamObserver<?> observer) {
    Status status =
        switch (e.code()) {
          case NOT_AUTHENTICATED -> Status.UNAUTHENTICATED;
          case NOT_PERMITTED -> Status.PERMISSION_DENIED;
          default -> Status.OK;
        };
    if (status.isOk()) {
      return false;
    }
    observer.onError(status.withDescription(e.getMessage()).asRuntimeException());
    return true;
  }

  private void log(Call call, ElanusException e) {
    if (e.code().kind() == ErrorCode.Kind.INTERNAL || e.code().kind() == ErrorCode.Kind.CORRUPT) {
      LOG.error("{} failed (request {})", method.getBareMethodName(), call.requestId(), e);
    }
  }

  private ElanusException unexpected(Call call, Throwable e) {
    LOG.error("{} failed by a bug (request {})", method.getBareMethodName(), call.requestId(), e);
    return new ElanusException(
        ErrorCode.INTERNAL,
        "the server failed on this %s by a mistake of its own; its log has the details"
            .formatted(method.getBareMethodName()));
  }

  /** The one the request names, or else the connection's. */
  private static String database(Call call, Message request) {
    FieldDescriptor field = request.getDescriptorForType().findFieldByName("db_name");
    if (field == null) {
      field = request.getDescriptorForType().findFieldByName("dbName");
    }
    return call.in(field == null ? "" : (String) request.getField(field)).database();
  }

  @SuppressWarnings("unchecked") // A message's builder builds that message.
  private R failure(io.milvus.grpc.Status status) {
    if (statusField == null) {
      return (R) status;
    }
    return (R) prototype.newBuilderForType().setField(statusField, status).build();
  }

  /** A client that left while we worked is no error. */
  private void send(StreamObserver<R> observer, R response) {
    try {
      observer.onNext(response);
      observer.onCompleted();
    } catch (StatusRuntimeException | IllegalStateException e) {
      LOG.debug("{} was answered after its client left", method.getBareMethodName(), e);
    }
  }

  private static <R> R prototype(MethodDescriptor<?, R> method) {
    if (method.getResponseMarshaller() instanceof MethodDescriptor.PrototypeMarshaller<R> p) {
      R prototype = p.getMessagePrototype();
      if (prototype != null) {
        return prototype;
      }
    }
    throw new IllegalStateException(method.getFullMethodName() + " has no response prototype");
  }
}
