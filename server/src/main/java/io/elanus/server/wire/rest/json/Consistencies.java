package io.elanus.server.wire.rest.json;

import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.milvus.grpc.ConsistencyLevel;

/** {@code consistencyLevel}. */
public final class Consistencies {
  /** The timestamp by which clients say: what is there, whatever its age. */
  private static final long ANY = 1;

  /** The timestamp by which clients say: not older than the server's bound. */
  private static final long BOUNDED = 2;

  private Consistencies() {}

  public static ConsistencyLevel level(String name) {
    return switch (name) {
      case "Strong" -> ConsistencyLevel.Strong;
      case "Session" -> ConsistencyLevel.Session;
      case "Bounded" -> ConsistencyLevel.Bounded;
      case "Eventually" -> ConsistencyLevel.Eventually;
      case "Customized" -> ConsistencyLevel.Customized;
      default ->
          throw new ElanusException(
              ErrorCode.INVALID_ARGUMENT,
              "consistencyLevel can only be [Strong, Session, Bounded, Eventually, Customized],"
                  + " default: Bounded, but is "
                  + name);
    };
  }

  /** HTTP knows no session, so a session's reader sees everything. */
  public static long timestamp(ConsistencyLevel level) {
    return switch (level) {
      case Bounded, Customized -> BOUNDED;
      case Eventually -> ANY;
      case Strong, Session, UNRECOGNIZED -> 0;
    };
  }
}
