package io.elanus.server.wire.rest;

import com.linecorp.armeria.common.AggregatedHttpRequest;
import com.linecorp.armeria.common.ContentTooLargeException;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.util.TimeoutMode;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.elanus.model.Caller;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.model.info.DatabaseInfo;
import io.elanus.server.admin.CallMetrics;
import io.elanus.server.guard.Credentials;
import io.elanus.server.guard.Guard;
import io.elanus.server.wire.calls.Call;
import io.elanus.server.wire.calls.MilvusCalls;
import io.elanus.server.wire.rest.json.Body;
import io.elanus.server.wire.rest.json.RestException;
import io.elanus.server.wire.rest.route.Answer;
import io.elanus.server.wire.rest.route.RestRequest;
import io.elanus.server.wire.rest.route.Route;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request: who is it, which route, what does the body say, what does the call answer. The event
 * loop only moves bytes; everything else runs on the executor. Who is nobody is refused before the
 * body is taken in.
 */
public final class RestService implements HttpService {
  private static final Logger LOG = LoggerFactory.getLogger(RestService.class);
  private static final String DATABASE_HEADER = "DB-Name";
  private static final String INT64_HEADER = "Accept-Type-Allow-Int64";
  private static final Set<String> TRUE = Set.of("true", "t", "1");
  private static final String TIMEOUT_HEADER = "Request-Timeout";
  private static final String REQUEST_ID_HEADER = "client-request-id";

  /** The call's own deadline comes first, and its error says more. */
  private static final Duration TIMEOUT_GRACE = Duration.ofMillis(500);

  private final RouteTable routes;
  private final Guard guard;
  private final Executor executor;
  private final InstantSource clock;
  private final RestConfig config;
  private final CallMetrics metrics;

  /**
   * @param executor where calls block: virtual threads
   */
  public RestService(
      MilvusCalls calls,
      Guard guard,
      Executor executor,
      InstantSource clock,
      RestConfig config,
      CallMetrics metrics) {
    this.routes = new RouteTable(calls);
    this.guard = guard;
    this.executor = executor;
    this.clock = clock;
    this.config = config;
    this.metrics = metrics;
  }

  int requestBytesMax() {
    return config.requestBytesMax();
  }

  @Override
  public HttpResponse serve(ServiceRequestContext context, HttpRequest request) {
    String path = context.mappedPath();
    Route route = routes.find(path);
    if (route == null) {
      return RestReplies.unknownPath(path, routes.nearest(path));
    }
    if (request.method() != HttpMethod.POST) {
      return RestReplies.wrongMethod(request.method().name());
    }
    CompletableFuture<HttpResponse> answer = new CompletableFuture<>();
    try {
      Duration timeout = timeout(request.headers());
      context.setRequestTimeout(TimeoutMode.SET_FROM_START, timeout.plus(TIMEOUT_GRACE));
      context.whenRequestTimingOut().thenRun(() -> answer.complete(RestReplies.of(late(timeout))));
      Instant deadline = clock.instant().plus(timeout);
      CompletableFuture.supplyAsync(() -> principal(request.headers()), executor)
          .thenCompose(
              principal ->
                  request
                      .aggregate()
                      .thenApplyAsync(
                          whole -> measured(route, principal, deadline, whole), executor))
          .exceptionally(error -> failure(route, error))
          .thenAccept(answer::complete);
    } catch (RestException e) {
      answer.complete(RestReplies.of(e));
    } catch (RejectedExecutionException e) {
      answer.complete(failure(route, e));
    }
    return HttpResponse.of(answer);
  }

  private String principal(RequestHeaders headers) {
    return guard.authenticate(Credentials.ofHttp(headers.get("authorization")));
  }

  private Duration timeout(RequestHeaders headers) {
    String seconds = headers.get(TIMEOUT_HEADER);
    if (seconds == null) {
      return config.requestTimeout();
    }
    try {
      long value = Long.parseLong(seconds.trim());
      if (value > 0 && value <= Integer.MAX_VALUE) {
        return Duration.ofSeconds(value);
      }
    } catch (NumberFormatException e) {
      throw badTimeout(seconds);
    }
    throw badTimeout(seconds);
  }

  private static RestException badTimeout(String seconds) {
    return RestException.malformed(
        "the header " + TIMEOUT_HEADER + " must be a number of seconds, but is " + seconds);
  }

  private static ElanusException late(Duration timeout) {
    return new ElanusException(
        ErrorCode.TIMEOUT,
        "the request took longer than "
            + timeout.toSeconds()
            + " s; set the header "
            + TIMEOUT_HEADER
            + " to wait longer");
  }

  private HttpResponse measured(
      Route route, String principal, Instant deadline, AggregatedHttpRequest whole) {
    long start = System.nanoTime();
    String status = CallMetrics.FAILED;
    long vectorCount = 0;
    try {
      Answer answer = route.handler().handle(read(principal, deadline, whole));
      byte[] json = answer.bytes(config.responseBytesMax());
      status = CallMetrics.SUCCEEDED;
      vectorCount = answer.vectorCount();
      return RestReplies.success(json);
    } catch (ElanusException e) {
      status = CallMetrics.status(e.code());
      throw e;
    } finally {
      metrics.record(route.rpc(), status, System.nanoTime() - start, vectorCount);
    }
  }

  private RestRequest read(String principal, Instant deadline, AggregatedHttpRequest whole) {
    RequestHeaders headers = whole.headers();
    Body body = Body.parse(whole.content().array());
    String fromHeader = headers.get(DATABASE_HEADER, "").trim();
    String database = body.text("dbName", fromHeader.isEmpty() ? DatabaseInfo.DEFAULT : fromHeader);
    Caller caller =
        new Caller(
            principal, database.isEmpty() ? DatabaseInfo.DEFAULT : database, Map.of(), deadline);
    Call call = new Call(caller, 0, headers.get(REQUEST_ID_HEADER, ""));
    return new RestRequest(call, body, int64AsNumbers(headers));
  }

  /** Whatever is not a spelling of true is false. */
  private boolean int64AsNumbers(RequestHeaders headers) {
    String allowed = headers.get(INT64_HEADER);
    return allowed == null
        ? config.int64AsNumbers()
        : TRUE.contains(allowed.trim().toLowerCase(Locale.ROOT));
  }

  private HttpResponse failure(Route route, Throwable thrown) {
    Throwable error =
        thrown instanceof CompletionException wrapped && wrapped.getCause() != null
            ? Objects.requireNonNull(wrapped.getCause())
            : thrown;
    return switch (error) {
      case RestException e -> RestReplies.of(e);
      case ElanusException e -> {
        if (e.code().kind() == ErrorCode.Kind.INTERNAL
            || e.code().kind() == ErrorCode.Kind.CORRUPT) {
          LOG.error("{} failed", route.path(), e);
        }
        yield RestReplies.of(e);
      }
      case ContentTooLargeException e ->
          RestReplies.of(RestReplies.tooLarge(config.requestBytesMax()));
      case RejectedExecutionException e ->
          RestReplies.of(
              new ElanusException(ErrorCode.BUSY, "the server has too many calls waiting"));
      default -> {
        LOG.error("{} failed by a bug", route.path(), error);
        yield RestReplies.of(
            new ElanusException(
                ErrorCode.INTERNAL,
                "the server failed on this request by a mistake of its own; its log has the"
                    + " details"));
      }
    };
  }
}
