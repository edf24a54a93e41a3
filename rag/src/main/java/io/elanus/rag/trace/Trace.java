package io.elanus.rag.trace;

import com.linecorp.armeria.server.ServiceRequestContext;
import io.netty.util.AttributeKey;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import java.net.http.HttpRequest;

/** The trace of a request, where its work goes on and where it leaves the process. */
public final class Trace {
  private static final AttributeKey<Context> KEY = AttributeKey.valueOf(Trace.class, "CONTEXT");

  private Trace() {}

  static void begin(ServiceRequestContext request, Context trace) {
    request.setAttr(KEY, trace);
  }

  /** Under which the request's own work runs; the root where nothing is traced. */
  public static Context of(ServiceRequestContext request) {
    Context trace = request.attr(KEY);
    return trace == null ? Context.root() : trace;
  }

  /** Names the running span to whoever is asked; nothing where none is running. */
  public static void handOn(HttpRequest.Builder request) {
    W3CTraceContextPropagator.getInstance()
        .inject(
            Context.current(), request, (unused, name, value) -> request.setHeader(name, value));
  }
}
