package io.elanus.server.wire.grpc;

import io.elanus.model.error.ElanusException;
import io.elanus.server.guard.Credentials;
import io.elanus.server.guard.Guard;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;

/**
 * Asks the guard before any method of any service is entered, streams too; health alone is free.
 */
public final class GuardInterceptor implements ServerInterceptor {
  static final Context.Key<String> PRINCIPAL = Context.key("principal");

  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
  private static final String HEALTH = "grpc.health.v1.Health";

  private final Guard guard;

  public GuardInterceptor(Guard guard) {
    this.guard = guard;
  }

  @Override
  public <Q, R> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
    if (HEALTH.equals(call.getMethodDescriptor().getServiceName())) {
      return next.startCall(call, headers);
    }
    String principal;
    try {
      principal = guard.authenticate(Credentials.ofGrpc(headers.get(AUTHORIZATION)));
    } catch (ElanusException e) {
      call.close(Status.UNAUTHENTICATED.withDescription(e.getMessage()), new Metadata());
      return new ServerCall.Listener<>() {};
    }
    Context context = Context.current().withValue(PRINCIPAL, principal);
    return Contexts.interceptCall(context, call, headers, next);
  }
}
