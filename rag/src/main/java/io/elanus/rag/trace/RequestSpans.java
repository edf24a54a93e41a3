package io.elanus.rag.trace;

import com.linecorp.armeria.common.HttpHeaders;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.logging.RequestLog;
import com.linecorp.armeria.server.DecoratingHttpServiceFunction;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.RoutePathType;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.netty.util.AsciiString;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import org.jspecify.annotations.Nullable;

/**
 * A span of kind server around every request of a port, whatever it speaks: HTTP by method and
 * route, gRPC by service and method, named as OpenTelemetry's semantic conventions name them. It is
 * a child of the caller's, where a {@code traceparent} says so, and ends when the last byte of the
 * answer has gone out.
 *
 * <p>Neither paths nor headers nor bodies are written down: a path may name a document, and a route
 * says what was asked.
 */
public final class RequestSpans implements DecoratingHttpServiceFunction {
  private static final AttributeKey<String> METHOD = AttributeKey.stringKey("http.request.method");
  private static final AttributeKey<String> ROUTE = AttributeKey.stringKey("http.route");
  private static final AttributeKey<Long> STATUS =
      AttributeKey.longKey("http.response.status_code");
  private static final AttributeKey<String> SCHEME = AttributeKey.stringKey("url.scheme");
  private static final AttributeKey<String> SYSTEM = AttributeKey.stringKey("rpc.system");
  private static final AttributeKey<String> SERVICE = AttributeKey.stringKey("rpc.service");
  private static final AttributeKey<String> CALLED = AttributeKey.stringKey("rpc.method");
  private static final AttributeKey<Long> GRPC_STATUS =
      AttributeKey.longKey("rpc.grpc.status_code");
  private static final AttributeKey<String> ERROR = AttributeKey.stringKey("error.type");
  private static final AsciiString GRPC_STATUS_HEADER = AsciiString.of("grpc-status");

  private final Tracer tracer;

  public RequestSpans(Tracer tracer) {
    this.tracer = tracer;
  }

  @Override
  public HttpResponse serve(
      HttpService delegate, ServiceRequestContext context, HttpRequest request) throws Exception {
    Context parent =
        W3CTraceContextPropagator.getInstance()
            .extract(Context.root(), request.headers(), Getter.INSTANCE);
    boolean grpc = isGrpc(request.headers());
    Span span = (grpc ? call(context) : http(context, request)).setParent(parent).startSpan();
    Trace.begin(context, parent.with(span));
    context.log().whenComplete().thenAccept(log -> end(span, log, grpc));
    return delegate.serve(context, request);
  }

  private static boolean isGrpc(RequestHeaders headers) {
    MediaType type = headers.contentType();
    return type != null && type.subtype().startsWith("grpc");
  }

  private SpanBuilder http(ServiceRequestContext context, HttpRequest request) {
    String method = request.method().name();
    String route = context.config().route().patternString();
    return tracer
        .spanBuilder(method + " " + route)
        .setSpanKind(SpanKind.SERVER)
        .setAttribute(METHOD, method)
        .setAttribute(ROUTE, route)
        .setAttribute(SCHEME, context.sessionProtocol().isTls() ? "https" : "http");
  }

  /** A method that there is has a route of its own; of others only the pattern is told. */
  private SpanBuilder call(ServiceRequestContext context) {
    boolean known = context.config().route().pathType() == RoutePathType.EXACT;
    String path = known ? context.path() : context.config().route().patternString();
    int slash = path.lastIndexOf('/');
    return tracer
        .spanBuilder(path.substring(1))
        .setSpanKind(SpanKind.SERVER)
        .setAttribute(SYSTEM, "grpc")
        .setAttribute(SERVICE, path.substring(Math.min(1, slash), slash))
        .setAttribute(CALLED, path.substring(slash + 1));
  }

  private static void end(Span span, RequestLog log, boolean grpc) {
    int status = log.responseHeaders().status().code();
    if (grpc) {
      Long code = grpcStatus(log);
      if (code != null) {
        span.setAttribute(GRPC_STATUS, code);
      }
    } else if (status > 0) {
      span.setAttribute(STATUS, (long) status);
    }
    Throwable cause = log.responseCause();
    if (cause != null) {
      // Its message may name what was asked.
      span.setAttribute(ERROR, cause.getClass().getName());
      span.setStatus(StatusCode.ERROR);
    } else if (status >= 500) {
      span.setAttribute(ERROR, Integer.toString(status));
      span.setStatus(StatusCode.ERROR);
    }
    span.end();
  }

  private static @Nullable Long grpcStatus(RequestLog log) {
    HttpHeaders trailers = log.responseTrailers();
    Long code = trailers.getLong(GRPC_STATUS_HEADER);
    return code == null ? log.responseHeaders().getLong(GRPC_STATUS_HEADER) : code;
  }

  private enum Getter implements TextMapGetter<RequestHeaders> {
    INSTANCE;

    @Override
    public Iterable<String> keys(RequestHeaders headers) {
      return headers.names().stream().map(AsciiString::toString).toList();
    }

    @Override
    public @Nullable String get(@Nullable RequestHeaders headers, String key) {
      return headers == null ? null : headers.get(key);
    }
  }
}
