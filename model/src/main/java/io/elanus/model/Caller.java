package io.elanus.model;

import io.elanus.model.info.DatabaseInfo;
import java.time.Instant;
import java.util.Map;

/**
 * On whose behalf a call is made; every call carries it as a value.
 *
 * @param principal user or key name, empty for nobody
 * @param database the database names are looked up in
 * @param attributes of the principal, for policies
 * @param deadline after which the caller no longer waits
 */
public record Caller(
    String principal, String database, Map<String, String> attributes, Instant deadline) {
  public Caller {
    attributes = Map.copyOf(attributes);
  }

  /** The process itself, in the default database, with no deadline. */
  public static final Caller SYSTEM = in(DatabaseInfo.DEFAULT);

  public static Caller in(String database) {
    return new Caller("", database, Map.of(), Instant.MAX);
  }
}
