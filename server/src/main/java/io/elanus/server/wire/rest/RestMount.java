package io.elanus.server.wire.rest;

import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.ServerErrorHandler;
import com.linecorp.armeria.server.ServiceConfig;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.elanus.server.Mount;
import org.jspecify.annotations.Nullable;

/** REST under its two prefixes. */
public final class RestMount implements Mount {
  private static final String BASE = "/v2/vectordb";
  private static final String OLD_BASE = "/v1";

  private final RestService service;

  public RestMount(RestService service) {
    this.service = service;
  }

  @Override
  public void on(ServerBuilder server) {
    server.errorHandler(new Refusals(service.requestBytesMax()));
    server
        .route()
        .pathPrefix(BASE)
        .maxRequestLength(service.requestBytesMax())
        .requestTimeoutMillis(0)
        .build(service);
    server.serviceUnder(OLD_BASE, (context, request) -> RestReplies.oldVersion(BASE));
  }

  /** The port's own errors, in REST's words where the path is REST's. */
  private record Refusals(int bytesMax) implements ServerErrorHandler {
    @Override
    public @Nullable HttpResponse onServiceException(
        ServiceRequestContext context, Throwable cause) {
      return null;
    }

    @Override
    public @Nullable AggregatedHttpResponse renderStatus(
        @Nullable ServiceRequestContext context,
        ServiceConfig config,
        @Nullable RequestHeaders headers,
        HttpStatus status,
        @Nullable String description,
        @Nullable Throwable cause) {
      boolean isOurs = headers != null && headers.path().startsWith(BASE);
      return isOurs ? RestReplies.refusal(status, bytesMax) : null;
    }
  }
}
