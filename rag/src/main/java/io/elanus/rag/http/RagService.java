package io.elanus.rag.http;

import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.linecorp.armeria.common.AggregatedHttpRequest;
import com.linecorp.armeria.common.ContentTooLargeException;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.elanus.model.Caller;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.rag.trace.Trace;
import io.opentelemetry.context.Scope;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Routes on a server. The event loop only moves bytes; the caller is asked for before the body is
 * taken in. An error is {@code {"error": {"code", "type", "message", "remedy"}}} under a status of
 * its kind; nothing of a request stands in the log.
 */
public final class RagService {
  static final ObjectMapper JSON = new ObjectMapper();

  static {
    JSON.getFactory()
        .setStreamReadConstraints(
            StreamReadConstraints.builder().maxNestingDepth(100).maxStringLength(64 << 20).build());
  }

  private static final Logger LOG = LoggerFactory.getLogger(RagService.class);

  /** What is made of a body takes a few times its length of the heap. */
  private static final long BODIES_BYTES_MAX = 160L << 20;

  private final Callers callers;
  private final Executor executor;
  private final BodyBudget bodies = new BodyBudget(BODIES_BYTES_MAX);

  /**
   * @param executor where calls block: virtual threads
   */
  public RagService(Callers callers, Executor executor) {
    this.callers = callers;
    this.executor = executor;
  }

  /** A reply of JSON. */
  public static HttpResponse reply(HttpStatus status, JsonNode body) {
    return HttpResponse.of(
        status, MediaType.JSON_UTF_8, HttpData.of(StandardCharsets.UTF_8, body.toString()));
  }

  public static HttpResponse reply(JsonNode body) {
    return reply(HttpStatus.OK, body);
  }

  public void mount(ServerBuilder server, List<Route> routes) {
    for (Route route : routes) {
      server
          .route()
          .methods(route.method())
          .path(route.path())
          .build((context, request) -> serve(route, context, request));
    }
  }

  private HttpResponse serve(Route route, ServiceRequestContext context, HttpRequest request) {
    CompletableFuture<HttpResponse> answer;
    try {
      answer =
          CompletableFuture.supplyAsync(() -> callers.of(request.headers()), executor)
              .thenCompose(caller -> taken(route, caller, context, request))
              .exceptionally(error -> failure(route, error));
    } catch (RejectedExecutionException e) {
      return failure(route, e);
    }
    return HttpResponse.of(answer);
  }

  private CompletableFuture<HttpResponse> taken(
      Route route, Caller caller, ServiceRequestContext context, HttpRequest request) {
    long length = bodies.take(request, context);
    return request
        .aggregate()
        .thenApplyAsync(whole -> answer(route, caller, whole, context), executor)
        .whenComplete((answer, error) -> bodies.giveBack(length));
  }

  private static HttpResponse answer(
      Route route, Caller caller, AggregatedHttpRequest whole, ServiceRequestContext context) {
    try (Scope scope = Trace.of(context).makeCurrent()) {
      return route.handler().handle(new RagCall(caller, whole, context));
    }
  }

  private static HttpResponse failure(Route route, Throwable thrown) {
    Throwable error = thrown;
    while (error instanceof CompletionException && error.getCause() != null) {
      error = Objects.requireNonNull(error.getCause());
    }
    return switch (error) {
      case ElanusException e -> {
        if (e.code().kind() == ErrorCode.Kind.INTERNAL
            || e.code().kind() == ErrorCode.Kind.CORRUPT) {
          LOG.error("{} failed", route.path(), e);
        }
        yield reply(status(e.code()), error(e));
      }
      case ContentTooLargeException e -> refusal(ErrorCode.TOO_LARGE, "the body is too large");
      case RejectedExecutionException e ->
          refusal(ErrorCode.BUSY, "the server has too many calls waiting");
      default -> {
        LOG.error("{} failed by a bug", route.path(), error);
        yield refusal(
            ErrorCode.INTERNAL,
            "the server failed on this request by a mistake of its own; its log has the details");
      }
    };
  }

  private static HttpResponse refusal(ErrorCode code, String message) {
    return reply(status(code), error(new ElanusException(code, message)));
  }

  /** The body of an error; also the last event of a stream that fails on its way. */
  public static ObjectNode error(ElanusException e) {
    ObjectNode body = JSON.createObjectNode();
    body.putObject("error")
        .put("code", e.code().name())
        .put("type", e.code().kind().name())
        .put("message", e.getMessage())
        .put("remedy", e.code().remedy());
    return body;
  }

  /** The status of an error. */
  public static HttpStatus status(ErrorCode code) {
    return switch (code) {
      case NOT_AUTHENTICATED -> HttpStatus.UNAUTHORIZED;
      case NOT_PERMITTED -> HttpStatus.FORBIDDEN;
      case COLLECTION_NOT_FOUND, DATABASE_NOT_FOUND, ALIAS_NOT_FOUND -> HttpStatus.NOT_FOUND;
      case COLLECTION_EXISTS, SCHEMA_STALE -> HttpStatus.CONFLICT;
      case TOO_LARGE -> HttpStatus.REQUEST_ENTITY_TOO_LARGE;
      case UNSUPPORTED -> HttpStatus.NOT_IMPLEMENTED;
      case BUSY -> HttpStatus.TOO_MANY_REQUESTS;
      case TIMEOUT -> HttpStatus.GATEWAY_TIMEOUT;
      default ->
          switch (code.kind()) {
            case USER -> HttpStatus.BAD_REQUEST;
            case RETRY -> HttpStatus.SERVICE_UNAVAILABLE;
            case RESOURCE -> HttpStatus.INSUFFICIENT_STORAGE;
            case CORRUPT, INTERNAL -> HttpStatus.INTERNAL_SERVER_ERROR;
          };
    };
  }
}
