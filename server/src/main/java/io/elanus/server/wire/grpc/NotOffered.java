package io.elanus.server.wire.grpc;

import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.Status;

/**
 * Methods that are not offered, unary and streaming. UNIMPLEMENTED is what clients stop at, and
 * what some of them take as the sign to go another way.
 */
final class NotOffered {
  private NotOffered() {}

  static <Q, R> ServerCallHandler<Q, R> handler(MethodDescriptor<Q, R> method) {
    Status status =
        Status.UNIMPLEMENTED.withDescription(sentence(String.valueOf(method.getBareMethodName())));
    return (call, headers) -> {
      call.close(status, new Metadata());
      return new ServerCall.Listener<>() {};
    };
  }

  static String sentence(String method) {
    return method + " is not offered" + reason(method);
  }

  private static String reason(String method) {
    if (method.contains("Credential")
        || method.contains("CredUsers")
        || method.contains("Role")
        || method.contains("Privilege")
        || method.contains("RBAC")
        || method.contains("Grant")
        || method.equals("SelectUser")) {
      return " yet: users, roles and privileges are not managed over this protocol";
    }
    if (method.contains("RowPolic") || method.contains("Tag")) {
      return " yet: row policies are not managed over this protocol";
    }
    if (method.contains("ResourceGroup")
        || method.startsWith("Transfer")
        || method.equals("LoadBalance")) {
      return ": one process holds everything";
    }
    if (method.contains("Import")) {
      return " yet: insert the rows instead";
    }
    if (method.contains("Function")) {
      return " yet: functions are part of the schema that a collection is created with";
    }
    return " by this server";
  }
}
