package io.elanus.server.wire.grpc;

import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.RequestContext;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.grpc.GrpcExceptionHandlerFunction;
import com.linecorp.armeria.common.grpc.GrpcSerializationFormats;
import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.ServiceRequestContext;
import com.linecorp.armeria.server.grpc.GrpcService;
import io.elanus.server.Mount;
import io.elanus.server.ServerConfig;
import io.elanus.server.guard.Guard;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.milvus.grpc.MilvusServiceGrpc;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Milvus's service, reflection and health over gRPC. */
public final class GrpcMount implements Mount {
  private static final Logger LOG = LoggerFactory.getLogger(GrpcMount.class);
  private static final String PREFIX = "/" + MilvusServiceGrpc.SERVICE_NAME + "/";

  private final MilvusService service;
  private final Guard guard;
  private final ServerConfig config;

  public GrpcMount(MilvusService service, Guard guard, ServerConfig config) {
    this.service = service;
    this.guard = guard;
    this.config = config;
  }

  /**
   * Loads what the first service of a process needs: Armeria makes a JSON marshaller on the way,
   * whether JSON is offered or not, which takes a good part of a start. For another thread than the
   * one that opens the database.
   */
  public static void prepare() {
    GrpcService.builder();
  }

  @Override
  public void on(ServerBuilder server) {
    GrpcService grpc =
        GrpcService.builder()
            .addService(service)
            .addService(ProtoReflectionServiceV1.newInstance())
            .enableHealthCheckService(true)
            // JSON would cost seconds at start, to build a marshaller for every message.
            .supportedSerializationFormats(GrpcSerializationFormats.PROTO)
            .enableUnframedRequests(false)
            .maxRequestMessageLength(config.requestBytesMax())
            .maxResponseMessageLength(config.responseBytesMax())
            .useClientTimeoutHeader(true)
            .intercept(new GuardInterceptor(guard))
            .exceptionHandler(new Unreadable())
            .build();
    server.service(grpc);
    server.serviceUnder(PREFIX, GrpcMount::unknownMethod);
  }

  /** Methods that only newer versions of the protocol have. */
  private static HttpResponse unknownMethod(ServiceRequestContext context, HttpRequest request) {
    String method = request.path().substring(PREFIX.length());
    return HttpResponse.of(
        ResponseHeaders.builder(HttpStatus.OK)
            .endOfStream(true)
            .set("content-type", "application/grpc")
            .setInt("grpc-status", Status.Code.UNIMPLEMENTED.value())
            .set("grpc-message", NotOffered.sentence(method.replaceAll("[^A-Za-z0-9_]", "")))
            .build());
  }

  /**
   * What goes wrong outside of a call: a message that is no protobuf, or longer than allowed. Never
   * INTERNAL or UNKNOWN, which clients would repeat for minutes.
   */
  private static final class Unreadable implements GrpcExceptionHandlerFunction {
    @Override
    public Status apply(RequestContext context, Status status, Throwable cause, Metadata metadata) {
      if (status.getCode() != Status.Code.INTERNAL && status.getCode() != Status.Code.UNKNOWN) {
        return status;
      }
      // Strangers decide how often this happens; a line each is for whoever looks for it.
      LOG.debug("a gRPC request could not be served", cause);
      return Status.INVALID_ARGUMENT.withDescription(
          "the request could not be read; is it a message of this method?");
    }
  }
}
