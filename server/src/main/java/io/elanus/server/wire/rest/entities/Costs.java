package io.elanus.server.wire.rest.entities;

import io.milvus.grpc.Status;

/** {@code cost} of an answer. */
final class Costs {
  private static final String REPORTED = "report_value";

  private Costs() {}

  /** 0 where none is reported. */
  static long of(Status status) {
    try {
      return Long.parseLong(status.getExtraInfoOrDefault(REPORTED, "0"));
    } catch (NumberFormatException e) {
      return 0;
    }
  }
}
